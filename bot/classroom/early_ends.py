"""Containers that were started in the background and are not running a moment later, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.terminal.error_help import ContainerSeen, ErrorHelp
from bot.terminal.error_help.mounts import hidden_by_mount
from bot.terminal.error_help.naming import out_of_memory
from bot.terminal.error_help.typed import RUN, background_starts, option_after_image
from lessons.docker_grammar import DockerCommand
from sandbox.contract import ContainerFact, EngineFacts

_LONG_ID: Final = re.compile(r"^[0-9a-f]{64}$", re.MULTILINE)
_ONE_WORD: Final = re.compile(r"^[\w.-]{1,200}$", re.MULTILINE)
_COMPOSE_SAYS: Final = re.compile(r"\bContainer (\S{1,200})\s+([A-Z][a-z]+)")
_GONE_AGAIN: Final = frozenset({"Stopping", "Stopped", "Removing", "Removed", "Exited", "Error"})
_WRITTEN_BY_SHELL: Final = ("$", "`", "*")
_ENDED: Final = frozenset({"exited", "dead"})
_BY_HAND: Final = frozenset({"kill", "stop"})
_BEGINS: Final = frozenset({"create", "start"})
_KILLED: Final = 137
SHORTEST_ID: Final = 4


@dataclass(frozen=True, slots=True)
class Start:
    """A container that a command started, by what is known of it: a name or an id."""

    command: DockerCommand
    called: str


@dataclass(frozen=True, slots=True)
class EarlyEnd:
    """Why a container is not running; `container_id` when its log may tell more."""

    help: ErrorHelp
    container_id: str | None = None
    mounts: tuple[str, ...] = ()
    """Where something was put over its image."""

    @property
    def failed(self) -> bool:
        """Whether it was more than done with its work."""
        return self.help.id != "exited_at_once"

    def with_last_words(self, log: str) -> ErrorHelp:
        """The explanation with what the end of the container's log tells."""
        hidden = hidden_by_mount(self.mounts, log)
        if hidden is not None:
            return hidden
        lines = [stripped for line in log.splitlines() if (stripped := line.strip())]
        if not lines:
            return self.help
        return replace(self.help, values=dict(self.help.values) | {"line": lines[-1]})


def starts(line: str, printed: str) -> tuple[Start, ...]:
    """What the line left running, by what it printed; none for a line that starts nothing so.

    `printed` is the end of its output.
    """
    commands = background_starts(line)
    runs = [command for command in commands if command.path in RUN]
    ids = _LONG_ID.findall(printed)[-len(runs) :] if runs else []
    found = [
        Start(command, long_id) for command, long_id in zip(runs[-len(ids) :], ids, strict=False)
    ]
    for command in commands:
        if command.path[0] == "compose":
            found += [Start(command, name) for name in _started_by_compose(printed)]
        elif command.path not in RUN:
            found += [Start(command, name) for name in _named(command, printed)]
    return tuple(found)


def early_ends(started: Sequence[Start], facts: EngineFacts) -> tuple[EarlyEnd, ...]:
    """Those of them that have ended, each of them once; those that failed come first."""
    found: dict[str, EarlyEnd] = {}
    for start in started:
        container = _container(start.called, facts)
        end = _gone(start, facts) if container is None else _end_of(start, container, facts)
        if end is not None:
            found.setdefault(container.id if container is not None else start.called, end)
    return tuple(sorted(found.values(), key=lambda end: not end.failed))


def _started_by_compose(printed: str) -> Iterator[str]:
    said: dict[str, list[str]] = {}
    for name, state in _COMPOSE_SAYS.findall(printed):
        said.setdefault(name, []).append(state)
    for name, states in said.items():
        if "Started" in states and states[-1] not in _GONE_AGAIN:
            yield name


def _named(command: DockerCommand, printed: str) -> Iterator[str]:
    """What `docker start` was given; where the shell wrote it, what was printed is the same."""
    for argument in command.arguments:
        if any(sign in argument for sign in _WRITTEN_BY_SHELL):
            yield from _ONE_WORD.findall(printed)
        else:
            yield argument


def _container(called: str, facts: EngineFacts) -> ContainerFact | None:
    named = next((each for each in facts.containers if each.name == called), None)
    if named is not None or len(called) < SHORTEST_ID:
        return named
    return next((each for each in facts.containers if each.id.startswith(called)), None)


def _end_of(start: Start, container: ContainerFact, facts: EngineFacts) -> EarlyEnd | None:
    if _was_ended_by_hand(container.name, facts):
        return None
    if container.status == "restarting" or container.restart_count > 0:
        return EarlyEnd(ErrorHelp("restart_loop", _values(container)))
    if container.status not in _ENDED:
        return None
    if _was_out_of_memory(start, container, facts):
        return EarlyEnd(out_of_memory(container_seen(container)))
    return _end_by_itself(start.command, container)


def _end_by_itself(command: DockerCommand, container: ContainerFact) -> EarlyEnd:
    if container.exit_code == 0:
        return EarlyEnd(ErrorHelp("exited_at_once", _values(container)))
    misplaced = option_after_image(command) if command.path in RUN else None
    if misplaced is not None:
        values = {"flag": misplaced, "image": command.arguments[0]}
        return EarlyEnd(ErrorHelp("option_after_image", values))
    mounts = tuple(mount.target for mount in container.mounts)
    return EarlyEnd(ErrorHelp("failed_at_once", _values(container)), container.id, mounts)


def _values(container: ContainerFact) -> dict[str, str]:
    return {"container": container.name, "code": str(container.exit_code)}


def _was_out_of_memory(start: Start, container: ContainerFact, facts: EngineFacts) -> bool:
    """What the kernel ended in it may have been before this start, when it is no new container."""
    if container.oom_killed:
        return True
    is_new = start.command.path in RUN or container.exit_code == _KILLED
    return is_new and container.name in {kill.container for kill in facts.oom_kills}


def _gone(start: Start, facts: EngineFacts) -> EarlyEnd | None:
    """A container with `--rm` is gone with its log; how it ended is in the engine's events."""
    name = start.called
    if start.command.path in RUN:
        name = next((value for value in start.command.values_of("name") if value), "")
    if not name or _was_ended_by_hand(name, facts):
        return None
    for event in reversed(facts.events):
        if (event.type, event.action, event.name) == ("container", "die", name):
            code = event.exit_code or 0
            error_id = "failed_at_once" if code else "exited_at_once"
            return EarlyEnd(ErrorHelp(error_id, {"container": name, "code": str(code)}))
    return None


def _was_ended_by_hand(name: str, facts: EngineFacts) -> bool:
    """Whether the newest container of this name was stopped by a command since it was started."""
    for event in reversed(facts.events):
        if event.type == "container" and event.name == name:
            if event.action in _BY_HAND:
                return True
            if event.action in _BEGINS:
                return False
    return False


def container_seen(container: ContainerFact) -> ContainerSeen:
    """A container as explanations know it."""
    return ContainerSeen(
        id=container.id,
        name=container.name,
        status=container.status,
        image=container.image,
        exit_code=container.exit_code,
        oom_killed=container.oom_killed,
        restart_count=container.restart_count,
        memory_bytes=container.memory_bytes,
        ports=tuple(port.host_port for port in container.ports if port.host_port is not None),
        exposed=tuple(port.container_port for port in container.ports),
    )
