"""Every command line of every lesson: of its text, its solution, its other ways, its misses."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from lessons.loader import CONTENT

_DRAWN = re.compile(r"\{\{([a-z_0-9]+)\}\}")
_INLINE = re.compile(r"`(docker [^`\n]+)`")
_BLOCK = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
_DRAWN_NUMBERS = {"second": "8081", "from": "3", "to": "3"}
_MARKED = re.compile(r"!(?:for [\d.]+|unseen|look-up [\w-]+) (?P<line>.+)", re.DOTALL)


@cache
def right_lines() -> tuple[str, ...]:
    """Lines that do what a lesson asks for: solutions and other ways."""
    found = [line for folder in _folders() for line in (*_solution(folder), *_ways(folder))]
    return tuple(dict.fromkeys(_drawn(line) for line in found))


@cache
def every_line() -> tuple[str, ...]:
    """All lines with docker in them, right ones and those that are wrong on purpose."""
    found = [line for folder in _folders() for line in (*_misses(folder), *_prose(folder))]
    lines = [*right_lines(), *(_drawn(line) for line in found)]
    return tuple(line for line in dict.fromkeys(lines) if "docker" in line)


def _folders() -> list[Path]:
    return sorted(path for path in CONTENT.iterdir() if path.is_dir())


def _drawn(line: str) -> str:
    """With something in each place that a lesson draws."""
    return _DRAWN.sub(lambda m: "8080" if "port" in m[1] else _DRAWN_NUMBERS.get(m[1], m[1]), line)


def _solution(folder: Path) -> list[str]:
    lines = (folder / "solution.sh").read_text(encoding="utf-8").splitlines()
    plain = (_plain(line) for line in lines if line and not line.startswith("#"))
    return [line for line in plain if line]


def _plain(line: str) -> str:
    if not line.startswith("!"):
        return line
    found = _MARKED.fullmatch(line)
    return found["line"] if found else ""


def _trials(folder: Path) -> dict[str, list[dict[str, list[str]]]]:
    text = (folder / "trials.yaml").read_text(encoding="utf-8")
    read: dict[str, list[dict[str, list[str]]]] = yaml.safe_load(text)
    return read


def _ways(folder: Path) -> list[str]:
    lines = [line for way in _trials(folder).get("ways", []) for line in way["lines"]]
    return [plain for line in lines if (plain := _plain(line))]


def _misses(folder: Path) -> list[str]:
    lines = [line for miss in _trials(folder).get("misses", []) for line in miss["lines"]]
    return [plain for line in lines if (plain := _plain(line))]


def _prose(folder: Path) -> list[str]:
    found: list[str] = []
    for file in sorted(folder.glob("*.md")):
        text = file.read_text(encoding="utf-8")
        for block in _BLOCK.findall(text):
            found += [line.removeprefix("$ ") for line in block.splitlines() if "docker " in line]
        found += _INLINE.findall(_BLOCK.sub("", text))
    return [line for line in found if re.match(r"(?:\$ )?docker [a-z-]", line)]
