"""A folder as the lines of a tree, no longer than a message takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.terminal.escape import visible

MOST_LINES: Final = 45
LONGEST_NAME: Final = 48
_KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a folder; `path` begins there."""

    path: str
    kind: Literal["file", "folder", "link", "other"]
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The lines, and how many entries had no room."""

    lines: tuple[str, ...]
    hidden: int


def draw_tree(entries: Sequence[Entry], *, most_lines: int = MOST_LINES) -> Tree:
    """The entries as a tree, in the order of their names; what does not fit is counted.

    Where there is too much, the deepest levels are left out first.
    """
    ordered = sorted(entries, key=lambda entry: entry.path.split("/"))
    depth = max((_depth(entry) for entry in ordered), default=1)
    while depth > 1 and sum(_depth(entry) <= depth for entry in ordered) > most_lines:
        depth -= 1
    shown = [entry for entry in ordered if _depth(entry) <= depth][:most_lines]
    lines = [_line(shown, index) for index in range(len(shown))]
    return Tree(tuple(lines), len(entries) - len(shown))


def size(size_bytes: int) -> str:
    """A size as `ls -h` tells it."""
    amount = float(size_bytes)
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if amount < _KIB or unit == "TiB":
            break
        amount /= _KIB
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"  # noqa: PLR2004 - two digits are enough


def _depth(entry: Entry) -> int:
    return entry.path.count("/") + 1


def _line(entries: Sequence[Entry], index: int) -> str:
    entry = entries[index]
    depth = _depth(entry)
    rails = "".join(
        "│  " if _goes_on(entries, index, level) else "   " for level in range(1, depth)
    )
    branch = "├─ " if _goes_on(entries, index, depth) else "└─ "
    return rails + branch + _label(entry)


def _goes_on(entries: Sequence[Entry], index: int, level: int) -> bool:
    """Whether something follows on this level, in the same folder."""
    folder = entries[index].path.split("/")[: level - 1]
    for following in entries[index + 1 :]:
        parts = following.path.split("/")
        if parts[: level - 1] != folder:
            return False
        if len(parts) == level:
            return True
    return False


def _label(entry: Entry) -> str:
    name = visible(entry.path.rpartition("/")[2]).replace("\n", " ").replace("\t", " ")
    if len(name) > LONGEST_NAME:
        name = name[: LONGEST_NAME - 1] + "…"
    match entry.kind:
        case "folder":
            return f"{name}/"
        case "link":
            return f"{name} ↪"
        case "file":
            return f"{name}  {size(entry.size_bytes)}"
        case _:
            return f"{name} ?"
