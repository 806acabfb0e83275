"""Settings: what is missing is named, and no secret is ever repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import StartupError
from bot.settings import read_settings

TOKEN = "a.secret.token"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that the tests run on."""
    for name in ("DISCORD_URL", "HOME", "DATABASE_URL", "SANDBOX_URL", "SANDBOX_TOKEN_FILE"):
        monkeypatch.delenv(f"DOCENT_{name}", raising=False)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)


def test_the_database_is_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a database of their own, an operator needs to set the home only."""
    monkeypatch.setenv("DOCENT_HOME", str(tmp_path))

    settings = read_settings()

    assert settings.database == f"sqlite+aiosqlite:///{tmp_path}/docent.sqlite3"


def test_empty_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines such as `DOCENT_DISCORD_URL=` in a .env file are as good as none."""
    monkeypatch.setenv("DOCENT_DISCORD_URL", "")
    monkeypatch.setenv("DOCENT_SANDBOX_URL", "")

    settings = read_settings()

    assert (settings.discord_url, settings.sandbox_url) == (None, "")


def test_a_missing_token_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the variable to set."""
    monkeypatch.setenv("DISCORD_TOKEN", "")

    with pytest.raises(StartupError, match="DISCORD_TOKEN") as caught:
        read_settings()

    assert caught.value.exit_code == 2


def test_a_wrong_setting_does_not_repeat_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message about one setting shows the value of none."""
    monkeypatch.setenv("DOCENT_DISCORD_URL", f"not a url {TOKEN}")

    with pytest.raises(StartupError, match="DOCENT_DISCORD_URL") as caught:
        read_settings()

    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value)


def test_the_token_of_the_service_comes_from_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file in the home is used unless another one is named."""
    monkeypatch.setenv("DOCENT_HOME", str(tmp_path))
    (tmp_path / "token").write_text("s3cret\n", encoding="ascii")

    assert read_settings().sandbox_token() == "s3cret"


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_no_token_of_the_service_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    """A bot that could never reach the sandboxes does not pretend to start."""
    monkeypatch.setenv("DOCENT_HOME", str(tmp_path))
    if content is not None:
        (tmp_path / "token").write_text(content, encoding="ascii")

    with pytest.raises(StartupError, match="token"):
        read_settings().sandbox_token()
