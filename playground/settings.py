"""What is decided when the playground is started; each field is explained in docs/settings.md."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from playground.identity import DEFAULT_TOKEN


class PlaygroundSettings(BaseSettings):
    """Read from the environment (`DOCENT_PLAYGROUND_*`) and the command line."""

    model_config = SettingsConfigDict(
        env_prefix="DOCENT_PLAYGROUND_",
        env_ignore_empty=True,  # compose passes what is not set as an empty text
        frozen=True,
        cli_kebab_case=True,
        cli_implicit_flags=True,
        cli_prog_name="python -m playground",
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    state: Path | None = None
    token: SecretStr = SecretStr(DEFAULT_TOKEN)
    public_url: str | None = None
    rate_limits: bool = True
    allow_faults: bool = False
