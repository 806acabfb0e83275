"""The engine's own command line as a table: every command of docker and its plugins, every flag.

`engine_cli.tsv` is made from the engine image by `./docent flags`; a test compares the two. A line
is a command (`command`, name, other names, arguments, what it does) or a flag of the command
before it (`flag`, name, short name, kind of value, default, what it does), fields between tabs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

FILE: Final = Path(__file__).with_name("engine_cli.tsv")
NEAR: Final = 2
"""So many letters may be wrong for a name to be meant."""

HIDDEN: Final[Mapping[str, str]] = {
    "net": "network",
    "net-alias": "network-alias",
    "dns-opt": "dns-option",
    "time": "timeout",
    "timeout": "time",
}
"""Other names of flags, older and newer ones, that help does not list but the CLI may take."""

Path_ = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as help lists it; `kind` is empty for a switch, which takes no value."""

    name: str
    short: str
    kind: str
    default: str
    text: str

    @property
    def takes_value(self) -> bool:
        """Whether the next word belongs to it."""
        return bool(self.kind) and "[=" not in self.kind


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its first name, without `docker`: `("container", "run")`."""

    path: Path_
    names: tuple[Path_, ...]
    usage: str
    text: str
    flags: Mapping[str, Flag]
    shorts: Mapping[str, Flag] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    """The commands below it."""

    @property
    def is_group(self) -> bool:
        """Whether it only holds other commands."""
        return bool(self.words)

    @property
    def stops_at_first_word(self) -> bool:
        """Whether all after the first argument belongs to a program in a container."""
        return any(word in self.usage for word in ("[ARG", "[COMMAND]", "[ps OPTIONS]"))

    def flag(self, name: str) -> Flag | None:
        """The flag with this long name, or with the other name that it has."""
        return self.flags.get(name) or self.flags.get(HIDDEN.get(name, ""))

    def near_flag(self, name: str) -> Flag | None:
        """The flag that was meant by a name that none has."""
        found = nearest(name, self.flags)
        return self.flags[found] if found else None


class Table:
    """All commands; look them up by any of their names."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands = tuple(commands)
        self._by_name = {name: each for each in self.commands for name in each.names}
        # A plugin's command may also be another name of docker's own.
        self._by_name |= {each.path: each for each in self.commands}

    @property
    def top(self) -> Command:
        """`docker` itself."""
        return self._by_name[()]

    def find(self, path: Path_) -> Command | None:
        """The command with this name."""
        return self._by_name.get(path)

    def below(self, command: Command, word: str) -> Command | None:
        """The command that `word` means below a group."""
        return next(
            (
                found
                for name in (command.path, *command.names)
                if (found := self.find((*name, word))) is not None
            ),
            None,
        )

    def names_below(self, command: Command) -> list[str]:
        """Every word that may follow a group."""
        own = {command.path, *command.names}
        return sorted({name[-1] for name in self._by_name if name and name[:-1] in own})


def nearest(wanted: str, names: Iterable[str], *, most: int = NEAR) -> str | None:
    """The name that differs least; None when all differ much."""
    most = min(most, max(1, len(wanted) // 3))
    found = process.extractOne(wanted, list(names), scorer=OSA.distance, score_cutoff=most)
    return None if found is None else str(found[0])


@cache
def cli_table() -> Table:
    """The table of the engine that learners have."""
    return Table(read_table(FILE.read_text(encoding="utf-8")))


def read_table(text: str) -> list[Command]:
    """The commands in a table's text."""
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    heads = [at for at, row in enumerate(rows) if row[0] == "command"]
    ends = [*heads[1:], len(rows)]
    made = [
        _command(rows[head], rows[head + 1 : end]) for head, end in zip(heads, ends, strict=True)
    ]
    words: dict[Path_, set[str]] = {}
    for command in made:
        for name in (command.path, *command.names):
            if name:
                words.setdefault(name[:-1], set()).add(name[-1])
    return [_with_words(command, words) for command in made]


def write_table(commands: Iterable[Command]) -> str:
    """What `read_table` reads."""
    lines = ["# Made from the engine image by `./docent flags`. Do not edit."]
    for each in commands:
        names = ", ".join(" ".join(name) for name in each.names)
        lines.append("\t".join(("command", " ".join(each.path), names, each.usage, each.text)))
        lines += [
            "\t".join(("flag", f.name, f.short, f.kind, f.default, f.text))
            for f in each.flags.values()
        ]
    return "\n".join(lines) + "\n"


def _command(head: list[str], rows: list[list[str]]) -> Command:
    _, name, others, usage, text = head
    flags = [Flag(*row[1:]) for row in rows]
    return Command(
        path=tuple(name.split()),
        names=tuple(tuple(other.split()) for other in others.split(", ") if other),
        usage=usage,
        text=text,
        flags={flag.name: flag for flag in flags},
        shorts={flag.short: flag for flag in flags if flag.short},
    )


def _with_words(command: Command, words: Mapping[Path_, set[str]]) -> Command:
    below = frozenset().union(*(words.get(name, set()) for name in {command.path, *command.names}))
    return Command(
        path=command.path,
        names=command.names,
        usage=command.usage,
        text=command.text,
        flags=command.flags,
        shorts=command.shorts,
        words=below,
    )
