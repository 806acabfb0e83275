"""A sandbox opens, works and is frozen on this machine as on any other."""

from __future__ import annotations

from pathlib import Path

from ops.docker_cli import docker
from sandbox.apparmor import PROFILE
from sandbox.client import SandboxClient
from sandbox.contract import Started
from tests.docker_fixtures import new_learner, run
from tests.security.stage import Stage


async def test_a_first_command_opens_a_sandbox(client: SandboxClient) -> None:
    """Whoever types docker version for the first time gets the answer of an engine of their own."""
    somebody = new_learner()
    outcome = await run(client, somebody, "docker version --format '{{.Server.Version}}'")
    await client.close(somebody)

    assert isinstance(outcome.events[0], Started)
    assert outcome.text.startswith("26.")
    print(f"opened in {outcome.events[0].opened_in_ms} ms of the VM's clock")


async def test_nginx_from_the_mirror_answers(client: SandboxClient, learner: str) -> None:
    """The image is pulled, the container runs, its page is there for the learner and for checks."""
    outcome = await run(
        client, learner, "docker run -d --name web -p 80:80 nginx", time_limit_s=600
    )
    assert outcome.ended.exit_code == 0, outcome.text
    typed = await run(client, learner, "curl -s --retry 5 --retry-all-errors localhost")
    page = await client.page(learner, 80)
    facts = await client.facts(learner)

    assert "Welcome to nginx!" in typed.text
    assert page.status == 200
    assert [container.name for container in facts.containers if container.status == "running"] == [
        "web"
    ]


async def test_what_is_built_runs(client: SandboxClient, learner: str) -> None:
    """A Dockerfile on an image of the mirror becomes an image of the learner's."""
    line = (
        "printf 'FROM busybox\\nRUN echo built >/note\\nCMD cat /note\\n' >Dockerfile"
        " && docker build -q -t mine . && docker run --rm mine"
    )
    outcome = await run(client, learner, line, time_limit_s=600)

    assert outcome.text.endswith("built\n"), outcome.text


async def test_every_process_wears_our_apparmor_profile(live: Stage, learner: str) -> None:
    """The keeper, the learner's engine and their containers: none of them is unconfined."""
    await live.run(learner, "docker start web", time_limit_s=600)
    table = docker(["top", live.container(learner), "-eo", "pid,args"]).splitlines()[1:]
    worn = {line: Path(f"/proc/{line.split()[0]}/attr/current").read_text() for line in table}

    assert any("nginx" in line for line in table), table
    assert {profile.strip() for profile in worn.values()} == {f"{PROFILE} (enforce)"}, worn
