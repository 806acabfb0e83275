"""A docker command word by word: which command it is, its options, its arguments, its mistakes.

Reads as the CLI does: options of `docker` itself first, then the command's own; for commands that
start a program, all after the first argument is the program's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.explain.arguments import Arguments, arguments_of
from bot.explain.cli_table import Command, Flag, Table, cli_table, nearest
from bot.explain.said import Anything, OfCommand, OfFlag, Part, Said, said
from bot.explain.shell import Word
from bot.explain.values import READERS, kind_of, port_is_reversed
from bot.terminal.vocabulary import words

_FALSE: Final = words("0 f F false False FALSE")
_TRUE_OR_FALSE: Final = _FALSE | words("1 t T true True TRUE")
_COMPOSE_OF_OLD: Final = "docker-compose"
MOST_TOGETHER: Final = 40
"""Short options in one word that are looked at; no command has so many."""


@dataclass(slots=True)
class Given:
    """An option as it was given; `value` is None for a switch."""

    flag: Flag
    value: Word | None
    path: tuple[str, ...]
    """The command that takes it: one of compose's own stands before `up`."""


@dataclass(slots=True)
class DockerWords:
    """What was read: `command` is None when there is no such command."""

    command: Command | None
    parts: list[Part] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    arguments: list[Word] = field(default_factory=list)
    wrong: list[Said] = field(default_factory=list)
    wants_help: bool = False

    def has(self, name: str) -> bool:
        """Whether a switch is on."""
        return any(
            each.flag.name == name and (each.value is None or each.value.value not in _FALSE)
            for each in self.given
        )

    def values(self, name: str) -> list[str]:
        """What an option was given."""
        return [g.value.value for g in self.given if g.flag.name == name and g.value is not None]


def is_docker(word: str) -> bool:
    """Whether this program is docker, by whichever path."""
    return word.rpartition("/")[2] in {"docker", _COMPOSE_OF_OLD}


def read_docker_words(typed: Sequence[Word], *, more: bool = False) -> DockerWords:
    """Take apart the words of a docker command, program first.

    `more` says that others follow which are not known: `xargs docker rm`.
    """
    return _Reader(typed, cli_table(), more=more).read()


