"""What is known of engines without waiting, and without waking any of them."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest

from bot.classroom.engines import LEARNERS_REMEMBERED, Engines, SeenEngine, is_awake
from sandbox.contract import EngineFacts, SandboxTimers, SandboxView
from sandbox.errors import HostEngineDown
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts

YUNA = 7


class Clock:
    """Time that passes when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Counting(FakeSandboxes):
    """Counts who asks, and takes as long as it is told."""

    asked = 0
    facts_s = 0.0

    async def facts(self, learner: str, *, usage: bool = False) -> EngineFacts:
        self.asked += 1
        await asyncio.sleep(self.facts_s)
        return await super().facts(learner, usage=usage)


@pytest.fixture
async def sandboxes() -> Counting:
    """Yuna's engine runs, with a container."""
    fake = Counting()
    await fake.open(str(YUNA))
    fake.set_facts(str(YUNA), make_facts(containers=[make_container("web")]))
    return fake


def names(seen: SeenEngine | None) -> list[str] | None:
    """Of the containers that were seen."""
    return None if seen is None else [each.name for each in seen.containers]


async def test_an_engine_is_seen_and_remembered(sandboxes: Counting) -> None:
    """Ports and states as well; typing on asks nobody again for a while."""
    clock = Clock()
    engines = Engines(sandboxes, clock=clock)
    seen = await engines.soon(YUNA)
    assert seen is not None
    for _ in range(5):
        assert await engines.soon(YUNA) is seen
    assert sandboxes.asked == 1
    clock.now += 10
    await engines.soon(YUNA)

    assert sandboxes.asked == 2
    assert (seen.containers[0].running, seen.containers[0].ports) == (True, ((80, 80),))
    assert seen.networks == ("bridge", "host", "none")


async def test_an_engine_that_rests_is_left_alone(sandboxes: Counting) -> None:
    """What was seen before is offered; of one that never was, nothing."""
    engines = Engines(sandboxes)
    await engines.look(YUNA)
    await sandboxes.close(str(YUNA))
    engines.outdated(YUNA)

    assert names(await engines.soon(YUNA)) == ["web"]
    assert await engines.look(YUNA) is None
    assert await engines.soon(8) is None
    assert sandboxes.running == set()
    assert sandboxes.asked == 1


@pytest.mark.parametrize("state", ["frozen", "starting", "waiting", "stopped"])
def test_only_one_that_runs_is_asked(
    state: Literal["frozen", "starting", "waiting", "stopped"],
) -> None:
    """All others would be changed by a question."""
    assert not is_awake(SandboxView(learner="7", state=state))


@pytest.mark.parametrize("timer", ["freeze_s", "idle_stop_s", "hard_stop_s"])
def test_one_that_is_about_to_rest_is_left_alone(timer: str) -> None:
    """A question that comes a moment too late would start it again."""
    soon = SandboxTimers.model_validate({timer: 2})
    later = SandboxTimers.model_validate({timer: 60})

    assert not is_awake(SandboxView(learner="7", state="running", timers=soon))
    assert is_awake(SandboxView(learner="7", state="running", timers=later))


async def test_a_slow_engine_keeps_nobody_waiting(sandboxes: Counting) -> None:
    """What comes late is there for the next letter that is typed, and asked for once."""
    sandboxes.facts_s = 0.4
    engines = Engines(sandboxes)
    begun = asyncio.get_running_loop().time()
    assert await engines.soon(YUNA) is None
    assert await engines.soon(YUNA) is None
    took_s = asyncio.get_running_loop().time() - begun
    await asyncio.sleep(0.3)

    assert took_s < 0.39
    assert names(await engines.soon(YUNA)) == ["web"]
    assert sandboxes.asked == 1


async def test_trouble_is_no_failure(sandboxes: Counting) -> None:
    """Nothing is known then; afterwards it is again."""
    sandboxes.down = HostEngineDown("no")
    engines = Engines(sandboxes)
    assert await engines.look(YUNA) is None
    assert await engines.soon(YUNA) is None
    sandboxes.down = None

    assert names(await engines.soon(YUNA)) == ["web"]
    assert await Engines(None).look(YUNA) is None


async def test_an_older_look_does_not_replace_a_newer_one(sandboxes: Counting) -> None:
    """Two looks under way at once: what began later is what is known."""
    clock = Clock()
    engines = Engines(sandboxes, clock=clock)
    sandboxes.facts_s = 0.2
    slow = asyncio.create_task(engines.look(YUNA))
    await asyncio.sleep(0.05)
    sandboxes.facts_s = 0
    clock.now += 1
    await engines.look(YUNA)
    sandboxes.set_facts(str(YUNA), make_facts())
    assert names(await slow) == []

    assert names(engines.last(YUNA)) == ["web"]


async def test_no_more_learners_are_remembered_than_may_be() -> None:
    """Memory is bounded."""
    engines = Engines(None)
    for learner in range(LEARNERS_REMEMBERED + 10):
        await engines.soon(learner)

    assert len(engines._known) == LEARNERS_REMEMBERED


async def test_what_is_forgotten_is_gone(sandboxes: Counting) -> None:
    """Also what was being looked at."""
    engines = Engines(sandboxes)
    await engines.look(YUNA)
    engines.forget(YUNA)
    assert engines.last(YUNA) is None
    sandboxes.facts_s = 0.2
    await engines.soon(YUNA)
    engines.forget(YUNA)
    await asyncio.sleep(0.25)

    assert engines.last(YUNA) is None
