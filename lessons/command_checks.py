"""The kind `command`: a docker command that the learner ran, however they wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lessons.checks import finding, number_in
from lessons.command_line import simple_commands
from lessons.docker_grammar import TAKES_IMAGE_FIRST, DockerCommand, read_docker
from lessons.facts import CommandDone, Situation
from lessons.model import Finding
from lessons.references import same_image


@dataclass(frozen=True, slots=True)
class Command:
    """The learner ran this docker command, however they wrote it, and it ended with exit code 0.

    Its options and arguments have to be among what they typed, in any order; they may type more.
    """

    REQUIRED: ClassVar = frozenset({"is"})
    OPTIONAL: ClassVar = frozenset({"exit_code", "form"})

    text: str
    wanted: DockerCommand
    exit_code: int | None = 0
    """None accepts every exit code."""
    form: str | None = None
    """`management` for `docker container ls`, `short` for `docker ps`; None takes either."""
    kind: ClassVar = "command"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {
            *("command_done", "command_missing", "command_failed", "command_interrupted"),
            *("command_incomplete", "command_other_form"),
            *("command_only_help", "command_without_help", "command_short_version"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        commands = _docker_commands(fields["is"])
        if len(commands) != 1:
            raise ValueError(f"`is` must be one docker command, not {fields['is']!r}")
        form = fields.get("form")
        if form not in {None, *_FORMS}:
            raise ValueError(f"`form` must be one of {', '.join(_FORMS)}, not {form!r}")
        return cls(fields["is"], commands[0], _exit_code(fields.get("exit_code", "0")), form)

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: done, or the nearest thing to it that the learner ran."""
        nearest = max(
            (
                (self._closeness(actual, done), done)
                for done in situation.commands
                for actual in _docker_commands(done.line)
            ),
            key=lambda found: _CLOSENESS.index(found[0]),
            default=("command_missing", None),
        )
        key, done = nearest
        if key == "command_missing":
            done = None  # a line that is not the command at all says nothing about the task
        code = done.exit_code if done is not None else None
        return (
            finding(
                key,
                ok=key == "command_done",
                command=self.text,
                line=done.line if done is not None else "",
                exit_code="" if code is None else code,
            ),
        )

    def _closeness(self, actual: DockerCommand, done: CommandDone) -> str:
        if actual.path != self.wanted.path or actual.version != self.wanted.version:
            is_short = actual.version and self.wanted.path == ("version",)
            return "command_short_version" if is_short else "command_missing"
        if actual.help != self.wanted.help:
            return "command_only_help" if actual.help else "command_without_help"
        if not _contains(actual, self.wanted):
            return "command_incomplete"
        if self.form is not None and _form(actual) != self.form:
            return "command_other_form"
        if self.exit_code is None or done.exit_code == self.exit_code:
            return "command_done"
        return "command_interrupted" if done.exit_code is None else "command_failed"


_CLOSENESS = (
    *("command_missing", "command_short_version", "command_only_help", "command_without_help"),
    *("command_incomplete", "command_other_form"),
    *("command_interrupted", "command_failed", "command_done"),
)
"""From farthest to nearest: the nearest thing that the learner ran is the one to talk about."""


_FORMS = ("management", "short")


def _form(command: DockerCommand) -> str:
    return "management" if len(command.written) > 1 else "short"


def _contains(actual: DockerCommand, wanted: DockerCommand) -> bool:
    return _all_in(wanted.options, actual.options) and _arguments_in(actual, wanted)


def _arguments_in(actual: DockerCommand, wanted: DockerCommand) -> bool:
    """An image has several names: `busybox:latest` is busybox."""
    if wanted.path not in TAKES_IMAGE_FIRST or not wanted.arguments or not actual.arguments:
        return _all_in(wanted.arguments, actual.arguments)
    same = same_image(wanted.arguments[0], actual.arguments[0])
    return same and _all_in(wanted.arguments[1:], actual.arguments[1:])


def _all_in(wanted: Iterable[object], actual: Iterable[object]) -> bool:
    left = list(actual)
    for item in wanted:
        if item not in left:
            return False
        left.remove(item)
    return True


def _docker_commands(line: str) -> list[DockerCommand]:
    commands = (read_docker(words) for words in simple_commands(line))
    return [command for command in commands if command is not None]


def _exit_code(text: str) -> int | None:
    return None if text == "any" else number_in(text, "exit_code", 0, 255)
