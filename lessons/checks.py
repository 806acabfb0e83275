"""The rules of the first lesson: one small class for each kind of check.

A rule looks at facts and at what the learner did, and gives findings: what should be, what is, and
which known mistake that is. Keys tell mistakes apart, so that each has its own sentence and hint.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, Self
from urllib.parse import urlsplit

from lessons.command_line import simple_commands
from lessons.docker_grammar import TAKES_IMAGE_FIRST, DockerCommand, read_docker
from lessons.facts import CommandDone, Container, EngineFacts, Situation
from lessons.model import Check, Finding, Task, Verdict
from lessons.references import same_image

LONGEST_VALUE = 80
_OK_STATUS = 200


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


class SimpleCheck(Check, Protocol):
    """A kind of check whose fields are plain values."""

    REQUIRED: ClassVar[frozenset[str]]
    OPTIONAL: ClassVar[frozenset[str]]

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml; `ValueError` says in plain words what an author got wrong."""
        ...


@dataclass(frozen=True, slots=True)
class ContainerRunning:
    """A container of this name runs, made from this image, with this port published."""

    REQUIRED: ClassVar = frozenset({"name"})
    OPTIONAL: ClassVar = frozenset({"image", "publishes"})

    name: str
    image: str | None = None
    publishes: tuple[int, int] | None = None
    """Host port, container port."""
    kind: ClassVar = "container_running"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {
            *("container_running", "container_missing", "container_other_name"),
            *("container_created", "container_exited", "container_paused"),
            *("container_restarting", "container_out_of_memory"),
            *("container_image", "container_other_image"),
            *("port_published", "port_unpublished", "port_other", "port_reversed"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        published = fields.get("publishes")
        return cls(
            fields["name"],
            fields.get("image"),
            None if published is None else _port_pair(published),
        )

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """The container, then its image and port if those are asked for."""
        container = situation.facts.container(self.name)
        if container is None:
            return (self._judge_absent(situation.facts),)
        findings = [_judge_status(container)]
        if self.image is not None:
            findings.append(self._judge_image(container, self.image, situation.facts))
        if self.publishes is not None and container.running:
            findings.append(_judge_port(container, *self.publishes))
        return tuple(findings)

    def _judge_absent(self, facts: EngineFacts) -> Finding:
        similar = similar_container(self.name, self.image, facts)
        if similar is None:
            return finding("container_missing", name=self.name)
        return finding("container_other_name", name=self.name, similar=similar.name)

    def _judge_image(self, container: Container, image: str, facts: EngineFacts) -> Finding:
        if made_from(container, image, facts):
            return finding(
                "container_image", ok=True, name=self.name, image=image, actual=container.image
            )
        return finding("container_other_image", name=self.name, image=image, actual=container.image)


def _judge_status(container: Container) -> Finding:
    name = container.name
    match container.status:
        case "running":
            return finding("container_running", ok=True, name=name)
        case "created":
            return finding("container_created", name=name)
        case "paused":
            return finding("container_paused", name=name)
        case "restarting":
            return finding("container_restarting", name=name, exit_code=container.exit_code)
        case status if container.oom_killed:
            return finding("container_out_of_memory", name=name, status=status)
        case status:
            return finding(
                "container_exited", name=name, status=status, exit_code=container.exit_code
            )


def _judge_port(container: Container, host_port: int, container_port: int) -> Finding:
    published = [
        (port.host_port, port.container_port)
        for port in container.ports
        if port.host_port is not None and port.protocol == "tcp"
    ]
    wanted = f"{host_port} → {container_port}"
    if (host_port, container_port) in published:
        return finding("port_published", ok=True, name=container.name, wanted=wanted, actual=wanted)
    actual = ", ".join(f"{host} → {inside}" for host, inside in dict.fromkeys(published))
    if not published:
        return finding("port_unpublished", name=container.name, wanted=wanted)
    key = "port_reversed" if (container_port, host_port) in published else "port_other"
    return finding(key, name=container.name, wanted=wanted, actual=actual)


def made_from(container: Container, image: str, facts: EngineFacts) -> bool:
    """Whether the container was made from this image, named or by its id."""
    if same_image(image, container.image):
        return True
    # A container that was started by an image's id shows that id instead of a name.
    image_id = container.image.removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{4,64}", image_id):
        return False
    return any(
        candidate.id.removeprefix("sha256:").startswith(image_id)
        and any(same_image(image, tag) for tag in candidate.tags)
        for candidate in facts.images
    )


def similar_container(name: str, image: str | None, facts: EngineFacts) -> Container | None:
    """The container that was probably meant: a name nearly right, else one from the same image."""
    candidates = [c for c in facts.containers if not _is_neighbour(c, name)]
    close = difflib.get_close_matches(name, [c.name for c in candidates], n=1, cutoff=0.7)
    if close:
        return facts.container(close[0])
    from_image = [c for c in candidates if image and made_from(c, image, facts)]
    return min(from_image, key=lambda container: not container.running, default=None)


def _is_neighbour(container: Container, name: str) -> bool:
    """Whether compose named it for the same project: another service, and no slip of the pen."""
    project = container.labels.get("com.docker.compose.project")
    return bool(project) and name.startswith(f"{project}-")


@dataclass(frozen=True, slots=True)
class ContainerGone:
    """A container of this name was there, shown by the task `after`, and is there no longer."""

    REQUIRED: ClassVar = frozenset({"name", "after"})
    OPTIONAL: ClassVar = frozenset[str]()

    name: str
    after: str
    kind: ClassVar = "container_gone"
    finding_keys: ClassVar = frozenset(
        {
            *("container_gone", "container_never_seen"),
            *("container_still_running", "container_still_there"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"], fields["after"])

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: never seen, still there, or gone."""
        if self.after not in situation.done:
            return (finding("container_never_seen", name=self.name),)
        container = situation.facts.container(self.name)
        if container is None:
            return (finding("container_gone", ok=True, name=self.name),)
        key = "container_still_there"
        if container.status in {"running", "paused", "restarting"}:
            key = "container_still_running"
        return (finding(key, name=self.name, status=container.status),)


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


@dataclass(frozen=True, slots=True)
class PageSeen:
    """The learner looked at the page of a port that a running container publishes.

    Docent's own page look counts when it had this status; `curl` and `wget` to localhost count when
    they ended well.
    """

    REQUIRED: ClassVar = frozenset({"port"})
    OPTIONAL: ClassVar = frozenset({"status", "container"})

    port: int
    status: int = _OK_STATUS
    container: str | None = None
    """Only this container's port counts."""
    kind: ClassVar = "page_seen"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {
            *("page_seen", "page_not_seen", "page_no_answer", "page_other_status"),
            *("page_nothing_published", "page_other_container"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        status = number_in(fields.get("status", str(_OK_STATUS)), "status", 100, 599)
        return cls(_port(fields["port"]), status, fields.get("container"))

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: seen, or what is in the way."""
        publishing = [c for c in situation.facts.containers if _publishes(c, self.port)]
        if not publishing:
            return (finding("page_nothing_published", port=self.port),)
        if self.container is not None and self.container not in {c.name for c in publishing}:
            return (
                finding(
                    "page_other_container",
                    port=self.port,
                    name=self.container,
                    actual=publishing[0].name,
                ),
            )
        return (self._judge_looks(situation),)

    def _judge_looks(self, situation: Situation) -> Finding:
        statuses = [page.status for page in situation.pages if page.port == self.port]
        if self.status in statuses or (self.status == _OK_STATUS and self._fetched(situation)):
            return finding("page_seen", ok=True, port=self.port, status=self.status)
        if not statuses:
            return finding("page_not_seen", port=self.port)
        if statuses[-1] is None:
            return finding("page_no_answer", port=self.port)
        return finding("page_other_status", port=self.port, status=self.status, actual=statuses[-1])

    def _fetched(self, situation: Situation) -> bool:
        return any(
            self.port in _fetched_ports(words)
            for done in situation.commands
            if done.exit_code == 0
            for words in simple_commands(done.line)
        )


def _publishes(container: Container, host_port: int) -> bool:
    return container.running and any(
        port.host_port == host_port and port.protocol == "tcp" for port in container.ports
    )


_LOCAL = {"localhost", "127.0.0.1", "0.0.0.0", "::1"}  # noqa: S104 - addresses to recognise


def _fetched_ports(words: tuple[str, ...]) -> set[int]:
    """The local ports that a curl or wget command asks over HTTP."""
    if words[0] not in {"curl", "wget"} or {"--help", "--version", "-V"} & set(words):
        return set()
    return {port for word in words[1:] if (port := _local_port(word)) is not None}


def _local_port(word: str) -> int | None:
    if word.startswith("-"):
        return None
    try:
        url = urlsplit(word if "://" in word else f"http://{word}")
        port = url.port
    except ValueError:
        return None
    if url.scheme != "http" or url.hostname not in _LOCAL:
        return None
    return 80 if port is None else port


@dataclass(frozen=True, slots=True)
class ImagePresent:
    """An image of this name is on the learner's engine."""

    REQUIRED: ClassVar = frozenset({"name"})
    OPTIONAL: ClassVar = frozenset[str]()

    name: str
    kind: ClassVar = "image_present"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset({"image_present", "image_missing", "image_other_tag"})

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"])

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: there, missing, or there under another tag only."""
        tags = [tag for image in situation.facts.images for tag in image.tags]
        if any(same_image(self.name, tag) for tag in tags):
            return (finding("image_present", ok=True, image=self.name),)
        repository = self.name.rpartition(":")[0] or self.name
        other = next((tag for tag in tags if same_image(repository, tag)), None)
        if other is not None:
            return (finding("image_other_tag", image=self.name, actual=other),)
        return (finding("image_missing", image=self.name),)


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


def _port_pair(text: str) -> tuple[int, int]:
    host, colon, container = text.partition(":")
    if not colon:
        raise ValueError(f"`publishes` must be HOST:CONTAINER, for example 80:80, not {text!r}")
    return _port(host), _port(container)


def _port(text: str) -> int:
    return number_in(text, "a port", 1, 65_535)


def _exit_code(text: str) -> int | None:
    return None if text == "any" else number_in(text, "exit_code", 0, 255)


def number_in(text: str, name: str, low: int, high: int) -> int:
    """The number that an author wrote; `ValueError` in plain words."""
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise ValueError(f"{name} must be a number from {low} to {high}, not {text!r}")
    return int(text)
