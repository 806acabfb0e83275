"""What holds for checks of every kind."""

from __future__ import annotations

import pytest

from lessons.checks import AnyOf, judge
from lessons.engine_checks import ImagePresent
from lessons.facts import Container, EngineFacts, PageSeen, Situation
from lessons.model import Task
from tests.factories import make_container
from tests.unit.lessons.judged import (
    GONE,
    HELLO,
    PAGE,
    after_lines,
    command,
    keys,
    on_engine,
    only_missing,
)


def test_any_of_passes_when_one_does() -> None:
    """Otherwise it tells about the one that lacks least."""
    check = AnyOf((command("docker --help"), command("docker ps -a"), HELLO))
    assert judge(Task("t", (check,)), after_lines("docker ps --all")).passed
    assert not judge(Task("t", (check,)), after_lines("docker ps")).passed
    nearly = AnyOf((HELLO, command("docker --help")))
    two_missing = make_container(image="httpd", publishes=[])
    assert keys(nearly.judge(on_engine(two_missing))) == ["command_missing"]


def test_a_task_needs_all_of_its_checks() -> None:
    """One check that holds is not enough, and only what is missing is listed as missing."""
    task = Task("t", (command("docker ps"), ImagePresent("nginx")))
    verdict = judge(task, after_lines("docker ps"))
    assert not verdict.passed
    assert keys(verdict.missing) == ["image_missing"]


def test_values_are_safe_to_show() -> None:
    """What a learner chose fits on one line between backticks."""
    line = "docker info `echo x`\n" + "가" * 500
    missing = only_missing(command("docker info"), after_lines(line, exit_code=1))
    shown = missing.values["line"]
    assert "`" not in shown
    assert "\n" not in shown
    assert len(shown) <= 80


@pytest.mark.parametrize(
    "situation",
    [
        Situation(EngineFacts()),
        on_engine(Container(name="", image="", status="")),
        on_engine(make_container(), make_container(), make_container("", image="\x00")),
        after_lines("", "\x00", "'", "docker", "docker " + "-" * 5000, "curl http://[", "curl :x"),
        Situation(EngineFacts(), pages=(PageSeen(-1, -1), PageSeen(80, None))),
    ],
)
def test_odd_facts_never_make_a_check_fail_to_answer(situation: Situation) -> None:
    """What comes out of a sandbox is not to be trusted; every check still gives a finding."""
    checks = (HELLO, GONE, PAGE, ImagePresent("nginx"), command("docker version"))
    for check in (*checks, AnyOf(checks)):
        findings = check.judge(situation)
        assert findings
        assert {found.key for found in findings} <= check.finding_keys
