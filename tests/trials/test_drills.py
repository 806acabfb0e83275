"""Drills on a real engine: each error comes, stays until it is repaired, and leaves nothing."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest

from bot.classroom.cleaning import cleaning_script
from bot.classroom.drills import CLEAN_LIMIT_S, FAILS_LIMIT_S, SETUP_LIMIT_S
from bot.classroom.facts import facts_for_checks
from bot.classroom.looking import Looks
from bot.terminal.error_help import explain_failure
from lessons.drills import NAMES, Drill, load_drills
from lessons.facts import EngineFacts
from sandbox.client import SandboxClient
from tests.docker_fixtures import new_learner, put_away, run

pytestmark = pytest.mark.docker

DRILLS = load_drills()
OWN = "own-web"


@dataclass(frozen=True, slots=True)
class Engine:
    """A learner's engine, used as the bot does."""

    client: SandboxClient
    learner: str

    async def prepare(self, script: str, limit_s: float) -> tuple[str, int | None]:
        """Run a script of ours."""
        seen = await Looks(self.client).run(int(self.learner), script, limit_s=limit_s)
        return seen.text, seen.exit_code

    async def type(self, line: str) -> None:
        """Run a line of the learner's, which has to work."""
        ended = (await run(self.client, self.learner, line)).ended
        assert ended.exit_code == 0, line

    async def facts(self) -> EngineFacts:
        """The engine's state as checks know it."""
        return facts_for_checks(await self.client.facts(self.learner))


@pytest.fixture
async def engine(client: SandboxClient) -> AsyncGenerator[Engine]:
    """A fresh engine with things of the learner's own, which every drill has to leave alone."""
    learner = new_learner()
    await client.open(learner)
    engine = Engine(client, learner)
    await engine.type(f"docker run -d --name {OWN} busybox sleep 3600")
    await engine.type(f"docker network create {OWN}-drill-net && docker volume create {OWN}")
    yield engine
    await put_away(client, learner)


def test_there_are_enough_drills() -> None:
    """Each of another error."""
    assert len({drill.error for drill in DRILLS}) == len(DRILLS) >= 8
    assert len({drill.id for drill in DRILLS}) == len(DRILLS)


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.id)
async def test_a_drill_from_its_error_to_its_end(engine: Engine, drill: Drill) -> None:
    """The set-up meets the error; untouched it doesn't pass; repaired it does; then all is gone."""
    for _ in range(2):  # whoever begins again finds it as it was
        await engine.prepare(cleaning_script(NAMES), CLEAN_LIMIT_S)
        said, code = await engine.prepare(drill.script, SETUP_LIMIT_S)
        assert code == 0, said
        said, code = await engine.prepare(drill.fails, FAILS_LIMIT_S)
        met = explain_failure(drill.fails, said, code)
        assert met is not None, said
        assert met.id == drill.error, said
        assert not drill.judge(await engine.facts()).passed

    for line in drill.solution:
        assert not drill.judge(await engine.facts()).passed, line
        await engine.type(line)
    verdict = drill.judge(await engine.facts())
    assert verdict.passed, verdict.missing

    said, code = await engine.prepare(cleaning_script(NAMES), CLEAN_LIMIT_S)
    assert (said, code) == ("", 0)
    left = await engine.facts()
    names = [*(c.name for c in left.containers), *left.networks, *left.volumes]
    tags = [tag for image in left.images for tag in image.tags]
    assert [name for name in [*names, *tags] if name.startswith(NAMES)] == []
    assert {OWN, f"{OWN}-drill-net"} <= set(names)
