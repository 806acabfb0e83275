"""What a challenge or a quiz shows is there once, although it could not be remembered at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from db import challenges, quizzes
from db.errors import DatabaseBusy
from playground.json_types import Json
from playground.person import Person
from tests import quiz_story
from tests.bot_stage import BotStage, all_text
from tests.challenge_story import (
    SOLVED,
    all_back,
    begun,
    hurry,
    incident_engine,
    incident_stage,
    lab_of,
    learner,
    opened,
    saying,
    stored,
    until,
)
from tests.fakes.sandboxes import FakeSandboxes

T = TypeVar("T")


@pytest.fixture
def engine() -> FakeSandboxes:
    """Engines in which the set-up of the incident works."""
    return incident_engine()


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot that knows the incident alone, and counts down quickly."""
    async with incident_stage(tmp_path, engine) as at_hand:
        yield at_hand


@pytest.fixture
async def quiz(tmp_path: Path) -> AsyncIterator[BotStage]:
    """A bot with a lesson that has one question of each kind."""
    async with quiz_story.quiz_stage(tmp_path, FakeSandboxes()) as at_hand:
        yield at_hand


async def test_cards_that_a_sudden_end_kept_from_members_come_after_it(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """It ran already when the bot was killed, and nobody had their card yet; nobody gets two."""
    yuna = await learner(stage, "yuna")
    await begun(stage, yuna)
    old = await remembered_card(stage, yuna)
    assert stage.bot is not None
    await stage.bot.http.delete_message(int(lab_of(yuna)), old)
    await forget_card(stage, yuna)
    await stage.start()
    hurry(stage)
    assert await remembered_card(stage, yuna) != old
    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab_of(yuna))
    await all_back(stage)
    assert len(cards(yuna)) == 1


async def test_a_card_that_the_old_bot_sent_last_is_found_again(stage: BotStage) -> None:
    """Killed between sending a member's card and remembering where: it is not sent twice."""
    yuna = await learner(stage, "yuna")
    await begun(stage, yuna)
    sent = await remembered_card(stage, yuna)
    await forget_card(stage, yuna)
    await stage.start()
    hurry(stage)
    assert await remembered_card(stage, yuna) == sent
    assert len(cards(yuna)) == 1


async def test_a_busy_database_gives_nobody_two_cards(
    stage: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not remember the card that was just sent: that one is remembered a moment later."""
    yuna = await learner(stage, "yuna")
    assert stage.bot is not None
    book = stage.bot.classroom.challenges
    monkeypatch.setattr(book, "place_card", busy_at_first(book.place_card, times=2))
    await begun(stage, yuna)
    sent = await remembered_card(stage, yuna)
    assert [message["id"] for message in cards(yuna)] == [str(sent)]


async def test_a_board_that_is_sent_anew_is_sent_once(
    stage: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody deleted its message, and the database was too busy to remember the next one."""
    yuna = await learner(stage, "yuna")
    instructor, board = await opened(stage)
    bot = stage.bot
    assert bot is not None
    book = bot.classroom.challenges
    monkeypatch.setattr(book, "place", busy_at_first(book.place, times=2))
    await bot.http.delete_message(int(board["channel_id"]), int(board["id"]))
    await book.join(1, int(stage.playground.world.guild_id), int(yuna.user_id), "yuna")
    hurry(stage).ring(1)

    async def is_remembered() -> bool:
        return (await stored(stage))[0].message_id != int(board["id"])

    await until(is_remembered)
    remembered = str((await stored(stage))[0].message_id)
    assert [m["id"] for m in boards(instructor)] == [remembered]


async def test_a_board_that_nobody_remembers_is_taken_away(
    stage: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was too busy when the challenge was opened: there is none, and no board."""
    instructor = stage.playground.person("instructor")
    assert stage.bot is not None
    book = stage.bot.classroom.challenges
    monkeypatch.setattr(book, "place", busy_at_first(book.place, times=1))
    monkeypatch.setattr(book, "end", busy_at_first(book.end, times=1))
    instructor.slash("challenge start", minutes=10, freeze=0)
    await saying(instructor, "기록을 저장하는 곳이 잠시 바빠요")

    async def is_over() -> bool:
        return (await stored(stage))[0].phase == "cancelled"

    await until(is_over)
    assert boards(instructor) == []
    await opened(stage)


async def test_a_busy_database_asks_no_question_twice(
    quiz: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question that was just sent is found, and remembered a moment later."""
    host = quiz.playground.person("instructor")
    assert quiz.bot is not None
    book = quiz.bot.classroom.quizzes
    monkeypatch.setattr(book, "set_message", busy_at_first(book.set_message, times=1))
    await quiz_story.started(host, await quiz_story.opened(host))
    thread = quiz_story.thread_of(host)

    async def message() -> int | None:
        async with quiz.database.transaction() as session:
            asked = await quizzes.get_round(session, 1, 0)
        return None if asked is None else asked.message_id

    async def is_remembered() -> bool:
        return await message() is not None

    await until(is_remembered)
    asked = [m["id"] for m in host.replies(thread) if "Which colour?" in all_text(m)]
    assert asked == [str(await message())]


async def test_a_quiz_that_has_no_place_blocks_no_channel(
    quiz: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was too busy for its place, and for its end: the next one can be held soon."""
    host = quiz.playground.person("instructor")
    assert quiz.bot is not None
    book = quiz.bot.classroom.quizzes
    monkeypatch.setattr(book, "place", busy_at_first(book.place, times=1))
    monkeypatch.setattr(book, "change", busy_at_first(book.change, times=1))
    host.slash("quiz host", questions="lesson:night", order="written")
    await saying(host, "기록을 저장하는 곳이 잠시 바빠요")

    async def is_free() -> bool:
        return not await book.at_place(int(host.general))

    await until(is_free)
    await quiz_story.opened(host)


def busy_at_first(work: Callable[..., Awaitable[T]], *, times: int) -> Callable[..., Awaitable[T]]:
    """The same, for which the database is too busy so many times."""
    left = iter(range(times))

    async def maybe(*args: Any, **named: Any) -> T:
        if next(left, None) is not None:
            raise DatabaseBusy("another transaction holds the lock")
        return await work(*args, **named)

    return maybe


def cards(person: Person) -> list[Json]:
    """The cards of a challenge in somebody's lab."""
    return [m for m in person.replies(lab_of(person)) if "나의 도전" in all_text(m)]


def boards(person: Person) -> list[Json]:
    """The boards in #general."""
    return [m for m in person.replies() if "## 🏁 도전" in all_text(m)]


async def remembered_card(stage: BotStage, person: Person) -> int:
    """The message that is somebody's card, as soon as that is written down."""

    async def look() -> bool:
        return (await stored(stage))[1][person.user_id].card_message_id is not None

    await until(look)
    found = (await stored(stage))[1][person.user_id].card_message_id
    assert found is not None
    return found


async def forget_card(stage: BotStage, person: Person) -> None:
    """End the bot as if it had been killed before it could write down where the card is."""
    await stage.stop()
    async with stage.database.transaction() as session:
        await challenges.change_member(
            session, 1, int(person.user_id), card_channel_id=None, card_message_id=None
        )
