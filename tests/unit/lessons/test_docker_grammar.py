"""What a docker command means, whichever way it is written."""

from __future__ import annotations

import pytest

from lessons.docker_grammar import DockerCommand, read_docker


def read(line: str) -> DockerCommand | None:
    return read_docker(tuple(line.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("docker ps -a", "docker container ls --all"),
        ("docker ps -a", "docker container list -a"),
        ("docker ps -aq", "docker ps -q -a"),
        ("docker images", "docker image ls"),
        ("docker rmi nginx", "docker image remove nginx"),
        ("docker rm -f web", "docker container rm --force web"),
        ("docker info", "docker system info"),
        ("docker --help", "docker"),
        ("docker --help", "docker help"),
        ("docker container --help", "docker container"),
        ("docker run --help", "docker container run --help"),
        ("docker help run", "docker run --help"),
        ("docker -D ps", "docker ps"),
        ("docker -H unix:///var/run/docker.sock ps", "docker ps"),
        ("docker --context=default ps", "docker ps"),
        ("docker -v", "docker --version"),
        ("docker run -d nginx", "docker run --detach=true nginx"),
        ("docker run nginx", "docker run --detach=false nginx"),
        ("docker run -p 80:80 nginx", "docker run -p80:80 nginx"),
        ("docker run -p 80:80 nginx", "docker run --publish=80:80 nginx"),
        ("docker run -d -p 80:80 nginx", "docker run -dp 80:80 nginx"),
        ("docker run -i -t nginx sh", "docker run -it nginx sh"),
        ("docker run --net n1 nginx", "docker run --network n1 nginx"),
        ("docker stop -t 3 web", "docker container stop --time 3 web"),
        ("docker logs -n 5 web", "docker logs --tail=5 web"),
        ("docker compose up -d", "docker compose up --detach"),
        ("docker compose -f a.yaml up -d", "docker compose --file=a.yaml up --detach"),
        ("docker compose up -d --scale web=2", "docker compose up --scale=web=2 -d"),
        ("docker compose down -v", "docker compose down --volumes"),
        ("docker compose -p shop --help", "docker compose --help -p shop"),
        ("docker compose --help", "docker compose"),
    ],
)
def test_two_ways_to_write_the_same(one: str, other: str) -> None:
    """Management form and old form, long and short options, joined and apart."""
    first, second = read(one), read(other)
    assert first is not None
    assert second is not None
    assert (first.path, first.arguments, first.help, first.version) == (
        second.path,
        second.arguments,
        second.help,
        second.version,
    )
    assert sorted(first.options, key=str) == sorted(second.options, key=str)


def test_what_follows_the_image_belongs_to_the_container() -> None:
    """`-d` after the image is no option of Docker's, and neither is `--help`."""
    command = read("docker run --name web nginx -d --help")
    assert command == DockerCommand(
        ("container", "run"), (("name", "web"),), ("nginx", "-d", "--help")
    )


def test_options_may_follow_arguments_elsewhere() -> None:
    """`docker rm web -f` is `docker rm -f web`."""
    assert read("docker rm web -f") == read("docker rm -f web")


def test_values_of_an_option_come_in_their_order() -> None:
    """Two published ports are two values."""
    command = read("docker run -p 80:80 -p 443:443 nginx")
    assert command is not None
    assert command.values_of("publish") == ("80:80", "443:443")


@pytest.mark.parametrize("line", ["", "podman ps", "docker-compose up", "Docker ps"])
def test_other_programs_are_not_docker(line: str) -> None:
    """Only docker is docker."""
    assert read(line) is None


@pytest.mark.parametrize(
    ("line", "shows_help"),
    [
        ("docker version", False),
        ("docker version --help", True),
        ("docker help version", True),
        ("docker ps -h", True),
        ("docker run -h web nginx", False),
        ("docker frobnicate", False),
    ],
)
def test_help_is_told_from_doing(line: str, shows_help: bool) -> None:
    """Reading about a command is not running it; `run -h` is a host name."""
    command = read(line)
    assert command is not None
    assert command.help is shows_help


@pytest.mark.parametrize(
    "line", ["docker run -p", "docker run --", "docker -", "docker run -", "docker -H"]
)
def test_unfinished_commands_are_read_too(line: str) -> None:
    """Nothing that can be typed makes the reader fail."""
    assert read(line) is not None