class _Reader:
    """Reads the words once, from left to right."""

    def __init__(self, typed: Sequence[Word], table: Table, *, more: bool) -> None:
        self._words = list(typed)
        self._table = table
        self._more = more
        self._command = table.top
        self._found = DockerWords(table.top)
        self._stood: list[int] = []
        """How many parts were before each argument, so that it is shown where it stood."""
        self._unsure = False
        """An option was not understood: the next word may have been its value."""

    def read(self) -> DockerWords:
        first = self._words.pop(0)
        self._found.parts.append(Part(first.text, (said("word.docker"),)))
        if first.value.rpartition("/")[2] == _COMPOSE_OF_OLD:
            self._found.parts[0] = Part(first.text, (said("word.docker_compose"),))
            self._command = self._table.find(("compose",)) or self._table.top
        self._read_path()
        if self._found.command is None:
            return self._found
        self._found.command = self._command
        if self._command.is_group and not self._words:
            self._found.wants_help = True
            return self._found
        self._read_rest()
        self._check()
        return self._found

    def _read_path(self) -> None:
        """Options of `docker` and of groups, and the words that name the command."""
        named: list[str] = []
        while True:
            self._read_options()
            if not self._command.is_group or not self._words:
                break
            word = self._words[0]
            if word.value == "help" and not named:
                self._found.parts.append(Part(word.text, (said("word.help"),)))
                self._found.wants_help = True
                del self._words[0]
                continue
            below = self._table.below(self._command, word.value)
            if below is None:
                self._unknown_command(word)
                return
            named.append(word.text)
            del self._words[0]
            self._command = below
            self._found.parts.append(Part(word.text, _of_command(below, named)))

    def _unknown_command(self, word: Word) -> None:
        command = self._command
        if word.open:
            self._found.parts.append(Part(word.text, (said("value.open"),)))
            self._found.command = None
            return
        near = nearest(word.value, self._table.names_below(command))
        prefix = " ".join(("docker", *command.path))
        if near:
            wrong = said(
                "wrong.command_near", command=f"{prefix} {word.value}", near=f"{prefix} {near}"
            )
        elif self._belongs_elsewhere(word.value):
            wrong = said(
                "wrong.command_top", command=f"{prefix} {word.value}", near=f"docker {word.value}"
            )
        else:
            wrong = said("wrong.command", command=f"{prefix} {word.value}", help=f"{prefix} --help")
        self._found.parts.append(Part(word.text, (), (wrong,)))
        rest = self._words[1:]
        self._found.parts += [Part(other.text) for other in rest]
        self._found.command = None

    def _belongs_elsewhere(self, word: str) -> bool:
        return bool(self._command.path) and self._table.find((word,)) is not None

    def _read_rest(self) -> None:
        command = self._command
        while self._words:
            self._read_options()
            if not self._words:
                break
            if self._words[0].value == "--" and not self._words[0].open:
                self._found.parts.append(Part(self._words[0].text, (said("word.dashes"),)))
                del self._words[0]
                self._found.arguments += self._words
                self._words = []
            elif command.stops_at_first_word:
                self._found.arguments += self._words
                self._words = []
            else:
                self._stood.append(len(self._found.parts))
                self._found.arguments.append(self._words.pop(0))
        self._add_arguments()

    def _add_arguments(self) -> None:
        more = self._more or self._unsure or self._found.wants_help
        arguments: Arguments = arguments_of(self._command, self._found.arguments, more=more)
        for at, part in enumerate(arguments.parts):
            stood = self._stood[at] + at if at < len(self._stood) else len(self._found.parts)
            self._found.parts.insert(stood, part)
        self._found.wrong += arguments.wrong
        self._found.wrong += [
            said("wrong.late_option", option=option)
            for option in arguments.late_options
            if self._looks_like_ours(option) and not self._found.values("entrypoint")
        ]

    # --- options ---

    def _read_options(self) -> None:
        while self._words and _is_option(self._words[0]):
            word = self._words.pop(0)
            if word.value.startswith("--"):
                self._read_long(word)
            else:
                self._read_short(word)

    def _read_long(self, word: Word) -> None:
        name, equals, joined = word.value[2:].partition("=")
        if name == "help":
            self._found.wants_help = True
            self._found.parts.append(Part(word.text, (said("word.help_flag"),)))
            return
        flag = self._command.flag(name)
        if flag is None:
            self._unsure = True
            wrong = (self._unknown_long(name),)
            meant = None if equals else self._command.near_flag(name)
            text = self._with_value(word.text) if meant and meant.takes_value else word.text
            self._found.parts.append(Part(text, (), wrong))
            return
        value = _joined(word, joined) if equals else None
        self._take(flag, word.text, value)

    def _read_short(self, word: Word) -> None:
        letters = word.value[1:]
        whole = letters.partition("=")[0]
        if len(whole) > 1 and self._command.flag(whole):
            self._unknown_short(word, letters[0])  # a long name with one dash
            return
        pieces = self._split_short(word)
        if pieces is None:
            return
        if len(pieces) > 1:
            apart = " ".join(text for _, text, _ in pieces)
            self._found.parts.append(Part(word.text, (said("word.together", apart=apart),)))
        for flag, text, value in pieces:
            self._take(flag, text if len(pieces) > 1 else word.text, value)

    def _split_short(self, word: Word) -> list[tuple[Flag, str, Word | None]] | None:
        """`-itv/a:/b` as single options with what is joined to them; None when one is unknown."""
        pieces: list[tuple[Flag, str, Word | None]] = []
        letters = word.value[1:]
        while letters and len(pieces) < MOST_TOGETHER:
            letter, letters = letters[0], letters[1:]
            flag = self._command.shorts.get(letter)
            if flag is None:
                self._unknown_short(word, letter)
                return None
            if letters and (flag.takes_value or letters.startswith("=")):
                value = _joined(word, letters.removeprefix("="))
                pieces.append((flag, f"-{letter}{letters}", value))
                return pieces
            pieces.append((flag, f"-{letter}", None))
        return pieces

    def _take(self, flag: Flag, text: str, value: Word | None) -> None:
        """A flag with the value that is joined to it, or the next word."""
        means: list[OfFlag | Said] = [OfFlag(self._command.path, flag.name)]
        wrong: list[Said] = []
        if not flag.takes_value:
            if value is not None and flag.kind == "" and not value.open:
                if value.value in _FALSE:
                    means.append(said("value.switched_off"))
                elif value.value not in _TRUE_OR_FALSE:
                    wrong.append(said("wrong.switch_value", option=text.partition("=")[0]))
            self._found.given.append(Given(flag, value, self._command.path))
            self._found.parts.append(Part(text, tuple(means), tuple(wrong)))
            return
        if value is None:
            if not self._words:
                missing = () if self._more else (said("wrong.missing_value", option=text),)
                self._found.parts.append(Part(text, tuple(means), missing))
                self._unsure = True
                return
            value = self._words.pop(0)
            text = f"{text} {value.text}"
            if _is_option(value) and self._looks_like_ours(value.value):
                wrong.append(
                    said("wrong.option_as_value", option=value.value, before=text.split()[0])
                )
        more_means, more_wrong = read_value(self._command.path, flag, value)
        self._found.given.append(Given(flag, value, self._command.path))
        self._found.parts.append(
            Part(text, (*means, *more_means), (*wrong, *(() if wrong else more_wrong)))
        )

    def _looks_like_ours(self, value: str) -> bool:
        if value.startswith("--"):
            return self._command.flag(value[2:].partition("=")[0]) is not None
        return value[1:2] in self._command.shorts

    def _unknown_long(self, name: str) -> Said:
        command = " ".join(("docker", *self._command.path))
        near = self._command.near_flag(name)
        if near:
            return said("wrong.flag_near", option=f"--{name}", near=f"--{near.name}")
        if len(name) == 1 and name in self._command.shorts:
            return said("wrong.one_dash", option=f"--{name}", near=f"-{name}")
        if self._command is not self._table.top and self._table.top.flag(name):
            return said("wrong.flag_before", option=f"--{name}", near=f"docker --{name}")
        return said("wrong.flag", option=f"--{name}", help=f"{command} --help")

    def _unknown_short(self, word: Word, letter: str) -> None:
        whole = word.value[1:].partition("=")[0]
        command = " ".join(("docker", *self._command.path))
        if letter == "h" and len(whole) == 1:
            self._found.wants_help = True
            self._found.parts.append(Part(word.text, (said("word.help_flag"),)))
            return
        self._unsure = True
        flag = self._command.flag(whole)
        if flag is not None:
            wrong = said("wrong.two_dashes", option=f"-{whole}", near=f"--{whole}")
        else:
            wrong = said("wrong.flag", option=f"-{letter}", help=f"{command} --help")
        takes_next = flag is not None and flag.takes_value and "=" not in word.value
        text = self._with_value(word.text) if takes_next else word.text
        self._found.parts.append(Part(text, (), (wrong,)))

    def _with_value(self, text: str) -> str:
        """An option that was meant to take the next word, together with that."""
        if not self._words or _is_option(self._words[0]):
            return text
        return f"{text} {self._words.pop(0).text}"

    # --- what is wrong with the whole ---

    def _check(self) -> None:
        image = self._found.arguments[0].value if self._found.arguments else ""
        if self._command.path[-1:] not in {("run",), ("create",)}:
            return
        for value in self._found.values("publish"):
            if port_is_reversed(value, image):
                host, _, container = value.partition("/")[0].rpartition(":")
                right = f"{container}:{host.rpartition(':')[2]}"
                self._found.wrong.append(said("wrong.ports_reversed", given=value, right=right))
        self._found.wrong += _conflicts(self._found)


