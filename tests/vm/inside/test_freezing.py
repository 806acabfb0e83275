"""A sandbox that nobody uses is frozen by this machine's cgroup v2 freezer, and thawed again."""

from __future__ import annotations

import asyncio
import time

from ops.docker_cli import docker
from tests.security.stage import Stage

FROZEN_WITHIN_S = 300
LONGEST_S = 300
STARTED = "docker inspect --format '{{.State.Status}} since {{.State.StartedAt}}' sleeper"


async def test_an_idle_sandbox_is_frozen_and_thaws_for_the_next_command(
    live: Stage, learner: str
) -> None:
    """What ran in it runs on as if nothing had been."""
    start = "docker rm -f sleeper; docker run -d --name sleeper busybox sleep 9999"
    await live.run(learner, start, time_limit_s=LONGEST_S)
    before = await live.run(learner, STARTED, time_limit_s=LONGEST_S)
    deadline = time.monotonic() + FROZEN_WITHIN_S
    while _state(live, learner) != "paused":
        assert time.monotonic() < deadline, _state(live, learner)
        await asyncio.sleep(1)
    after = await live.run(learner, STARTED, time_limit_s=LONGEST_S)

    assert before.output.startswith("running since")
    assert after.output == before.output
    assert _state(live, learner) == "running"
    print(f"thawed and answered in {after.took_s * 1000:.0f} ms of the VM's clock")


def _state(stage: Stage, learner: str) -> str:
    return docker(["inspect", "--format", "{{.State.Status}}", stage.container(learner)])
