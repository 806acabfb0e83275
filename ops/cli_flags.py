"""`./docent flags`: reads the engine image's command line into the table that /explain shows.

Every command is asked for its `--help`, level by level: one container of the image asks for all
commands of a level, so that this takes seconds.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.explain.cli_table import FILE, Command, Flag, write_table
from ops.errors import OpsError

IMAGE = "docent/engine:latest"
ASKING_S = 300
DEEPEST = 4

Name = tuple[str, ...]

_ASK = 'for c in "$@"; do printf "\\036%s\\n" "$c"; docker $c --help 2>&1; done'
_HEADER = re.compile(r"^(?P<what>[A-Z][\w ]*):$")
_COMMAND = re.compile(r"^  (?P<name>[a-z][\w-]*)\*?(?:  .*)?$")
_FLAG = re.compile(
    r"^ {2,6}(?:-(?P<short>\w), )?--(?P<name>[\w.-]+)"
    r"(?: (?P<kind>\S+(?: \S+)*))?(?: {2,}(?P<text>.*))?$"
)
_DEFAULT = re.compile(r"\s*\(default:? (?P<value>\"[^\"]*\"|[^()]*)\)$")


@dataclass(slots=True)
class Help:
    """What the help of one command says."""

    usage: str = ""
    text: str = ""
    names: list[Name] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def write() -> int:
    """Make the table anew. Exit status."""
    FILE.write_text(made(), encoding="utf-8")
    print(f"Written: {FILE}")
    return 0


def made() -> str:
    """The table as the engine image's command line is now.

    Raises:
        OpsError: There is no such image, or it does not answer.
    """
    known: dict[Name, Help] = {}
    level: list[Name] = [()]
    for _ in range(DEEPEST):
        answers = _ask(level)
        known |= answers
        level = [(*name, word) for name, said in answers.items() for word in said.words]
        if not level:
            break
    return write_table(_commands(known))


def _ask(names: Sequence[Name]) -> dict[Name, Help]:
    command = ["docker", "run", "--rm", "--network", "none", "--entrypoint", "sh", IMAGE]
    command += ["-c", _ASK, "sh", *(" ".join(name) for name in names)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ASKING_S, check=True)
    except (OSError, subprocess.SubprocessError) as exc:
        raise OpsError(f"{IMAGE} could not be asked for its commands: {exc}") from exc
    pieces = done.stdout.split("\x1e")[1:]
    return {
        tuple(piece.partition("\n")[0].split()): read_help(piece.partition("\n")[2])
        for piece in pieces
    }


def read_help(said: str) -> Help:
    """What the text of a `--help` says, whichever of docker and its plugins printed it."""
    found = Help()
    for header, lines in _sections(said):
        if header == "Usage" and not found.usage:
            found.usage = lines[0].strip()
            found.text = _first_paragraph(lines[1:])
        elif header == "Aliases":
            names = " ".join(lines).split(",")
            found.names = [tuple(name.split()[1:]) for name in names if name.strip()]
        elif header.lower().endswith("commands"):
            found.words += [match["name"] for line in lines if (match := _COMMAND.match(line))]
        elif header.lower().endswith("options"):
            found.flags += _flags(lines)
    return found


def _sections(said: str) -> Iterator[tuple[str, list[str]]]:
    header, lines = "", list[str]()
    for line in said.splitlines():
        match = _HEADER.match(line)
        if match or line.startswith("Usage:"):
            yield header, lines
            header = match["what"] if match else "Usage"
            lines = [] if match else [line.removeprefix("Usage:")]
        elif line.startswith(("Run 'docker", "Experimental commands", "For more help")):
            yield header, lines
            header, lines = "", []
        else:
            lines.append(line)
    yield header, lines


def _first_paragraph(lines: Sequence[str]) -> str:
    """The first lines that follow, without further ways to write the command."""
    kept: list[str] = []
    for line in lines:
        if line.startswith("\t") or line.strip().startswith("docker "):
            continue
        if line.strip():
            kept.append(line.strip())
        elif kept:
            break
    return _plain(" ".join(kept))


def _flags(lines: Sequence[str]) -> list[Flag]:
    whole: list[str] = []
    for line in lines:
        if _FLAG.match(line):
            whole.append(line)
        elif line.strip() and whole:
            joined = f"{whole[-1]} {line.strip()}"
            # A flag as wide as its column has all of its text below it.
            whole[-1] = joined if "  " in whole[-1].strip() else f"{whole[-1]}  {line.strip()}"
    return [_flag(match) for line in whole if (match := _FLAG.match(line))]


def _flag(match: re.Match[str]) -> Flag:
    text = _plain(match["text"] or "")
    default = _DEFAULT.search(text)
    if default:
        text = text[: default.start()]
    return Flag(
        name=match["name"],
        short=match["short"] or "",
        # A switch whose text quotes a command is shown as if it took that for a value.
        kind="" if " " in (match["kind"] or "") else match["kind"] or "",
        default=default["value"].strip('"') if default else "",
        text=text,
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _commands(known: dict[Name, Help]) -> list[Command]:
    """Each command once, by the first of its names; the others are its other names."""
    made: dict[Name, Command] = {}
    for name, said in known.items():
        # `docker builder` hands on to buildx: its usage says whose command it is.
        own = _own_name(said.usage, known)
        names = [*said.names, *([own] if own else []), name]
        path = next((n for n in names if n in made or n in known), name)
        before = made[path].names if path in made else ()
        others = {*before, *names} - {path}
        flags = {flag.name: flag for flag in said.flags if flag.name != "help"}
        made[path] = Command(
            path=path,
            names=tuple(sorted(others)),
            usage=_arguments(said.usage, [path, *others]),
            text=said.text,
            flags=dict(sorted(flags.items())),
        )
    return [made[path] for path in sorted(made)]


def _own_name(usage: str, known: Mapping[Name, Help]) -> Name:
    words = tuple(usage.split()[1:])
    return next((words[:n] for n in range(DEEPEST, 0, -1) if words[:n] in known), ())


def _arguments(usage: str, names: Sequence[Name]) -> str:
    """What follows the name in a usage: `[OPTIONS] IMAGE [COMMAND] [ARG...]`."""
    words = usage.split()[1:]
    longest = max(
        (name for name in names if tuple(words[: len(name)]) == name), key=len, default=()
    )
    return " ".join(words[len(longest) :])
