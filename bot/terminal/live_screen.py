"""The screen of a session: a terminal of a fixed size, its cursor, and what scrolled off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any, Final

import pyte
from pyte.screens import Cursor, StaticDefaultDict
from wcwidth import wcwidth

from bot.terminal.escape import in_block
from bot.terminal.folding import with_colour
from bot.terminal.screen import (
    SCROLLED_OFF,
    Feeder,
    Line,
    ScrollingScreen,
    Span,
    Style,
    text_of,
)

COLUMNS: Final = 80
ROWS: Final = 24
NARROW: Final = 40
"""Columns that fit on a phone held upright."""

MOST_CHARACTERS: Final = 3000
"""Of a screen in a message, colours included; a plain screen has 24 lines of 80."""

LONGEST_CELL: Final = 4
"""Marks may be stacked on a letter without end."""

_ALTERNATE: Final = frozenset({47, 1047, 1049})
_APPLICATION_CURSOR: Final = 1 << 5
_BRACKETED_PASTE: Final = 2004 << 5
_COSTLY: Final = frozenset({3, 5})
"""DECCOLM and DECSCNM write every cell: a few bytes of a hostile output would keep us busy."""

_CURSOR: Final = Style(foreground="black", background="white")


class LiveScreen:
    """Takes a program's output; `shown` is the window, `lines` all that one could scroll to."""

    def __init__(self, columns: int = COLUMNS, rows: int = ROWS) -> None:
        self._screen = _Window(columns, rows)
        self._feeder = Feeder(self._screen)

    def feed(self, piece: str) -> None:
        """Take in the next piece of output; it may end anywhere, within a sequence too."""
        self._feeder.take(piece)

    @property
    def lines(self) -> list[Line]:
        """What scrolled off and what is in the window, without the empty lines at the end.

        A program that draws a whole screen leaves no trace in it, as in any terminal.
        """
        lines = [*self._screen.scrolled_off, *self._screen.main_rows()]
        while lines and not text_of(lines[-1]).strip():
            lines.pop()
        return lines

    @property
    def last_full_screen(self) -> list[Line]:
        """The window of a program that draws a whole screen, as it was when it was left."""
        if self._screen.is_alternate:
            return list(self._screen.rows())
        return self._screen.left_behind

    @property
    def is_full(self) -> bool:
        """Whether a program has the whole screen for itself, as an editor has."""
        return self._screen.is_alternate

    @property
    def pastes(self) -> bool:
        """Whether the program wants to be told where pasted text begins and ends."""
        return _BRACKETED_PASTE in self._screen.mode

    @property
    def application_cursor(self) -> bool:
        """Whether arrows are to be sent as a program asked for that draws a screen."""
        return _APPLICATION_CURSOR in self._screen.mode

    @property
    def columns(self) -> int:
        """How wide it is."""
        return self._screen.columns

    @property
    def line_of_cursor(self) -> str:
        """The text that stands before the cursor: a prompt, where there is one."""
        return text_of(self._screen.row(self._screen.cursor.y))

    def resize(self, columns: int) -> None:
        """Be so wide from now on."""
        self._screen.change_width(columns)

    def shown(self) -> list[Line]:
        """The window with its cursor, empty lines below both left out."""
        rows = list(self._screen.rows())
        cursor = self._screen.cursor
        while len(rows) - 1 > cursor.y and not text_of(rows[-1]).strip():
            rows.pop()
        if not cursor.hidden and cursor.y < len(rows):
            column = min(cursor.x, self._screen.columns - 1)
            rows[cursor.y] = _with_cursor(rows[cursor.y], column)
        return rows


