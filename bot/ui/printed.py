"""What a command printed, as a code block that can neither be left nor be too long."""

from __future__ import annotations

from typing import Final

from bot.terminal.escape import code_block
from bot.terminal.folding import fold
from bot.terminal.layers import one_line_a_layer
from bot.terminal.screen import Screen
from bot.texts import Speech

SLICE: Final = 4096


def printed_block(
    printed: str, speech: Speech, *, most_lines: int = 20, most_characters: int = 1_500
) -> str:
    """The output as a terminal would show it, its middle folded; empty for none."""
    screen = Screen()
    for at in range(0, len(printed), SLICE):
        screen.feed(printed[at : at + SLICE])
    lines = one_line_a_layer(screen.lines)
    if not lines:
        return ""
    folded = fold(lines, most_lines=most_lines, most_characters=most_characters)
    shown = list(folded.head)
    if folded.hidden:
        shown.append(
            speech("terminal.folded" if folded.head else "terminal.above", n=folded.hidden)
        )
    shown.extend(folded.tail)
    return code_block("\n".join(shown), "ansi" if folded.coloured else "")
