"""Opening quizzes: questions drawn, and what can't be opened."""

from __future__ import annotations

from dataclasses import replace

from bot.classroom.quiz_sources import ALL_LESSONS
from bot.classroom.quizzes import Quizzes
from bot.quiz.course import End, Phase
from tests.unit.bot.quizzes.stage import WISH, refused


async def test_questions_are_drawn_and_keep_their_order(quizzes: Quizzes) -> None:
    """As many as wanted and there are; shuffled only when that is wished for."""
    live = await quizzes.open(WISH)
    refs = [(await quizzes.asked(live, at)).round.ref for at in range(live.kept.rounds)]
    assert refs == [f"lesson:night/{one}" for one in ("one", "many", "truth", "line", "engine")]
    few = await quizzes.open(replace(WISH, channel_id=71, count=2, keys=[ALL_LESSONS]))
    assert few.kept.rounds == 2
    assert few.kept.title == "All lessons"
    orders = set()
    for channel in range(100, 110):
        mixed = await quizzes.open(replace(WISH, channel_id=channel, shuffled=True))
        orders.add(tuple([(await quizzes.asked(mixed, at)).round.ref for at in range(5)]))
    assert len(orders) > 1


async def test_a_quiz_needs_questions_and_a_free_channel(quizzes: Quizzes) -> None:
    """What can't be opened is refused, and leaves nothing."""
    assert await refused(quizzes.open(replace(WISH, keys=["lesson:none"]))) == "quiz.no_questions"
    assert await refused(quizzes.open(replace(WISH, keys=["other:x"]))) == "quiz.no_questions"
    live = await quizzes.open(WISH)
    assert await refused(quizzes.open(WISH)) == "quiz.channel_taken"
    await quizzes.change(live.id, lambda course, _: course.over(End.ENDED))
    await quizzes.retire(live.id)
    assert (await quizzes.open(WISH)).course.phase is Phase.LOBBY