class _Window(ScrollingScreen):
    """A window of a fixed size with a second screen, which programs like editors switch to."""

    at_line_start = False

    def __init__(self, columns: int, rows: int) -> None:
        self.is_alternate = False
        self.left_behind: list[Line] = []
        self._main: tuple[dict[int, Any], Cursor] | None = None
        super().__init__(columns, rows)

    def reset(self) -> None:
        self._leave_alternate()
        super().reset()

    def draw(self, data: str) -> None:
        if data.isascii():
            super().draw(data)
            return
        for character in data:
            # A wide letter that has no room at the end of a line goes to the next one.
            if self.cursor.x == self.columns - 1 and wcwidth(character) > 1:
                self.cursor.x = self.columns
            super().draw(character)
            self._shorten_cell()

    def index(self) -> None:
        if len(self.scrolled_off) >= SCROLLED_OFF:
            del self.scrolled_off[: SCROLLED_OFF // 10]  # the newest are what people look for
        kept = len(self.scrolled_off)
        super().index()
        if self.is_alternate:
            del self.scrolled_off[kept:]

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            if not _ALTERNATE.isdisjoint(modes):
                self._enter_alternate()
            modes = tuple(mode for mode in modes if mode not in _COSTLY)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private"):
            if not _ALTERNATE.isdisjoint(modes):
                self._leave_alternate()
            modes = tuple(mode for mode in modes if mode not in _COSTLY)
        super().reset_mode(*modes, **kwargs)

    def change_width(self, columns: int) -> None:
        """A new width. The window that is not shown loses what is further right."""
        if self._main is not None:
            for row in self._main[0].values():
                for x in [x for x in row if x >= columns]:
                    del row[x]
        pyte.Screen.resize(self, self.lines, columns)
        self.cursor.x = min(self.cursor.x, columns)
        self.tabstops = set(range(8, columns, 8))

    def main_rows(self) -> Iterable[Line]:
        """What is in the window that is no editor's."""
        if self._main is None:
            return self.rows()
        buffer, cursor = self._main
        shown, self.buffer = self.buffer, buffer
        try:
            last = max(cursor.y, *buffer.keys(), 0)
            return [self.row(y) for y in range(min(last + 1, self.lines))]
        finally:
            self.buffer = shown

    def _enter_alternate(self) -> None:
        if self._main is None:
            self._main = (self.buffer, copy(self.cursor))
            self.buffer = defaultdict(lambda: StaticDefaultDict(self.default_char))
            self.is_alternate = True

    def _leave_alternate(self) -> None:
        if getattr(self, "_main", None) is None:
            return
        self.left_behind = list(self.rows())
        assert self._main is not None  # noqa: S101 - for the type checker
        self.buffer, self.cursor = self._main
        self.cursor.x = min(self.cursor.x, self.columns)
        self._main, self.is_alternate = None, False
        self.margins = None

    def _shorten_cell(self) -> None:
        row = self.buffer.get(self.cursor.y)
        cell = row.get(self.cursor.x - 1) if row else None
        if row is not None and cell is not None and len(cell.data) > LONGEST_CELL:
            row[self.cursor.x - 1] = cell._replace(data=cell.data[:LONGEST_CELL])


def as_block(lines: Sequence[Line], *, most: int = MOST_CHARACTERS) -> tuple[str, bool]:
    """The text of a code block with these lines, and whether it has colours.

    When it is too long, first the colours give way, then the lines at the top.
    """
    coloured = any(span.style != Style() for line in lines for span in line)
    if coloured:
        text = "\n".join("".join(map(with_colour, line)) for line in lines)
        if _length(text) <= most:
            return text, True
    plain = [in_block(text_of(line)) for line in lines]
    text = "\n".join(plain)
    while len(plain) > 1 and _length(text) > most:
        plain.pop(0)
        text = "\n".join(plain)
    return text[-most:], False


def _length(text: str) -> int:
    """As Discord may count: in UTF-16."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _with_cursor(line: Line, column: int) -> Line:
    """The line with a sign where the cursor is: a block, or the letter in other colours."""
    left, right, at = [], [], 0
    under = ""
    for span in line:
        for character in span.text:
            width = max(wcwidth(character), 0)
            if at > column or (under and width):
                right.append(Span(character, span.style))
            elif at + width > column or (at == column and under):
                under += character
            else:
                left.append(Span(character, span.style))
            at += width
    blank = " " * max(column - at, 0)
    sign = Span("█") if not under.strip() else Span(under, _CURSOR)
    return _joined([*left, Span(blank), sign, *right])


def _joined(spans: Iterable[Span]) -> Line:
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if joined and joined[-1].style == span.style:
            joined[-1] = Span(joined[-1].text + span.text, span.style)
        else:
            joined.append(span)
    return tuple(joined)
