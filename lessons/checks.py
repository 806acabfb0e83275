"""What every kind of check is and says; and judging a task by all of its checks.

A rule looks at facts and at what the learner did, and gives findings: what should be, what is, and
which known mistake that is. Keys tell mistakes apart, so that each has its own sentence and hint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, Self

from lessons.facts import Situation
from lessons.model import Check, Finding, Task, Verdict

LONGEST_VALUE = 80


def judge(task: Task, situation: Situation) -> Verdict:
    """Judge a task: every check has to pass."""
    situation = replace(situation, answer=situation.answers.get(task.id))
    findings = tuple(f for check in task.checks for f in check.judge(situation))
    return Verdict(all(finding.ok for finding in findings), findings)


def finding(key: str, *, ok: bool = False, **values: object) -> Finding:
    """A finding whose values fit on one line between backticks."""
    return Finding(ok, key, {name: _shown(str(value)) for name, value in values.items()})


def _shown(value: str) -> str:
    printable = "".join(c if c.isprintable() and c != "`" else " " for c in value)
    text = " ".join(printable.split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def number_in(text: str, name: str, low: int, high: int) -> int:
    """The number that an author wrote; `ValueError` in plain words."""
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise ValueError(f"{name} must be a number from {low} to {high}, not {text!r}")
    return int(text)


def port_in(text: str) -> int:
    """The port that an author wrote; `ValueError` in plain words."""
    return number_in(text, "a port", 1, 65_535)


class SimpleCheck(Check, Protocol):
    """A kind of check whose fields are plain values."""

    REQUIRED: ClassVar[frozenset[str]]
    OPTIONAL: ClassVar[frozenset[str]]

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml; `ValueError` says in plain words what an author got wrong."""
        ...


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several checks passes; its findings are those of the nearest."""

    checks: tuple[Check, ...]
    kind: ClassVar = "any_of"

    @property
    def finding_keys(self) -> frozenset[str]:
        """The keys of all of them."""
        return frozenset(key for check in self.checks for key in check.finding_keys)

    @property
    def after(self) -> str | None:
        """The first task that one of them needs."""
        return next((check.after for check in self.checks if check.after is not None), None)

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """The findings of the check that lacks least; the first of several alike."""
        judged = [check.judge(situation) for check in self.checks]
        return min(judged, key=lambda findings: sum(not found.ok for found in findings))
