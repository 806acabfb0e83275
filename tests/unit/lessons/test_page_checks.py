"""Pages of published ports: what passes, and what a learner hears about it."""

from __future__ import annotations

import pytest

from lessons.checks import judge
from lessons.facts import CommandDone, Container, PageSeen, Situation
from lessons.model import Task
from tests.factories import make_container, make_facts
from tests.unit.lessons.judged import PAGE, only_missing


@pytest.mark.parametrize(
    ("pages", "lines"),
    [
        ([PageSeen(80, 200)], []),
        ([PageSeen(80, None), PageSeen(80, 200)], []),
        ([], ["curl localhost"]),
        ([], ["curl -s http://localhost:80/"]),
        ([], ["curl -I 127.0.0.1"]),
        ([], ["curl -s localhost | grep title"]),
        ([], ["wget -qO- http://localhost/index.html"]),
    ],
)
def test_a_page_can_be_seen_in_several_ways(pages: list[PageSeen], lines: list[str]) -> None:
    """By Docent's own look, by curl or by wget."""
    situation = Situation(
        make_facts(make_container()), tuple(CommandDone(line, 0) for line in lines), tuple(pages)
    )
    assert judge(Task("page", (PAGE,)), situation).passed


@pytest.mark.parametrize(
    ("pages", "commands", "key"),
    [
        ([], [], "page_not_seen"),
        ([PageSeen(8080, 200)], [], "page_not_seen"),
        ([PageSeen(80, None)], [], "page_no_answer"),
        ([PageSeen(80, 404)], [], "page_other_status"),
        ([], [CommandDone("curl localhost", 7)], "page_not_seen"),
        ([], [CommandDone("curl localhost", None)], "page_not_seen"),
        ([], [CommandDone("curl localhost:8080", 0)], "page_not_seen"),
        ([], [CommandDone("curl https://localhost", 0)], "page_not_seen"),
        ([], [CommandDone("curl example.com", 0)], "page_not_seen"),
        ([], [CommandDone("curl --help", 0)], "page_not_seen"),
        ([], [CommandDone("echo curl localhost", 0)], "page_not_seen"),
        ([], [CommandDone("docker exec hellonginx curl localhost", 0)], "page_not_seen"),
        ([], [CommandDone("curl http://[::1", 0)], "page_not_seen"),
    ],
)
def test_a_page_that_was_not_seen_does_not_pass(
    pages: list[PageSeen], commands: list[CommandDone], key: str
) -> None:
    """Another port, an error, a failed or a pretended fetch."""
    situation = Situation(make_facts(make_container()), tuple(commands), tuple(pages))
    assert only_missing(PAGE, situation).key == key


@pytest.mark.parametrize(
    ("container", "key"),
    [
        (make_container(status="exited"), "page_nothing_published"),
        (make_container(publishes=[(8080, 80)]), "page_nothing_published"),
        (make_container("web"), "page_other_container"),
    ],
)
def test_a_page_needs_the_container_behind_it(container: Container, key: str) -> None:
    """Looking counts only while the right container publishes the port."""
    situation = Situation(make_facts(container), pages=(PageSeen(80, 200),))
    assert only_missing(PAGE, situation).key == key
