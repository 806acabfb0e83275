"""Kinds of check that look by commands of their own, and that ask the learner for an answer.

A command is the author's; it looks and changes nothing. It runs only when all else of its task
holds, so it may count on that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lessons.checks import finding, number_in
from lessons.facts import ProbeSeen, Situation
from lessons.model import Finding

PENDING = "probe_pending"
LONGEST_COMMAND = 300


@dataclass(frozen=True, slots=True)
class Probe:
    """A command, run in the learner's engine, shows or lacks a text, or ends in a certain way."""

    REQUIRED: ClassVar = frozenset({"run"})
    OPTIONAL: ClassVar = frozenset({"shows", "lacks", "exit_code"})

    run: str
    shows: str | None = None
    lacks: str | None = None
    exit_code: int | None = None
    kind: ClassVar = "probe"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {
            PENDING,
            *("probe_shown", "probe_not_shown", "probe_still_shown", "probe_not_there"),
            *("probe_exit", "probe_other_exit"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        code = fields.get("exit_code")
        probe = cls(
            _command(fields["run"]),
            fields.get("shows"),
            fields.get("lacks"),
            None if code is None else number_in(code, "exit_code", 0, 255),
        )
        if probe.shows is None and probe.lacks is None and probe.exit_code is None:
            raise ValueError("a probe says what it `shows`, what it `lacks`, or its `exit_code`")
        return probe

    @property
    def lines(self) -> tuple[str, ...]:
        """The commands to look with."""
        return (self.run,)

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """A finding for each thing that is asked for."""
        seen = situation.probes.get(self.run)
        if seen is None:
            return (finding(PENDING, command=self.run),)
        return tuple(self._findings(seen))

    def _findings(self, seen: ProbeSeen) -> list[Finding]:
        found = []
        if self.exit_code is not None:
            ok = seen.exit_code == self.exit_code
            found.append(
                finding(
                    "probe_exit" if ok else "probe_other_exit",
                    ok=ok,
                    command=self.run,
                    wanted=self.exit_code,
                    exit_code="" if seen.exit_code is None else seen.exit_code,
                )
            )
        if self.shows is not None:
            ok = self.shows in seen.text
            key = "probe_shown" if ok else "probe_not_shown"
            found.append(finding(key, ok=ok, command=self.run, text=self.shows, said=seen.text))
        if self.lacks is not None:
            ok = self.lacks not in seen.text
            key = "probe_not_there" if ok else "probe_still_shown"
            found.append(finding(key, ok=ok, command=self.run, text=self.lacks))
        return found


@dataclass(frozen=True, slots=True)
class SameOutput:
    """Two commands, run in the learner's engine, end well and print the same."""

    REQUIRED: ClassVar = frozenset({"run", "as"})
    OPTIONAL: ClassVar = frozenset[str]()

    run: str
    other: str
    kind: ClassVar = "same_output"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset({PENDING, "output_same", "output_differs", "output_none"})

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        run, other = _command(fields["run"]), _command(fields["as"])
        if run == other:
            raise ValueError("`run` and `as` are two different commands")
        return cls(run, other)

    @property
    def lines(self) -> tuple[str, ...]:
        """The commands to look with."""
        return (self.run, self.other)

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding; a command that failed or printed nothing goes before a difference."""
        said = []
        for line in self.lines:
            seen = situation.probes.get(line)
            if seen is None:
                return (finding(PENDING, command=line),)
            if seen.exit_code != 0 or not seen.text.strip():
                text = seen.text.strip()
                return (finding("output_none", command=line, other=self._but(line), said=text),)
            said.append(seen.text.strip())
        same = said[0] == said[1]
        key = "output_same" if same else "output_differs"
        values = dict(zip(("said", "other_said"), said, strict=True))
        return (finding(key, ok=same, command=self.run, other=self.other, **values),)

    def _but(self, line: str) -> str:
        return self.other if line == self.run else self.run


@dataclass(frozen=True, slots=True)
class Answer:
    """The learner answered what a command in their own engine says, or what the author wrote."""

    REQUIRED: ClassVar = frozenset[str]()
    OPTIONAL: ClassVar = frozenset({"run", "is"})

    run: str | None = None
    text: str | None = None
    kind: ClassVar = "answer"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {PENDING, "answer_right", "answer_missing", "answer_wrong", "answer_not_decidable"}
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        run, text = fields.get("run"), fields.get("is")
        if (run is None) == (text is None):
            raise ValueError("an answer is what a command says (`run`), or what it `is`")
        return cls(None if run is None else _command(run), text)

    @property
    def lines(self) -> tuple[str, ...]:
        """The commands to look with; none when the author wrote the answer."""
        return () if self.run is None else (self.run,)

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding."""
        given = situation.answer
        if given is None:
            return (finding("answer_missing"),)
        if self.run is None:
            return (_compared(given, self.text or ""),)
        seen = situation.probes.get(self.run)
        if seen is None:
            return (finding(PENDING, command=self.run),)
        if seen.exit_code != 0 or not seen.text.strip():
            return (finding("answer_not_decidable", given=given),)
        return (_compared(given, seen.text),)


Looking = Probe | SameOutput | Answer
"""The kinds with `lines` that are run in the learner's engine."""


def _compared(given: str, right: str) -> Finding:
    """The right answer is not among the values: a wrong answer must not show it."""
    ok = _plain(given) == _plain(right)
    return finding("answer_right" if ok else "answer_wrong", ok=ok, given=given)


def _plain(text: str) -> str:
    """Without what nobody means by it: case, spaces around, quotes and a full stop."""
    return " ".join(text.casefold().split()).strip("'\"`. ")


def _command(text: str) -> str:
    if len(text) > LONGEST_COMMAND or "\n" in text:
        raise ValueError(f"`run` is one line of at most {LONGEST_COMMAND} characters")
    return text
