"""Boards of classes and those who join while one is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.classroom.boards import Board, Boards
from bot.classroom.classes import Classes, SchoolClass
from tests.factories import NOON
from tests.unit.bot.conftest import YUNA, Room

SERVER, TEACHER, OTHER_TEACHER = 2**60 + 100, 2**60 + 300, 2**60 + 301
LATER = NOON + timedelta(hours=4)


@pytest.fixture
def classes(room: Room) -> Classes:
    """The use cases of classes."""
    return room.classroom.classes


@pytest.fixture
def boards(room: Room) -> Boards:
    """The use cases of boards."""
    return room.classroom.boards


@pytest.fixture
async def made(classes: Classes) -> SchoolClass:
    """A class that nobody is in."""
    return await classes.create(SERVER, "Docker", created_by=TEACHER)


async def opened(boards: Boards, made: SchoolClass, by: int = TEACHER) -> Board:
    """A board of the class."""
    board = Board(made.id, SERVER, made.name, 1, 2, LATER, by)
    await boards.put(board, told=[])
    return board


async def joins(classes: Classes, made: SchoolClass) -> list[tuple[str, str, int | None]]:
    """Yuna joins; all that she is told of instructors, newest first."""
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    return [(act.act, act.detail, act.instructor_id) for act in await classes.acts_of(YUNA)]


async def test_who_joins_sees_that_a_board_is_open(
    classes: Classes, boards: Boards, made: SchoolClass
) -> None:
    """And who opened it; to press again tells nothing anew, to come back does."""
    await opened(boards, made)
    told = ("board", "Docker", TEACHER)
    assert await joins(classes, made) == [told]
    assert await joins(classes, made) == [told]
    await opened(boards, made, OTHER_TEACHER)
    await classes.leave(made.id, YUNA)
    assert (await joins(classes, made))[0] == ("board", "Docker", OTHER_TEACHER)


async def test_nothing_is_told_of_a_board_that_has_ended(
    classes: Classes, boards: Boards, made: SchoolClass, room: Room
) -> None:
    """By itself or by a press; nor of that of another class."""
    other = await classes.create(SERVER, "Other", created_by=TEACHER)
    await opened(boards, other)
    board = await opened(boards, made)
    await boards.end(made.id, board.message_id)
    assert await joins(classes, made) == []
    await classes.leave(made.id, YUNA)
    await boards.put(Board(made.id, SERVER, made.name, 1, 3, NOON, TEACHER), told=[])
    assert await joins(classes, made) == []


async def test_the_board_of_an_instructor_who_is_gone(
    classes: Classes, boards: Boards, made: SchoolClass, room: Room
) -> None:
    """It names nobody any more; that it is open is told all the same."""
    await opened(boards, made)
    await room.classroom.privacy.delete(TEACHER)
    assert await joins(classes, made) == [("board", "Docker", None)]
