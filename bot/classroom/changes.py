"""What a command changed in its learner's engine: before and after, as far as it is worth telling.

The engine's own events say what happened while the command ran; what changed by itself between two
commands is not theirs. The state after the last command says how things were before.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

from bot.classroom.commands import CommandEnded
from bot.classroom.engines import Engines, SeenContainer, SeenEngine
from bot.terminal.vocabulary import HELPERS
from lessons.command_line import simple_commands
from lessons.docker_grammar import DockerCommand, read_docker

LEARNERS_REMEMBERED: Final = 2_000
CLOCKS_APART_S: Final = 1.0
"""The engine's times and ours may differ by so much, and ours are whole seconds."""

Kind = Literal["container", "image", "volume", "network", "name", "joined", "left"]

_IMAGE_ACTIONS: Final = frozenset({"pull", "tag", "untag", "delete", "load", "import", "create"})
_ONLY_LOOKS: Final = frozenset(
    {
        ("container", word)
        for word in ("ls", "logs", "inspect", "top", "stats", "port", "diff", "attach", "wait")
    }
    | {("image", word) for word in ("ls", "inspect", "history", "save", "push")}
    | {(group, word) for group in ("network", "volume") for word in ("ls", "inspect")}
    | {("system", word) for word in ("info", "df", "events")}
    | {("compose", word) for word in ("ps", "logs", "config", "images", "ls", "top", "version")}
    | {("inspect",), ("version",), ("search",), ("login",), ("logout",)}
)
_HARMLESS: Final = HELPERS - {"xargs", "sh", "bash", "ash"}
"""Words of the shell that leave the engine alone; any other program may run docker."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was.

    `before` and `after` are states: `absent`, `there` for what has no other, or a container's.
    `name` has the new name where the kind is `name`, and `other` the old one; for `joined` and
    `left` it is the network.
    """

    kind: Kind
    name: str
    before: str = "there"
    after: str = "there"
    container: SeenContainer | None = None
    """As it is now, if it is."""
    other: str = ""
    size_bytes: int = 0


