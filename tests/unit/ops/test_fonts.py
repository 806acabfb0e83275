"""Letters for pictures: had where that can be, and never in the way of anything else."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

import pytest

from ops import fonts
from ops.errors import OpsError
from ops.progress import Progress


class Heard:
    """Remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """See `Progress.say`."""
        self.lines.append(line)

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """See `Progress.step`."""
        self.lines.append(name)
        yield


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A machine without fonts, on which root may install them; what was installed."""
    found: list[str] = []

    def install(packages: Sequence[str], _progress: Progress) -> None:
        found.extend(packages)

    monkeypatch.setattr(fonts, "find_fonts", lambda: None)
    monkeypatch.setattr(fonts, "can_install", lambda: True)
    monkeypatch.setattr(fonts, "ensure_packages", install)
    return found


def test_root_gets_a_font(installed: list[str]) -> None:
    """Without being asked."""
    fonts.ensure_fonts(Heard())

    assert installed == ["fonts-nanum"]


def test_a_machine_with_letters_is_left_alone(
    installed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever font they come from."""
    monkeypatch.setattr(fonts, "find_fonts", object)
    fonts.ensure_fonts(Heard())

    assert installed == []


@pytest.mark.parametrize("root", [True, False])
def test_no_font_is_no_reason_to_stop(
    installed: list[str], monkeypatch: pytest.MonkeyPatch, root: bool
) -> None:
    """It says what that costs, and how to mend it."""

    def fail(_packages: Sequence[str], _progress: Progress) -> None:
        raise OpsError("apt-get update failed")

    monkeypatch.setattr(fonts, "can_install", lambda: root)
    monkeypatch.setattr(fonts, "ensure_packages", fail)
    heard = Heard()
    fonts.ensure_fonts(heard)

    assert installed == []
    assert "apt-get install fonts-nanum" in heard.lines[-1]
    assert ("apt-get update failed" in heard.lines) == root
