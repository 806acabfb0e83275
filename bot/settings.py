"""What an operator decides about the bot, read once from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartupError

EXIT_SETTINGS = 2


class BotSettings(BaseSettings):
    """Settings of the bot; every field is explained in docs/settings.md."""

    model_config = SettingsConfigDict(
        env_prefix="DOCENT_", frozen=True, populate_by_name=True, env_ignore_empty=True
    )

    discord_token: SecretStr = Field(validation_alias="DISCORD_TOKEN")
    """The bot's token; there is no default: without it the bot does not start."""

    discord_url: str | None = Field(default=None, pattern=r"^https?://[^/]+/?$")
    """Base URL of a local stand-in for Discord; the real Discord when empty."""

    home: Path = Path("/var/lib/docent")
    """Where Docent keeps its files."""

    database_url: str = ""
    """SQLite or PostgreSQL; a SQLite file in `home` when empty."""

    sandbox_url: str = ""
    """Where the sandbox service listens; there is no engine when empty."""

    sandbox_token_file: Path | None = None
    """File with the token of the sandbox service; `token` in `home` when empty."""

    lessons: Path | None = None
    """Folder with the lessons; those that come with Docent when empty."""

    lessons_preview: bool = False
    """Whether lessons are read again whenever a file of theirs changes, for who writes them."""

    @property
    def database(self) -> str:
        """The URL of the database that is used."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home}/docent.sqlite3"

    @property
    def ready_file(self) -> Path:
        """Fresh while the bot is connected and its commands are registered; see `bot.alive`."""
        return self.home / "run" / "bot.ready"

    @property
    def kept_sessions(self) -> Path:
        """Where the bot writes down which sessions it shows, for the one after it."""
        return self.home / "run" / "sessions.json"

    def sandbox_token(self) -> str:
        """The token of the sandbox service.

        Raises:
            StartupError: Its file can't be read or is empty.
        """
        path = self.sandbox_token_file or self.home / "token"
        try:
            token = path.read_text(encoding="utf-8").strip()
        except OSError as exc:
            raise StartupError(
                f"The token of the sandbox service can't be read ({path}: {exc.strerror}). "
                "Set DOCENT_SANDBOX_TOKEN_FILE, or leave DOCENT_SANDBOX_URL empty.",
                exit_code=EXIT_SETTINGS,
            ) from exc
        if not token:
            raise StartupError(f"{path} is empty.", exit_code=EXIT_SETTINGS)
        return token


def read_settings() -> BotSettings:
    """The settings in the environment.

    Raises:
        StartupError: One is missing or wrong; the message names each.
    """
    try:
        return BotSettings()
    except ValidationError as exc:
        # The input is left out: one of the settings is a secret.
        faults = "; ".join(f"{_variable(e['loc'])}: {e['msg']}" for e in exc.errors())
        raise StartupError(
            f"The settings are not right. {faults}", exit_code=EXIT_SETTINGS
        ) from exc


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return name if name.isupper() else f"DOCENT_{name.upper()}"
