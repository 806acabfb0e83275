"""Operations of Docker Compose, whose plugin is the engine image's own on both sides."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import Subject, without_noise

TWO = """
services:
  web:
    image: busybox
    command: sh -c 'mkdir /w; echo served >/w/index.html; exec httpd -f -h /w'
    init: true
    healthcheck: {test: "wget -qO- http://127.0.0.1/", interval: 300ms}
  client:
    image: busybox
    command: sh -c 'wget -qO- http://web/; exec sleep 600'
    init: true
    depends_on: {web: {condition: service_healthy}}
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder in the toolbox with the files of a project."""

    on: Subject
    files: Mapping[str, str]

    def lines(self, *lines: str) -> str:
        """What these shell lines print, in the project's folder, which ends with its containers."""
        folder = f"/tmp/{self.on.name}/shop"
        script = [f"rm -rf {folder}; mkdir -p {folder}; cd {folder}"]
        for name, content in self.files.items():
            script.append(f"printf %s {shlex.quote(content)} >{name}")
        script += [*lines, "docker compose down --volumes --timeout 1 >/dev/null 2>&1"]
        return self.on.cli(f"({'; '.join(script)})")


def project(on: Subject, compose: str, **files: str) -> Project:
    """The project `shop`."""
    return Project(on, {"compose.yaml": compose, **files})


QUIETLY = "docker compose --progress quiet up --detach --wait >/dev/null 2>&1"


@operation(gives=["client running", "web running", "[2Kclient-1  | served"])
def compose_up(on: Subject) -> object:
    """In order: the client came when the server was healthy, and knew its name."""
    said = project(on, TWO).lines(
        QUIETLY,
        "docker compose ps --format '{{.Service}} {{.State}}' | sort",
        "docker compose --ansi never logs --no-color client | tr -d '\\033'",
    )
    return said.splitlines()


@operation(gives=lambda seen: "Container shop-web-1  Healthy" in seen)
def compose_tells(on: Subject) -> object:
    """The same steps are reported."""
    said = project(on, TWO).lines("docker compose --ansi never up --detach")
    return sorted({line.strip() for line in said.splitlines()})


@operation(gives=["0", "web", "served", "7"])
def compose_exec_and_run(on: Subject) -> object:
    return (
        project(on, TWO)
        .lines(
            QUIETLY,
            "docker compose exec -T web id -u",
            "docker compose ps --services --filter status=running | grep web",
            "docker compose --progress quiet run -T --rm client wget -qO- http://web/ 2>/dev/null",
            "docker compose exec -T web sh -c 'exit 7' >/dev/null 2>&1; echo $?",
        )
        .split()
    )


@operation(gives=["3", "1"])
def compose_scale(on: Subject) -> object:
    file = "services: {one: {image: busybox, command: sleep 600, init: true}}"
    count = "docker compose ps --quiet | wc -l"
    return (
        project(on, file)
        .lines(
            "docker compose --progress quiet up --detach --scale one=3 >/dev/null 2>&1",
            count,
            "docker compose --progress quiet up --detach --scale one=1 >/dev/null 2>&1",
            count,
        )
        .split()
    )


@operation(gives=["made", "apple", "default"])
def compose_builds(on: Subject) -> object:
    """From a Dockerfile, with variables of `.env` and their defaults."""
    file = """
services:
  one:
    build: .
    image: shop-built
    environment: {FRUIT: "${FRUIT}", OTHER: "${OTHER:-default}"}
    command: sh -c 'cat /mark; echo $$FRUIT; echo $$OTHER'
"""
    shop = project(
        on, file, Dockerfile="FROM busybox\nRUN echo made >/mark\n", **{".env": "FRUIT=apple\n"}
    )
    said = shop.lines(
        "docker compose --progress quiet build >/dev/null 2>&1",
        "docker compose --progress quiet run -T --rm one 2>/dev/null",
        "docker image rm shop-built >/dev/null",
    )
    return said.split()


@operation(gives=["kept", "shop_data", "shop_default"])
def compose_volume_outlives_down(on: Subject) -> object:
    file = """
services:
  one: {image: busybox, command: "sh -c 'echo kept >>/data/file'", volumes: ["data:/data"]}
volumes: {data: {}}
"""
    said = project(on, file).lines(
        "docker compose --progress quiet up >/dev/null 2>&1",
        "docker compose --progress quiet down >/dev/null 2>&1",
        "docker run --rm -v shop_data:/data busybox cat /data/file",
        "docker volume ls --quiet",
        "docker compose --progress quiet up --no-start >/dev/null 2>&1",
        "docker network ls --quiet --filter name=shop --format '{{.Name}}'",
    )
    return said.split()


@operation(gives=["always", "always", "tools"])
def compose_profiles(on: Subject) -> object:
    file = """
services:
  always: {image: busybox}
  tools: {image: busybox, profiles: [extra]}
"""
    return (
        project(on, file)
        .lines(
            "docker compose config --services",
            "docker compose --profile extra config --services | sort",
        )
        .split()
    )


@operation(gives=lambda seen: seen["services"]["web"]["image"] == "busybox")
def compose_config(on: Subject) -> Any:
    found: dict[str, Any] = json.loads(
        project(on, TWO).lines("docker compose config --format json")
    )
    return found


@operation(gives=lambda seen: "unhealthy" in seen)
def compose_waits_in_vain(on: Subject) -> object:
    file = TWO.replace("wget -qO- http://127.0.0.1/", "false").replace("300ms", "200ms, retries: 1")
    said = project(on, file).lines("docker compose --ansi never up --detach 2>&1 | tail -1")
    return without_noise(said)


@operation(gives="no configuration file provided: not found\n")
def compose_without_file(on: Subject) -> object:
    return on.cli("cd /media; docker compose up")
