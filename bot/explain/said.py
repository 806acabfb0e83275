"""What is said of a command, before it is in a language: keys with values, names in the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence by its key. Strings among the values are the learner's own and shown as code."""

    key: str
    values: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class OfCommand:
    """What a docker command does."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfFlag:
    """What a flag of a docker command means."""

    path: tuple[str, ...]
    name: str


Anything = Said | OfCommand | OfFlag
Value = str | int | Anything


def said(key: str, /, **values: Value) -> Said:
    """A sentence of /explain."""
    return Said(f"explain.{key}", values)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a command as it was typed, what it means, and what is wrong with it."""

    text: str
    means: tuple[Anything, ...] = ()
    wrong: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One command of a line. `joint` tells how it hangs on the one before, `does` what happens."""

    text: str
    joint: Said | None = None
    does: tuple[Anything, ...] = ()
    parts: tuple[Part, ...] = ()
    wrong: tuple[Said, ...] = ()
    inner: tuple[Piece, ...] = ()
    """The commands in its `$(…)` and in what it hands to a shell."""

    @property
    def problems(self) -> tuple[Said, ...]:
        """All that is wrong here, without what is inside."""
        return (*self.wrong, *(problem for part in self.parts for problem in part.wrong))


@dataclass(frozen=True, slots=True)
class Explanation:
    """A whole line, taken apart."""

    line: str
    pieces: tuple[Piece, ...]
    wrong: tuple[Said, ...] = ()
    complete: bool = True

    @property
    def problems(self) -> tuple[Said, ...]:
        """All that is wrong anywhere in it."""
        found = list(self.wrong)
        todo = list(self.pieces)
        while todo:
            piece = todo.pop(0)
            found += piece.problems
            todo = [*piece.inner, *todo]
        return tuple(found)
