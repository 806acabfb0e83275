"""The word before a sandbox is stopped: once, in time, with one tap against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.features.sandbox._ends import ROUND_S, WARN_S, EndWatch
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import SandboxTimers
from sandbox.errors import ServiceDown
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge

SOON = "샌드박스가 곧 꺼져요"


class Clock:
    """Time that passes when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    features = ("welcome", "terminal", "sandbox")
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=features) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(stage: BotStage, clock: Clock) -> EndWatch:
    """Rounds that go when the test says so."""
    assert stage.bot is not None
    return EndWatch(stage.bot, clock=clock)


@pytest.fixture
async def newcomer(stage: BotStage, sandboxes: FakeSandboxes) -> Person:
    """Somebody with a lab, in which a command ran."""
    person = stage.playground.person("newcomer")
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    person.say("docker ps", lab(person))
    await saying(person, "종료 코드 0", lab(person))
    return person


def lab(person: Person) -> str:
    """Where the person's lab is."""
    return str(person.threads()[-1]["id"])


def warnings(person: Person) -> list[Json]:
    """What was said of an end."""
    return [message for message in person.replies(lab(person)) if SOON in all_text(message)]


def idle_in(sandboxes: FakeSandboxes, seconds: float) -> None:
    """Nobody used it for long: it is stopped then."""
    sandboxes.timers = SandboxTimers(idle_stop_s=seconds, hard_stop_s=43_200, extendable_s=14_400)


async def test_a_learner_is_told_once_before_the_end(
    newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch, clock: Clock
) -> None:
    """Not long before, and not every minute."""
    watch.used(int(newcomer.user_id))
    idle_in(sandboxes, WARN_S + 300)
    await watch.round()
    assert warnings(newcomer) == []
    clock.now += 300
    idle_in(sandboxes, WARN_S)
    for _ in range(3):
        await watch.round()
        clock.now += ROUND_S

    [warning] = warnings(newcomer)
    assert "돌던 컨테이너는 멈춰요" in all_text(warning)


async def test_one_tap_keeps_it_on(
    newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch, clock: Clock
) -> None:
    """And the next end is told again."""
    watch.used(int(newcomer.user_id))
    idle_in(sandboxes, 60)
    await watch.round()
    await newcomer.click(warnings(newcomer)[0], "2시간 더 켜 두기")
    await newcomer.until(lambda: sandboxes.extended)
    clock.now += ROUND_S
    await watch.round()
    clock.now += 7200
    idle_in(sandboxes, 60)
    await watch.round()

    assert sandboxes.extended == [(newcomer.user_id, 120)]
    assert len(warnings(newcomer)) == 1  # the first one shows the sandbox now


async def test_nothing_is_said_where_nothing_runs(
    stage: BotStage, newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch, clock: Clock
) -> None:
    """An idle end without containers takes nothing away; the hard limit is told in any case."""
    assert stage.bot is not None
    learner = int(newcomer.user_id)
    await stage.bot.classroom.engines.look(learner)
    watch.used(learner)
    idle_in(sandboxes, 60)
    await watch.round()
    assert warnings(newcomer) == []
    sandboxes.timers = SandboxTimers(hard_stop_s=60)
    watch.used(learner)
    clock.now += ROUND_S
    await watch.round()

    assert len(warnings(newcomer)) == 1


async def test_where_containers_run_it_is_said(
    stage: BotStage, newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch
) -> None:
    """As far as was seen last."""
    assert stage.bot is not None
    sandboxes.set_facts(newcomer.user_id, make_facts(containers=[make_container("web")]))
    await stage.bot.classroom.engines.look(int(newcomer.user_id))
    watch.used(int(newcomer.user_id))
    idle_in(sandboxes, 60)
    await watch.round()

    assert len(warnings(newcomer)) == 1


async def test_one_that_is_off_is_left_alone(
    newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch, clock: Clock
) -> None:
    """Nothing is started for a look, and nobody is asked for any more."""
    watch.used(int(newcomer.user_id))
    await sandboxes.close(newcomer.user_id)
    await watch.round()
    clock.now += 10 * ROUND_S
    await watch.round()

    assert warnings(newcomer) == []
    assert sandboxes.running == set()


async def test_a_round_that_fails_is_not_the_last_one(
    newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch, clock: Clock
) -> None:
    """A service that is down for a while costs nobody the warning."""
    watch.used(int(newcomer.user_id))
    idle_in(sandboxes, 60)
    sandboxes.down = ServiceDown("no")
    with pytest.raises(ServiceDown):
        await watch.round()
    sandboxes.down = None
    clock.now += ROUND_S
    await watch.round()

    assert len(warnings(newcomer)) == 1


async def test_after_a_restart_those_of_before_are_known(
    stage: BotStage, newcomer: Person, sandboxes: FakeSandboxes
) -> None:
    """Who did something lately may have a sandbox that is on."""
    idle_in(sandboxes, 60)
    await stage.restart()

    assert await newcomer.until(lambda: warnings(newcomer))


async def test_who_is_forgotten_is_not_told(
    newcomer: Person, sandboxes: FakeSandboxes, watch: EndWatch
) -> None:
    """Nothing is looked at for them any more."""
    watch.used(int(newcomer.user_id))
    watch.forget(int(newcomer.user_id))
    idle_in(sandboxes, 60)
    await watch.round()

    assert warnings(newcomer) == []
