"""Arguments of docker commands: what each is by its place, and whether there are enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.explain.cli_table import Command
from bot.explain.said import Part, Said, said
from bot.explain.shell import Word
from bot.explain.values import READERS

KINDS: Final = {
    "image": "image", "source_image": "image", "target_image": "image", "container": "container",
    "volume": "volume", "network": "network", "service": "service", "name": "image",
    "path": "build_path", "plugin": "plugin", "node": "node", "secret": "secret",
    "config": "config", "stack": "stack", "context": "context", "builder": "builder",
    "server": "server", "term": "term", "signal": "signal", "file": "file", "repository": "image",
    "new_name": "new_name", "service=replicas": "scale", "private_port": "private_port",
    "target": "bake_target", "task": "task", "checkpoint": "checkpoint", "manifest": "image",
    "manifest_list": "image", "command": "command", "key": "key", "build": "build",
}  # fmt: skip
"""Words of a usage that name an argument, and which text tells what it is."""

_IMAGES: Final = frozenset({("image", "pull"), ("image", "push")})
_OPTIONS: Final = frozenset({"[OPTIONS]", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Place:
    """One argument in a usage; `several` may stand there."""

    name: str
    optional: bool
    several: bool


@dataclass(slots=True)
class Arguments:
    """The arguments as parts; `late_options` are words of the program that look like options."""

    parts: list[Part] = field(default_factory=list)
    wrong: list[Said] = field(default_factory=list)
    late_options: list[str] = field(default_factory=list)


def places_of(usage: str) -> list[Place]:
    """The arguments that a usage names: `[OPTIONS] IMAGE [COMMAND] [ARG...]`."""
    usage = re.sub(r"\s*\|\s*", "|", usage)
    words = _split(usage)
    return [_place(word) for word in words if word not in _OPTIONS]


def _split(usage: str) -> list[str]:
    """At blanks outside of brackets."""
    words, depth, word = [], 0, ""
    for char in usage:
        depth += {"[": 1, "]": -1}.get(char, 0)
        if char == " " and depth == 0:
            words.append(word)
            word = ""
        else:
            word += char
    return [each for each in [*words, word] if each and each != "..."]


def _place(word: str) -> Place:
    optional = word.startswith("[")
    several = "..." in word or word == "[SERVICES]"
    bare = word.strip("[]").replace("...", "")
    name = re.split(r"[|\[: @]", bare.lower())[0].strip("]")
    name = "service=replicas" if bare.upper().startswith("SERVICE=") else name
    return Place(name, optional, several)


def arguments_of(command: Command, words: Sequence[Word], *, more: bool) -> Arguments:
    """What each argument is; `more` says that others may follow, or that none is needed."""
    found = Arguments()
    if command.is_group:
        return found
    places = places_of(command.usage)
    _count(command, places, words, found, more=more)
    if command.stops_at_first_word:
        _program(command, places, words, found)
        return found
    for at, word in enumerate(words):
        place = places[min(at, len(places) - 1)] if places else None
        found.parts.append(_argument(command, place, word, at))
    return found


def _count(
    command: Command,
    places: Sequence[Place],
    words: Sequence[Word],
    found: Arguments,
    *,
    more: bool,
) -> None:
    uncertain = more or any(word.bare for word in words)
    needed = [place for place in places if not place.optional]
    if len(words) < len(needed) and not uncertain:
        missing = needed[len(words)]
        kind = _kind(command, missing.name)
        name = "docker " + " ".join(command.path)
        if command.path[-1:] in {("run",), ("create",)} and missing.name == "image":
            found.wrong.append(said("wrong.missing_image", command=name))
        elif kind != "object":
            found.wrong.append(said("wrong.missing_argument", command=name, what=_what(kind)))
        else:
            found.wrong.append(said("wrong.missing_some", command=name, usage=command.usage))
    if any(place.several for place in places) or not len(words) > len(places):
        return
    extra = " ".join(word.text for word in words[len(places) :])
    if not uncertain:
        found.wrong.append(said("wrong.too_many", extra=extra))


def _what(kind: str) -> Said:
    """What should have been there; two kinds of places are told by what stands there."""
    return said(f"missing.{kind}" if kind in {"copy", "build_path"} else f"place.{kind}")


def _kind(command: Command, name: str) -> str:
    """What stands at a place of a usage that is called so."""
    if name == "name":
        first = command.path[0] if command.path else ""
        return {"image": "image", "plugin": "plugin"}.get(first, "object")
    if name in {"container", "service"} and command.path[-1:] == ("cp",):
        return "copy"
    if name in {"src_path", "dest_path"}:
        return "copy"
    return KINDS.get(name, "object")


def _program(
    command: Command, places: Sequence[Place], words: Sequence[Word], found: Arguments
) -> None:
    if not words:
        return
    found.parts.append(_argument(command, places[0] if places else None, words[0], 0))
    rest = words[1:]
    if not rest:
        return
    in_container = said("place.program")
    found.parts.append(Part(" ".join(word.text for word in rest), (in_container,)))
    found.late_options = [
        word.value for word in rest[:1] if word.value.startswith("-") and len(word.value) > 1
    ]


def _argument(command: Command, place: Place | None, word: Word, at: int) -> Part:
    if place is None:
        return Part(word.text)
    if word.open:
        several = word.bare and word.inner
        return Part(word.text, (said("value.open_several" if several else "value.open"),))
    kind = _kind(command, place.name)
    if kind in {"image", "scale", "signal"}:
        means, wrong = READERS[kind](word.value)
        place_of = () if kind == "image" and means else (said(f"place.{kind}"),)
        return Part(word.text, (*place_of, *means), tuple(wrong))
    match kind:
        case "copy":
            meaning = _copied(word.value, first=at == 0)
        case "build_path":
            meaning = _build_path(word.value)
        case _:
            meaning = said(f"place.{kind}")
    return Part(word.text, (meaning,))


def _copied(value: str, *, first: bool) -> Said:
    """`web:/etc/hosts`, or a path here."""
    container, colon, path = value.partition(":")
    where = "from" if first else "to"
    if colon and not value.startswith(("/", ".")):
        return said(f"place.copy.{where}.container", name=container, path=path or "/")
    return said(f"place.copy.{where}.here", path=value)


def _build_path(value: str) -> Said:
    if value == "-":
        return said("place.build_path.stdin")
    if "://" in value or value.startswith("git@"):
        return said("place.build_path.url", url=value)
    return said("place.build_path", path=value)
