"""Passages out of the texts that other parts have: what each command and each option does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Final

from bot.ask.passages import Passage, PassageText
from bot.texts import Speech

_COMMAND: Final = "explain.command."
_OPTION: Final = "explain.flag."
_LEFT_OUT: Final = frozenset({"container", "image", "system"})
"""Management commands that are usually left out."""
_OTHER_NAMES: Final = {
    "container ls": "ps", "image ls": "images", "image rm": "rmi",
}  # fmt: skip


def commands(speeches: Mapping[str, Speech], known: Iterable[Passage]) -> Iterator[Passage]:
    """Every command that has a text and no passage of its own yet."""
    lines = {_bare(line) for passage in known for line in _lines(passage)}
    keys = _keys(speeches, _COMMAND)
    groups = {key.rpartition(".")[0] for key in keys}
    for key in sorted(keys - groups):
        name = _name(key.removeprefix(_COMMAND).split("."))
        if name not in lines:
            yield _passage("reference", key.removeprefix(_COMMAND), f"docker {name}", key, speeches)


def options(speeches: Mapping[str, Speech]) -> Iterator[Passage]:
    """Every option that has a text; of one that many commands have, the one for all."""
    for key in sorted(_keys(speeches, _OPTION)):
        *path, option = key.removeprefix(_OPTION).split(".")
        command = "" if not path or path == ["docker"] else f"docker {_name(path)} "
        title = f"{command}--{option}"
        yield _passage("option", key.removeprefix(_OPTION), title, key, speeches)


def _passage(sort: str, name: str, title: str, key: str, speeches: Mapping[str, Speech]) -> Passage:
    # Without values a sentence is its template: said of so many, it is not copied.
    texts = {
        language: PassageText(title, speech.templates(key)[0])
        for language, speech in speeches.items()
    }
    return Passage(id=f"{sort}:{name.replace('.', '/')}", texts=texts)


def _keys(speeches: Mapping[str, Speech], prefix: str) -> set[str]:
    """The keys below this one that need no values."""
    first = next(iter(speeches.values()))
    return {
        key
        for key in first
        if key.startswith(prefix)
        and not any("{" in form for speech in speeches.values() for form in speech.templates(key))
    }


def _name(path: Iterable[str]) -> str:
    """How the command is written: `run`, `rmi`, `volume rm`."""
    name = " ".join(path)
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    first, _, rest = name.partition(" ")
    return rest if first in _LEFT_OUT and rest not in _AMBIGUOUS else name


_AMBIGUOUS: Final[Set[str]] = frozenset({"prune", "inspect", "ls", "rm", "df"})
"""They need their management command."""


def _lines(passage: Passage) -> Iterator[str]:
    if passage.sort == "command":
        yield from passage.texts["en"].title.split(", ")


def _bare(line: str) -> str:
    return line.removeprefix("docker ")
