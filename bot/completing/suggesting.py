"""How a docker command that is being typed could go on: pure, and fast enough for every letter.

A suggestion is the whole line: what was typed with its last word finished, and with words before it
mended that no command has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from bot.classroom.engines import SeenEngine
from bot.completing import kinds
from bot.completing.kinds import Kind
from bot.explain.cli_table import Command, Flag, Table

MOST: Final = 25
LONGEST: Final = 100
"""Discord takes so many suggestions, of so many letters."""

NEAR: Final = 0.6
"""A name that was typed wrong in more of its letters is not meant."""

_SHELL = re.compile(r"""["'`$\\|;&<>(){}\n]""")
"""Where the shell has a word in it, only the learner knows how it goes on."""

_OBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,200}")
_STARTS: Final = frozenset({"start", "rm"})
"""Commands for containers that don't run; most others are for those that do."""


@dataclass(slots=True)
class _Place:
    """Where in a command the last word is: its words so far, as they should be."""

    command: Command
    words: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    given: set[str] = field(default_factory=set)
    value_of: Flag | None = None
    lost: bool = False
    """Nothing can be said of what follows."""


def suggest(typed: str, table: Table, engine: SeenEngine | None) -> list[str]:
    """How to go on, the likeliest first; `typed` may leave `docker` out, as `/docker` does."""
    if _SHELL.search(typed):
        return []
    words = typed.split()
    last = words.pop() if words and not typed[-1].isspace() else ""
    prefix = [words.pop(0)] if words[:1] == ["docker"] else []
    place = _place(words, table)
    if place.lost:
        return []
    found = _continue(place, last, table, engine or SeenEngine())
    lines = (" ".join([*prefix, *place.words, each]) for each in found)
    return [line for line in lines if len(line) <= LONGEST][:MOST]


def _place(words: Sequence[str], table: Table) -> _Place:
    """Follow the words that are finished."""
    place = _Place(table.top)
    for word in words:
        _step(place, word, table)
        if place.lost:
            break
    if place.arguments and place.command.stops_at_first_word and place.value_of is None:
        place.lost = True  # the words of a program in a container
    return place


def _step(place: _Place, word: str, table: Table) -> None:
    place.words.append(word)
    if place.value_of is not None:
        place.value_of = None
    elif word.startswith("-") and len(word) > 1:
        _note_flag(place, word)
    elif place.command.is_group and not place.arguments:
        _go_below(place, word, table)
    else:
        place.arguments.append(word)


def _note_flag(place: _Place, word: str) -> None:
    name, equals, _ = word.lstrip("-").partition("=")
    flag = _long(place, name) if word.startswith("--") else _last_short(place, name)
    if flag is not None:
        place.given.add(flag.name)
        if flag.takes_value and not equals:
            place.value_of = flag


def _long(place: _Place, name: str) -> Flag | None:
    flag = place.command.flag(name)
    if flag is None and (flag := place.command.near_flag(name)) is not None:
        place.words[-1] = place.words[-1].replace(name, flag.name, 1)
    return flag


def _last_short(place: _Place, letters: str) -> Flag | None:
    """The flag at the end of `-itd`; a value that follows its letter at once ends the word."""
    for at, letter in enumerate(letters):
        flag = place.command.shorts.get(letter)
        if flag is None:
            return None
        place.given.add(flag.name)
        if flag.takes_value:
            return flag if at == len(letters) - 1 else None
    return None


def _go_below(place: _Place, word: str, table: Table) -> None:
    below = table.below(place.command, word)
    if below is None:
        near = _ranked(word, table.names_below(place.command))
        below = table.below(place.command, near[0]) if near else None
        if below is None:
            place.lost = True
            return
        place.words[-1] = near[0]
    place.command = below


def _continue(place: _Place, last: str, table: Table, engine: SeenEngine) -> Iterator[str]:
    command = place.command
    if place.value_of is not None:
        yield from _values(command, place.value_of, last, engine)
    elif last.startswith("-"):
        yield from _flags(place, last, engine)
    elif command.is_group:
        names = sorted(table.names_below(command), key=_popularity(kinds.POPULAR))
        yield from _ranked(last, names)
    else:
        yield from _arguments(place, last, engine)
        if not last:
            yield from _flags(place, "--", engine)


