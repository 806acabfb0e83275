"""What a terminal would show at the end of some output: progress bars, cursor moves and colours.

Most output is plain lines and is kept as such. The first character that only a terminal understands
(an escape, a backspace, a lone carriage return) brings in a terminal emulator, which then gets the
newest lines and everything after them. What scrolls off its top is kept as well.
"""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pyte
from pyte.screens import Char
from wcwidth import wcwidth

from bot.terminal.escape import visible

COLUMNS = 400
"""Programs without a terminal do not wrap their output; wide tables stay in one line."""
ROWS = 50
"""How far up the cursor can go, as in the window of a terminal."""

SCROLLED_OFF = 5000
"""More lines than this are not kept above the screen; the log has them all."""

_NEEDS_TERMINAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Window titles, links and other strings for the terminal itself. They end at their line at the
# latest: pyte would wait for the end of one that is broken, and swallow all that follows.
_STRING = re.compile(
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,2000}(?:\x07|\x1b\\|\x9c)?"
)
_UNFINISHED_STRING = re.compile(
    r"(?:(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,2000}\x1b?|\x1b)\Z"
)
_CARRIAGE_RETURNS = re.compile("\r+\n")


@dataclass(frozen=True, slots=True)
class Style:
    """Colours by the names of the eight, None for the usual one."""

    foreground: str | None = None
    background: str | None = None
    bold: bool = False
    underlined: bool = False


USUAL = Style()


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring characters of one style."""

    text: str
    style: Style = USUAL


Line = tuple[Span, ...]


def text_of(line: Line) -> str:
    """The characters of a line."""
    return "".join(span.text for span in line)


class Screen:
    """Takes output piece by piece; `lines` is what has come of it."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._unfinished = ""
        self._terminal: _Terminal | None = None
        self._held = ""

    def feed(self, piece: str) -> None:
        """Take in the next piece of output; it may end anywhere, within a sequence too."""
        if self._terminal is not None:
            self._terminal.take(piece)
            return
        text = self._held + piece
        # A carriage return at the very end: the next piece tells whether it ends a line.
        self._held = "\r" if text.endswith("\r") else ""
        text = _CARRIAGE_RETURNS.sub("\n", text[: len(text) - len(self._held)])
        found = _NEEDS_TERMINAL.search(text)
        if found is None:
            self._add_plain(text)
            return
        self._add_plain(text[: found.start()])
        self._begin_terminal()
        assert self._terminal is not None  # noqa: S101 - for the type checker
        self._terminal.take(text[found.start() :] + self._held)

    @property
    def lines(self) -> list[Line]:
        """All lines from the top, without the empty ones at the end."""
        lines = self._lines + self._newest()
        while lines and not text_of(lines[-1]).strip():
            lines.pop()
        return lines

    def _newest(self) -> list[Line]:
        if self._terminal is not None:
            return self._terminal.lines()
        return [_plain_line(self._unfinished)] if self._unfinished else []

    def _add_plain(self, text: str) -> None:
        *finished, self._unfinished = (self._unfinished + text).split("\n")
        self._lines.extend(_plain_line(line) for line in finished)

    def _begin_terminal(self) -> None:
        reachable = ROWS - 1
        above, within = self._lines[:-reachable], self._lines[-reachable:]
        self._lines = above
        self._terminal = _Terminal()
        text = "\n".join([*(text_of(line) for line in within), self._unfinished])
        self._unfinished = ""
        self._terminal.take(text)


def _plain_line(text: str) -> Line:
    shown = visible(text).rstrip().expandtabs(8)
    return (Span(shown),) if shown else ()


class Feeder:
    """Hands output to an emulated screen, whatever it is made of and wherever it was cut."""

    def __init__(self, screen: ScrollingScreen) -> None:
        self._stream = pyte.Stream(screen)
        self._held = ""

    def take(self, text: str) -> None:
        """Take in the next piece of output."""
        text = self._held + text
        unfinished = _UNFINISHED_STRING.search(text)
        self._held = unfinished[0] if unfinished else ""
        text = _STRING.sub("", text[: len(text) - len(self._held)])
        # A number that is none, such as ², or of a thousand digits: pyte's parser starts afresh.
        with suppress(ValueError):
            self._stream.feed(text)


class _Terminal(Feeder):
    """The emulator, with the lines that scrolled off its top."""

    def __init__(self) -> None:
        self._screen = ScrollingScreen()
        super().__init__(self._screen)

    def lines(self) -> list[Line]:
        return [*self._screen.scrolled_off, *self._screen.rows()]


