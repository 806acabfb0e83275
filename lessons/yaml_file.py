"""YAML files of authors, read so that every mistake has its line and no value is changed.

YAML would make 80:80 the number 4880 and `no` a truth value; here a value stays the text that the
author wrote, and what it means is for the reader to say.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from lessons.mistakes import Mistake

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 40
"""Ids travel in the custom ids of Discord's buttons, which hold 100 characters in all."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The bot reads all lessons at its start: libyaml, where it is there, takes a tenth of the time."""

Found = TypeVar("Found")


def read_root(file: Path, mistakes: list[Mistake]) -> yaml.Node | None:
    """What is in the file; None when it can't be read, with a mistake added to the list."""
    try:
        root: yaml.Node | None = yaml.compose(file.read_text(encoding="utf-8"), Loader=LOADER)
    except FileNotFoundError:
        mistakes.append(Mistake(file, 0, "the file is missing"))
    except UnicodeDecodeError:
        mistakes.append(Mistake(file, 0, "the file is not UTF-8 text"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        mistakes.append(Mistake(file, line, f"this is not YAML: {error.problem}"))
    except yaml.YAMLError as error:
        mistakes.append(Mistake(file, 0, f"this is not YAML: {error}"))
    else:
        if root is not None:
            return root
        mistakes.append(Mistake(file, 0, "the file is empty"))
    return None


@dataclass(frozen=True, slots=True)
class Report:
    """Where mistakes of a file go."""

    file: Path
    mistakes: list[Mistake]

    def add(self, node: yaml.Node, text: str) -> None:
        """A mistake where this node begins."""
        self.mistakes.append(Mistake(self.file, node.start_mark.line + 1, text))


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of the file, its values as the author wrote them: YAML would make 80:80 4880."""

    node: yaml.MappingNode
    values: dict[str, yaml.Node]
    report: Report

    @classmethod
    def of(cls, node: yaml.Node, report: Report) -> Fields | None:
        """The fields of a mapping; None for anything else."""
        if not isinstance(node, yaml.MappingNode):
            report.add(node, "expected `name: value` lines here")
            return None
        values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in values:
                report.add(key, f"{key.value!r} is here twice")
            values[str(key.value)] = value
        return cls(node, values, report)

    def expect(self, required: Set[str], optional: Set[str] = frozenset()) -> None:
        """Name what is missing and what nobody knows."""
        for name in sorted(required - self.values.keys()):
            self.report.add(self.node, f"{name!r} is missing")
        for name in self.values.keys() - required - optional:
            self.report.add(
                self.values[name], f"unknown {name!r}{meant(name, required | optional)}"
            )

    def text(self, name: str) -> str:
        """A single value; empty when it is missing or no single value."""
        node = self.values.get(name)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.report.add(node, f"{name!r} must be a word or a number")
            return ""
        return str(node.value).strip()

    def id(self) -> str:
        """The field `id`, which has to look like one."""
        text = self.text("id")
        if text and (not _ID.fullmatch(text) or len(text) > _LONGEST_ID):
            self.report.add(
                self.values["id"],
                f"an id has a-z, 0-9 and single dashes, at most {_LONGEST_ID}: not {text!r}",
            )
        return text

    def number(self, name: str, low: int, high: int) -> int:
        """A whole number in this range; the lowest when it is missing or wrong."""
        text = self.text(name)
        if not text:
            return low
        if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
            self.report.add(
                self.values[name], f"{name!r} must be a number from {low} to {high}, not {text!r}"
            )
            return low
        return int(text)

    def yes(self, name: str) -> bool:
        """Whether it is true; a field that is not there is false."""
        text = self.text(name)
        if text not in {"", "true", "false"}:
            self.report.add(self.values[name], f"{name!r} must be true or false, not {text!r}")
        return text == "true"

    def items(self, name: str) -> list[yaml.Node]:
        """The entries of a list; none when it is missing or no list."""
        node = self.values.get(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.report.add(node, f"{name!r} must be a list")
            return []
        return list(node.value)

    def texts(self, name: str) -> tuple[str, ...]:
        """The entries of a list of single values."""
        for node in self.items(name):
            if not isinstance(node, yaml.ScalarNode):
                self.report.add(node, f"{name!r} holds words only; quote what has a colon or a #")
        nodes = self.items(name)
        return tuple(str(node.value) for node in nodes if isinstance(node, yaml.ScalarNode))

    def each(self, name: str, read: Callable[[Fields], Found | None]) -> tuple[Found, ...]:
        """Each mapping of a list, read by `read`; what it could not read is left out."""
        mappings = [Fields.of(node, self.report) for node in self.items(name)]
        found = [read(fields) for fields in mappings if fields is not None]
        return tuple(item for item in found if item is not None)


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the nearest known one, or all of them."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"
