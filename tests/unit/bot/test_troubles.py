"""Errors of learners: explained with their own names, and containers that ended early looked at."""

from __future__ import annotations

import asyncio

import pytest

from bot.classroom import troubles as module
from bot.terminal.error_help import ErrorHelp
from sandbox.contract import ContainerFact, EventFact, MountFact, OomKillsFact
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


async def all_seen_again(room: Room, line: str, printed: str) -> tuple[ErrorHelp, ...]:
    """What a second look finds."""
    return await room.classroom.troubles.second_look(YUNA, line, printed)


async def seen_again(room: Room, line: str = RUN, printed: str = f"{ID}\n") -> ErrorHelp | None:
    """The one thing that it finds, if any."""
    found = await all_seen_again(room, line, printed)
    assert len(found) < 2
    return found[0] if found else None


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


async def test_a_file_that_a_mount_hides_is_the_reason(room: Room) -> None:
    """As the log tells, whoever mounted it: the line or a compose file."""
    over = MountFact(
        type="bind", name=None, source="/root/conf", target="/etc/nginx", writable=True
    )
    engine_has(room, make_container("web", status="exited", exit_code=1, mounts=[over]))
    said = 'nginx: [emerg] open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)\n'
    room.sandboxes.answer(LOGS, said)
    values = {"path": "/etc/nginx", "file": "/etc/nginx/nginx.conf"}
    for line, printed in ((RUN, ID), ("docker compose up -d", " Container web  Started\n")):
        assert await seen_again(room, line, printed) == ErrorHelp("mount_hides_files", values)


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


UP = """ Network shop_default  Creating
 Network shop_default  Created
 Container shop-db-1  Running
 Container shop-web-1  Creating
 Container shop-web-1  Created
 Container shop-job-1  Starting
 Container shop-web-1  Starting
 Container shop-job-1  Started
 Container shop-web-1  Started
"""


def dead(name: str, code: int = 0, **more: object) -> ContainerFact:
    """A container that has ended, with an id of its own."""
    long_id = name.encode().hex().ljust(64, "0")
    return make_container(name, id=long_id, status="exited", exit_code=code, **more)


@pytest.mark.parametrize("line", ["docker compose up -d", "cd shop && docker compose up -d --wait"])
async def test_all_that_compose_started_are_looked_at(room: Room, line: str) -> None:
    """Each of them once, failures first; not those that ran before, nor those of others."""
    web, job = dead("shop-web-1", 1), dead("shop-job-1")
    engine_has(room, dead("shop-db-1", 2), job, web, dead("else", 3))
    room.sandboxes.answer(LOGS.replace(ID, web.id), "no settings\n")
    assert await all_seen_again(room, line, UP) == (
        ErrorHelp("failed_at_once", {"container": web.name, "code": "1", "line": "no settings"}),
        ErrorHelp("exited_at_once", {"container": job.name, "code": "0"}),
    )
    newest = room.classroom.troubles.newest(YUNA)
    assert newest is not None
    assert newest.help.id == "failed_at_once"


@pytest.mark.parametrize(
    ("line", "printed", "wanted"),
    [
        ("docker start web db", "web\ndb\n", {"web", "db"}),
        ("docker container restart -t 1 web", "web\n", {"web"}),
        ("docker start 7765", "7765\n", {"web"}),  # the beginning of its id
        ("docker start $(docker ps -aq)", "6462\n7765\n", {"web", "db"}),
        ("docker start web web", "web\nweb\n", {"web"}),
        ("docker restart web && docker ps -a", "web\nCONTAINER ID  NAMES\n", {"web"}),
        (
            "docker compose restart",
            " Container web  Restarting\n Container web  Started\n",
            {"web"},
        ),
        ("docker compose start db", " Container db  Starting\n Container db  Started\n", {"db"}),
        ("docker compose up -d", " Container db  Started\n Container db  Exited\n", set()),
        ("docker compose up -d", "", set()),
        ("docker compose restart web", "", set()),
        ("docker start -a web", "web\n", set()),
        ("docker start nobody", "nobody\n", set()),
        ("docker restart web; docker wait web", "web\n1\n", set()),
        ("docker compose up", " Container web  Started\n", set()),
        ("docker start --help web", "", set()),
    ],
)
async def test_what_was_started_again_is_looked_at(
    room: Room, line: str, printed: str, wanted: set[str]
) -> None:
    """By the names that were given or printed, and only what was left in the background."""
    engine_has(room, dead("web", 1), dead("db", 1))
    found = await all_seen_again(room, line, printed)
    assert {each.values["container"] for each in found} == wanted
    assert len(found) == len(wanted)


async def test_a_restart_is_no_end_by_hand(room: Room) -> None:
    """The engine stops it first; what ended it after that is told."""
    again = [event("kill"), event("die", 137), event("stop"), event("start"), event("restart")]
    engine_has(room, dead("web", 1), events=[*again, event("die", 1)])
    found = await seen_again(room, "docker restart web", "web\n")
    assert found is not None
    assert found.id == "failed_at_once"
    engine_has(room, dead("web", 137), events=[*again, event("kill"), event("die", 137)])
    assert await seen_again(room, "docker restart web", "web\n") is None


async def test_what_once_had_no_memory_may_fail_otherwise_now(room: Room) -> None:
    """The engine's list of such ends is older than this start."""
    engine_has(room, dead("web", 1), oom_kills=[OomKillsFact(container="web", count=1)])
    found = await seen_again(room, "docker start web", "web\n")
    assert found is not None
    assert found.id == "failed_at_once"


async def test_two_runs_in_one_line_are_both_looked_at(room: Room) -> None:
    """Each with the options of its own command."""
    web, db = dead("web", 1), dead("db", 1)
    engine_has(room, web, db)
    line = "docker run -d --name web nginx -p 80:80 && docker run -d --name db mysql"
    found = await all_seen_again(room, line, f"{web.id}\n{db.id}\n")
    assert {each.id for each in found} == {"option_after_image", "failed_at_once"}
    assert found[0] == ErrorHelp("option_after_image", {"flag": "-p", "image": "nginx"})


async def test_an_engine_that_is_gone_gets_no_word(room: Room) -> None:
    """The next command tells of that."""
    engine_has(room, make_container("web", status="exited"))
    room.sandboxes.down = EngineFailed("gone")
    assert await seen_again(room) is None