class ScrollingScreen(pyte.Screen):
    """pyte's screen, which keeps what scrolls off, and whose work a hostile output can't blow up.

    pyte fills whole rows where it erases: three bytes of output then cost thousands of writes. Here
    erasing forgets cells, so that each costs no more than the output which once wrote it.
    """

    at_line_start = True
    """Output of a program without a terminal: a line feed begins a new line at its start."""

    def __init__(self, columns: int = COLUMNS, rows: int = ROWS) -> None:
        self.scrolled_off: list[Line] = []
        super().__init__(columns, rows)
        self._set_line_mode()
        for name in set(pyte.Stream.csi.values()):
            setattr(self, name, _tolerant(getattr(self, name)))

    def reset(self) -> None:
        """Be as new, in the same mode."""
        super().reset()
        self._set_line_mode()

    def _set_line_mode(self) -> None:
        if self.at_line_start:
            self.set_mode(pyte.modes.LNM)

    def draw(self, data: str) -> None:
        """Write characters at the cursor."""
        # pyte drops all that follows a character without a width of its own.
        super().draw(data if data.isascii() else "".join(filter(_has_place, data)))

    def index(self) -> None:
        """Go down one line; what scrolls off the top is kept."""
        at_bottom = self.margins is None and self.cursor.y == self.lines - 1
        if at_bottom and len(self.scrolled_off) < SCROLLED_OFF:
            self.scrolled_off.append(self.row(0))
        super().index()

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Forget cells of the cursor's line."""
        row = self.buffer.get(self.cursor.y)
        if row is None:
            return
        here = self.cursor.x
        for x in [x for x in row if how == 2 or (x >= here if how == 0 else x <= here)]:  # noqa: PLR2004 - 2: the whole line
            del row[x]

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        """Forget cells of the whole screen."""
        here = self.cursor.y
        whole = how in {2, 3}
        for y in [y for y in self.buffer if whole or (y > here if how == 0 else y < here)]:
            del self.buffer[y]
        if not whole:
            self.erase_in_line(how)

    def cursor_to_line(self, line: int | None = None) -> None:
        """Go to a line; with lines counted from a margin's top, to one below that.

        pyte takes for granted that there is a margin then; a program need not have set one.
        """
        if self.margins is not None:
            super().cursor_to_line(line)
            return
        self.cursor.y = (line or 1) - 1
        self.ensure_vbounds()

    def alignment_display(self) -> None:
        """A test picture of E's over the whole screen: nobody needs it."""

    def save_cursor(self) -> None:
        """Remember where the cursor is, so many times and no more."""
        if len(self.savepoints) < ROWS:
            super().save_cursor()

    def report_device_status(self, mode: int, **kwargs: Any) -> None:
        """Nobody asks where the cursor is; pyte would want a margin for the answer, too."""

    def write_process_input(self, data: str) -> None:
        """Nobody listens for the terminal's answers."""

    def resize(self, lines: int | None = None, columns: int | None = None) -> None:
        """Output can't change the size: it could ask for one that takes all memory."""

    def rows(self) -> Iterable[Line]:
        """The lines down to the last one that was written, or to the cursor."""
        last = max(self.cursor.y, *self.buffer.keys(), 0)
        return (self.row(y) for y in range(min(last + 1, self.lines)))

    def row(self, y: int) -> Line:
        """The line at this place."""
        row = self.buffer.get(y)
        return _spans(row) if row else ()


def _tolerant(method: Callable[..., None]) -> Callable[..., None]:
    """The method behind a sequence, deaf to parameters that no terminal knows."""
    parameters = inspect.signature(method).parameters.values()
    variable = any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)
    plain = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "private"]
    accepted = None if variable else len(plain)
    names = {parameter.name for parameter in parameters}
    keeps_private = "private" in names or "kwargs" in names

    def call(*values: int, private: bool = False) -> None:
        if private and keeps_private:
            method(*values[:accepted], private=True)
        else:
            method(*values[:accepted])

    return call


def _has_place(character: str) -> bool:
    return wcwidth(character) > 0 or bool(unicodedata.combining(character))


def _spans(row: Any) -> Line:
    """The styled runs of one row, blanks at the end left out."""
    spans: list[tuple[Style, list[str]]] = []
    for x in range(max(row) + 1):
        cell = row.get(x, row.default)
        style = _style(cell)
        if not spans or spans[-1][0] != style:
            spans.append((style, []))
        spans[-1][1].append(cell.data)
    line = [Span(visible("".join(pieces)), style) for style, pieces in spans]
    while line and not line[-1].text.strip() and line[-1].style.background is None:
        line.pop()
    if line and line[-1].style.background is None:
        line[-1] = Span(line[-1].text.rstrip(), line[-1].style)
    return tuple(span for span in line if span.text)


_COLOURS = {
    "black": (0, 0, 0), "red": (205, 0, 0), "green": (0, 205, 0), "brown": (205, 205, 0),
    "blue": (0, 0, 238), "magenta": (205, 0, 205), "cyan": (0, 205, 205), "white": (229, 229, 229),
}  # fmt: skip
_HEX = re.compile(r"[0-9a-fA-F]{6}")


def _style(cell: Char) -> Style:
    foreground, background = _colour(cell.fg), _colour(cell.bg)
    if cell.reverse:
        foreground, background = background or "black", foreground or "white"
    bold = bool(cell.bold) or cell.fg.startswith("bright")
    return Style(foreground, background, bold, bool(cell.underscore))


def _colour(name: str) -> str | None:
    """One of the eight names that pyte uses, the nearest for 256 and more colours."""
    if name == "default":
        return None
    name = name.removeprefix("bright")
    if name in _COLOURS:
        return name
    if not _HEX.fullmatch(name):
        return None
    wanted = tuple(int(name[at : at + 2], 16) for at in (0, 2, 4))
    return min(_COLOURS, key=lambda known: _distance(_COLOURS[known], wanted))


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
