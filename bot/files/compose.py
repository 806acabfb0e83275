"""What is wrong in a compose file: `docker compose config` tells what, this finds the line."""

from __future__ import annotations

import re
from typing import Final

import yaml

from bot.files.problems import MOST_PROBLEMS, Problem
from bot.terminal.escape import visible, without_sequences

LONGEST_SAID: Final = 300

_INDEX = re.compile("[0-9]{1,9}")
_YAML_LINE = re.compile(
    r"(?:yaml|line)[: ]+(?:line )?(\d{1,9})(?:, column \d+)?:?\s*(.*)", re.DOTALL
)
_PATH = re.compile(r"\b((?:services|volumes|networks|configs|secrets)(?:\.[\w-]+|\[\d+\])*)")
_SERVICE = re.compile(r"service \"?([\w-]+)\"?")
_ADDITIONAL = re.compile(r"[Aa]dditional propert(?:y|ies) ['\"]?([\w-]+)['\"]?")
_TAB = re.compile(r"^ *\t")
_PREFIXES = re.compile(r"^(?:validating \S+: |\(root\) |parsing \S+: |invalid compose project|: )+")
_CHATTER = re.compile(r"^time=\S+ level=(?:warning|info)\b")


def yaml_problem(content: str) -> Problem | None:
    """The first place where it is no YAML; None when it is."""
    for number, line in enumerate(content.split("\n"), 1):
        if _TAB.match(line):
            return Problem(number, "files.compose.tab")
    try:
        top = yaml.compose(content, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        place = None if mark is None else min(mark.line, content.count("\n")) + 1
        return Problem(place, "files.compose.yaml", {"said": (exc.problem or "")[:LONGEST_SAID]})
    except (yaml.YAMLError, RecursionError, ValueError):
        return Problem(None, "files.compose.no_yaml")
    if not isinstance(top, yaml.MappingNode):
        return Problem(1, "files.compose.no_services")
    return None


def compose_problems(content: str, said: str) -> list[Problem]:
    """What `docker compose config` complained about, with the lines that it means.

    `said` is what it printed before it failed.
    """
    lines = [line.strip() for line in visible(without_sequences(said)).splitlines()]
    told = [line for line in lines if line and not _CHATTER.match(line)]
    top, lines_in_all = _composed(content), content.count("\n") + 1
    problems = [_problem(top, lines_in_all, line) for line in told[:MOST_PROBLEMS]]
    return problems or [Problem(None, "files.compose.failed")]


def _problem(top: yaml.Node | None, lines_in_all: int, said: str) -> Problem:
    found = _YAML_LINE.search(said)
    if found is not None:
        told = int(found[1])
        within = told if told <= lines_in_all else None
        return Problem(within, "files.compose.yaml", {"said": found[2][:LONGEST_SAID]})
    shown = _PREFIXES.sub("", said).strip() or said
    line = _line_of(top, _path_in(said))
    return Problem(line, "files.compose.said", {"said": shown[:LONGEST_SAID]})


def _path_in(said: str) -> list[str]:
    """The keys that lead to what a message is about."""
    keys: list[str] = []
    if (found := _PATH.search(said)) is not None:
        keys = re.findall(r"[\w-]+", found[1])
    elif (found := _SERVICE.search(said)) is not None:
        keys = ["services", found[1]]
    if (more := _ADDITIONAL.search(said)) is not None:
        keys.append(more[1])
    return keys


def _composed(content: str) -> yaml.Node | None:
    try:
        top: yaml.Node | None = yaml.compose(content, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return top


def _line_of(top: yaml.Node | None, keys: list[str]) -> int | None:
    """The line of the last of these keys that is there, counted from 1; None without any."""
    line: int | None = None
    node = top
    for key in keys:
        below = _child(node, key)
        if below is None:
            break
        line, node = below
    return line


def _child(node: yaml.Node | None, key: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode) and name.value == key:
                return name.start_mark.line + 1, value
    elif (
        isinstance(node, yaml.SequenceNode) and _INDEX.fullmatch(key) and int(key) < len(node.value)
    ):
        value = node.value[int(key)]
        return value.start_mark.line + 1, value
    return None
