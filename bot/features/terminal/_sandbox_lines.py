"""What a command's message says of the sandbox itself: a wait for a place, what ended, what will.

The line that starts lost containers again is read back from the message by the button below it, so
that the button works after the bot was restarted.
"""

from __future__ import annotations

import re
from typing import Final

import discord
from discord import ui

from bot.classroom.commands import Waiting
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button

LONGEST_AGAIN: Final = 600
EXTEND_HOURS: Final = 2

_AGAIN = re.compile(r"`(docker start(?: [A-Za-z0-9][A-Za-z0-9_.-]{0,127})+)`")


def waiting_line(waiting: Waiting, speech: Speech) -> str:
    """Where the learner stands, and how long it may take when that is known."""
    ahead = waiting.place - 1
    parts = [speech("terminal.waiting", n=ahead) if ahead else speech("terminal.waiting.next")]
    if waiting.estimate_s is not None:
        parts.append(duration(waiting.estimate_s, speech))
    return " ".join(parts)


def duration(seconds: float, speech: Speech) -> str:
    """How long a wait may take, as a sentence: minutes are exact enough for a guess."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return speech("terminal.waiting.soon")
    return speech("terminal.waiting.minutes", n=minutes)


def lost_lines(lost: list[str], because: str | None, speech: Speech) -> list[str]:
    """Why the engine was off, and how the containers that ended with it come back."""
    if not lost:
        return []
    key = f"terminal.off.{because}"
    why = speech(key if key in speech else "terminal.off.other")
    return [f"-# {why} {speech('terminal.lost', command=inline_code(again_line(lost)))}"]


def again_line(lost: list[str]) -> str:
    """The command that starts as many of them as a message has room for."""
    line = "docker start"
    for name in lost:
        if len(line) + len(name) >= LONGEST_AGAIN:
            break
        line += f" {name}"
    return line


def again_line_of(message: discord.Message) -> str | None:
    """The same, read from a message that names it; None when there is none."""
    view = ui.LayoutView.from_message(message, timeout=None)
    view.stop()
    for item in view.walk_children():
        found = _AGAIN.search(item.content) if isinstance(item, ui.TextDisplay) else None
        if found is not None:
            return found[1]
    return None


def hard_limit_lines(left_s: float | None, speech: Speech) -> list[str]:
    """The end that is near, where one is."""
    if left_s is None:
        return []
    return [f"-# {speech('terminal.hard_limit', n=max(1, round(left_s / 60)))}"]


def sandbox_buttons(
    lost: list[str], hard_stop_s: float | None, speech: Speech, *, owner: int
) -> list[ui.Button[Card]]:
    """What can be done about either with one tap."""
    buttons = []
    if lost:
        buttons.append(
            button(
                speech("terminal.again"),
                custom_id("again", owner),
                style=discord.ButtonStyle.primary,
            )
        )
    if hard_stop_s is not None:
        buttons.append(
            button(
                speech("terminal.keep", n=EXTEND_HOURS), custom_id("keep", owner, str(EXTEND_HOURS))
            )
        )
    return buttons
