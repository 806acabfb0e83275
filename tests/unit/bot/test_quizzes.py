"""Quizzes without Discord: opening, answering, judging, points, results."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.classroom.cleaning import cleaning_script
from bot.classroom.library import Library
from bot.classroom.quiz_engine import QuizEngine
from bot.classroom.quiz_results import QuizResults
from bot.classroom.quiz_sources import ALL_LESSONS, LessonQuestions, QuestionSources
from bot.classroom.quizzes import LiveQuiz, Participant, Quizzes, Wish
from bot.errors import LearnerError
from bot.quiz.course import Course, End, Phase
from db import personal
from db.engine import Database
from lessons.loader import load_catalogue
from sandbox.errors import NoCapacity
from tests.factories import NOON, make_database_url
from tests.fakes.sandboxes import FakeSandboxes
from tests.quiz_story import RUN, SETUP, write_quiz_lesson

SERVER = 7
WISH = Wish(
    server_id=SERVER,
    channel_id=70,
    host_id=1,
    language="en",
    keys=["lesson:night"],
    count=30,
    seconds=20,
    shuffled=False,
    practice=False,
)
YUNA, MINHO = Participant(11, "Yuna", "ko"), Participant(12, "Minho", "en")


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        """So much time goes by."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """It stands at noon."""
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    async with Database.open(make_database_url(tmp_path)) as opened:
        yield opened


@pytest.fixture
def quizzes(database: Database, tmp_path: Path, clock: Clock) -> Quizzes:
    """Quizzes from a lesson with a question of each kind."""
    library = Library(load_catalogue(write_quiz_lesson(tmp_path)))
    sources = QuestionSources(LessonQuestions(library))
    return Quizzes(database=database, sources=sources, clock=clock, rng=random.Random(1))


async def asked(quizzes: Quizzes, wish: Wish = WISH) -> LiveQuiz:
    """A quiz at its first question."""
    live = await quizzes.open(wish)
    await quizzes.place(live.id, thread_id=71, lobby_message_id=72)
    return await quizzes.change(live.id, Course.start)


async def letters(quizzes: Quizzes, live: LiveQuiz, *options: str) -> list[str]:
    """The letters of these options of the current question."""
    shown = (await quizzes.asked(live)).options
    return [one.letter for one in shown if one.id in options]


async def answers(quizzes: Quizzes, live: LiveQuiz, who: Participant, *given: str) -> str:
    """Answer the current question now."""
    confirmed = await quizzes.answer(
        live.id, SERVER, live.course.position, who, given=list(given), at=quizzes.clock()
    )
    return confirmed.outcome


async def refused(awaited: object) -> str:
    """The key of the sentence with which this was refused."""
    with pytest.raises(LearnerError) as told:
        await awaited  # type: ignore[misc] # any awaitable
    return told.value.key


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
    mine = await results.mine(live, YUNA.learner_id)
    assert mine is not None
    assert (mine.place, mine.tally.gained) == (1, 875)
    assert await results.mine(live, 999) is None


async def test_late_answers_and_those_for_nothing_change_nothing(
    quizzes: Quizzes, database: Database, clock: Clock
) -> None:
    """By the time of arrival, however long it takes to be kept."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    in_time = clock.now + timedelta(seconds=19.9)
    clock.passes(21)
    assert await refused(answers(quizzes, live, YUNA, red)) == "quiz.answer.late"
    kept = await quizzes.answer(live.id, SERVER, 0, YUNA, given=[red], at=in_time)
    assert kept.outcome == "first"
    for position in (-1, 1, 99):
        wrong = quizzes.answer(live.id, SERVER, position, YUNA, given=[red], at=in_time)
        assert await refused(wrong) == "quiz.answer.late"
    unknown = quizzes.answer(live.id, SERVER, 0, MINHO, given=["Y"], at=in_time)
    assert await refused(unknown) == "quiz.gone"
    elsewhere = quizzes.answer(live.id, SERVER + 1, 0, MINHO, given=[red], at=in_time)
    assert await refused(elsewhere) == "quiz.gone"
    assert await quizzes.counts(live) == (1, 1)


