"""A sandbox that nobody uses is frozen by this machine's cgroup v2 freezer, and thawed again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from ops.docker_cli import docker
from tests.docker_fixtures import ServiceProcess, images_home, new_home, new_learner
from tests.security.stage import Stage

__all__ = ["images_home"]

FROZEN_WITHIN_S = 300
LONGEST_S = 300


@pytest.fixture
def impatient(images_home: Path) -> Generator[Stage]:
    """A service that freezes after the shortest time there is."""
    with new_home(images_home) as root:
        process = ServiceProcess(root, FREEZE_MINUTES="1", START_LIMIT_S="60", DISK_MIB="256")
        process.start()
        try:
            yield Stage(process)
        finally:
            process.stop()


async def test_an_idle_sandbox_is_frozen_and_thaws_for_the_next_command(impatient: Stage) -> None:
    """Nothing of it runs meanwhile; what it had in memory is there afterwards."""
    learner = new_learner()
    await impatient.run(
        learner, "(while sleep 1; do date >>/tmp/ticks; done) & echo $! >/dev/shm/pid",
        time_limit_s=LONGEST_S,
    )  # fmt: skip
    deadline = time.monotonic() + FROZEN_WITHIN_S
    while _state(impatient, learner) != "paused":
        assert time.monotonic() < deadline, _state(impatient, learner)
        await asyncio.sleep(1)
    answer = await impatient.run(
        learner, "kill -0 $(cat /dev/shm/pid) && echo here", time_limit_s=LONGEST_S
    )

    assert answer.output == "here\n"
    assert _state(impatient, learner) == "running"
    print(f"thawed and answered in {answer.took_s * 1000:.0f} ms of the VM's clock")


def _state(stage: Stage, learner: str) -> str:
    return docker(["inspect", "--format", "{{.State.Status}}", stage.container(learner)])
