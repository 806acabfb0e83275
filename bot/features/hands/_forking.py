"""Forks: made and thrown away by buttons; what the helper types in the thread runs there."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import discord
from discord import Colour

from bot.classroom.commands import Ended, Output
from bot.classroom.hands import Hand
from bot.errors import LearnerError
from bot.terminal.advice import is_editor
from bot.terminal.escape import inline_code
from bot.terminal.interactive import going
from bot.terminal.quoting import open_quote
from bot.texts import Speech
from bot.ui.layout import Card, note, panel, text
from bot.ui.printed import printed_block
from bot.ui.theme import DONE, WARN

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.hands._desk import Desk

SHOWN_AFTER_S: Final = 1.5
MOST_PRINTED: Final = 60_000
FAILED: Final = Colour(0xC0453B)


@dataclass(frozen=True, slots=True)
class Ran:
    """How a line ended on the fork; `printed` is hostile."""

    line: str
    printed: str
    ended: Ended


async def make(bot: DocentBot, desk: Desk, hand: Hand, helper_id: int) -> None:
    """A fork of the learner's engine; the learner can see that there is one.

    Raises:
        LearnerError: The learner does not allow it, or there is one.
        SandboxError: It could not be made; then there is none.
    """
    await bot.classroom.classes.record_act(
        hand.server_id, helper_id, hand.learner_id, "help_forked"
    )
    await bot.classroom.forks.make(hand)
    now = await bot.classroom.hands.of(hand.id, hand.server_id)
    await desk.show_panel(now)
    await desk.say(now, "hand.fork.made", helper=f"<@{helper_id}>")


async def throw_away(bot: DocentBot, desk: Desk, hand: Hand) -> None:
    """No fork any more."""
    await bot.classroom.forks.throw_away(hand)
    await desk.show_panel(await bot.classroom.hands.of(hand.id, hand.server_id))


async def run(bot: DocentBot, hand: Hand, line: str, channel: discord.abc.Messageable) -> None:
    """Run a line of the helper's on the fork, and show what came out in the thread.

    Raises:
        LearnerError: There is no fork, or the line can't run there.
        SandboxError: The fork failed.
    """
    _refuse(line)
    speech = await bot.speeches.to_learner(hand.learner_id)
    running = asyncio.create_task(_run(bot, hand, line), name="fork-run")
    try:
        done, _ = await asyncio.wait({running}, timeout=SHOWN_AFTER_S)
        waiting = None
        if not done:
            waiting = await channel.send(view=note(f"-# {speech('hand.fork.running')}"))
        ran = await _or_note_gone(running, waiting)
    finally:
        if not running.done():
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
    await bot.classroom.hands.note_line(hand, line, ran.ended.exit_code)
    card = _card(ran, speech)
    if waiting is None:
        await channel.send(view=card)
    else:
        await waiting.edit(view=card)


async def _or_note_gone(running: asyncio.Task[Ran], waiting: discord.Message | None) -> Ran:
    """What came out; when nothing did, the message that it runs goes away."""
    try:
        return await running
    except BaseException:
        if waiting is not None:
            with contextlib.suppress(discord.HTTPException):
                await waiting.delete()
        raise


async def _run(bot: DocentBot, hand: Hand, line: str) -> Ran:
    printed: list[str] = []
    room = MOST_PRINTED
    async with bot.classroom.forks.run(hand, line) as command:
        async for event in command:
            if isinstance(event, Output) and room > 0:
                printed.append(event.text[:room])
                room -= len(event.text)
            elif isinstance(event, Ended):
                return Ran(line, "".join(printed), event)
    raise LearnerError("error.sandbox.service_down")


def _refuse(line: str) -> None:
    if is_editor(line) or going(line) is not None:
        raise LearnerError("hand.fork.interactive")
    if open_quote(line) is not None:
        raise LearnerError("hand.fork.open_quote")


def _card(ran: Ran, speech: Speech) -> Card:
    code, seconds = ran.ended.exit_code, f"{ran.ended.took_ms / 1000:.1f}"
    if code == 0:
        ending = speech("terminal.ended.ok", seconds=seconds)
    elif code is None:
        ending = speech("terminal.ended.limit", seconds=seconds)
    else:
        ending = speech("terminal.ended.failed", code=code, seconds=seconds)
    block = printed_block(ran.printed, speech) or speech("terminal.printed_nothing")
    heading = f"🧪 {speech('hand.fork.ran')} {inline_code(ran.line)}"
    colour = DONE if code == 0 else WARN if code is None else FAILED
    return Card(panel(text(heading), text(block), text(f"-# {ending}"), colour=colour))