async def test_whoever_deletes_their_data_can_answer_anew(
    quizzes: Quizzes, database: Database
) -> None:
    """As a newcomer: their answers were deleted with all else."""
    live = await asked(quizzes)
    (red,) = await letters(quizzes, live, "red")
    for _ in range(2):  # at the second time it is known here who takes part
        await answers(quizzes, live, YUNA, red)
    async with database.transaction() as session:
        await personal.delete_everything(session, YUNA.learner_id)
    quizzes.forget(YUNA.learner_id)
    assert await quizzes.counts(live) == (0, 0)
    assert await answers(quizzes, live, YUNA, red) == "first"
    assert await quizzes.counts(live) == (1, 1)


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


async def at_the_engine(quizzes: Quizzes) -> LiveQuiz:
    """A quiz at its last question, which an engine answers."""
    live = await asked(quizzes)
    for at in range(4):
        await quizzes.close(live.id, at, void="skipped")
        live = await quizzes.change(live.id, Course.next)
    return live


async def test_an_engine_judges(quizzes: Quizzes, database: Database) -> None:
    """Nothing is right before it has spoken; on the host's engine, set-up first."""
    engine = FakeSandboxes()
    engine.answer(RUN, "Up 2 seconds\n")
    live = await at_the_engine(quizzes)
    (up,) = await letters(quizzes, live, "up")
    await answers(quizzes, live, YUNA, up)
    assert await refused(quizzes.close(live.id, 4)) == "quiz.control.engine_busy"
    finder = QuizEngine(engine, quizzes=quizzes)
    assert await finder.find(live, await quizzes.asked(live))
    assert engine.ran[:2] == [("1", SETUP), ("1", RUN)]
    (cleaned,) = engine.ran[2:]
    assert cleaned == ("1", f"(\n{cleaning_script('quiz-')}\n)")
    live = await quizzes.close(live.id, 4)
    out = await QuizResults(database=database, quizzes=quizzes).of_round(live)
    assert [one.correct for one in out.given] == [True]
    assert (await quizzes.asked(live)).round.said == "Up 2 seconds"


@pytest.mark.parametrize("printed", ["neither", None])
async def test_an_engine_that_cannot_tell(quizzes: Quizzes, printed: str | None) -> None:
    """An output that fits no option, no place for a sandbox: False, and nothing is remembered."""
    engine = FakeSandboxes()
    if printed is None:
        engine.down = NoCapacity("full")
    else:
        engine.answer(RUN, printed)
    live = await at_the_engine(quizzes)
    assert not await QuizEngine(engine, quizzes=quizzes).find(live, await quizzes.asked(live))
    assert not await QuizEngine(None, quizzes=quizzes).find(live, await quizzes.asked(live))
    assert (await quizzes.asked(live)).round.found is None


async def test_what_a_question_made_is_gone_before_the_next(quizzes: Quizzes) -> None:
    """Also when the host skips it in the middle, or the engine can't tell."""
    engine = FakeSandboxes()
    engine.answer(SETUP, never_ends=True)
    live = await at_the_engine(quizzes)
    finder, question = QuizEngine(engine, quizzes=quizzes), await quizzes.asked(live)
    skipped = asyncio.create_task(finder.find(live, question))
    while not engine.ran:  # noqa: ASYNC110 - the fake tells nobody what it runs
        await asyncio.sleep(0)
    engine.answer(SETUP, "")
    engine.answer(RUN, "neither")
    skipped.cancel()
    assert not await finder.find(live, question)
    with pytest.raises(asyncio.CancelledError):
        await skipped
    cleaned = f"(\n{cleaning_script('quiz-')}\n)"
    assert [line for _, line in engine.ran] == [SETUP, cleaned, SETUP, RUN, cleaned]


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


async def test_typed_lines_are_kept_as_one_line(quizzes: Quizzes) -> None:
    """Whatever people paste: no NUL, no half of a pair, no book; an empty line is none."""
    live = await asked(quizzes)
    for at in range(3):
        await quizzes.close(live.id, at)
        live = await quizzes.change(live.id, Course.next)
    hostile = "docker\x00 \ud800 ps\n" + "x" * 500
    kept = await quizzes.answer(live.id, SERVER, 3, YUNA, given=[hostile], at=quizzes.clock())
    assert kept.typed
    assert len(kept.shown) == 200
    assert "\x00" not in kept.shown
    kept.shown.encode("utf-8")
    assert await refused(answers(quizzes, live, MINHO, " \n ")) == "quiz.answer.empty"


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
