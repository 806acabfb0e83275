"""How a session looks in chat: its screen, what typing does now, and the keys to press."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import discord
from discord import ui

from bot.features.terminal._render import ADVICE_OUTPUT, RUNNING, View, heading, state
from bot.terminal.escape import visible, without_sequences
from bot.terminal.folding import Folded
from bot.terminal.layers import one_line_a_layer
from bot.terminal.live_screen import MOST_CHARACTERS, NARROW, LiveScreen, as_block
from bot.terminal.screen import Line, text_of
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, panel, row, text

ROOM: Final = 3900
"""Letters of all texts of a message; Discord takes a few more."""

MOST_TRANSCRIPT_BYTES: Final = 1_000_000

_TYPING: Final = (
    ("enter", "Enter"), ("tab", "Tab"), ("esc", "Esc"), ("ctrl-c", "Ctrl+C"), ("ctrl-d", "Ctrl+D"),
)  # fmt: skip
_MOVING: Final = (
    ("left", "←"), ("down", "↓"), ("up", "↑"), ("right", "→"), ("space", "Space"),
)  # fmt: skip


@dataclass(slots=True)
class SessionView(View):
    """What the message of a session shows; changes while the session goes on."""

    wants_keyboard: bool = True
    window: LiveScreen = field(default_factory=LiveScreen)
    newest: str = ""
    """The newest output, for advice about how it ended."""
    was_typed_in: bool = False
    dropped: bool = False
    """The program does not read: some of what was typed is lost."""
    is_detached: bool = False
    ends_at: int | None = None
    """Unix time at which it ends if nobody does anything; None when that is far away."""
    ends_in_any_case: bool = False

    def add(self, piece: str) -> None:
        """Take in some output."""
        self.newest = (self.newest + piece)[-ADVICE_OUTPUT:]
        self.window.feed(piece)

    def begin_again(self) -> None:
        """An empty screen of the same width, for output that is told from its beginning."""
        self.window = LiveScreen(self.window.columns)

    @property
    def lines(self) -> list[Line]:
        """All lines, those that scrolled off included."""
        return one_line_a_layer(self.window.lines)

    @property
    def output(self) -> str:
        """The newest output, without what only a terminal understands."""
        return without_sequences(self.newest)

    def log(self, folded: Folded) -> bytes | None:
        """The transcript, unless the message shows all there is."""
        lines = self.window.lines or self.window.last_full_screen
        if not lines or (folded.complete and not self.was_typed_in):
            return None
        written = "\n".join(text_of(line).rstrip() for line in lines)
        whole = f"$ {visible(self.typed.line)}\n\n{written}\n"
        return whole.encode("utf-8", "replace")[-MOST_TRANSCRIPT_BYTES:]


def session_card(
    view: SessionView, speech: Speech, *, owner: int, run_id: str, stopping: bool
) -> Card:
    """While it is live: the window, what typing does, and keys for those without a keyboard."""
    items = [text(line) for line in heading(view, speech)]
    if view.started_at is None:
        items.append(text(state(view, speech, stopping=stopping)))
        if view.wants_keyboard and not stopping:  # what is written meanwhile waits for it
            items.append(text(f"-# {speech('live.hint.lines')}"))
        return Card(panel(*items, colour=RUNNING), row(_stop(speech, owner, run_id, stopping)))
    notes = [f"-# {line}" for line in _notes(view, speech, stopping=stopping)]
    around = sum(len(line) for line in (*heading(view, speech), *notes))
    block, coloured = as_block(view.window.shown(), most=min(MOST_CHARACTERS, ROOM - around))
    items.append(text(f"```{'ansi' if coloured else ''}\n{block}\n```"))
    items += [text(line) for line in notes]
    rows = _rows(view, speech, owner, run_id, stopping=stopping)
    return Card(panel(*items, colour=RUNNING), *rows)


def _notes(view: SessionView, speech: Speech, *, stopping: bool) -> list[str]:
    if stopping:
        return [speech("terminal.stopping")]
    if view.is_detached:
        return [speech("live.detached")]
    notes = []
    if view.ends_at is not None:
        key = "live.warn.time" if view.ends_in_any_case else "live.warn.idle"
        notes.append(speech(key, until=f"<t:{view.ends_at}:R>"))
    if view.dropped:
        notes.append(speech("live.dropped"))
    notes.append(speech(_hint(view)))
    return notes


def _hint(view: SessionView) -> str:
    if not view.wants_keyboard:
        return "live.hint.follows"
    return "live.hint.screen" if view.window.is_full else "live.hint.lines"


def _rows(
    view: SessionView, speech: Speech, owner: int, run_id: str, *, stopping: bool
) -> list[ui.ActionRow[Card]]:
    def key(name: str, label: str) -> ui.Button[Card]:
        return button(label, custom_id("key", owner, run_id, name), disabled=stopping)

    stop = _stop(speech, owner, run_id, stopping)
    if view.is_detached:
        return [row(key("attach", speech("live.attach")), stop)]
    is_narrow = view.window.columns <= NARROW
    width = key("wide", speech("live.wide")) if is_narrow else key("narrow", speech("live.narrow"))
    last = [width, key("detach", speech("live.detach")), stop]
    if view.ends_at is not None and not view.ends_in_any_case:
        last.insert(0, key("stay", speech("live.stay")))
    if not view.wants_keyboard:
        return [row(key("ctrl-c", "Ctrl+C"), *last)]
    return [
        row(*(key(name, label) for name, label in _TYPING)),
        row(*(key(name, label) for name, label in _MOVING)),
        row(*last),
    ]


def _stop(speech: Speech, owner: int, run_id: str, stopping: bool) -> ui.Button[Card]:
    return button(
        speech("live.stop"),
        custom_id("cancel", owner, run_id),
        style=discord.ButtonStyle.danger,
        disabled=stopping,
    )
