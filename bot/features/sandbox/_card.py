"""What /sandbox looks like: one line for the state, one for each deadline, and what can be done."""

from __future__ import annotations

import discord

from bot.classroom.machines import End, Machine, SandboxTimers, SandboxView
from bot.features.sandbox._use import use_lines
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.theme import CALM, WARN

ON = frozenset({"running", "frozen"})
SHORTEST_EXTENSION_S = 1800
"""Less than half an hour more is not worth a button."""


def sandbox_card(machine: Machine, speech: Speech, *, owner: int, now: float) -> Card:
    """How the sandbox is. `now` is in seconds since 1970."""
    view = machine.view
    if view is None:
        return Card(panel(text(_titled(speech, speech("sandbox.none"))), colour=CALM))
    lines = [_state(view, speech)]
    if view.timers is not None:
        lines += _deadlines(view.timers, speech, now)
    if machine.use is not None:
        lines += use_lines(machine.use, speech)
    if machine.saved is not None:
        lines.append(f"-# {speech('sandbox.saved', at=f'<t:{machine.saved.made_at:.0f}:R>')}")
    buttons = row(*_buttons(machine, view, speech, owner))
    return Card(panel(text(_titled(speech, "\n".join(lines))), buttons, colour=CALM))


def ask_back(speech: Speech, *, owner: int, at: float) -> Card:
    """The question before what came after the saved disk is lost."""
    yes = button(
        speech("sandbox.back.yes"),
        custom_id("machine", owner, "back"),
        style=discord.ButtonStyle.danger,
    )
    no = button(speech("sandbox.back.no"), custom_id("machine", owner, "stay"))
    question = speech("sandbox.back.ask", at=f"<t:{at:.0f}:R>")
    return Card(panel(text(question), row(yes, no), colour=WARN))


def end_card(end: End, speech: Speech, *, owner: int, now: float) -> Card:
    """The message to a learner whose sandbox is stopped in a while, with one tap against it."""
    at = f"<t:{now + end.left_s:.0f}:R>"
    body = text(f"### {speech('sandbox.end.title')}\n{speech(f'sandbox.end.{end.because}', at=at)}")
    keep = button(
        speech("sandbox.keep"),
        custom_id("machine", owner, "keep"),
        style=discord.ButtonStyle.primary,
    )
    return Card(panel(body, row(keep), colour=WARN))


def warning_card(speech: Speech, *, days: int, deleted_at: float) -> Card:
    """The message to a learner whose disk will be deleted."""
    sentence = speech("sandbox.expires", n=days, at=f"<t:{deleted_at:.0f}:D>")
    return Card(panel(text(sentence), colour=WARN))


def _titled(speech: Speech, body: str) -> str:
    return f"### {speech('sandbox.title')}\n{body}"


def _state(view: SandboxView, speech: Speech) -> str:
    if view.state != "stopped":
        return speech(f"sandbox.state.{view.state}")
    key = f"terminal.off.{view.ended_because}"
    off = speech("sandbox.state.stopped")
    return f"{off}\n-# {speech(key)}" if key in speech else off


def _deadlines(timers: SandboxTimers, speech: Speech, now: float) -> list[str]:
    ends = {
        "sandbox.freezes": timers.freeze_s,
        "sandbox.stops": timers.idle_stop_s,
        "sandbox.ends": timers.hard_stop_s,
    }
    return [
        f"-# {speech(key, at=f'<t:{now + left:.0f}:R>')}"
        for key, left in ends.items()
        if left is not None
    ]


def _buttons(
    machine: Machine, view: SandboxView, speech: Speech, owner: int
) -> list[discord.ui.Button[Card]]:
    found = []
    extendable = 0 if view.timers is None else view.timers.extendable_s
    if view.state in ON and extendable >= SHORTEST_EXTENSION_S:
        found.append(button(speech("sandbox.keep"), custom_id("machine", owner, "keep")))
    if view.state in {*ON, "stopped"}:
        found.append(button(speech("sandbox.save"), custom_id("machine", owner, "save")))
        if machine.saved is not None:
            found.append(button(speech("sandbox.back"), custom_id("machine", owner, "ask")))
    if view.state in ON:
        found.append(button(speech("sandbox.off"), custom_id("machine", owner, "off")))
    refresh = custom_id("machine", owner, "look")
    return [*found, button(speech("sandbox.look"), refresh)]
