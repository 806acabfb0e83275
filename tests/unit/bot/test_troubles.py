"""Errors of learners: explained with their own names, and containers that ended early looked at."""

from __future__ import annotations

import asyncio

import pytest

from bot.classroom import troubles as module
from bot.terminal.error_help import ErrorHelp
from sandbox.contract import ContainerFact, EventFact, OomKillsFact
from sandbox.errors import EngineFailed
from tests.fakes.sandboxes import make_container, make_facts
from tests.unit.bot.conftest import YUNA, Room

ID = "f" * 64
RUN = "docker run -d --name web nginx"
TAKEN = "Bind for 0.0.0.0:80 failed: port is already allocated.\n"
LOGS = f"(\ndocker logs --tail 5 {ID} 2>&1 | tail -c 2000\n)"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECOND_LOOK_S", 0.0)


def engine_has(room: Room, *containers: ContainerFact, **more: object) -> None:
    """What Yuna's engine says."""
    room.sandboxes.set_facts(str(YUNA), make_facts(containers=list(containers), **more))


async def seen_again(room: Room, line: str = RUN, printed: str = f"{ID}\n") -> ErrorHelp | None:
    """What a second look finds."""
    return await room.classroom.troubles.second_look(YUNA, line, printed)


async def test_an_error_has_the_names_of_the_learners_engine(room: Room) -> None:
    """And is the newest trouble afterwards."""
    engine_has(room, make_container("hellonginx"))
    found = await room.classroom.troubles.explain(YUNA, "docker run -p 80:80 nginx", TAKEN, 125)
    assert found == ErrorHelp("port_taken", {"port": "80", "container": "hellonginx"})
    newest = room.classroom.troubles.newest(YUNA)
    assert newest is not None
    assert (newest.line, newest.help) == ("docker run -p 80:80 nginx", found)
    assert room.classroom.troubles.newest(YUNA + 1) is None


async def test_a_success_asks_the_engine_nothing(room: Room) -> None:
    """It costs no time."""
    room.sandboxes.down = EngineFailed("asked")
    assert await room.classroom.troubles.explain(YUNA, "docker ps", "CONTAINER ID\n", 0) is None
    assert room.classroom.troubles.newest(YUNA) is None


async def test_an_engine_that_does_not_answer_leaves_the_names_out(room: Room) -> None:
    """The explanation comes all the same, whether it fails or is slow."""
    room.sandboxes.down = EngineFailed("no answer")
    found = await room.classroom.troubles.explain(YUNA, "docker run -p 80:80 nginx", TAKEN, 125)
    assert found == ErrorHelp("port_taken", {"port": "80"})


async def test_a_slow_engine_is_not_waited_for(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is not worth a late answer."""
    monkeypatch.setattr(module, "FACTS_S", 0.01)
    room.sandboxes.slow_s = 5.0
    async with asyncio.timeout(2):
        found = await room.classroom.troubles.explain(YUNA, "docker run nginx", TAKEN, 125)
    assert found == ErrorHelp("port_taken", {"port": "80"})


async def test_explanations_can_be_turned_off(room: Room) -> None:
    """On unless the learner chose otherwise."""
    assert await room.classroom.troubles.are_welcome(YUNA)
    await room.classroom.settings.change(YUNA, language="ko", name="Yuna", explanations="off")
    assert not await room.classroom.troubles.are_welcome(YUNA)


async def test_a_container_that_failed_at_once_is_explained(room: Room) -> None:
    """With its exit code and the last line of its log."""
    engine_has(room, make_container("web", status="exited", exit_code=3))
    room.sandboxes.answer(LOGS, "starting\n\x1b[31mno config\x1b[0m\n\n")
    found = await seen_again(room)
    values = {"container": "web", "code": "3", "line": "no config"}
    assert found == ErrorHelp("failed_at_once", values)


async def test_a_container_that_was_done_at_once_is_explained(room: Room) -> None:
    """Exit code 0: there was nothing more to do."""
    engine_has(room, make_container("web", status="exited"))
    assert await seen_again(room) == ErrorHelp("exited_at_once", {"container": "web", "code": "0"})


async def test_an_option_behind_the_image_is_the_reason(room: Room) -> None:
    """More than the exit code says."""
    engine_has(room, make_container("web", status="exited", exit_code=1))
    found = await seen_again(room, "docker run -d --name web nginx -p 80:80")
    assert found == ErrorHelp("option_after_image", {"flag": "-p", "image": "nginx"})


@pytest.mark.parametrize("kills", [True, False])
async def test_a_container_without_memory_is_explained(room: Room, kills: bool) -> None:
    """By its own state, or by the engine's events."""
    container = make_container(
        "web", status="exited", exit_code=137, oom_killed=not kills, memory_bytes=16 * 2**20
    )
    engine_has(room, container, oom_kills=[OomKillsFact(container="web", count=1)] * kills)
    found = await seen_again(room)
    assert found == ErrorHelp("out_of_memory", {"container": "web", "limit": "16m"})


@pytest.mark.parametrize("status", ["restarting", "running"])
async def test_a_crash_loop_is_explained(room: Room, status: str) -> None:
    """Also at a moment when it runs."""
    engine_has(room, make_container("web", status=status, exit_code=1, restart_count=3))
    assert await seen_again(room) == ErrorHelp("restart_loop", {"container": "web", "code": "1"})


def event(action: str, code: int | None = None) -> EventFact:
    """Something that happened to the container `web`."""
    return EventFact(at=0.0, type="container", action=action, name="web", exit_code=code)


async def test_one_that_removed_itself_left_its_exit_code(room: Room) -> None:
    """With `--rm` there is no log any more."""
    engine_has(room, events=[event("create"), event("start"), event("die", 2), event("destroy")])
    found = await seen_again(room, "docker run -d --rm --name web nginx")
    assert found == ErrorHelp("failed_at_once", {"container": "web", "code": "2"})


@pytest.mark.parametrize(
    ("line", "printed", "containers"),
    [
        (RUN, f"{ID}\n", [make_container("web")]),
        (RUN, f"{ID}\n", [make_container("web", status="created")]),
        (RUN, "web\n", [make_container("web", status="exited")]),
        (RUN, "e" * 64, [make_container("web", status="exited")]),
        ("docker run --name web nginx", ID, [make_container("web", status="exited")]),
        ("docker create --name web nginx", ID, [make_container("web", status="exited")]),
        (f"{RUN}; docker stop web", ID, [make_container("web", status="exited")]),
        ("docker run --help -d nginx", ID, [make_container("web", status="exited")]),
    ],
)
async def test_what_is_as_it_should_be_gets_no_word(
    room: Room, line: str, printed: str, containers: list[ContainerFact]
) -> None:
    """It runs, it was not started in the background, or we don't know which one it is."""
    engine_has(room, *containers)
    assert await seen_again(room, line, printed) is None


async def test_what_the_learner_stopped_gets_no_word(room: Room) -> None:
    """They were faster than our look; an older container of that name does not count."""
    stopped = make_container("web", status="exited", exit_code=137)
    happened = [event("create"), event("start"), event("kill"), event("die", 137), event("stop")]
    engine_has(room, stopped, events=happened)
    assert await seen_again(room) is None
    engine_has(
        room, stopped, events=[*happened, event("destroy"), event("create"), event("die", 1)]
    )
    assert await seen_again(room) is not None


async def test_an_engine_that_is_gone_gets_no_word(room: Room) -> None:
    """The next command tells of that."""
    engine_has(room, make_container("web", status="exited"))
    room.sandboxes.down = EngineFailed("gone")
    assert await seen_again(room) is None
