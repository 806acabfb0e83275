"""Typed commands are judged by what they mean."""

from __future__ import annotations

import pytest

from lessons.typed_answers import read_answer, same_answer

RUN = "docker run -d -p 8080:80 --name web nginx"


def same(wanted: str, line: str) -> bool:
    command = read_answer(wanted)
    assert command is not None
    return same_answer(command, line)


@pytest.mark.parametrize(
    "line",
    [
        RUN,
        "docker run --name web -p 8080:80 -d nginx",
        "docker container run --detach --publish 8080:80 --name=web nginx",
        "docker run -dp8080:80 --name web nginx:latest",
        "sudo docker run -d -p 8080:80 --name 'web' docker.io/library/nginx",
        "docker run --detach=true --publish=8080:80 --name web nginx   # like this",
    ],
)
def test_another_spelling_is_the_same(line: str) -> None:
    """Order, short and long flags, management command, quotes and full image names."""
    assert same(RUN, line)


@pytest.mark.parametrize(
    "line",
    [
        "docker run -d -p 80:8080 --name web nginx",
        "docker run -p 8080:80 --name web nginx",
        "docker run -d -p 8080:80 nginx --name web",
        "docker run -d -p 8080:80 --name web nginx:alpine",
        "docker run -d -p 8080:80 --name web httpd",
        "docker run -d -p 8080:80 --name web --rm nginx",
        "docker run -d -p 8080:80 --name web nginx sh",
        "docker create -p 8080:80 --name web nginx",
        "docker run -d -p 8080:80 --name web nginx; docker ps",
        "docker run -d -p 8080:80 --name web nginx --help",
        "echo docker run -d -p 8080:80 --name web nginx",
        "docker",
        "",
        "'",
    ],
)
def test_another_meaning_is_not_the_same(line: str) -> None:
    """Nothing missing, nothing more, nothing else."""
    assert not same(RUN, line)


@pytest.mark.parametrize(
    ("wanted", "line", "expected"),
    [
        ("docker stop web db", "docker container stop db web", True),
        ("docker stop web db", "docker stop web", False),
        ("docker tag a b", "docker image tag a b", True),
        ("docker tag a b", "docker tag b a", False),
        ("docker ps -a", "docker container ls --all", True),
        ("docker rm -f web", "docker rm web --force", True),
        ("docker run --help", "docker help run", True),
        ("docker version", "docker --version", False),
    ],
)
def test_order_matters_where_it_has_a_meaning(wanted: str, line: str, expected: bool) -> None:
    """`docker stop a b` is `docker stop b a`; `docker tag a b` is not."""
    assert same(wanted, line) is expected
