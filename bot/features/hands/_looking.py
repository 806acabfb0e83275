"""What a helper sees of the learner's engine: shown in the thread, to the learner, too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.classroom.hands import Hand
from bot.classroom.help_looks import LookKind, Seen
from bot.errors import LearnerError
from bot.features.hands import _ids
from bot.pictures.alt import LONGEST_ALT, told
from bot.pictures.engine_map import counts, limits_line, map_layout
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.layout import Card, Drawn, drawn, note, panel, row, text
from bot.ui.printed import printed_block
from bot.ui.theme import CALM

if TYPE_CHECKING:
    from bot.bot import DocentBot

FILE: Final = "engine.png"
MOST_LINES: Final = 40
MOST_CHARACTERS: Final = 3_000


async def choose(bot: DocentBot, hand: Hand, kind: LookKind, speech: Speech) -> Card:
    """What there is to choose from.

    Raises:
        LearnerError: The learner does not allow it.
    """
    looks = bot.classroom.help_looks
    names = await (looks.files(hand) if kind == "file" else looks.containers(hand))
    if not names:
        return note(speech("hand.look.nothing"))
    question = speech(f"hand.look.choose.{'file' if kind == 'file' else 'container'}")
    select: ui.Select[Card] = ui.Select(
        custom_id=_ids.choice(kind, hand.id),
        placeholder=question,
        options=[discord.SelectOption(label=name, value=name) for name in names],
    )
    return note(f"**{speech(f'hand.look.{kind}')}** {question}", row(select))


async def show(bot: DocentBot, hand: Hand, kind: LookKind, name: str, helper_id: int) -> None:
    """Look, and show it in the thread; the look is written down for the learner.

    Raises:
        LearnerError: The learner does not allow it, or there is no such thing.
    """
    seen = await bot.classroom.help_looks.look(hand, kind, name)
    speech = await bot.speeches.to_learner(hand.learner_id)
    title = speech(f"hand.look.{kind}")
    detail = f"{title} {name}".strip()
    await bot.classroom.classes.record_act(
        hand.server_id, helper_id, hand.learner_id, "help_looked", detail
    )
    heading = f"**{title}** {inline_code(name, longest=100)}".strip()
    card = await _card(bot, seen, heading, speech)
    if hand.thread_id is None:
        raise LearnerError("hand.over")
    channel = bot.get_partial_messageable(hand.thread_id)
    await channel.send(view=card, files=card.files())


async def _card(bot: DocentBot, seen: Seen, heading: str, speech: Speech) -> Card:
    if seen.map is None:
        block = printed_block(
            seen.text, speech, most_lines=MOST_LINES, most_characters=MOST_CHARACTERS
        )
        items = [text(heading), text(block or speech("hand.look.empty"))]
        if seen.cut:
            items.append(text(f"-# {speech('hand.look.cut')}"))
        return Card(panel(*items, colour=CALM))
    engine = seen.map
    words = [f"{line}." for line in (counts(engine, speech), limits_line(engine, speech)) if line]
    alt = told(words, [each.name for each in engine.containers], speech, most=LONGEST_ALT)
    png = await bot.studio.draw(partial(map_layout, engine, speech), "dark")
    if png is None:
        return Card(panel(text(heading), text(speech("picture.no_fonts")), colour=CALM))
    made = Drawn(FILE, png, alt)
    return Card(panel(text(heading), drawn(made), colour=CALM), pictures=[made])
