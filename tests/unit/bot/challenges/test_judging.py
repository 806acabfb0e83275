"""What counts in a challenge, what its board tells, and hints."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.classroom import challenge_judging
from bot.errors import LearnerError
from tests.unit.bot.challenges.stage import MINHO, Field
from tests.unit.bot.conftest import YUNA


async def test_a_task_counts_from_when_it_was_done(field: Field) -> None:
    """Not from when it was judged; once; and after the end not at all."""
    number = await field.begun(YUNA, MINHO)
    judging = field.classroom.challenge_judging
    field.solve()
    at = field.clock() + timedelta(seconds=30)
    field.clock.skip(timedelta(minutes=3))
    judged = await judging.judge(YUNA, at)
    assert judged is not None
    assert judged.all_done
    assert len(judged.solved) == 2
    again = await judging.judge(YUNA)
    assert again is not None
    assert not again.solved
    board = await field.classroom.challenges.must_have_board(number)
    assert board.rows[0].who == YUNA
    assert 25 <= board.rows[0].time_s <= 60

    field.solve(MINHO)
    field.clock.skip(timedelta(minutes=10))
    late = await judging.judge(MINHO)
    assert late is not None
    assert not late.solved
    await field.classroom.challenges.end(number)
    assert await judging.judge(MINHO, at) is None


async def test_the_board_stands_still_and_is_revealed(field: Field) -> None:
    """In the last two minutes; whoever did something then sees it on their own card."""
    number = await field.begun(YUNA, MINHO)
    book = field.classroom.challenges
    field.solve()
    field.clock.skip(timedelta(minutes=9))
    await field.classroom.challenge_judging.judge(YUNA)
    board = await book.must_have_board(number)
    assert board.frozen
    assert not any(row.done for row in board.rows)
    assert len((await book.mine(number, YUNA)).own.done) == 2
    await book.end(number)
    board = await book.must_have_board(number)
    assert not board.frozen
    assert [len(row.done) for row in board.rows] == [2, 0]


async def test_hints_come_one_by_one_and_the_last_is_free(field: Field) -> None:
    """Of a task of one's own that is open; somebody who is not in it gets none."""
    number = await field.begun(YUNA)
    judging = field.classroom.challenge_judging
    numbers = [(await judging.hint(number, YUNA, "page", "en")).number for _ in range(3)]
    assert numbers == [1, 2, 2]
    mine = await field.classroom.challenges.mine(number, YUNA)
    assert (mine.own.hints, mine.hints) == (2, {"page": 2})
    with pytest.raises(LearnerError, match=r"lesson\.hint\.all_done"):
        await judging.hint(number, YUNA, "nothing", "en")
    with pytest.raises(LearnerError, match=r"challenge\.not_running"):
        await judging.hint(number, MINHO, "page", "en")


async def test_the_end_waits_for_what_waits_to_be_judged(field: Field) -> None:
    """What was done in time and stands behind an older judgement still counts."""
    book, judging = field.classroom.challenges, field.classroom.challenge_judging
    number = await field.begun(YUNA)
    field.solve()
    at = book.now()

    async def end() -> None:
        await judging.settle(number)
        await book.end(number)

    with judging.under_way(number):
        ending = asyncio.create_task(end())
        await asyncio.sleep(0)
        judged = await judging.judge(YUNA, at)
    await ending
    assert judged is not None
    assert judged.all_done
    assert (await book.must_have_board(number)).rows[0].done


async def test_the_end_does_not_wait_for_ever(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A judgement that hangs is cut off, and the next challenge knows nothing of it."""
    monkeypatch.setattr(challenge_judging, "LAST_WORDS_S", 0.01)
    judging = field.classroom.challenge_judging
    with judging.under_way(1):
        await judging.settle(1)
    await judging.settle(1)
