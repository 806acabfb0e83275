"""A server that takes the bot out has neither quizzes nor challenges; an outage ends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from bot.features.classes._cog import ClassesCog
from bot.quiz.course import End, Phase
from db import quizzes
from tests.bot_stage import BotStage
from tests.challenge_story import (
    all_back,
    begun,
    facts_of,
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
from tests.quiz_story import opened as quiz_opened
from tests.quiz_story import quiz_stage, started

ELSEWHERE = 2**60 + 200


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
    async with quiz_stage(tmp_path, FakeSandboxes()) as at_hand:
        yield at_hand


def guild_goes(stage: BotStage, **how: bool) -> None:
    """Discord says that the server is gone: for us, or, if `unavailable`, for a while."""
    assert stage.bot is not None
    connection = cast(Any, stage.bot)._connection
    connection.parse_guild_delete({"id": stage.playground.world.guild_id, **how})


async def went_while_we_were_away(stage: BotStage, table: str) -> None:
    """What goes on is a server's that we are not in, and somebody looks for such."""
    assert stage.bot is not None
    async with stage.database.transaction() as session:
        await session.execute(text(f"UPDATE {table} SET server_id = {ELSEWHERE}"))
    # A bot that ends forgets the modules of its features: the next one's class is another.
    cog = cast("ClassesCog", stage.bot.get_cog("Classes"))
    await cog.rounds.leaving.look()


async def is_in(stage: BotStage, phase: str) -> None:
    """Wait until the challenge is there."""

    async def look() -> bool:
        return (await stored(stage))[0].phase == phase

    await until(look)


@pytest.mark.parametrize("told", [True, False])
async def test_a_challenge_ends_and_engines_come_back_at_once(
    stage: BotStage, engine: FakeSandboxes, *, told: bool
) -> None:
    """Whether Discord told us when it happened, or we were not there; not after its ten minutes."""
    yuna = await learner(stage, "yuna")
    await begun(stage, yuna)
    guild_goes(stage, unavailable=True)
    yuna.say("docker ps", lab_of(yuna))

    async def ran() -> bool:
        return (yuna.user_id, "docker ps") in engine.ran

    await until(ran)
    await is_in(stage, "running")
    assert await facts_of(engine, yuna) == []
    if told:
        guild_goes(stage)
    else:
        await went_while_we_were_away(stage, "challenges")
    await is_in(stage, "ended")
    await all_back(stage)
    assert await facts_of(engine, yuna) == ["my-own"]
    assert await engine.snapshots(yuna.user_id) == []


async def test_a_challenge_that_had_not_begun_is_cancelled(stage: BotStage) -> None:
    """Its channel is free again, should the server take the bot in once more."""
    yuna = await learner(stage, "yuna")
    instructor, _ = await opened(stage, yuna)
    guild_goes(stage)
    await is_in(stage, "cancelled")
    instructor.slash("challenge show")
    await saying(instructor, "진행 중인 도전이 없어요")


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("begun", [True, False])
async def test_a_quiz_is_over(quiz: BotStage, *, begun: bool, told: bool) -> None:
    """Its time does not run on, and its channel is free for the next one."""
    host = quiz.playground.person("instructor")
    lobby = await quiz_opened(host)
    if begun:
        await started(host, lobby)
    guild_goes(quiz, unavailable=True)
    assert quiz.bot is not None
    book = quiz.bot.classroom.quizzes
    assert (await book.get(1)).course.phase is (Phase.QUESTION if begun else Phase.LOBBY)
    if told:
        guild_goes(quiz)
    else:
        await went_while_we_were_away(quiz, "quizzes")
    async with asyncio.timeout(20):
        while True:
            async with quiz.database.transaction() as session:
                if await quizzes.active(session) == []:
                    break
            await asyncio.sleep(0.02)
    assert (await book.get(1)).course.end is End.GONE
