"""Boards of classes, and who is at work, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.boards import Boards
from bot.classroom.classes import Classes
from bot.classroom.library import Library
from db import boards, classes, hands, history, progress
from db.boards import AtWork, Board, HandUp
from db.engine import Database
from lessons.loader import load_catalogue
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

SOON = NOON + timedelta(hours=1)


async def new_class(session: AsyncSession, name: str = "Tue") -> int:
    """A class with Yuna in it."""
    made = await classes.create(
        session, server_id=7, name=name, created_by=1, channel_id=None, at=NOON
    )
    assert made is not None
    await classes.join(session, made.id, YUNA, NOON)
    return made.id


async def test_a_class_has_one_board(database: Database) -> None:
    """A new one replaces the old one, whose end then changes nothing."""
    async with database.transaction() as session:
        number = await new_class(session)
        assert (
            await boards.put(session, number, channel_id=1, message_id=2, until=SOON, opened_by=5)
            is None
        )
        first = await boards.put(
            session, number, channel_id=1, message_id=3, until=SOON, opened_by=6
        )
        await boards.end(session, number, 2)
        running = await boards.running(session)

    assert first == Board(number, 7, "Tue", 1, 2, SOON, 5)
    assert running == [Board(number, 7, "Tue", 1, 3, SOON, 6)]


async def test_what_has_ended_is_not_gone_on_with(database: Database) -> None:
    """By its end, or by that of its class, whose board still has names to be taken off."""
    async with database.transaction() as session:
        ended, closed = await new_class(session), await new_class(session, "Wed")
        for number in (ended, closed):
            await boards.put(
                session, number, channel_id=1, message_id=number, until=SOON, opened_by=5
            )
        await boards.set_learn_channel(session, ended, 99)
        await boards.end(session, ended, ended)
        await classes.close(session, closed, NOON)

        assert [board.class_id for board in await boards.running(session)] == [closed]
        assert await boards.running_of(session, ended) is None
        assert await boards.running_of(session, closed) is None
        assert await boards.learn_channel(session, ended) == 99
        assert await boards.learn_channel(session, closed) is None


async def test_who_is_at_work(database: Database) -> None:
    """Members who did something since then, with their current lesson and their ticks in it."""
    async with database.transaction() as session:
        number = await new_class(session)
        for learner_id in (YUNA, MINHO):  # Minho is in no class
            for lesson_id in ("other", "sample"):
                await progress.open_lesson(session, learner_id, lesson_id, version=1, at=NOON)
                await progress.tick(session, learner_id, lesson_id, "list", version=1, at=SOON)
            for minute in (0, 50, 55):
                await history.record(
                    session, learner_id, line="docker ps", exit_code=0, took_ms=1,
                    at=NOON + timedelta(minutes=minute),
                )  # fmt: skip
        found = await boards.at_work(session, number, NOON + timedelta(minutes=50))
        later = await boards.at_work(session, number, SOON)
        members = await boards.count_members(session, number)

    expected = AtWork(YUNA, "Yuna", "sample", 0, NOON, frozenset({"list"}), SOON, 2)
    assert (found, later, members) == ([expected], [], 1)


async def test_hands_of_members_are_up(database: Database) -> None:
    """In the server of their class, as long as they are up; who raised theirs first comes first."""
    async with database.transaction() as session:
        number = await new_class(session)
        await classes.join(session, number, MINHO, NOON)
        await hands.raise_hand(session, MINHO, server_id=7, channel_id=1, sentence="", at=NOON)
        late, _ = await hands.raise_hand(
            session, YUNA, server_id=7, channel_id=1, sentence="", at=SOON
        )
        assert late is not None
        await hands.raise_hand(session, YUNA, server_id=8, channel_id=1, sentence="", at=NOON)
        await hands.take(session, late.id, 99, SOON)
        both = await boards.hands_up(session, number)
        await hands.close(session, late.id, SOON, "lowered")
        left = await boards.hands_up(session, number)
        await classes.leave(session, number, MINHO)
        none = await boards.hands_up(session, number)

    assert both == [HandUp("Minho", NOON, helped=False), HandUp("Yuna", SOON, helped=True)]
    assert left == [HandUp("Minho", NOON, helped=False)]
    assert none == []


async def test_who_has_no_lesson_is_at_work_all_the_same(database: Database) -> None:
    """They play, or look around."""
    async with database.transaction() as session:
        number = await new_class(session)
        await history.record(
            session, YUNA, line="docker ps", exit_code=0, took_ms=1, at=NOON
        )  # fmt: skip
        found = await boards.at_work(session, number, NOON)

    assert found == [AtWork(YUNA, "Yuna", None, 0, None, frozenset(), None, 1)]


async def test_whoever_joins_while_a_board_is_opened_is_told_once(database: Database) -> None:
    """By the board or by joining: whichever comes first, nobody is left out or told twice."""
    library = Library(load_catalogue())
    school = Classes(database=database, clock=lambda: NOON)
    kept = Boards(database=database, library=library, sandboxes=None, clock=lambda: NOON)
    made = await school.create(7, "Tue", created_by=1)
    await school.join(7, made.id, YUNA, language="ko", name="Yuna")
    board = Board(made.id, 7, made.name, 1, 2, SOON, 5)
    later = range(100, 112)

    await asyncio.gather(
        *(school.join(7, made.id, one, language="ko", name="L") for one in later[:6]),
        kept.put(board, told=[YUNA]),
        *(school.join(7, made.id, one, language="ko", name="L") for one in later[6:]),
    )

    told = [await school.acts_of(one) for one in later]
    assert [[(act.act, act.instructor_id) for act in acts] for acts in told] == (
        [[("board", 5)]] * len(later)
    )
    assert await school.acts_of(YUNA) == ()
