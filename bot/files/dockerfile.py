"""Reads a Dockerfile as BuildKit does, and tells what it would refuse and what hardly was meant.

A build would tell the same, but only one mistake at a time, and in English.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.files.problems import MOST_PROBLEMS, Problem
from bot.terminal.vocabulary import words

INSTRUCTIONS: Final = words(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL "
    "STOPSIGNAL USER VOLUME WORKDIR"
)
MOST_SLIPS: Final = 2
HIGHEST_PORT: Final = 65_535

_DIRECTIVE = re.compile(r"#\s*([A-Za-z]+)\s*=\s*(\S+)")
_HEREDOC = re.compile(r"(?<!\S)\d*<<(-?)(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\2(?!\S)")
_PHONE_QUOTES = re.compile("[“”„‟‘’‚‛]")
_PORT = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?(?:/(?:tcp|udp|sctp))?", re.IGNORECASE)
_JSON_LIKE = re.compile(r"\[.*\]", re.DOTALL)
_TAKE_HEREDOCS: Final = frozenset({"RUN", "COPY", "ADD"})
_TAKE_LISTS: Final = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL"})
_ONLY_LAST_COUNTS: Final = ("CMD", "ENTRYPOINT", "HEALTHCHECK")
_FROM_WORDS: Final = (1, 3)


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction with its lines joined; `line` is where it begins."""

    line: int
    word: str
    rest: str
    heredocs: int = 0

    @property
    def name(self) -> str:
        """In capitals."""
        return self.word.upper()

    @property
    def arguments(self) -> list[str]:
        """Its words without flags."""
        given = self.rest.split()
        while given and given[0].startswith("--"):
            del given[0]
        return given


@dataclass(slots=True)
class _Reader:
    lines: list[str]
    escape: str = "\\"
    at: int = 0
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Instruction]:
        self._directives()
        while self.at < len(self.lines):
            begin = self.at
            text = self._logical_line()
            if text:
                yield self._instruction(begin + 1, text)

    def _directives(self) -> None:
        for line in self.lines:
            found = _DIRECTIVE.fullmatch(line.strip())
            if found is None:
                return
            if found[1].lower() == "escape":
                self.escape = found[2]

    def _logical_line(self) -> str:
        """The next line with those that it goes on in; comments between them do not count."""
        pieces: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at].strip()
            self.at += 1
            if line.startswith("#") or not line:
                if not pieces:
                    return ""
                continue
            if not line.endswith(self.escape):
                return "\n".join([*pieces, line])
            pieces.append(line[: -len(self.escape)].strip())
        if pieces:
            self.problems.append(
                Problem(len(self.lines), "files.dockerfile.open_line", {"mark": self.escape})
            )
        return "\n".join(pieces)

    def _instruction(self, line: int, text: str) -> Instruction:
        word, _, rest = text.replace("\n", " ").partition(" ")
        marks = _HEREDOC.findall(rest) if word.upper() in _TAKE_HEREDOCS else []
        for tabs, _, end in marks:
            self._skip_heredoc(line, end, tabs=bool(tabs))
        return Instruction(line, word, rest.strip(), len(marks))

    def _skip_heredoc(self, line: int, end: str, *, tabs: bool) -> None:
        while self.at < len(self.lines):
            text = self.lines[self.at]
            self.at += 1
            if (text.lstrip("\t") if tabs else text) == end:
                return
        self.problems.append(Problem(line, "files.dockerfile.heredoc", {"end": end}))


def dockerfile_problems(content: str) -> list[Problem]:
    """What is wrong, by lines; empty when a build can begin."""
    reader = _Reader(
        [line.removesuffix("\r") for line in content.removeprefix("\ufeff").split("\n")]
    )
    instructions = list(reader.read())
    problems = [*reader.problems, *_order(instructions)]
    for instruction in instructions:
        problems += _of_one(instruction)
    problems += _repeated(instructions)
    problems += _phone_quotes(reader.lines)
    # A line has one mistake at a time: the first is the cause of the others.
    first = {problem.line: problem for problem in reversed(problems)}
    return sorted(first.values(), key=lambda problem: problem.line or 0)[:MOST_PROBLEMS]


def _order(instructions: list[Instruction]) -> Iterator[Problem]:
    if not any(each.name == "FROM" for each in instructions):
        line = instructions[0].line if instructions else 1
        if not instructions or instructions[0].name in INSTRUCTIONS:
            yield Problem(line, "files.dockerfile.no_from")
        return
    before = next(each for each in instructions if each.name != "ARG")
    if before.name != "FROM" and before.name in INSTRUCTIONS:
        yield Problem(before.line, "files.dockerfile.before_from", {"word": before.name})


def _of_one(given: Instruction) -> Iterator[Problem]:
    if given.name not in INSTRUCTIONS:
        yield _unknown(given)
    elif not given.rest:
        yield Problem(given.line, "files.dockerfile.nothing", {"word": given.name})
    else:
        yield from _CHECKS.get(given.name, _nothing_more)(given)
        if given.name in _TAKE_LISTS:
            yield from _list(given)