def _flags(place: _Place, last: str, engine: SeenEngine) -> Iterator[str]:
    name, equals, value = last.lstrip("-").partition("=")
    command = place.command
    if equals:
        flag = command.flag(name)
        if flag is not None and flag.takes_value:
            for each in _values(command, flag, value, engine):
                yield f"--{name}={each}"
        return
    if not last.startswith("--") and name:
        short = _last_short(place, name)
        if short is not None and not short.takes_value:
            yield last
        return
    left = [each for each in command.flags if each not in place.given or _again(command, each)]
    for each in _ranked(name, sorted(left, key=_popularity(kinds.POPULAR_FLAGS))):
        yield f"--{each}"


def _again(command: Command, name: str) -> bool:
    """Whether a flag may be given more than once."""
    return command.flags[name].kind in {"list", "stringArray", "filter", "map", "mount"}


def _values(command: Command, flag: Flag, last: str, engine: SeenEngine) -> Iterator[str]:
    if flag.name == "filter":
        yield from _ranked(last, kinds.OF_FILTERS)
        return
    kind = kinds.of_flag(command.path, flag.name)
    if kind is None:
        yield from _ranked(last, kinds.CHOICES.get(flag.name, ()))
    elif not (kind == "mount" and ":" in last):
        yield from _ranked(last, _names(kind, engine, command))


def _arguments(place: _Place, last: str, engine: SeenEngine) -> list[str]:
    command = place.command
    kind = kinds.of_place(command.path, command.usage, len(place.arguments))
    if kind is None or (kind == "container_path" and ":" in last):
        return []
    taken = set(place.arguments)
    return _ranked(last, [each for each in _names(kind, engine, command) if each not in taken])


def _names(kind: Kind, engine: SeenEngine, command: Command) -> list[str]:
    """Names of what there is of this kind; what no docker would name so is left out."""
    containers, volumes = _containers(engine, command), _safe(engine.volumes)
    images, networks = _images(engine), _safe(engine.networks)
    found: dict[Kind, list[str]] = {
        "container": containers,
        "container_path": [f"{name}:" for name in containers],
        "image": images,
        "network": networks,
        "volume": volumes,
        "mount": [f"{name}:" for name in volumes],
        "service": _safe(engine.services),
        "anything": list(dict.fromkeys([*containers, *images, *networks, *volumes])),
    }
    return found[kind]


def _containers(engine: SeenEngine, command: Command) -> list[str]:
    wants_running = command.path[-1:] not in {(word,) for word in _STARTS}
    sorted_by_use = sorted(engine.containers, key=lambda each: each.running != wants_running)
    return _safe(each.name for each in sorted_by_use)


def _images(engine: SeenEngine) -> list[str]:
    tags = (tag for image in engine.images for tag in image.tags)
    return [tag.removesuffix(":latest") for tag in tags if _IMAGE.fullmatch(tag)]


def _safe(names: Iterable[str]) -> list[str]:
    return [name for name in names if _OBJECT.fullmatch(name)]


def _popularity(popular: Sequence[str]) -> _ByUse:
    return _ByUse({name: at for at, name in enumerate(popular)})


@dataclass(frozen=True, slots=True)
class _ByUse:
    """Sorts what is used most first, the rest by the alphabet."""

    places: dict[str, int]

    def __call__(self, name: str) -> tuple[int, str]:
        return self.places.get(name, len(self.places)), name


def _ranked(typed: str, names: Sequence[str]) -> list[str]:
    """Those that go on as typed, then those that have it in them, then those that are near."""
    if not typed:
        return list(names)
    wanted = typed.lower()
    begin = [name for name in names if name.lower().startswith(wanted)]
    within = [name for name in names if wanted in name.lower() and name not in begin]
    if begin or within:
        return begin + within
    scored = ((_nearness(wanted, name.lower()), name) for name in names)
    near = [(score, name) for score, name in scored if score >= NEAR]
    return [name for score, name in sorted(near, key=lambda each: -each[0])]


def _nearness(typed: str, name: str) -> float:
    """How much of what was typed is the name, or its beginning."""
    whole = OSA.normalized_similarity(typed, name)
    return max(whole, OSA.normalized_similarity(typed, name[: len(typed)]))
