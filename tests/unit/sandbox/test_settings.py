"""Settings: required, bounded, and closed when in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sandbox.settings import SandboxSettings

GOOD: dict[str, Any] = {
    "memory_mib": 1024, "cpus": 1, "pids": 1024, "disk_mib": 2048, "capacity": 5,
    "command_limit_s": 60,
}  # fmt: skip


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's own settings are."""
    for name in GOOD:
        monkeypatch.delenv(f"DOCENT_SANDBOX_{name.upper()}", raising=False)


@pytest.mark.parametrize("name", GOOD)
def test_every_limit_is_required(name: str) -> None:
    """Without one of them the service does not start."""
    with pytest.raises(ValidationError):
        SandboxSettings(**{key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("memory_mib", 0), ("memory_mib", 10**9), ("cpus", 0), ("cpus", -1), ("cpus", "inf"),
        ("pids", -1), ("disk_mib", 0), ("capacity", 0), ("capacity", 10**6),
        ("command_limit_s", 0), ("command_limit_s", 10**6), ("command_limit_s", "nan"),
        ("total_memory_mib", 0), ("total_pids", 0),
        ("output_limit_bytes", 10**9), ("idle_minutes", 0), ("listen", "unix:relative.sock"),
        ("listen", "0.0.0.0"),
    ],
)  # fmt: skip
def test_there_is_no_way_to_say_unlimited(name: str, value: object) -> None:
    """Numbers have bounds at both ends."""
    with pytest.raises(ValidationError):
        SandboxSettings(**{**GOOD, name: value})


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the prefix of the service."""
    for name, value in GOOD.items():
        monkeypatch.setenv(f"DOCENT_SANDBOX_{name.upper()}", str(value))

    assert SandboxSettings().limits.memory_mib == 1024


def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """compose.yaml passes what is not set as an empty text."""
    for name in SandboxSettings.model_fields:
        monkeypatch.setenv(f"DOCENT_SANDBOX_{name.upper()}", "")

    assert SandboxSettings(**GOOD).model_fields_set == GOOD.keys()


def test_everything_is_below_the_home() -> None:
    """Unless told otherwise, the service listens in its home."""
    settings = SandboxSettings(**GOOD, home=Path("/srv/docent"))

    assert settings.address == "unix:/srv/docent/service.sock"
    assert settings.places.disk("7") == Path("/srv/docent/disks/7.img")
    assert len(settings.places.label) == 12


def test_a_short_token_keeps_nobody_out(tmp_path: Path) -> None:
    """An empty or short token file is refused, a missing one too."""
    settings = SandboxSettings(**GOOD, home=tmp_path)
    with pytest.raises(OSError, match="token"):
        settings.read_token()
    (tmp_path / "token").write_text("short\n")
    with pytest.raises(ValueError, match="characters"):
        settings.read_token()
    (tmp_path / "token").write_text("x" * 43 + "\n")

    assert settings.read_token() == "x" * 43
