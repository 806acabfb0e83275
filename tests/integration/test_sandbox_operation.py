"""What an operator sees of a service that runs: numbers, health, the audit log, a runtime."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.client import SandboxClient
from tests.docker_fixtures import (
    REPOSITORY,
    ServiceProcess,
    docker,
    new_home,
    new_learner,
    run,
)
from tests.unit.sandbox.scrape import samples

pytestmark = pytest.mark.docker


def ask(task: str, process: ServiceProcess) -> tuple[int, str]:
    """`python -m sandbox TASK` beside the service: exit status and what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", task],
        cwd=REPOSITORY,
        env=process._environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout


async def test_a_command_leaves_its_traces(client: SandboxClient, learner: str, home: Path) -> None:
    """Counted, timed, in the audit log without its text; and memory where it can be read."""
    await run(client, learner, "docker ps --format json # not for the log")
    numbers = samples(await client.metrics())
    records = [json.loads(line) for line in (home / "log/audit.jsonl").read_bytes().splitlines()]

    assert numbers['docent_sandboxes{state="running"}'] >= 1
    assert numbers['docent_sandbox_opening_seconds_count{disk="new"}'] >= 1
    assert numbers['docent_command_seconds_count{outcome="ok"}'] >= 1
    assert numbers['docent_able{part="mirror"}'] == 1
    # An idle engine of a learner's; in a container of its own a service can't see this.
    assert numbers.get("docent_sandboxes_memory_bytes", 2**30) > 30_000_000
    [mine] = [record for record in records if record["learner"] == learner]
    assert (mine["outcome"], mine["exit_code"], "line" in mine) == ("ok", 0, False)
    assert (home / "log/audit.jsonl").stat().st_mode & 0o777 == 0o600


async def test_alive_able_and_full_are_three_things(images_home: Path) -> None:
    """A full house without a mirror: alive, healthy for its container, and able for nobody new."""
    with new_home(images_home) as home:
        process = ServiceProcess(home, CAPACITY="1")
        process.start()
        async with SandboxClient.connect(process.url, process.token) as client:
            await client.open(new_learner())
            health = await client.health()
            alive = await client.is_alive()
        status_of_health, said = ask("health", process)
        status_of_able, _ = ask("able", process)
        _, metrics = ask("metrics", process)
        process.stop()

    assert alive
    assert health.engine
    assert [problem.part for problem in health.problems] == ["mirror", "capacity"]
    assert (status_of_health, status_of_able) == (0, 1)
    assert "all 1 places are taken" in said
    assert samples(metrics)["docent_sandbox_capacity"] == 1


async def test_a_chosen_runtime_runs_the_sandbox(images_home: Path) -> None:
    """The engine shows which one; DOCENT_TEST_RUNTIME tries another than its usual one."""
    runtime = os.environ.get("DOCENT_TEST_RUNTIME", "io.containerd.runc.v2")
    with new_home(images_home) as home:
        process = ServiceProcess(home, RUNTIME=runtime)
        process.start()
        learner = new_learner()
        async with SandboxClient.connect(process.url, process.token) as client:
            outcome = await run(client, learner, "docker version --format '{{.Server.Version}}'")
            label = f"label=docent.learner={learner}"
            container = docker("ps", "--quiet", "--filter", label).strip()
            used = docker("inspect", "--format", "{{.HostConfig.Runtime}}", container)
        process.stop()

    assert outcome.ended.exit_code == 0
    assert used.strip() == runtime


def test_a_runtime_that_is_not_there_refuses_the_start(images_home: Path) -> None:
    """With a sentence, before any learner meets it."""
    with new_home(images_home) as home:
        status, said = ask("serve", ServiceProcess(home, RUNTIME="runsc-that-is-not-there"))

    assert status == 2
    assert "does not know the runtime 'runsc-that-is-not-there'" in said