def _of_command(command: Command, named: Sequence[str]) -> tuple[Anything, ...]:
    """What the word that names a command means; `named` are all words of its name so far."""
    if command.is_group:
        return OfCommand(command.path), said("word.group")
    if command.path == tuple(named):
        return (OfCommand(command.path),)
    return OfCommand(command.path), said("word.alias", full=" ".join(("docker", *command.path)))


def read_value(path: tuple[str, ...], flag: Flag, value: Word) -> tuple[list[Said], list[Said]]:
    """What a value means, and what is wrong with it; one that only the shell knows is left open."""
    kind = kind_of(path, flag)
    if value.open and not _is_readable_open(kind, value):
        return [said("value.open")], []
    return READERS[kind](value.value)


def _is_readable_open(kind: str, value: Word) -> bool:
    """A folder's name may be left open: `-v "$PWD":/app`, `-e NAME=$USER`."""
    if kind in {"env", "build_arg", "label", "format", "key_value", "program"}:
        return "=" in value.value.partition("$")[0] or kind in {"format", "program"}
    return kind == "volume" and value.value.count(":") in {1, 2}


def _conflicts(found: DockerWords) -> Iterator[Said]:
    if found.has("rm") and any(value != "no" for value in found.values("restart")):
        yield said("wrong.rm_and_restart")
    if found.has("detach") and found.has("rm") is False and found.has("attach"):
        yield said("wrong.detach_and_attach")
    if found.values("network") == ["host"] and found.values("publish"):
        yield said("wrong.host_and_publish")


def _is_option(word: Word) -> bool:
    return word.value.startswith("-") and word.value not in {"-", "--"}


def _joined(word: Word, value: str) -> Word:
    """The part of a word that is the value: `--name=$X`, `-p80:80`."""
    return Word(value, value, word.inner, word.open, word.bare)