class Changes:
    """Compares engines before and after commands. Nothing here raises `SandboxError`."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._before: OrderedDict[int, SeenEngine] = OrderedDict()

    async def of(self, ended: CommandEnded) -> tuple[Change, ...]:
        """What this command changed and its output does not say well enough; asks the engine."""
        if not may_change(ended.line):
            return ()
        before = self._before.get(ended.learner_id)
        after = await self._engines.look(ended.learner_id)
        if after is None:
            return ()
        self._remember(ended.learner_id, after)
        since = _began(ended)
        if before is not None and before.events:  # told already, after another command
            since = max(since, math.nextafter(before.events[-1].at, math.inf))
        found = tuple(changes(before, after, since=since))
        return worth_telling(ended.line, found)

    def forget(self, learner_id: int) -> None:
        """The learner is gone."""
        self._before.pop(learner_id, None)

    def _remember(self, learner_id: int, engine: SeenEngine) -> None:
        self._before[learner_id] = engine
        self._before.move_to_end(learner_id)
        if len(self._before) > LEARNERS_REMEMBERED:
            self._before.popitem(last=False)


def may_change(line: str) -> bool:
    """Whether a line can have changed an engine: most of what is typed only looks."""
    commands = simple_commands(line)
    if not commands:
        return "docker" in line
    return any(_may_change(words) for words in commands)


def changes(before: SeenEngine | None, after: SeenEngine, *, since: float) -> Iterator[Change]:
    """What happened since this moment, in seconds since 1970; `before` is the last we know."""
    happened = _Happened(after, since)
    yield from _containers(before, after, happened)
    yield from _images(before, after, happened)
    yield from _named_things("volume", after.volumes, happened)
    yield from _named_things("network", after.networks, happened)


def worth_telling(line: str, found: Sequence[Change]) -> tuple[Change, ...]:
    """Without what the command itself says: `docker pull` tells that there is an image now."""
    commands = simple_commands(line)
    docker = read_docker(commands[0]) if len(commands) == 1 else None
    if docker is None:
        return tuple(found)
    return tuple(change for change in found if not _says_itself(docker, change))


class _Happened:
    """The events of one command."""

    def __init__(self, after: SeenEngine, since: float) -> None:
        self._events = [each for each in after.events if each.at >= since]

    def names(self, kind: str, *actions: str) -> AbstractSet[str]:
        """Names of what this happened to; without actions: anything."""
        return {
            each.name
            for each in self._events
            if each.type == kind and (not actions or each.action in actions)
        }


def _containers(
    before: SeenEngine | None, after: SeenEngine, happened: _Happened
) -> Iterator[Change]:
    known = {each.id: each for each in before.containers} if before else {}
    touched, made = happened.names("container"), happened.names("container", "create")
    for now in after.containers:
        if now.name not in touched:
            yield from _networks(known.get(now.id), now, happened)
            continue
        old = known.get(now.id)
        if old is not None and old.name != now.name:
            yield Change("name", now.name, container=now, other=old.name)
        status = _status_before(old, now, made, happened)
        if status != now.status:
            yield Change("container", now.name, status, now.status, now)
        else:
            yield from _networks(old, now, happened)
    there = {each.name for each in after.containers}
    statuses = {each.name: each.status for each in known.values()}
    for name in sorted(happened.names("container", "destroy") - there - made):
        yield Change("container", name, statuses.get(name, "exited"), "absent")


def _status_before(
    old: SeenContainer | None, now: SeenContainer, made: AbstractSet[str], happened: _Happened
) -> str:
    if old is not None:
        return old.status
    if now.name in made:
        return "absent"
    if now.name in happened.names("container", "start"):
        return "exited"
    return "running" if now.name in happened.names("container", "die") else now.status


def _networks(
    old: SeenContainer | None, now: SeenContainer, happened: _Happened
) -> Iterator[Change]:
    if old is None:
        return
    joined = (now.networks - old.networks) & happened.names("network", "connect")
    left = (old.networks - now.networks) & happened.names("network", "disconnect")
    for network in sorted(joined):
        yield Change("joined", now.name, container=now, other=network)
    for network in sorted(left):
        yield Change("left", now.name, container=now, other=network)


def _images(before: SeenEngine | None, after: SeenEngine, happened: _Happened) -> Iterator[Change]:
    named = happened.names("image", *_IMAGE_ACTIONS)
    if not named:
        return
    now = {tag: image.size_bytes for image in after.images for tag in image.tags}
    if before is not None:
        old = {tag for image in before.images for tag in image.tags}
        gone = old - now.keys()
        new = now.keys() - old
    else:
        gone = named - now.keys() if happened.names("image", "untag") else set()
        new = named & now.keys()
    for tag in sorted(new):
        yield Change("image", tag, "absent", "there", size_bytes=now[tag])
    for tag in sorted(each for each in gone if not each.startswith("sha256:")):
        yield Change("image", tag, "there", "absent")


def _named_things(
    kind: Literal["volume", "network"], there: Sequence[str], happened: _Happened
) -> Iterator[Change]:
    """Volumes and networks have no state but being there."""
    made, gone = happened.names(kind, "create"), happened.names(kind, "destroy")
    for name in sorted(made & set(there)):
        yield Change(kind, name, "absent", "there")
    for name in sorted(gone - set(there) - made):
        yield Change(kind, name, "there", "absent")


def _may_change(words: Sequence[str]) -> bool:
    docker = read_docker(tuple(words))
    if docker is not None:
        return not docker.help and not docker.version and docker.path not in _ONLY_LOOKS
    return words[0] not in _HARMLESS


def _says_itself(docker: DockerCommand, change: Change) -> bool:
    group, word = (*docker.path, "", "")[:2]
    if group == "compose":
        # It tells of all that it makes and ends; what is published is worth a button.
        return word not in _COMPOSE_STARTS or change.kind != "container"
    if change.after == "absent":
        return (group, word) == ("system", "prune") or (
            word in {"rm", "prune"} and change.kind == group
        )
    if change.before != "absent":
        return False
    return (change.kind, word) in _SAYS_WHAT_IT_MAKES


_COMPOSE_STARTS: Final = frozenset({"up", "create", "run", "start", "restart"})
_SAYS_WHAT_IT_MAKES: Final = frozenset(
    {("image", word) for word in ("pull", "load", "run", "create")}
    | {("volume", "create"), ("network", "create")}
)
"""Docker tells that it pulls, and whoever names a volume or a network knows its name."""


def _began(ended: CommandEnded) -> float:
    if ended.started_at is not None:
        return ended.started_at - CLOCKS_APART_S
    return time.time() - ended.took_ms / 1000 - 2 * CLOCKS_APART_S
