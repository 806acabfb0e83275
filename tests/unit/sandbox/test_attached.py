"""What `docker exec` left running in containers, as the learner's engine tells it."""

from __future__ import annotations

import json

import pytest

from sandbox.attached import attached_programs
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from tests.unit.sandbox.test_engine_api import Engine, answer

CONTAINER = "c" * 64
LISTED = answer(json.dumps([{"Id": CONTAINER, "Created": 1}]).encode())


def with_execs(*ids: str) -> bytes:
    """A container with these execs."""
    return answer(json.dumps({"ExecIDs": list(ids) or None}).encode())


def program(*, running: bool = True, attached: bool = True, pid: int = 42) -> bytes:
    """What the engine says of one exec."""
    return answer(json.dumps({"Running": running, "OpenStdout": attached, "Pid": pid}).encode())


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
