"""What a check may know: the state of a learner's engine and what the learner has done.

These are Docent's own values; the bot makes them from what the sandbox service reports, so that a
rule can be tested in microseconds and outlives any front end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PublishedPort:
    """A container port; `host_port` is None when it is exposed but not published."""

    container_port: int
    protocol: str = "tcp"
    host_port: int | None = None


@dataclass(frozen=True, slots=True)
class Mount:
    """Something mounted into a container; `source` is a volume's name or a folder of the host."""

    source: str
    target: str
    writable: bool = True


@dataclass(frozen=True, slots=True)
class Container:
    """A container; `status` is created, running, paused, restarting, exited or dead."""

    name: str
    image: str
    status: str
    id: str = ""
    exit_code: int = 0
    oom_killed: bool = False
    restart_count: int = 0
    health: str | None = None
    command: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    ports: tuple[PublishedPort, ...] = ()
    networks: dict[str, str] = field(default_factory=dict)
    memory_bytes: int = 0
    nano_cpus: int = 0
    hostname: str = ""
    restart_policy: str = ""
    """As `--restart` has it: no, always, unless-stopped, on-failure, on-failure:3."""
    privileged: bool = False
    read_only: bool = False
    user: str = ""
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    pid_mode: str = ""
    mounts: tuple[Mount, ...] = ()

    @property
    def running(self) -> bool:
        """Whether its main process runs now."""
        return self.status == "running"


@dataclass(frozen=True, slots=True)
class Image:
    """An image; tags as `nginx:latest`."""

    id: str
    tags: tuple[str, ...]
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """The state of a learner's engine at one moment."""

    containers: tuple[Container, ...] = ()
    images: tuple[Image, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def container(self, name: str) -> Container | None:
        """The container of this name, if there is one."""
        return next((c for c in self.containers if c.name == name), None)


@dataclass(frozen=True, slots=True)
class CommandDone:
    """A command line that the learner ran since the lesson was opened, oldest first in a list.

    `exit_code` is None when a limit or the learner ended it.
    """

    line: str
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page that the learner looked at through Docent's own button or command."""

    port: int
    status: int | None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeSeen:
    """What a command of a check's own printed in the learner's engine, and how it ended."""

    text: str
    exit_code: int | None


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a check may look at; `done` are the ids of this lesson's tasks done before."""

    facts: EngineFacts
    commands: tuple[CommandDone, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    done: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    """What the learner answered last, by task."""
    answer: str | None = None
    """That of the task that is being judged."""
    probes: Mapping[str, ProbeSeen] = field(default_factory=dict)
    """What was seen by now, by command line."""
