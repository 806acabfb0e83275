"""What `/docker` suggests while it is typed: in time, of one's own, starting nothing."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.person import Person
from sandbox.contract import VolumeFact
from sandbox.errors import HostEngineDown
from tests.bot_stage import BotStage, bot_stage
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts, make_image
from tests.openapi.judge import judge

IN_TIME_S = 0.3


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    features = ("welcome", "terminal")
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=features) as stage:
        yield stage
        judge(stage.playground)


async def suggested(person: Person, typed: str) -> list[str]:
    """The lines that are offered."""
    choices = await person.autocomplete("docker", "command", typed)
    assert all(choice["name"] == choice["value"] for choice in choices)
    return [choice["value"] for choice in choices]


async def test_commands_flags_and_own_things(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Containers, images, networks and volumes of this person; of others nothing."""
    newcomer, other = stage.playground.person("newcomer"), stage.playground.person("learner")
    await sandboxes.open(newcomer.user_id)
    volume = VolumeFact(name="data", driver="local", labels={})
    sandboxes.set_facts(
        newcomer.user_id,
        make_facts(
            containers=[make_container("web"), make_container("@everyone")],
            images=[make_image("nginx:latest", "redis:7")],
            volumes=[volume],
        ),
    )

    assert (await suggested(newcomer, "lo"))[0] == "logs"
    assert "run --detach" in await suggested(newcomer, "run --de")
    assert (await suggested(newcomer, "docker logs "))[0] == "docker logs web"
    assert await suggested(newcomer, "rmi r") == ["rmi redis:7"]
    assert (await suggested(newcomer, "volume rm "))[0] == "volume rm data"
    assert await suggested(newcomer, "run --network br") == ["run --network bridge"]
    assert await suggested(newcomer, "ㅣㅐㅎㄴ w") == ["logs web"]
    assert await suggested(newcomer, "애찯ㄱ ㅣㅐㅎㄴ w") == ["docker logs web"]
    assert await suggested(other, "logs w") == []


async def test_nothing_is_started_for_a_suggestion(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Of a sandbox that rests what was seen last is offered."""
    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    sandboxes.set_facts(newcomer.user_id, make_facts(containers=[make_container("web")]))
    await suggested(newcomer, "logs ")
    await sandboxes.close(newcomer.user_id)

    assert (await suggested(newcomer, "logs "))[0] == "logs web"
    assert sandboxes.running == set()


async def test_suggestions_are_there_in_time(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """However slow the service is, and when it is down."""
    newcomer = stage.playground.person("newcomer")
    sandboxes.slow_s = 2
    begun = time.perf_counter()
    assert "logs" in await suggested(newcomer, "lo")
    assert time.perf_counter() - begun < IN_TIME_S
    sandboxes.slow_s, sandboxes.down = 0, HostEngineDown("no")

    assert "ps" in await suggested(newcomer, "p")
