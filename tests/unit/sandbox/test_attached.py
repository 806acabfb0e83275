"""What `docker exec` left running in containers, as the learner's engine tells it."""

from __future__ import annotations

import json

import pytest

from sandbox.attached import Whose, attached_programs, end_attached
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from tests.unit.sandbox.test_engine_api import Engine, answer

CONTAINER = "c" * 64
LISTED = answer(json.dumps([{"Id": CONTAINER, "Created": 1}]).encode())


def with_execs(*ids: str) -> bytes:
    """A container with these execs."""
    return answer(json.dumps({"ExecIDs": list(ids) or None}).encode())


def program(
    *, running: bool = True, attached: bool = True, pid: int = 42, terminal: bool = False
) -> bytes:
    """What the engine says of one exec."""
    said = {"Running": running, "OpenStdout": attached, "Pid": pid}
    return answer(json.dumps(said | {"ProcessConfig": {"tty": terminal}}).encode())


def container(*, terminal: bool) -> bytes:
    """What the engine says of a container in the foreground."""
    return answer(json.dumps({"Config": {"AttachStdout": True, "Tty": terminal}}).encode())


async def test_only_what_runs_in_the_foreground_is_found() -> None:
    """`-d` is meant to go on, and what has ended has no process."""
    engine = Engine(
        [
            LISTED,
            with_execs("1" * 64, "2" * 64, "3" * 64),
            program(pid=7),
            program(attached=False),
            program(running=False),
        ],
        piece=4096,
    )

    assert await attached_programs(EngineApi(engine.open)) == [7]


@pytest.mark.parametrize(
    "said",
    [
        [with_execs("../version")],
        [with_execs("1" * 64), program(pid=-1)],
        [with_execs("1" * 64), answer(b'{"Pid": "1; reboot"}')],
    ],
)
async def test_nonsense_is_a_failure_of_the_engine(said: list[bytes]) -> None:
    """The learner is root there: what goes into a script of ours is a number or nothing."""
    with pytest.raises(EngineFailed):
        await attached_programs(EngineApi(Engine([LISTED, *said], piece=4096).open))


@pytest.mark.parametrize(
    ("whose", "pids"),
    [(Whose.EVERYBODYS, [1, 2]), (Whose.A_LINES, [1]), (Whose.A_SESSIONS, [2])],
)
async def test_what_belongs_to_somebody_else_is_left_alone(whose: Whose, pids: list[int]) -> None:
    """A line has no terminal and a session has one; alone, it does not matter."""
    programs = [program(pid=1, terminal=False), program(pid=2, terminal=True)]
    execs = Engine([LISTED, with_execs("1" * 64, "2" * 64), *programs], piece=4096)
    containers = Engine(
        [
            answer(json.dumps([{"Id": n * 64, "Created": 9} for n in "ab"]).encode()),
            *(
                reply
                for terminal in (False, True)
                for reply in (
                    container(terminal=terminal),
                    *([answer(b"")] if whose.includes(has_terminal=terminal) else []),
                )
            ),
        ],
        piece=4096,
    )

    assert await attached_programs(EngineApi(execs.open), whose=whose) == pids
    assert await end_attached(EngineApi(containers.open), since=5, whose=whose) == len(pids)
