"""Who may join a challenge, and what leaving changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import LearnerError
from tests.unit.bot.challenges.stage import CHANNEL, MINHO, SERVER, Field
from tests.unit.bot.conftest import YUNA


async def test_who_left_in_the_middle_stays_out(field: Field) -> None:
    """Hints and solutions were free meanwhile; in the lobby one may change one's mind."""
    book, number = field.classroom.challenges, (await field.opened(YUNA, MINHO)).id
    await book.leave(number, YUNA)
    await book.join(number, SERVER, YUNA, "somebody")
    await book.begin(number)
    for learner_id in (YUNA, MINHO):
        assert await book.prepare(number, learner_id)
    await book.count_down(number, 1)
    assert await book.start(number)
    await book.leave(number, YUNA)
    assert await book.give_back(number, YUNA) is None
    with pytest.raises(LearnerError, match=r"challenge\.join\.left"):
        await book.join(number, SERVER, YUNA, "somebody")
    assert (await field.member(number)).state == "left"


@pytest.mark.parametrize("cancel", [False, True])
async def test_who_leaves_after_the_end_changes_nothing(field: Field, *, cancel: bool) -> None:
    """A button that was shown before: the winner stays the winner."""
    book, number = field.classroom.challenges, await field.begun(YUNA, MINHO)
    field.solve()
    await field.classroom.challenge_judging.judge(YUNA)
    await book.end(number, cancel=cancel)
    before = await book.must_have_board(number)
    with pytest.raises(LearnerError, match=r"challenge\.over"):
        await book.leave(number, YUNA)
    assert await book.must_have_board(number) == before
    assert (await field.member(number)).state == "ready"
    with pytest.raises(LearnerError, match=r"challenge\.over"):
        await book.leave(number + 1, YUNA)


async def test_who_may_join_and_when(field: Field) -> None:
    """Once, with a lab, in one challenge; while it runs until half of the time."""
    book = field.classroom.challenges
    number = (await field.opened(YUNA)).id
    for learner_id, server, key in (
        (YUNA, SERVER, "challenge.join.already"),
        (MINHO, SERVER + 1, "challenge.gone"),
        (MINHO + 1, SERVER, "challenge.no_lab"),
    ):
        with pytest.raises(LearnerError, match=key):
            await book.join(number, server, learner_id, "x")
    await book.begin(number)
    with pytest.raises(LearnerError, match=r"challenge\.join\.wait"):
        await book.join(number, SERVER, MINHO, "x")
    await book.prepare(number, YUNA)
    await book.count_down(number, 1)
    await book.start(number)
    field.clock.skip(timedelta(minutes=6))
    with pytest.raises(LearnerError, match=r"challenge\.join\.too_late"):
        await book.join(number, SERVER, MINHO, "x")
    await book.end(number)
    with pytest.raises(LearnerError, match=r"challenge\.over"):
        await book.join(number, SERVER, MINHO, "x")


async def test_a_second_challenge_in_a_channel_has_to_wait(field: Field) -> None:
    """One board at a time."""
    await field.opened()
    with pytest.raises(LearnerError, match=r"challenge\.one_in_channel"):
        await field.opened()


async def test_whoever_deletes_their_data_leaves_no_gap(field: Field) -> None:
    """The others go on; nothing of the person is judged or given back."""
    number = await field.begun(YUNA, MINHO)
    await field.classroom.privacy.delete(YUNA)
    book = field.classroom.challenges
    assert await field.classroom.challenge_judging.judge(YUNA) is None
    await book.end(number)
    assert await book.engines_due(number) == [MINHO]
    assert await book.give_back(number, YUNA) is None
    board = await book.must_have_board(number)
    assert [row.who for row in board.rows] == [MINHO]


async def test_which_board_is_shown(field: Field) -> None:
    """That of the channel, else the only one, else the last that ended; never a stranger's."""
    book = field.classroom.challenges
    with pytest.raises(LearnerError, match=r"challenge\.none_open"):
        await book.to_show(SERVER, CHANNEL)
    first = await field.opened(YUNA)
    assert (await book.to_show(SERVER, CHANNEL + 1)).id == first.id
    second = await book.create(
        server_id=SERVER,
        channel_id=CHANNEL + 1,
        lesson=field.classroom.lessons.get("night"),
        language="ko",
        minutes=10,
        freeze_minutes=0,
    )
    assert (await book.to_show(SERVER, CHANNEL)).id == first.id
    assert (await book.to_show(SERVER, CHANNEL + 1)).id == second.id
    with pytest.raises(LearnerError, match=r"challenge\.several") as several:
        await book.to_show(SERVER, CHANNEL + 2)
    assert several.value.values["places"] == f"<#{CHANNEL}> <#{CHANNEL + 1}>"
    await book.begin(first.id)
    assert await book.prepare(first.id, YUNA)
    await book.count_down(first.id, 1)
    assert await book.start(first.id)
    await book.end(first.id)
    assert await book.end(second.id, cancel=True)
    assert (await book.to_show(SERVER, CHANNEL + 2)).id == first.id
    with pytest.raises(LearnerError, match=r"challenge\.none_open"):
        await book.to_show(SERVER + 1, CHANNEL)
