"""Who leaves a server is seen there no more; a server without us has nothing that goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from bot.classroom.boards import Board
from bot.classroom.classes import SchoolClass
from bot.classroom.hands import Standing
from bot.errors import LearnerError
from bot.wiring import now
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

if TYPE_CHECKING:
    from bot.features.classes._cog import ClassesCog
    from bot.features.classes._reminding import Rounds

FEATURES = ("welcome", "terminal", "classes", "class_report", "class_board", "hands", "follow")
ELSEWHERE = 2**60 + 200


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=FakeSandboxes(), features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


def rounds(stage: BotStage) -> Rounds:
    """What is done by itself."""
    assert stage.bot is not None
    return cast("ClassesCog", stage.bot.get_cog("Classes")).rounds


async def class_of(stage: BotStage, *persons: Person, server_id: int = 0) -> SchoolClass:
    """A class with these learners."""
    assert stage.bot is not None
    classes = stage.bot.classroom.classes
    server = server_id or int(stage.playground.world.guild_id)
    made = await classes.create(server, "도커 입문", created_by=1)
    for person in persons:
        await classes.join(
            server, made.id, int(person.user_id), language="ko", name=f"이름-{person.user_id}"
        )
    return made


async def members(stage: BotStage, school_class: SchoolClass) -> set[str]:
    """Who is in it."""
    assert stage.bot is not None
    found = await stage.bot.classroom.classes.members(school_class.id)
    return {str(member.learner_id) for member in found}


def leave(stage: BotStage, person: Person) -> None:
    """The person leaves the server; the bot is not told."""
    stage.playground.world.leave(person.user_id)


async def becomes(there: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(8):
        while not await there():  # noqa: ASYNC110 - by another task
            await asyncio.sleep(0.02)


@pytest.fixture
def three(stage: BotStage) -> tuple[Person, Person, Person]:
    """An instructor, somebody who leaves, somebody who stays."""
    return tuple(stage.playground.person(name) for name in ("instructor", "goer", "stayer"))  # type: ignore[return-value]


@pytest.mark.parametrize("command", ["class roster", "class report"])
async def test_who_left_is_in_no_roster_and_no_report(
    stage: BotStage, three: tuple[Person, Person, Person], command: str
) -> None:
    """Nor do they come back into the class by coming back to the server."""
    teacher, goer, stayer = three
    made = await class_of(stage, goer, stayer)
    leave(stage, goer)
    teacher.slash(command)
    card = await saying(teacher, "1명")
    assert f"이름-{goer.user_id}" not in all_text(card)
    assert await members(stage, made) == {stayer.user_id}
    assert stage.bot is not None
    acts = await stage.bot.classroom.classes.acts_of(int(goer.user_id))
    assert acts == ()


async def test_a_round_takes_out_who_left(
    stage: BotStage, three: tuple[Person, Person, Person]
) -> None:
    """Of classes, of the queue of raised hands and of follow-me's; who stays, stays."""
    assert stage.bot is not None
    _, goer, stayer = three
    classroom, server = stage.bot.classroom, int(stage.playground.world.guild_id)
    made = await class_of(stage, goer, stayer)
    general = int(stayer.general)
    follow, _ = await classroom.following.start(
        server_id=server, channel_id=general, instructor_id=1
    )
    for person in (goer, stayer):
        await classroom.following.join(follow, int(person.user_id))
        found = await classroom.hands.raise_hand(
            int(person.user_id), server_id=server, channel_id=general
        )
        assert isinstance(found, Standing)
    leave(stage, goer)
    await rounds(stage).leaving.look()

    async def one_waits() -> bool:
        return len(await classroom.hands.queue(server)) == 1

    await becomes(one_waits)
    assert [hand.learner_id for hand in await classroom.hands.queue(server)] == [
        int(stayer.user_id)
    ]
    assert await members(stage, made) == {stayer.user_id}
    assert await classroom.following.count(follow) == 1


async def test_nobody_is_taken_out_by_a_doubtful_answer(
    stage: BotStage, three: tuple[Person, Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer without anybody is not believed: each is asked for by name."""
    assert stage.bot is not None
    _, goer, stayer = three
    made = await class_of(stage, goer, stayer)
    guild = stage.bot.guilds[0]

    async def nobody(*_: object, **__: object) -> list[object]:
        return []

    monkeypatch.setattr(type(guild), "query_members", nobody)
    await rounds(stage).leaving.look()
    assert await members(stage, made) == {goer.user_id, stayer.user_id}


@pytest.mark.parametrize("told", [True, False])
async def test_a_server_without_us_has_nothing_that_goes_on(
    stage: BotStage, three: tuple[Person, Person, Person], *, told: bool
) -> None:
    """Whether Discord told us when it happened, or we were not there."""
    assert stage.bot is not None
    _, learner, _ = three
    classroom = stage.bot.classroom
    server = int(stage.playground.world.guild_id) if told else ELSEWHERE
    made = await class_of(stage, learner, server_id=server)
    until = now() + timedelta(hours=1)
    await classroom.boards.put(Board(made.id, server, made.name, 5, 6, until, None), told=())
    follow, _ = await classroom.following.start(server_id=server, channel_id=5, instructor_id=1)
    await classroom.hands.raise_hand(int(learner.user_id), server_id=server, channel_id=5)
    if told:
        stage.bot.dispatch("guild_remove", stage.bot.guilds[0])
    else:
        await rounds(stage).leaving.look()

    async def nothing_goes_on() -> bool:
        return not await classroom.hands.opened(server)

    await becomes(nothing_goes_on)
    assert await classroom.boards.running() == []
    with pytest.raises(LearnerError):
        await classroom.following.of(follow.id, server)
    assert await members(stage, made) == {learner.user_id}


async def test_letters_keep_no_lesson_from_its_places(
    stage: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reminders of a big class take minutes; places are kept meanwhile."""
    going = rounds(stage)
    kept: asyncio.Queue[int] = asyncio.Queue()
    never = asyncio.Event()

    async def keep() -> None:
        kept.put_nowait(1)

    monkeypatch.setattr(going, "keep_seats", keep)
    monkeypatch.setattr(going, "remind", never.wait)
    tasks = going.begin(round_s=0.01, first_after_s=0.0)
    try:
        async with asyncio.timeout(8):
            for _ in range(3):
                await kept.get()
    finally:
        for task in tasks:
            task.cancel()
