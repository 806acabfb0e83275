"""Checks: what ticks, what is said of what is missing, and what is not said twice."""

from __future__ import annotations

import pytest
from pytest_mock import MockerFixture

from bot.classroom.checking import Checking, Outcome
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.wiring import build_classroom
from lessons.model import Catalogue, Step, Task
from lessons.running_checks import ContainerRunning
from sandbox.contract import ContainerFact, EngineFacts, PortFact
from sandbox.errors import EngineFailed
from tests.factories import make_catalogue, make_lesson
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.unit.bot.conftest import YUNA, Room


def web(host_port: int = 8080, name: str = "web", status: str = "running") -> ContainerFact:
    """An nginx that publishes its port 80."""
    port = PortFact(container_port=80, protocol="tcp", host_ip="0.0.0.0", host_port=host_port)
    return make_container(name, ports=[port], status=status)


def engine_has(room: Room, *containers: ContainerFact) -> None:
    """What Yuna's engine runs from now on."""
    room.sandboxes.set_facts(str(YUNA), make_facts(containers=list(containers)))


async def check(room: Room) -> Outcome:
    """The outcome of a check of Yuna's current lesson."""
    outcome = await room.classroom.checking.check(YUNA)
    assert outcome is not None
    return outcome


async def opened(room: Room) -> None:
    """Yuna opens the sample lesson."""
    await room.classroom.lessons.open(YUNA, "sample")


def ids(outcome: Outcome) -> list[str]:
    """The tasks that were ticked."""
    return [task.id for task in outcome.ticked]


async def test_nothing_happens_without_a_lesson(room: Room) -> None:
    """Somebody who only plays around is left alone."""
    assert await room.classroom.checking.check(YUNA) is None


async def test_a_task_is_ticked_once(room: Room) -> None:
    """The command ticks its task; checking again has nothing new to say."""
    await opened(room)
    await room.ran("docker ps")

    assert ids(await check(room)) == ["list"]
    assert ids(await check(room)) == []


async def test_what_was_done_before_the_lesson_does_not_count(room: Room) -> None:
    """A command from before the lesson was opened is not an answer to it."""
    await room.ran("docker ps")
    await opened(room)

    assert ids(await check(room)) == []


async def test_a_tick_stays_when_the_state_is_gone(room: Room) -> None:
    """Removing the container afterwards takes nothing away."""
    await opened(room)
    engine_has(room, web())
    await check(room)

    engine_has(room)
    after = await check(room)

    assert "web" in after.at.done


async def test_the_lesson_is_finished_once(room: Room) -> None:
    """The last tick finishes the lesson; a later check does not celebrate again."""
    await opened(room)
    engine_has(room, web())
    await room.ran("docker ps")

    assert (await check(room)).finished_now
    assert not (await check(room)).finished_now


async def test_a_finished_lesson_asks_the_engine_nothing(room: Room, mocker: MockerFixture) -> None:
    """Whoever plays on after the last task is not slowed down, even when the engine is gone."""
    await opened(room)
    engine_has(room, web())
    await room.ran("docker ps")
    await check(room)

    room.sandboxes.down = EngineFailed("no answer")
    questions = mocker.spy(room.sandboxes, "facts")

    assert (await check(room)).open_verdicts == ()
    assert questions.call_count == 0


async def test_a_wrong_port_is_news_once(room: Room) -> None:
    """A container that is nearly right is mentioned, but not after every further command."""
    await opened(room)
    engine_has(room, web(host_port=80))

    first, second = await check(room), await check(room)

    assert first.news is not None
    assert first.news.task.id == "web"
    assert [finding.key for finding in first.news.verdict.missing] == ["port_other"]
    assert second.news is None


async def test_an_untouched_engine_is_never_news(room: Room) -> None:
    """Taking a wrong attempt back leads to where the learner began: nothing to say."""
    await opened(room)
    engine_has(room, web(host_port=80))
    await check(room)

    engine_has(room)

    assert (await check(room)).news is None


async def test_what_is_open_is_explained_in_full(room: Room) -> None:
    """The outcome has each open task of the step with what holds and what does not."""
    await opened(room)
    engine_has(room, web(status="exited"))

    outcome = await check(room)

    assert {judged.task.id for judged in outcome.open_verdicts} == {"list", "web"}


async def test_finishing_a_step_shows_the_way_on(room: Room) -> None:
    """With the last task of a step the next step is offered, unless the lesson is over."""
    await opened(room)
    await room.ran("docker ps")
    assert (await check(room)).way_on is None

    engine_has(room, web())
    done = await check(room)

    assert done.finished_now
    assert done.way_on is None  # the step after it asks for nothing: the lesson is finished


async def test_an_engine_that_was_never_used_is_an_empty_one(room: Room) -> None:
    """Before the first command there is no sandbox, and that is no failure."""
    room.sandboxes.known.clear()
    await opened(room)

    outcome = await check(room)

    assert ids(outcome) == []
    assert len(outcome.open_verdicts) == 2


async def test_a_failing_engine_changes_nothing(room: Room) -> None:
    """When the state can't be read, nothing is ticked and nothing is lost."""
    await opened(room)
    await room.ran("docker ps")
    room.sandboxes.down = EngineFailed("no answer")
    with pytest.raises(EngineFailed):
        await check(room)

    room.sandboxes.down = None

    assert ids(await check(room)) == ["list"]


async def test_without_an_engine_nothing_can_be_checked(room: Room) -> None:
    """Where Docent runs without an engine, the check says so."""
    without = build_classroom(database=room.database, sandboxes=None, catalogue=make_catalogue())
    await without.lessons.open(YUNA, "sample")

    with pytest.raises(LearnerError) as caught:
        await without.checking.check(YUNA)

    assert caught.value.key == "engine.absent"


async def test_a_lesson_that_was_removed_is_left_alone(room: Room) -> None:
    """Whoever was in a lesson that is no more can go on using the engine."""
    await opened(room)
    bare = build_classroom(
        database=room.database, sandboxes=room.sandboxes, catalogue=Catalogue((), {})
    )

    assert await bare.checking.check(YUNA) is None


class Flickering(FakeSandboxes):
    """An engine that says something else each time it is asked; the last answer stays."""

    def __init__(self, *states: str) -> None:
        super().__init__()
        self.states = list(states)

    async def facts(self, learner: str, *, usage: bool = False) -> EngineFacts:
        """The next state of the container `web`."""
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return make_facts(containers=[web(status=state)])


@pytest.mark.parametrize(
    ("states", "ticked"),
    [
        (("running", "restarting", "running", "running"), [[], ["web"]]),
        (("running", "running"), [["web"], []]),
        (("restarting", "running", "running"), [[], ["web"]]),
    ],
)
async def test_a_crash_loop_does_not_pass_where_a_task_asks_to_look_twice(
    room: Room, states: tuple[str, ...], ticked: list[list[str]]
) -> None:
    """The container has to run both times; until then the task stays open."""
    task = Task("web", (ContainerRunning("web"),), look_twice=True)
    catalogue = make_catalogue(make_lesson(steps=[Step("first", (task,))]))
    checking = Checking(
        database=room.database,
        sandboxes=Flickering(*states),
        library=Library(catalogue),
        clock=room.clock,
        look_again_s=0.01,
    )
    await opened(room)

    outcomes = [await checking.check(YUNA) for _ in ticked]

    assert [ids(outcome) for outcome in outcomes if outcome is not None] == ticked
