"""A sandbox opens, works and is frozen on this machine as on any other."""

from __future__ import annotations

from sandbox.client import SandboxClient
from sandbox.contract import Started
from tests.docker_fixtures import run


async def test_a_first_command_opens_a_sandbox(client: SandboxClient, learner: str) -> None:
    """Whoever types docker version for the first time gets the answer of an engine of their own."""
    outcome = await run(client, learner, "docker version --format '{{.Server.Version}}'")

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
