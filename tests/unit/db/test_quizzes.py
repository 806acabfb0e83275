"""Quizzes as they are kept: one in a channel, one answer per person and question."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from db import personal, quizzes
from db.engine import Database
from db.quizzes import Judged, NewQuiz, Player
from tests.factories import NOON
from tests.unit.db.conftest import MINHO, YUNA

NEW = NewQuiz(
    server_id=1,
    channel_id=2,
    host_id=3,
    language="ko",
    title="Volumes",
    practice=False,
    seconds=20,
    refs=["lesson:x/a", "lesson:x/b"],
)
SOON = NOON + timedelta(seconds=3)


async def opened(database: Database, new: NewQuiz = NEW) -> int:
    """A new quiz."""
    async with database.transaction() as session:
        quiz_id = await quizzes.open_quiz(session, new, NOON)
    assert quiz_id is not None
    return quiz_id


async def over(database: Database, quiz_id: int) -> None:
    """The end of a quiz."""
    async with database.transaction() as session:
        await quizzes.save_course(
            session, quiz_id, phase="over", position=1, limit_ms=0, ends_at=None, left_ms=None,
            paused_at=None, ending="finished", seen_at=SOON,
        )  # fmt: skip


async def answers(database: Database, quiz_id: int, learner: int, *given: str) -> str:
    """An answer to the first question in a transaction of its own."""
    async with database.transaction() as session:
        await quizzes.get(session, quiz_id, lock="share")
        return await quizzes.answer(
            session, quiz_id, 0, learner, answer=given, elapsed_ms=1500, at=SOON
        )


async def test_a_channel_has_one_quiz_at_a_time(database: Database) -> None:
    """Another channel may have one, and so may this one when its quiz is over."""
    first = await opened(database)
    other = await opened(database, replace(NEW, channel_id=9))
    async with database.transaction() as session:
        assert await quizzes.open_quiz(session, NEW, NOON) is None
        assert await quizzes.active(session) == [first, other]
        await quizzes.set_place(session, first, thread_id=77, lobby_message_id=78)
        assert await quizzes.active_at(session, 77) == [first]
        assert await quizzes.active_at(session, 9) == [other]
    await over(database, first)
    async with database.transaction() as session:
        assert await quizzes.open_quiz(session, NEW, NOON) is None
        await quizzes.retire(session, first)
    again = await opened(database)
    async with database.transaction() as session:
        assert await quizzes.active(session) == [other, again]
        assert await quizzes.active_at(session, 77) == []


async def test_two_hosts_at_once_get_one_quiz(database: Database) -> None:
    """In one channel; the other host is told."""

    async def try_it() -> int | None:
        async with database.transaction() as session:
            return await quizzes.open_quiz(session, NEW, NOON)

    made = await asyncio.gather(*(try_it() for _ in range(4)))
    assert sorted(one is None for one in made) == [False, True, True, True]


async def test_a_quiz_is_kept_as_it_is(database: Database) -> None:
    """Its course, its questions in their order, its host, where it happens."""
    quiz_id = await opened(database)
    async with database.transaction() as session:
        await quizzes.set_host(session, quiz_id, 4)
        await quizzes.save_course(
            session, quiz_id, phase="question", position=0, limit_ms=20_000, ends_at=SOON,
            left_ms=None, paused_at=None, ending=None, seen_at=NOON,
        )  # fmt: skip
        await quizzes.set_round(session, quiz_id, 1, message_id=99, found="up", said="Up 2s")
        await quizzes.beat(session, quiz_id, SOON)
    async with database.transaction() as session:
        quiz = await quizzes.get(session, quiz_id)
        assert quiz is not None
        assert (quiz.host_id, quiz.phase, quiz.ends_at) == (
            4, "question", SOON,
        )  # fmt: skip
        assert (quiz.seen_at, quiz.rounds) == (SOON, 2)
        kept = await quizzes.rounds(session, quiz_id)
        assert [one.ref for one in kept] == NEW.refs
        assert kept[1] == await quizzes.get_round(session, quiz_id, 1)
        assert (kept[1].message_id, kept[1].found, kept[1].said) == (99, "up", "Up 2s")
        assert await quizzes.get_round(session, quiz_id, 2) is None
        assert await quizzes.get(session, quiz_id + 1) is None


async def test_an_answer_may_be_changed_once(database: Database) -> None:
    """The same again is no change; a second change is refused and changes nothing."""
    quiz_id = await opened(database)
    said = [await answers(database, quiz_id, YUNA, choice) for choice in "aabbca"]
    assert said == ["first", "same", "changed", "same", "no_more", "no_more"]
    async with database.transaction() as session:
        (given,) = await quizzes.answers(session, quiz_id, 0)
        assert (given.learner_id, given.answer, given.changes) == (YUNA, ("b",), 1)


async def test_answers_at_once_are_counted_once(database: Database) -> None:
    """However often somebody clicks, from however many devices: one first, one change."""
    quiz_id = await opened(database)
    clicks = [answers(database, quiz_id, YUNA, choice) for choice in "abcabc"]
    clicks += [answers(database, quiz_id, MINHO, "a") for _ in range(6)]
    said = await asyncio.gather(*clicks)
    assert said[:6].count("first") == said[:6].count("changed") == 1
    assert Counter(said[6:]) == {"first": 1, "same": 5}
    async with database.transaction() as session:
        assert len(await quizzes.answers(session, quiz_id, 0)) == 2
        assert await quizzes.counts(session, quiz_id, 0) == (0, 2)


async def test_players_and_what_their_answers_were(database: Database) -> None:
    """Whoever joins twice is in once; judging twice is judging once."""
    quiz_id = await opened(database)
    async with database.transaction() as session:
        assert await quizzes.join(session, quiz_id, YUNA, "Yuna", NOON)
        assert not await quizzes.join(session, quiz_id, YUNA, "Yuna", SOON)
        assert await quizzes.join(session, quiz_id, MINHO, "Minho", SOON)
    await answers(database, quiz_id, YUNA, "a")
    for _ in range(2):
        async with database.transaction() as session:
            await quizzes.judge(session, quiz_id, 0, [Judged(YUNA, True, 900)])
            await quizzes.judge(session, quiz_id, 1, [])
    async with database.transaction() as session:
        assert await quizzes.players(session, quiz_id) == [
            Player(YUNA, "Yuna"),
            Player(MINHO, "Minho"),
        ]
        (given,) = await quizzes.answers(session, quiz_id)
        assert (given.correct, given.points, given.elapsed_ms) == (True, 900, 1500)
        assert await quizzes.counts(session, quiz_id, 0) == (2, 1)


async def test_who_plays_for_points_is_known_while_it_goes_on(database: Database) -> None:
    """Neither in the lobby, nor in a practice, nor in a long pause, nor when it is over."""
    quiz_id = await opened(database)
    practice = await opened(database, replace(NEW, channel_id=9, practice=True))

    async def plays(learner: int = YUNA) -> bool:
        async with database.transaction() as session:
            return await quizzes.is_playing(session, learner, paused_since=NOON)

    async def asks() -> set[str]:
        async with database.transaction() as session:
            return await quizzes.refs_in_play(session, paused_since=NOON)

    async with database.transaction() as session:
        await quizzes.join(session, quiz_id, YUNA, "Yuna", NOON)
        await quizzes.join(session, practice, MINHO, "Minho", NOON)
    assert not await plays()
    assert await asks() == set()
    for each in (quiz_id, practice):
        async with database.transaction() as session:
            await quizzes.save_course(
                session, each, phase="question", position=0, limit_ms=1, ends_at=SOON,
                left_ms=None, paused_at=None, ending=None, seen_at=SOON,
            )  # fmt: skip
    assert await plays()
    assert not await plays(MINHO)
    for paused_at, counts in ((NOON, True), (NOON - timedelta(seconds=1), False)):
        async with database.transaction() as session:
            await quizzes.save_course(
                session, quiz_id, phase="question", position=0, limit_ms=1, ends_at=None,
                left_ms=1, paused_at=paused_at, ending=None, seen_at=SOON,
            )  # fmt: skip
        assert await plays() == counts
        assert await asks() == (set(NEW.refs) if counts else set())
    await over(database, quiz_id)
    assert not await plays()
    assert await asks() == set()


async def test_who_is_forgotten_leaves_the_quiz_as_it_is(database: Database) -> None:
    """Their answers go with them; the others' stay."""
    quiz_id = await opened(database)
    async with database.transaction() as session:
        await quizzes.join(session, quiz_id, YUNA, "Yuna", NOON)
        await quizzes.join(session, quiz_id, MINHO, "Minho", NOON)
    await answers(database, quiz_id, YUNA, "a")
    await answers(database, quiz_id, MINHO, "b")
    async with database.transaction() as session:
        await personal.delete_everything(session, YUNA)
    async with database.transaction() as session:
        assert [one.learner_id for one in await quizzes.answers(session, quiz_id)] == [MINHO]
