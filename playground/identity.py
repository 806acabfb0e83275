"""The bot's token, and the application id that it contains."""

import base64
import binascii

from playground.snowflakes import is_snowflake, named

BOT_NAME = "Docent"
APP_ID = named("application", BOT_NAME)


def token_for(app_id: str) -> str:
    """Return a token of Discord's shape; its first part is the application id, as clients check."""
    first = base64.urlsafe_b64encode(app_id.encode()).decode().rstrip("=")
    return f"{first}.playground.not-a-secret"


DEFAULT_TOKEN = token_for(APP_ID)


def app_id_of(token: str) -> str:
    """Return the application id that the token contains, or the usual one."""
    first = token.partition(".")[0]
    try:
        decoded = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return APP_ID
    return decoded if is_snowflake(decoded) else APP_ID
