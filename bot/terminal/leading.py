"""What leads up to a terminal in a line: `cd app && vi notes` goes somewhere, and then opens vi.

A terminal leaves the folder of the other lines alone. So what comes before it is run as a line of
its own, whose `cd` lasts.
"""

from __future__ import annotations

from bot.terminal.vocabulary import words

_LEAVES_NO_TRACE_IN_THE_SHELL = words("cd pwd mkdir touch ls cp mv rm echo chmod")
"""Run in a shell of their own these do the same; a setting for what follows would be lost."""

_ENDS_THE_LOOK = frozenset(";|<>()\n`#")


def split_ahead(line: str) -> tuple[str, str]:
    """What goes ahead of the terminal, and the rest of the line; nothing ahead when it holds no cd.

    The two together do what the line does: the rest is for when the first part succeeds.
    """
    end = 0
    moves = False
    for begin, stop in _joined_by_and(line):
        program = line[begin:stop].split()[:1]
        if not program or program[0] not in _LEAVES_NO_TRACE_IN_THE_SHELL:
            break
        moves = moves or program == ["cd"]
        end = stop
    rest = line[end:].lstrip().removeprefix("&&").strip()
    return (line[:end].strip(), rest) if moves and rest else ("", line)


def _joined_by_and(line: str) -> list[tuple[int, int]]:
    """Where the commands stand that are followed by `&&`, as far as the line is that simple."""
    found: list[tuple[int, int]] = []
    begin, at, quote = 0, 0, ""
    while at < len(line):
        letter = line[at]
        if letter == "\\" and quote != "'":
            at += 2
            continue
        if quote:
            quote = "" if letter == quote else quote
            if letter == "`":
                break
        elif letter in "'\"":
            quote = letter
        elif line.startswith("&&", at):
            found.append((begin, at))
            begin = at + 2
            at += 1
        elif letter in _ENDS_THE_LOOK or letter == "&":
            break
        at += 1
    return found
