"""What ended with a sandbox, as the engine that starts again tells it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sandbox.contract import MOST_LOST, Started
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from sandbox.lost import lost_containers
from tests.unit.sandbox.stage import Stage
from tests.unit.sandbox.test_engine_api import Engine, answer

ENDED_AT = 1_767_225_600.0  # 2026-01-01T00:00:00Z


def listed(count: int) -> bytes:
    """The engine's list of so many containers."""
    return answer(json.dumps([{"Id": f"{n:064x}"} for n in range(count)]).encode())


def inspected(name: str, finished_at: str) -> bytes:
    """What the engine says of one."""
    return answer(json.dumps({"Name": f"/{name}", "State": {"FinishedAt": finished_at}}).encode())


async def test_what_ended_with_the_sandbox_is_told_from_what_ended_before() -> None:
    """By the engine's own times, to the nanosecond; a container that never ran has none."""
    engine = Engine(
        [
            listed(3),
            inspected("web", "2026-01-01T00:00:03.123456789Z"),
            inspected("stopped-yesterday", "2025-12-31T00:00:00Z"),
            inspected("never-ran", "0001-01-01T00:00:00Z"),
        ],
        piece=4096,
    )

    assert await lost_containers(EngineApi(engine.open), since=ENDED_AT) == ("web",)


async def test_a_list_without_end_is_cut() -> None:
    """Twenty names are told, and not every container there is gets looked at."""
    many = [inspected(f"web{n}", "2026-01-01T00:00:03Z") for n in range(40)]
    engine = Engine([listed(200), *many], piece=4096)
    lost = await lost_containers(EngineApi(engine.open), since=ENDED_AT)

    assert len(lost) == MOST_LOST
    assert len(engine.opened[0].requests) == 41


@pytest.mark.parametrize(
    "said",
    [
        b"[{]",
        b'[{"Id": "../version"}]',
        json.dumps([{"Id": "0" * 64}]).encode(),  # and no answer when asked about it
    ],
)
async def test_nonsense_is_a_failure_of_the_engine(said: bytes) -> None:
    """The learner is root there: it may say anything."""
    strange = answer(b'{"Name": "/@everyone", "State": {"FinishedAt": "soon"}}')
    with pytest.raises(EngineFailed):
        await lost_containers(EngineApi(Engine([answer(said), strange]).open), since=ENDED_AT)


async def test_the_first_command_after_an_end_is_told_once(stage: Stage) -> None:
    """Whatever opened the sandbox in between; the engine is asked about the time of the end."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    os.utime(stage.home.disk("1"), (ENDED_AT, ENDED_AT))
    stage.lost = ("web", "db")
    await stage.lifecycle.open("1")
    first, *_ = await stage.run("1", "docker ps")
    second, *_ = await stage.run("1", "docker ps")

    assert isinstance(first, Started)
    assert isinstance(second, Started)
    assert (first.lost, second.lost) == (["web", "db"], [])
    asked = stage.insides["1"].asked_since
    assert asked is not None
    assert ENDED_AT - 60 < asked < ENDED_AT


async def test_a_new_disk_lost_nothing(stage: Stage) -> None:
    """Nobody is asked, neither at the first start nor after a reset."""
    await stage.lifecycle.open("1")
    await stage.lifecycle.reset("1")

    assert stage.insides["1"].asked_since is None


async def test_an_engine_that_can_not_say_is_used_all_the_same(tmp_path: Path) -> None:
    """Nice to know is not worth a failing start."""
    stage = Stage(tmp_path)
    await stage.lifecycle.open("1")
    await stage.lifecycle.close("1")
    stage.lost = EngineFailed("no")

    assert (await stage.lifecycle.open("1")).state == "running"
