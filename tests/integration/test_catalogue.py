"""The catalogue's images behave as lessons, and texts about the official ones, say."""

from __future__ import annotations

import pytest

from sandbox.client import SandboxClient
from tests.docker_fixtures import Outcome, run

pytestmark = pytest.mark.docker

AWAIT_POSTGRES = (
    "for tenth in $(seq 200); do docker exec db pg_isready -q -h localhost && break; "
    "sleep 0.1; done"
)
START_POSTGRES = (
    "docker run -d --name db -e POSTGRES_PASSWORD=x -e POSTGRES_DB=shop "
    "-v shop:/var/lib/postgresql/data"
)


async def _type(client: SandboxClient, learner: str, *lines: str) -> Outcome:
    """Type lines one after the other; what came of the last one."""
    outcome = await run(client, learner, lines[0])
    for line in lines[1:]:
        outcome = await run(client, learner, line)
    return outcome


async def test_hello_world_explains_what_happened(client: SandboxClient, learner: str) -> None:
    """The first image of every course greets and ends well."""
    outcome = await _type(client, learner, "docker run --rm hello-world")

    assert "Hello from Docker!" in outcome.text
    assert outcome.ended.exit_code == 0


async def test_nginx_serves_logs_and_ends_well(client: SandboxClient, learner: str) -> None:
    """Welcome page, access log, own pages in the usual folder, and a graceful end."""
    outcome = await _type(
        client,
        learner,
        "mkdir site; echo 'my own page' > site/index.html",
        "docker run -d -p 80:80 --name web nginx",
        "docker run -d -p 81:80 -v /root/site:/usr/share/nginx/html:ro --name own nginx:alpine",
        "sleep 1; curl -s localhost; curl -s localhost:81; docker logs web; docker stop web; "
        "docker inspect -f 'ended with {{.State.ExitCode}}' web",
    )

    assert "<title>Welcome to nginx!</title>" in outcome.text
    assert "my own page" in outcome.text
    assert '"GET / HTTP/1.1" 200' in outcome.text
    assert "ended with 0" in outcome.text


async def test_httpd_serves_from_its_folder(client: SandboxClient, learner: str) -> None:
    """The other web server of many courses."""
    outcome = await _type(
        client,
        learner,
        "docker run -d -p 8080:80 --name web httpd",
        "sleep 1; curl -s localhost:8080; docker exec web ls /usr/local/apache2/htdocs",
    )

    assert "It works!" in outcome.text
    assert "index.html" in outcome.text


async def test_redis_is_found_by_name_in_a_network(client: SandboxClient, learner: str) -> None:
    """Two containers of a network talk by name, without a password."""
    outcome = await _type(
        client,
        learner,
        "docker network create shop; docker run -d --network shop --name cache redis",
        "docker run --rm --network shop redis redis-cli -h cache set colour blue",
        "docker run --rm --network shop redis redis-cli -h cache get colour",
    )

    assert outcome.text == "blue\n"


async def test_postgres_asks_for_a_password(client: SandboxClient, learner: str) -> None:
    """The mistake that everybody makes once is explained, as the official image does."""
    outcome = await _type(client, learner, "docker run --name db postgres")

    assert "POSTGRES_PASSWORD" in outcome.text
    assert outcome.ended.exit_code == 1


async def test_postgres_keeps_its_data_in_a_volume(client: SandboxClient, learner: str) -> None:
    """Database, script of the first start and rows outlive the container."""
    ask = "docker exec db psql -U postgres -At shop -c"
    outcome = await _type(
        client,
        learner,
        "mkdir init; echo 'create table fruit (name text);' > init/1.sql",
        f"{START_POSTGRES} -v /root/init:/docker-entrypoint-initdb.d:ro postgres:17",
        AWAIT_POSTGRES,
        f"{ask} \"insert into fruit values ('apple')\"",
        "docker rm -f db",
        f"{START_POSTGRES} postgres",
        AWAIT_POSTGRES,
        f"{ask} 'select name from fruit'",
    )

    assert outcome.text == "apple\n"


async def test_python_builds_into_an_image(client: SandboxClient, learner: str) -> None:
    """`FROM python` works as in any tutorial, without a network."""
    dockerfile = (
        'FROM python:3-slim\\nWORKDIR /app\\nCOPY hello.py .\\nCMD ["python", "hello.py"]\\n'
    )
    outcome = await _type(
        client,
        learner,
        f"mkdir app; cd app; printf '{dockerfile}' > Dockerfile; echo 'print(6 * 7)' > hello.py",
        "docker build -q -t answer . && docker run --rm answer",
    )

    assert outcome.text.endswith("\n42\n")


async def test_a_registry_takes_a_push_and_gives_it_back(
    client: SandboxClient, learner: str
) -> None:
    """On the port of all texts, 5000, and with what it holds in the usual folder."""
    outcome = await _type(
        client,
        learner,
        "docker run -d -p 5000:5000 -v kept:/var/lib/registry --name registry registry:2",
        "docker pull -q busybox; docker tag busybox localhost:5000/tools/box:1",
        "docker push -q localhost:5000/tools/box:1",
        "docker rm -f registry; docker rmi localhost:5000/tools/box:1 busybox",
        "docker run -d -p 5000:5000 -v kept:/var/lib/registry registry; sleep 1",
        "docker run --rm localhost:5000/tools/box:1 echo back; curl -s localhost:5000/v2/_catalog",
    )

    assert outcome.text.endswith('back\n{"repositories":["tools/box"]}\n')


async def test_a_registry_is_set_up_by_variables_and_commands(
    client: SandboxClient, learner: str
) -> None:
    """As the official one: a setting as a variable, and commands without the program's name."""
    outcome = await _type(
        client,
        learner,
        "docker run -d -p 5001:6000 -e REGISTRY_HTTP_ADDR=:6000 --name other registry; sleep 1",
        "docker run --rm registry --version; curl -s localhost:5001/v2/_catalog",
    )

    assert "github.com/docker/distribution 2.8" in outcome.text
    assert outcome.text.endswith('\n{"repositories":[]}\n')


async def test_an_image_that_is_not_there_is_refused_at_once(
    client: SandboxClient, learner: str
) -> None:
    """No half minute of waiting for a network that doesn't exist, and the reason in plain words."""
    await run(client, learner, "docker version")
    outcome = await run(client, learner, "docker run ubuntu")

    assert "no such image in the mirror" in outcome.text
    assert outcome.ended.exit_code == 125
    assert outcome.ended.took_ms < 5000


async def test_the_tools_of_lessons_are_there(client: SandboxClient, learner: str) -> None:
    """Compose, buildx and the small helpers that lessons use."""
    tools = "vi less jq curl ip ps time tar gzip"
    outcome = await run(
        client,
        learner,
        f"docker compose version; docker buildx version; for tool in {tools}; do "
        'command -v $tool >/dev/null || echo "$tool is missing"; done',
    )

    assert "Docker Compose version" in outcome.text
    assert "github.com/docker/buildx" in outcome.text
    assert "missing" not in outcome.text
