"""Commands, however they are written: what passes, and what a learner hears about it."""

from __future__ import annotations

import pytest

from lessons.checks import judge
from lessons.command_checks import Command
from lessons.model import Task
from tests.unit.lessons.judged import after_lines, command, only_missing


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("docker version", "docker version"),
        ("docker version", "docker version --format '{{.Server.Version}}'"),
        ("docker version", "docker version | head -5"),
        ("docker version", "echo hi; docker version"),
        ("docker version", "docker version && docker info"),
        ("docker version", "sudo docker -D version"),
        ("docker ps -a", "docker container ls --all -q"),
        ("docker ps -a", "docker ps -qa | wc -l"),
        ("docker info", "docker system info"),
        ("docker --help", "docker help"),
        ("docker --help", "docker"),
        ("docker container run --help", "docker run --help"),
        ("docker run -p 80:80 nginx", "docker run --name x -dp 80:80 nginx"),
        (
            "docker run --rm busybox ps",
            "docker run --rm docker.io/library/busybox:latest ps -o pid",
        ),
        ("docker pull nginx:1", "docker image pull library/nginx:1"),
    ],
)
def test_a_command_is_matched_by_its_meaning(wanted: str, line: str) -> None:
    """However it is written, and whatever more is typed around it."""
    assert judge(Task("t", (command(wanted),)), after_lines(line)).passed


@pytest.mark.parametrize(
    ("wanted", "line", "key"),
    [
        ("docker version", "echo docker version", "command_missing"),
        ("docker version", "echo 'docker version'", "command_missing"),
        ("docker version", "docker --version", "command_short_version"),
        ("docker version", "docker -v", "command_short_version"),
        ("docker version", "docker version --help", "command_only_help"),
        ("docker version", "docker help version", "command_only_help"),
        ("docker version", "docker versions", "command_missing"),
        ("docker version", "docker compose version", "command_missing"),
        ("docker version", "docker run nginx docker version", "command_missing"),
        ("docker version", "true || docker version", "command_missing"),
        ("docker --help", "docker ps --help", "command_missing"),
        ("docker --help", "docker --version", "command_missing"),
        ("docker container run --help", "docker run nginx --help", "command_without_help"),
        ("docker ps -a", "docker ps", "command_incomplete"),
        ("docker ps -a", "docker images -a", "command_missing"),
        ("docker run -p 80:80 nginx", "docker run -p 8080:80 nginx", "command_incomplete"),
        ("docker run -p 80:80 nginx", "docker run nginx -p 80:80", "command_incomplete"),
        ("docker run busybox ps", "docker run debian busybox ps", "command_incomplete"),
        ("docker run busybox", "docker run", "command_incomplete"),
        ("docker pull nginx:1", "docker pull nginx", "command_incomplete"),
    ],
)
def test_a_command_that_is_not_it_does_not_pass(wanted: str, line: str, key: str) -> None:
    """Words elsewhere, another command, only its help, or too little of it."""
    assert only_missing(command(wanted), after_lines(line)).key == key


@pytest.mark.parametrize(
    ("exit_code", "key"),
    [(1, "command_failed"), (127, "command_failed"), (None, "command_interrupted")],
)
def test_a_command_has_to_succeed(exit_code: int | None, key: str) -> None:
    """One that failed or was ended by a limit does not count, and says which it was."""
    missing = only_missing(command("docker info"), after_lines("docker info", exit_code=exit_code))
    assert (missing.key, missing.values["line"]) == (key, "docker info")


def test_a_check_can_ask_for_a_failure() -> None:
    """A lesson may want a learner to see an error, or not mind how a command ends."""
    failing = Command.from_fields({"is": "docker run nginx", "exit_code": "125"})
    whatever = Command.from_fields({"is": "docker run nginx", "exit_code": "any"})
    situation = after_lines("docker run nginx", exit_code=125)
    assert judge(Task("t", (failing, whatever)), situation).passed
    assert not judge(Task("t", (failing,)), after_lines("docker run nginx")).passed


def test_a_check_can_ask_for_one_of_two_forms() -> None:
    """`docker ps` and `docker container ls` mean the same; a lesson may want to see each."""
    short = Command.from_fields({"is": "docker ps -a", "form": "short"})
    management = Command.from_fields({"is": "docker container ls -a", "form": "management"})
    typed = {short: "docker -D ps --all", management: "docker container list -aq"}
    for check, line in typed.items():
        assert judge(Task("t", (check,)), after_lines(line)).passed
        for other in typed.keys() - {check}:
            assert only_missing(other, after_lines(line)).key == "command_other_form"
    with pytest.raises(ValueError, match="management, short"):
        Command.from_fields({"is": "docker ps", "form": "long"})


def test_the_nearest_try_is_talked_about() -> None:
    """Of many tries the one that lacks least, and of those alike the first."""
    situation = after_lines("docker --version", "docker version --help", "docker ps")
    missing = only_missing(command("docker version"), situation)
    assert (missing.key, missing.values["line"]) == ("command_only_help", "docker version --help")
