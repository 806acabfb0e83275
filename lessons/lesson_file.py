"""lesson.yaml → `Lesson`: ids, order and checks, with the line of each mistake."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from lessons.checks import AnyOf
from lessons.kinds import KINDS
from lessons.mistakes import Mistake
from lessons.model import Check, Lesson, Step, Task

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 40
"""Ids travel in the custom ids of Discord's buttons, which hold 100 characters in all."""

Found = TypeVar("Found")


def read_lesson(file: Path, mistakes: list[Mistake]) -> Lesson | None:
    """The lesson, or None when it is too broken to go on; mistakes are added to the list."""
    root = _parse(file, mistakes)
    if root is None:
        return None
    fields = _Fields.of(root, _Report(file, mistakes))
    if fields is None:
        return None
    lesson = _lesson(fields)
    _check_task_ids(lesson, fields)
    return lesson


def _parse(file: Path, mistakes: list[Mistake]) -> yaml.Node | None:
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
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
class _Report:
    """Where mistakes of a file go."""

    file: Path
    mistakes: list[Mistake]

    def add(self, node: yaml.Node, text: str) -> None:
        self.mistakes.append(Mistake(self.file, node.start_mark.line + 1, text))


@dataclass(frozen=True, slots=True)
class _Fields:
    """A mapping of the file, its values as the author wrote them: YAML would make 80:80 4880."""

    node: yaml.MappingNode
    values: dict[str, yaml.Node]
    report: _Report

    @classmethod
    def of(cls, node: yaml.Node, report: _Report) -> _Fields | None:
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
        for name in sorted(required - self.values.keys()):
            self.report.add(self.node, f"{name!r} is missing")
        for name in self.values.keys() - required - optional:
            self.report.add(
                self.values[name], f"unknown {name!r}{_meant(name, required | optional)}"
            )

    def text(self, name: str) -> str:
        node = self.values.get(name)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.report.add(node, f"{name!r} must be a word or a number")
            return ""
        return str(node.value).strip()

    def id(self) -> str:
        text = self.text("id")
        if text and (not _ID.fullmatch(text) or len(text) > _LONGEST_ID):
            self.report.add(
                self.values["id"],
                f"an id has a-z, 0-9 and single dashes, at most {_LONGEST_ID}: not {text!r}",
            )
        return text

    def number(self, name: str, low: int, high: int) -> int:
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
        text = self.text(name)
        if text not in {"", "true", "false"}:
            self.report.add(self.values[name], f"{name!r} must be true or false, not {text!r}")
        return text == "true"

    def items(self, name: str) -> list[yaml.Node]:
        node = self.values.get(name)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.report.add(node, f"{name!r} must be a list")
            return []
        return list(node.value)

    def each(self, name: str, read: Callable[[_Fields], Found | None]) -> tuple[Found, ...]:
        mappings = [_Fields.of(node, self.report) for node in self.items(name)]
        found = [read(fields) for fields in mappings if fields is not None]
        return tuple(item for item in found if item is not None)


def _lesson(fields: _Fields) -> Lesson:
    fields.expect({"id", "order", "version", "minutes", "steps"}, {"requires"})
    lesson = Lesson(
        id=fields.id(),
        order=fields.number("order", 1, 999),
        version=fields.number("version", 1, 9999),
        minutes=fields.number("minutes", 1, 240),
        requires=tuple(str(node.value) for node in fields.items("requires")),
        steps=fields.each("steps", _step),
    )
    if not lesson.steps and "steps" in fields.values:
        fields.report.add(fields.values["steps"], "a lesson needs at least one step")
    _check_unique(fields, "step", [step.id for step in lesson.steps])
    _check_unique(fields, "task", [task.id for task in lesson.tasks])
    return lesson


def _step(fields: _Fields) -> Step:
    fields.expect({"id"}, {"tasks"})
    return Step(fields.id(), fields.each("tasks", _task))


def _task(fields: _Fields) -> Task:
    fields.expect({"id", "checks"}, {"look_twice"})
    task = Task(fields.id(), fields.each("checks", _check), fields.yes("look_twice"))
    if not task.checks and not fields.items("checks"):
        fields.report.add(fields.node, f"the task {task.id!r} has no checks")
    return task


def _check(fields: _Fields) -> Check | None:
    name = fields.text("kind")
    if "kind" not in fields.values:
        fields.report.add(fields.node, "a check needs its 'kind'")
        return None
    if name == AnyOf.kind:
        return _any_of(fields)
    kind = KINDS.get(name)
    if kind is None:
        message = f"unknown kind of check {name!r}{_meant(name, {*KINDS, AnyOf.kind})}"
        fields.report.add(fields.values["kind"], message)
        return None
    fields.expect({"kind", *kind.REQUIRED}, kind.OPTIONAL)
    values = {key: fields.text(key) for key in fields.values if key != "kind"}
    if not all(values.get(key) for key in kind.REQUIRED):
        return None
    try:
        return kind.from_fields(values)
    except ValueError as error:
        fields.report.add(fields.node, str(error))
        return None


def _any_of(fields: _Fields) -> AnyOf | None:
    fields.expect({"kind", "checks"})
    checks = fields.each("checks", _check)
    if len(fields.items("checks")) < 2:  # noqa: PLR2004 - a choice has two sides
        fields.report.add(fields.node, "any_of needs at least two checks to choose from")
    return AnyOf(checks) if checks else None


def _check_unique(fields: _Fields, what: str, ids: Sequence[str]) -> None:
    for twice in sorted({item for item in ids if item and ids.count(item) > 1}):
        fields.report.add(fields.node, f"the {what} id {twice!r} is used twice")


def _check_task_ids(lesson: Lesson, fields: _Fields) -> None:
    """A check that comes after another task needs that task to exist, and before it."""
    seen: set[str] = set()
    for task in lesson.tasks:
        for check in task.checks:
            if check.after is not None and check.after not in seen:
                fields.report.add(
                    fields.node,
                    f"the task {task.id!r} comes after {check.after!r}, which is no earlier task",
                )
        seen.add(task.id)


def _meant(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(sorted(known))}"
