"""Mistakes in a compose file: those of YAML are found here, those of Compose get their lines."""

from __future__ import annotations

import time

import pytest

from bot.files.compose import compose_problems, yaml_problem

GOOD = "services:\n  web:\n    image: nginx\n    ports:\n      - 8080:80\n"


def test_what_is_yaml_passes() -> None:
    """The rest is for Compose to say."""
    assert yaml_problem(GOOD) is None
    assert yaml_problem("services: {web: {image: nginx}}") is None


@pytest.mark.parametrize(
    ("content", "line", "key"),
    [
        ("services:\n  web:\n\timage: x\n", 3, "tab"),
        ("services:\n  web:\n    image: a: b\n", 3, "yaml"),
        ("services:\n  web: [a\n", 3, "yaml"),
        ("", 1, "no_services"),
        ("- a\n", 1, "no_services"),
        ("just words", 1, "no_services"),
        ("[" * 4000, None, "no_yaml"),
        ("a\0b", None, "no_yaml"),
    ],
)
def test_what_is_no_yaml_has_a_line(content: str, line: int | None, key: str) -> None:
    """Where there is one."""
    problem = yaml_problem(content)
    assert problem is not None
    assert (problem.line, problem.key) == (line, f"files.compose.{key}")


@pytest.mark.parametrize(
    ("said", "line", "shown"),
    [
        ("services.web.ports must be a list", 4, "services.web.ports must be a list"),
        (
            "validating /root/compose.yaml: services.web Additional property ports is not allowed",
            4,
            "services.web Additional property ports is not allowed",
        ),
        (
            "(root) Additional property services is not allowed",
            1,
            "Additional property services is not allowed",
        ),
        (
            'service "web" has neither an image nor a build context: invalid compose project',
            2,
            'service "web" has neither an image nor a build context: invalid compose project',
        ),
        ("services.web.ports.0 is wrong", 5, "services.web.ports.0 is wrong"),
        ("services.nobody is wrong", 1, "services.nobody is wrong"),
        ("something else", None, "something else"),
    ],
)  # fmt: skip
def test_what_compose_says_gets_its_line(said: str, line: int | None, shown: str) -> None:
    """The deepest of the keys that is there."""
    (problem,) = compose_problems(GOOD, said + "\n")
    assert problem.line == line
    assert problem.values["said"] == shown


def test_the_line_that_compose_tells_is_believed_if_there_is_such_a_line() -> None:
    """Its warnings are no mistakes."""
    said = (
        'time="2026" level=warning msg="obsolete"\nyaml: line 3: mapping values are not allowed\n'
    )
    (problem,) = compose_problems(GOOD, said)
    assert (problem.line, problem.values["said"]) == (3, "mapping values are not allowed")
    assert compose_problems(GOOD, "yaml: line 99: x")[0].line is None
    assert compose_problems(GOOD, "")[0].key == "files.compose.failed"


def test_hostile_files_and_words_cost_little() -> None:
    """References that multiply, depth without end, output without end, escape sequences."""
    bomb = "a: &a [x,x]\n" + "".join(
        f"{b}: &{b} [*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    started = time.process_time()
    assert yaml_problem(bomb) is None
    assert compose_problems(bomb + "services: [*i]\n", "services.0.0.0.0 bad")[0].line is not None
    assert len(compose_problems("[" * 32_000, "services.a bad\n" * 5000)) == 8
    (problem,) = compose_problems(GOOD, "\x1b[31mservices.web\u202e bad\x1b[0m")
    assert problem.values["said"] == "services.web bad"
    assert time.process_time() - started < 3