def _unknown(given: Instruction) -> Problem:
    near = process.extractOne(
        given.name, sorted(INSTRUCTIONS), scorer=OSA.distance, score_cutoff=MOST_SLIPS
    )
    if near is None:
        return Problem(given.line, "files.dockerfile.unknown", {"word": given.word[:40]})
    values = {"word": given.word[:40], "meant": near[0]}
    return Problem(given.line, "files.dockerfile.misspelt", values)


def _nothing_more(_: Instruction) -> Iterator[Problem]:
    return iter(())


def _from(given: Instruction) -> Iterator[Problem]:
    named = given.arguments
    well_formed = len(named) in _FROM_WORDS and (len(named) == 1 or named[1].upper() == "AS")
    if not well_formed:
        yield Problem(given.line, "files.dockerfile.from")


def _copy(given: Instruction) -> Iterator[Problem]:
    places = _listed(given) or given.arguments
    values = {"word": given.name}
    if len(places) < 2:  # noqa: PLR2004 - from and to
        yield Problem(given.line, "files.dockerfile.places", values)
    elif len(places) > 2 and not places[-1].endswith("/") and places[-1] not in (".", ".."):  # noqa: PLR2004
        yield Problem(given.line, "files.dockerfile.into_folder", {"folder": places[-1] + "/"})
    elif "--from" not in given.rest and any(_leaves(place) for place in places[:-1]):
        yield Problem(given.line, "files.dockerfile.outside", values)


def _leaves(place: str) -> bool:
    return place == ".." or place.startswith("../")


def _expose(given: Instruction) -> Iterator[Problem]:
    for port in given.arguments:
        if "$" in port:
            continue
        found = _PORT.fullmatch(port)
        if found is None or not all(0 < int(n) <= HIGHEST_PORT for n in found.groups() if n):
            key = "mapped" if ":" in port else "port"
            yield Problem(given.line, f"files.dockerfile.{key}", {"port": port[:40]})


def _setting(given: Instruction) -> Iterator[Problem]:
    named = given.arguments
    if len(named) == 1 and "=" not in named[0]:
        values = {"word": given.name, "name": named[0][:40]}
        yield Problem(given.line, "files.dockerfile.no_value", values)
    elif named and "=" in named[0] and not named[0].partition("=")[0]:
        yield Problem(given.line, "files.dockerfile.no_name", {"word": given.name})


def _healthcheck(given: Instruction) -> Iterator[Problem]:
    named = given.arguments
    if not named or named[0].upper() not in ("CMD", "NONE"):
        yield Problem(given.line, "files.dockerfile.healthcheck")


def _shell(given: Instruction) -> Iterator[Problem]:
    if _listed(given) is None:
        yield Problem(given.line, "files.dockerfile.shell")


def _onbuild(given: Instruction) -> Iterator[Problem]:
    word, _, rest = given.rest.partition(" ")
    if word.upper() in ("FROM", "ONBUILD", "MAINTAINER"):
        yield Problem(given.line, "files.dockerfile.onbuild", {"word": word.upper()})
    else:
        yield from _of_one(Instruction(given.line, word, rest.strip(), given.heredocs))


def _workdir(given: Instruction) -> Iterator[Problem]:
    if len(given.arguments) > 1 and not given.rest.startswith(('"', "'")):
        yield Problem(given.line, "files.dockerfile.one_folder")


def _list(given: Instruction) -> Iterator[Problem]:
    """`CMD ['nginx']` looks like a list, and is run by a shell as it stands."""
    shown = " ".join(given.arguments)
    if _JSON_LIKE.fullmatch(shown) and _listed(given) is None and not shown.startswith("[["):
        if given.name == "RUN" and shown.startswith("[ "):
            return  # the shell's own test
        yield Problem(given.line, "files.dockerfile.list", {"word": given.name}, error=False)


def _listed(given: Instruction) -> list[str] | None:
    """The words of a JSON list, if it is one of words."""
    try:
        found = json.loads(" ".join(given.arguments))
    except (ValueError, RecursionError):
        return None
    whole = isinstance(found, list) and all(isinstance(each, str) for each in found)
    return found if whole else None


def _repeated(instructions: list[Instruction]) -> Iterator[Problem]:
    """Only the last of these counts in a stage."""
    seen: dict[str, int] = {}
    for each in instructions:
        if each.name == "FROM":
            seen.clear()
        elif each.name in _ONLY_LAST_COUNTS:
            if each.name in seen:
                values = {"word": each.name, "before": str(seen[each.name])}
                yield Problem(each.line, "files.dockerfile.repeated", values, error=False)
            seen[each.name] = each.line


def _phone_quotes(lines: list[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        found = None if line.lstrip().startswith("#") else _PHONE_QUOTES.search(line)
        if found is not None:
            values = {"mark": found[0]}
            yield Problem(number, "files.phone_quotes", values, error=False)


_CHECKS: Final = {
    "FROM": _from,
    "COPY": _copy,
    "ADD": _copy,
    "EXPOSE": _expose,
    "ENV": _setting,
    "LABEL": _setting,
    "HEALTHCHECK": _healthcheck,
    "SHELL": _shell,
    "ONBUILD": _onbuild,
    "WORKDIR": _workdir,
}
