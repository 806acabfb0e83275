"""More output than fits in a message: its head and its tail stay, the middle is folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.terminal.escape import in_block
from bot.terminal.screen import Line, Span, Style, text_of

MOST_LINES = 30
MOST_CHARACTERS = 1900
LONGEST_LINE = 600
"""A longer line is cut in the message; the log has all of it."""

_TAIL_SHARE = 3
"""One line of this many stays at the end: errors come last, headings first."""

_ESCAPE = "\x1b["
_FOREGROUND = {
    "black": "30", "red": "31", "green": "32", "brown": "33",
    "blue": "34", "magenta": "35", "cyan": "36", "white": "37",
}  # fmt: skip
_BACKGROUND = {name: f"4{code[1]}" for name, code in _FOREGROUND.items()}


@dataclass(frozen=True, slots=True)
class Folded:
    """What is shown: lines ready for a code block; `hidden` lines are missing between the two.

    `cut` says that a line was shortened. `coloured` asks for an `ansi` block.
    """

    head: tuple[str, ...]
    tail: tuple[str, ...] = ()
    hidden: int = 0
    cut: bool = False
    coloured: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything is shown."""
        return not self.hidden and not self.cut


def fold(
    lines: Sequence[Line], *, most_lines: int = MOST_LINES, most_characters: int = MOST_CHARACTERS
) -> Folded:
    """Choose what to show of `lines`: all of it when it fits, else the beginning and the end."""
    coloured = any(span.style != Style() for line in lines for span in line)
    candidates = _Candidates(lines, coloured=coloured)
    everything = candidates.head(most_lines, most_characters)
    if len(everything) == len(lines):
        return Folded(everything, cut=candidates.cut, coloured=coloured)
    tail_lines = max(1, most_lines // _TAIL_SHARE)
    tail = candidates.tail(tail_lines, most_characters // _TAIL_SHARE)
    left = most_characters - sum(len(line) + 1 for line in tail)
    head = candidates.head(most_lines - len(tail), left)
    hidden = len(lines) - len(head) - len(tail)
    return Folded(head, tail, hidden, candidates.cut, coloured)


def newest(
    lines: Sequence[Line], *, most_lines: int = MOST_LINES, most_characters: int = MOST_CHARACTERS
) -> Folded:
    """The end of `lines`, as a terminal shows it while a command runs."""
    coloured = any(span.style != Style() for line in lines for span in line)
    candidates = _Candidates(lines, coloured=coloured)
    tail = candidates.tail(most_lines, most_characters)
    return Folded((), tail, len(lines) - len(tail), candidates.cut, coloured)


class _Candidates:
    """The lines as they would be shown, made one by one from either end."""

    def __init__(self, lines: Sequence[Line], *, coloured: bool) -> None:
        self._lines = lines
        self._coloured = coloured
        self.cut = False

    def head(self, most_lines: int, most_characters: int) -> tuple[str, ...]:
        return self._take(self._lines, most_lines, most_characters)

    def tail(self, most_lines: int, most_characters: int) -> tuple[str, ...]:
        backwards = self._lines[: -most_lines - 1 : -1]
        return self._take(backwards, most_lines, most_characters)[::-1]

    def _take(
        self, lines: Sequence[Line], most_lines: int, most_characters: int
    ) -> tuple[str, ...]:
        taken: list[str] = []
        left = most_characters
        for line in lines[:most_lines]:
            shown = self._show(line)
            if len(shown) + 1 > left:
                break
            taken.append(shown)
            left -= len(shown) + 1
        return tuple(taken)

    def _show(self, line: Line) -> str:
        if len(text_of(line)) > LONGEST_LINE:
            self.cut = True
            line = _shortened(line)
        return "".join(map(with_colour, line)) if self._coloured else in_block(text_of(line))


def _shortened(line: Line) -> Line:
    left = LONGEST_LINE - 1
    spans: list[Span] = []
    for span in line:
        spans.append(Span(span.text[:left], span.style))
        left -= len(span.text)
        if left <= 0:
            break
    return (*spans, Span("…"))


def with_colour(span: Span) -> str:
    """A span as Discord's `ansi` blocks show it: eight colours, bold and underlined."""
    text = in_block(span.text)
    if span.style == Style():
        return text
    codes = [
        code
        for code in (
            "1" if span.style.bold else "",
            "4" if span.style.underlined else "",
            _FOREGROUND.get(span.style.foreground or "", ""),
            _BACKGROUND.get(span.style.background or "", ""),
        )
        if code
    ]
    return f"{_ESCAPE}{';'.join(codes)}m{text}{_ESCAPE}0m"
