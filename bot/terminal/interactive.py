"""Whether a command line keeps going, so that it belongs on a live terminal.

A line that wants the keyboard (`vi`, `sh`, `docker run -it`, `docker attach`) reads what is typed.
A line that follows (`docker logs -f`, `docker stats`) only shows what happens, so that commands can
be run beside it. Everything else ends by itself, or by its time limit.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.terminal.advice import EDITORS
from bot.terminal.vocabulary import words


class Going(Enum):
    """Why a line keeps going."""

    KEYBOARD = auto()
    FOLLOWS = auto()


_SHELLS = words("sh bash ash dash")
_TALKERS = words("psql redis-cli mysql sqlite3 bc") | _SHELLS
_PYTHON = re.compile(r"python[0-9.]*")
_SEPARATORS = frozenset({";", "&&", "||", "\n", "&", "|", "|&", "(", ")", ";;"})
_BEFORE_A_COMMAND = words("do then else { ! time exec command env")
_HERE_DOCUMENT = re.compile(r"(?<!<)<<(?!<)-?[ \t]*['\"]?([\w.]+)")
_SETTING = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")

_RUN_SWITCHES = words(
    """
    detach interactive tty rm privileged read-only init no-healthcheck publish-all quiet help
    oom-kill-disable sig-proxy disable-content-trust use-api-socket
    """
)
_COMPOSE_RUN_SWITCHES = words(
    """
    detach interactive tty rm build quiet-pull quiet quiet-build service-ports use-aliases no-deps
    remove-orphans no-TTY no-tty privileged
    """
)
_SWITCHES = _RUN_SWITCHES | words("attach follow timestamps details all no-stream no-trunc json")
_LETTERS_WITH_VALUE = {
    "run": "acehlmpuvw",
    "exec": "euw",
    "start": "",
    "logs": "n",
    "attach": "",
    "stats": "",
    "events": "f",
}
_COMPOSE_LETTERS_WITH_VALUE = {
    "run": "elpuvw",
    "exec": "euw",
    "logs": "n",
    "up": "t",
    "attach": "",
    "events": "",
    "stats": "",
    "watch": "",
}
_GLOBAL_WITH_VALUE = words("-H --host -c --context -l --log-level --config")
_COMPOSE_WITH_VALUE = words(
    "-f --file -p --project-name --profile --env-file --project-directory --ansi --progress "
    "--parallel"
)


def going(line: str) -> Going | None:
    """How this line keeps going, None when it is one that ends."""
    found = {_of(command) for command in _commands(line)}
    if Going.KEYBOARD in found:
        return Going.KEYBOARD
    return Going.FOLLOWS if Going.FOLLOWS in found else None


@dataclass(slots=True)
class _Command:
    """One program with its arguments, and where its input and output go."""

    words: list[str] = field(default_factory=list)
    is_fed: bool = False
    """Something else is its input: a pipe, a file."""
    is_piped: bool = False
    is_kept: bool = False
    """A pipe, or a file, takes its output."""
    is_background: bool = False


def _commands(line: str) -> list[_Command]:
    commands = [_Command()]
    pieces = iter(_pieces(_without_here_documents(line.replace("\\\n", " "))))
    for piece in pieces:
        command = commands[-1]
        if piece in _SEPARATORS:
            command.is_piped = piece in {"|", "|&"}
            command.is_background = piece == "&"
            commands.append(_Command(is_fed=command.is_piped))
        elif piece.startswith("<"):
            command.is_fed = True
            next(pieces, None)
        elif piece.startswith((">", "&>")):
            number = command.words.pop() if command.words and command.words[-1] in "12" else "1"
            command.is_kept |= number == "1"
            next(pieces, None)
        else:
            command.words.append(piece)
    return [command for command in commands if command.words]


def _without_here_documents(line: str) -> str:
    """The line without texts that are the input of its commands."""
    kept: list[str] = []
    ends: list[str] = []
    for row in line.split("\n"):
        if ends:
            if row.lstrip("\t") == ends[0]:
                ends.pop(0)
            continue
        kept.append(row)
        ends += _HERE_DOCUMENT.findall(row)
    return "\n".join(kept)


def _pieces(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;()<>\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # a quote that is open; that is said elsewhere
        return []


def _of(command: _Command) -> Going | None:
    given = command.words
    while given and (given[0] in _BEFORE_A_COMMAND or _SETTING.match(given[0])):
        given = given[1:]
    if not given or command.is_background:
        return None
    program, arguments = given[0].rpartition("/")[2], given[1:]
    if program in {"docker", "docker-compose"}:
        wanted = _of_docker(program, arguments)
    else:
        wanted = _of_program(program, arguments)
    draws = program in EDITORS or program == "top"
    hopeless = command.is_fed or command.is_kept or (command.is_piped and draws)
    if wanted is Going.FOLLOWS:
        return None if command.is_kept else wanted
    return None if hopeless else wanted


def _of_program(program: str, arguments: list[str]) -> Going | None:
    bare = not [argument for argument in arguments if not argument.startswith("-")]
    if program in EDITORS:
        return Going.KEYBOARD
    if program == "top":
        return None if any(re.match(r"-\w*b", a) for a in arguments) else Going.KEYBOARD
    if program in _TALKERS or _PYTHON.fullmatch(program):
        asks = words("-c -V --version --help -h")
        talks = bare or program in {"psql", "redis-cli", "mysql"}
        return Going.KEYBOARD if talks and asks.isdisjoint(arguments) else None
    if program == "tail":
        follows = any(re.match(r"-[0-9a-zA-Z]*[fF]|--follow", a) for a in arguments)
        return Going.FOLLOWS if follows else None
    return Going.FOLLOWS if program == "watch" and not bare else None


def _of_docker(program: str, arguments: list[str]) -> Going | None:
    if program == "docker":
        arguments = _after_globals(arguments, _GLOBAL_WITH_VALUE)
        if arguments[:1] in (["container"], ["system"]):
            arguments = arguments[1:]
        elif arguments[:1] == ["compose"]:
            return _of_compose(_after_globals(arguments[1:], _COMPOSE_WITH_VALUE))
        return _of_docker_command(arguments)
    return _of_compose(_after_globals(arguments, _COMPOSE_WITH_VALUE))


def _after_globals(arguments: list[str], with_value: frozenset[str]) -> list[str]:
    while arguments and arguments[0].startswith("-"):
        arguments = arguments[2 if arguments[0] in with_value else 1 :]
    return arguments


def _of_docker_command(arguments: list[str]) -> Going | None:
    if not arguments or arguments[0] not in _LETTERS_WITH_VALUE:
        return None
    name = arguments[0]
    flags = _flags(name, arguments[1:], _LETTERS_WITH_VALUE[name], _SWITCHES)
    has = flags.__contains__
    if has("help"):
        return None
    match name:
        case "run":
            wants = (has("i") or has("t")) and not has("d")
        case "exec":
            wants = (has("i") or has("t")) and not has("d")
        case "start":
            wants = has("i")
        case "attach":
            wants = True
        case "logs":
            return Going.FOLLOWS if has("f") else None
        case "stats":
            return None if has("no-stream") else Going.FOLLOWS
        case _:
            return None if has("until") else Going.FOLLOWS
    return Going.KEYBOARD if wants else None


def _of_compose(arguments: list[str]) -> Going | None:
    if not arguments or arguments[0] not in _COMPOSE_LETTERS_WITH_VALUE:
        return None
    name = arguments[0]
    switches = _COMPOSE_RUN_SWITCHES if name == "run" else _COMPOSE_RUN_SWITCHES | _UP_SWITCHES
    flags = _flags(name, arguments[1:], _COMPOSE_LETTERS_WITH_VALUE[name], switches)
    if "help" in flags:
        return None
    ends = {
        "run": {"T", "d", "no-TTY", "no-tty"},
        "exec": {"T", "d", "no-TTY", "no-tty"},
        "up": {"d", "wait", "no-start"},
        "stats": {"no-stream"},
    }.get(name, set())
    if not ends.isdisjoint(flags) or (name == "logs" and "f" not in flags):
        return None
    return Going.KEYBOARD if name in {"run", "exec", "attach"} else Going.FOLLOWS


_UP_SWITCHES = words(
    """
    follow timestamps no-color no-log-prefix no-stream no-trunc all json wait no-start no-build
    force-recreate no-recreate always-recreate-deps renew-anon-volumes abort-on-container-exit
    abort-on-container-failure attach-dependencies menu watch yes prune no-up dry-run
    """
)
_SHORT = {
    "detach": "d", "interactive": "i", "tty": "t", "follow": "f", "attach": "a",
}  # fmt: skip


def _flags(
    name: str, arguments: list[str], letters_with_value: str, switches: frozenset[str]
) -> set[str]:
    """The flags: letters, and long names by their letter.

    What follows the image or the container of `run` and `exec` is the program's own.
    """
    found: set[str] = set()
    rest = iter(arguments)
    for argument in rest:
        is_flag = argument.startswith("-") and argument != "-"
        if argument == "--" or (not is_flag and name in {"run", "exec"}):
            break
        if not is_flag:
            continue
        if argument.startswith("--"):
            flag, _, value = argument[2:].partition("=")
            if value.lower() not in {"false", "0"}:
                found.add(_SHORT.get(flag, flag))
            if flag not in switches and "=" not in argument:
                next(rest, None)
        else:
            _letters(argument[1:], letters_with_value, found, rest)
    return found


def _letters(letters: str, letters_with_value: str, found: set[str], rest: Iterator[str]) -> None:
    for at, letter in enumerate(letters):
        found.add(letter)
        if letter in letters_with_value:
            if at == len(letters) - 1:
                next(rest, None)
            return
        if letters[at + 1 : at + 2] == "=":
            return
