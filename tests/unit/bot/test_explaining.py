"""Which command a button means: the newest with its fingerprint, of this learner alone."""

from __future__ import annotations

import asyncio

import pytest

from bot.classroom import explaining
from bot.classroom.explaining import FINGERPRINT, fingerprint
from bot.errors import LearnerError
from tests.unit.bot.conftest import YUNA, Room

LONG = "docker run " + "-e A=1 " * 500 + "nginx"


@pytest.mark.parametrize("line", ["docker ps", LONG, "docker run '한글 😀'", "docker \ud800"])
def test_fingerprints_fit_a_button(line: str) -> None:
    """However long the line is, whatever is in it."""
    assert len(fingerprint(line)) == FINGERPRINT
    assert fingerprint(line) != fingerprint(line + " ")


async def test_the_line_is_found_again(room: Room) -> None:
    """Though others came after it."""
    for line in ("docker ps", LONG, "docker images"):
        await room.ran(line)

    assert await room.classroom.explaining.line_of(YUNA, fingerprint(LONG)) == LONG
    assert await room.classroom.explaining.newest(YUNA) == "docker images"


async def test_lines_of_others_are_not_found(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor those that are no longer kept."""
    monkeypatch.setattr(explaining, "SECOND_LOOK_S", 0.0)
    await room.ran("docker ps")

    with pytest.raises(LearnerError) as caught:
        await room.classroom.explaining.line_of(YUNA + 1, fingerprint("docker ps"))
    assert caught.value.key == "explain.forgotten"
    with pytest.raises(LearnerError) as caught:
        await room.classroom.explaining.newest(YUNA + 1)
    assert caught.value.key == "explain.nothing_yet"


async def test_who_presses_at_once_is_not_too_early(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result is shown a moment before its command is in the history."""
    monkeypatch.setattr(explaining, "SECOND_LOOK_S", 0.2)
    asking = asyncio.create_task(room.classroom.explaining.line_of(YUNA, fingerprint("docker ps")))
    await asyncio.sleep(0.05)
    await room.ran("docker ps")

    assert await asking == "docker ps"
