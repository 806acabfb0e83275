"""The course of quizzes: judging, points, results, absence, and whose they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.classroom.live_quiz import LONGEST_LOBBY, LONGEST_PAUSE
from bot.classroom.quiz_players import Participant
from bot.classroom.quiz_results import QuizResults
from bot.classroom.quiz_sources import QuestionSources
from bot.classroom.quizzes import Quizzes
from bot.quiz.course import Course, End, Phase
from db.engine import Database
from tests.unit.bot.quizzes.stage import (
    MINHO,
    SERVER,
    WISH,
    YUNA,
    Clock,
    answers,
    asked,
    letters,
    refused,
)


async def test_points_by_the_time_that_an_answer_took(
    quizzes: Quizzes, database: Database, clock: Clock
) -> None:
    """Two right answers and a wrong one; a change counts from its own moment."""
    live = await asked(quizzes)
    (red,), (blue,) = [await letters(quizzes, live, one) for one in ("red", "blue")]
    clock.passes(5)
    assert await answers(quizzes, live, YUNA, red) == "first"
    assert await answers(quizzes, live, MINHO, blue) == "first"
    clock.passes(5)
    assert await answers(quizzes, live, MINHO, red) == "changed"
    assert await answers(quizzes, live, MINHO, blue) == "no_more"
    assert await answers(quizzes, live, Participant(13, "Jisu", "ko"), blue) == "first"
    live = await quizzes.close(live.id, 0)
    results = QuizResults(database=database, quizzes=quizzes)
    out = await results.of_round(live)
    board = [(one.place, one.tally.name, one.tally.points) for one in out.standings]
    assert board == [(1, "Yuna", 875), (2, "Minho", 750), (3, "Jisu", 0)]
    assert (out.players, len(out.given)) == (3, 3)
    assert {one.tally.points for one in out.before} == {0}


async def test_a_skipped_question_counts_for_nobody(quizzes: Quizzes, database: Database) -> None:
    """Answers are kept; nobody has points or right answers of it."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    await answers(quizzes, live, YUNA, red)
    live = await quizzes.close(live.id, 0, void="skipped")
    out = await QuizResults(database=database, quizzes=quizzes).of_quiz(live)
    assert [(one.tally.points, one.tally.answered) for one in out.standings] == [(0, 0)]
    assert [one.correct for one in out.answers_to(0)] == [None]
    assert out.asked[0].round.void == "skipped"
    assert await refused(quizzes.close(live.id, 0)) == "quiz.control.passed"


async def test_a_bot_that_was_away_gives_the_time_back(quizzes: Quizzes, clock: Clock) -> None:
    """What was left when it was seen last is left when it is back."""
    live = await asked(quizzes)
    clock.passes(5)
    await quizzes.beat([live.id])
    clock.passes(3600)
    assert await quizzes.revive() == [live.id]
    live = await quizzes.get(live.id)
    assert live.course.remaining_ms(clock.now) == 15_000
    assert live.course.accept(0, clock.now) == 5000


async def test_a_quiz_that_nobody_goes_on_with_ends(quizzes: Quizzes, clock: Clock) -> None:
    """A pause counts from its beginning, whatever happens in it; going on ends it."""
    live = await asked(quizzes)
    await quizzes.change(live.id, Course.pause)
    clock.passes(LONGEST_PAUSE.total_seconds())
    paused = await quizzes.change(live.id, Course.extend)
    assert not paused.is_left(clock.now)
    clock.passes(1)
    assert paused.is_left(clock.now)
    await quizzes.change(live.id, Course.resume)
    assert await refused(quizzes.end_if_left(live.id)) == "quiz.control.passed"
    await quizzes.change(live.id, Course.pause)
    assert not (await quizzes.get(live.id)).is_left(clock.now)
    clock.passes(LONGEST_PAUSE.total_seconds() + 1)
    await quizzes.end_if_left(live.id)
    assert (await quizzes.get(live.id)).course.end is End.LEFT
    assert await refused(quizzes.end_if_left(live.id)) == "quiz.control.over"


async def test_a_lobby_that_nobody_starts_ends(quizzes: Quizzes, clock: Clock) -> None:
    """A day after it was opened; a quiz that was started has no such end."""
    lobby, begun = await quizzes.open(WISH), await asked(quizzes, replace(WISH, channel_id=9))
    clock.passes(LONGEST_LOBBY.total_seconds())
    assert not (await quizzes.get(lobby.id)).is_left(clock.now)
    clock.passes(1)
    assert not (await quizzes.get(begun.id)).is_left(clock.now)
    await quizzes.end_if_left(lobby.id)
    assert (await quizzes.get(lobby.id)).course.end is End.LEFT


async def test_a_quiz_is_found_in_its_own_server_only(quizzes: Quizzes) -> None:
    """Whatever is asked of it from another one: there is no such quiz."""
    live = await asked(quizzes)
    other = SERVER + 1
    for deed in (
        quizzes.get(live.id, other),
        quizzes.join(live.id, other, YUNA),
        quizzes.change(live.id, Course.pause, server_id=other),
        quizzes.close(live.id, 0, server_id=other),
        quizzes.take_over(live.id, other, 5),
        quizzes.get(live.id + 1, SERVER),
    ):
        assert await refused(deed) == "quiz.gone"
    assert (await quizzes.get(live.id, SERVER)).kept.host_id == 1


async def test_two_who_press_at_once_do_it_once(quizzes: Quizzes) -> None:
    """The second one is told that the quiz has moved on."""
    live = await asked(quizzes)
    await quizzes.close(live.id, 0, server_id=SERVER)
    await quizzes.change(live.id, Course.next, position=0)
    again = quizzes.change(live.id, Course.next, position=0)
    assert await refused(again) == "quiz.control.passed"


async def test_a_question_that_is_gone_counts_for_nobody(
    quizzes: Quizzes, tmp_path: Path, database: Database
) -> None:
    """Lessons may change while a quiz goes on: it is skipped, and the quiz goes on."""
    live = await asked(quizzes)
    nothing = QuestionSources()
    later = Quizzes(database=database, sources=nothing, clock=quizzes.clock)
    closed = await later.close(live.id, 0)
    assert closed.course.phase is Phase.ANSWER
    gone = await later.asked(closed)
    assert (gone.question, gone.round.void) == (None, "gone")
