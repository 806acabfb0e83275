"""The learner's own names in an explanation: names for ids, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.terminal.error_help.cli_names import command_names, flag_names
from bot.terminal.error_help.known import TABLE
from bot.terminal.error_help.model import ContainerSeen, EngineSeen, ErrorHelp, Kind
from bot.terminal.error_help.typed import typed_container
from bot.terminal.vocabulary import words

MOST_MEANT: Final = 3
LONGEST_NAME: Final = 100
OFTEN_USED: Final = words(
    "alpine busybox debian hello-world httpd mysql nginx postgres python redis registry ubuntu"
)
"""Images that a learner may mean before one of them is in their engine."""

_ID = re.compile(r"[0-9a-f]{12,64}")
_MISSPELT: Final[Mapping[str, Mapping[str, Kind]]] = {
    known.id: known.misspelt for known in TABLE if known.misspelt
} | {"not_in_mirror": {"image": "image"}, "tag_not_found": {"image": "image"}}
_OF_ENGINE: Final = frozenset({"container", "image", "volume", "network"})
_BY_STATE: Final = frozenset({"port_taken", "port_not_published", "exit_137", "no_such_object"})
_ALIVE: Final = frozenset({"running", "paused", "restarting"})


def needs_engine(help: ErrorHelp) -> bool:
    """Whether the explanation gets better by a look at what exists in the engine."""
    kinds = _MISSPELT.get(help.id, {}).values()
    has_id = any(_ID.fullmatch(value) for value in help.values.values())
    return has_id or help.id in _BY_STATE or any(kind in _OF_ENGINE for kind in kinds)


def with_command_line(help: ErrorHelp, line: str) -> ErrorHelp:
    """With the commands and flags that look like the one that does not exist."""
    for value, kind in _MISSPELT.get(help.id, {}).items():
        wanted = help.values.get(value, "")
        if kind == "command":
            return replace(help, meant=_near(wanted, command_names(help.values.get("group", ""))))
        if kind == "flag":
            names = [f"--{name}" for name in flag_names(line)]
            return replace(help, meant=_near(f"--{wanted.lstrip('-').partition('=')[0]}", names))
    return help


def with_engine(help: ErrorHelp, line: str, engine: EngineSeen) -> ErrorHelp:
    """With names for ids, with names that look like what was typed, with what the state tells."""
    named = replace(help, values=_without_ids(help.values, engine))
    refined = _REFINED.get(named.id)
    if refined is not None:
        named = refined(named, line, engine)
    return _with_meant(named, engine)


def _without_ids(values: Mapping[str, str], engine: EngineSeen) -> dict[str, str]:
    names = {container.id: container.name for container in engine.containers}

    def name(value: str) -> str:
        if not _ID.fullmatch(value):
            return value
        found = [name for each, name in names.items() if each.startswith(value)]
        return found[0] if len(found) == 1 else value[:12]

    return {key: name(value) for key, value in values.items()}


def _with_meant(help: ErrorHelp, engine: EngineSeen) -> ErrorHelp:
    for value, kind in _MISSPELT.get(help.id, {}).items():
        names = _names_of(kind, engine)
        wanted = help.values.get(value, "")
        if wanted and names:
            meant = _near(wanted, [name for name in names if name != wanted])
            return replace(help, meant=meant or help.meant)
    return help


def _names_of(kind: Kind, engine: EngineSeen) -> Sequence[str]:
    match kind:
        case "container":
            return [container.name for container in engine.containers]
        case "image":
            own = [image.removesuffix(":latest") for image in engine.images]
            return list(dict.fromkeys([*own, *sorted(OFTEN_USED)]))
        case "volume":
            return engine.volumes
        case "network":
            return engine.networks
        case "command" | "flag":
            return ()


def _near(wanted: str, names: Iterable[str]) -> tuple[str, ...]:
    """Names that differ in few letters, the nearest first; one that begins like it counts, too."""
    wanted = wanted[:LONGEST_NAME]
    most = min(3, max(1, len(wanted) // 3))
    known = [name for name in names if len(name) <= LONGEST_NAME]
    near = process.extract(
        wanted.lower(), known, scorer=OSA.distance, score_cutoff=most, limit=MOST_MEANT,
        processor=str.lower,
    )  # fmt: skip
    return tuple(name for name, _, _ in near)


def _holder_of_port(help: ErrorHelp, line: str, engine: EngineSeen) -> ErrorHelp:
    port = int(help.values.get("port", "0"))
    holders = [each for each in engine.containers if each.status in _ALIVE and port in each.ports]
    values = {key: value for key, value in help.values.items() if key != "container"}
    return replace(help, values=values | ({"container": holders[0].name} if holders else {}))


def _unpublished(help: ErrorHelp, line: str, engine: EngineSeen) -> ErrorHelp:
    """A container listens on that port, and nobody outside it can reach it."""
    port = int(help.values.get("port", "0"))
    running = [each for each in engine.containers if each.status in _ALIVE]
    exposing = [each for each in running if port in each.exposed and port not in each.ports]
    if not exposing:
        return help
    return replace(help, values=dict(help.values) | {"container": exposing[0].name})


def _killed(help: ErrorHelp, line: str, engine: EngineSeen) -> ErrorHelp:
    """137 has two meanings; the engine knows which container went over its memory limit."""
    name = typed_container(line)
    dead = [each for each in engine.containers if each.oom_killed]
    killed = next((each for each in dead if each.name == name), None)
    if killed is None and name is None and dead:
        killed = dead[0]
    return out_of_memory(killed) if killed is not None else help


def out_of_memory(container: ContainerSeen) -> ErrorHelp:
    """The explanation of a container that was ended at its memory limit."""
    values = {"container": container.name}
    if container.memory_bytes:
        values["limit"] = f"{container.memory_bytes / 2**20:g}m"
    return ErrorHelp("out_of_memory", values)


_REFINED: Final[Mapping[str, Callable[[ErrorHelp, str, EngineSeen], ErrorHelp]]] = {
    "port_taken": _holder_of_port,
    "port_not_published": _unpublished,
    "exit_137": _killed,
}
