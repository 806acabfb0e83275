"""The fix as a suggestion: commands that the helper ran on the fork, for the learner to type."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.classroom.hands import Hand, HelpLine
from bot.errors import LearnerError
from bot.features.hands import _ids
from bot.terminal.escape import code_block, visible
from bot.texts import Speech
from bot.ui.layout import Card, note, panel, row, text
from bot.ui.theme import CALM

if TYPE_CHECKING:
    from bot.bot import DocentBot

MOST_CHOICES: Final = 25
LONGEST_LABEL: Final = 100
MOST_LETTERS: Final = 3_000
"""Of a card; more goes along as a file."""

FILE: Final = "commands.txt"


async def choose(bot: DocentBot, hand: Hand, speech: Speech) -> Card:
    """The newest commands that the helper ran, to pick from."""
    ran = (await bot.classroom.hands.lines(hand))[-MOST_CHOICES:]
    if not ran:
        return note(speech("hand.suggest.nothing"))
    select: ui.Select[Card] = ui.Select(
        custom_id=_ids.choice("suggest", hand.id),
        placeholder=speech("hand.suggest.choose"),
        max_values=len(ran),
        options=[
            discord.SelectOption(
                label=(" ".join(visible(each.line).split()) or "?")[:LONGEST_LABEL],
                value=str(each.id),
                emoji="✅" if each.exit_code == 0 else "❌",
            )
            for each in ran
        ],
    )
    return note(speech("hand.suggest.about"), row(select))


async def post(bot: DocentBot, hand: Hand, chosen: Sequence[str], helper_id: int) -> None:
    """Put the suggestion into the thread, in the order in which the commands were run.

    Raises:
        LearnerError: None of these belongs to this help.
    """
    lines = [each for each in await bot.classroom.hands.lines(hand) if str(each.id) in chosen]
    if not lines or hand.thread_id is None:
        raise LearnerError("hand.suggest.nothing")
    speech = await bot.speeches.to_learner(hand.learner_id)
    await bot.classroom.classes.record_act(
        hand.server_id,
        helper_id,
        hand.learner_id,
        "help_suggested",
        "; ".join(each.line for each in lines)[:200],
    )
    card, files = suggestion_card(hand, lines, speech)
    channel = bot.get_partial_messageable(hand.thread_id)
    people = discord.AllowedMentions(
        everyone=False, roles=False, users=[discord.Object(hand.learner_id)]
    )
    await channel.send(view=card, files=files, allowed_mentions=people)


def suggestion_card(
    hand: Hand, lines: Sequence[HelpLine], speech: Speech
) -> tuple[Card, list[discord.File]]:
    """The card, and the file where the commands are too long for one."""
    head = text(speech("hand.suggestion", learner=f"<@{hand.learner_id}>"))
    foot = text(f"-# {speech('hand.suggestion.type')}")
    blocks = [code_block(visible(each.line), "sh") for each in lines]
    if sum(map(len, blocks)) <= MOST_LETTERS:
        # One block each: on a phone a long press copies a block.
        body: list[ui.Item[Card]] = [text("\n".join(blocks))]
        return Card(panel(head, *body, foot, colour=CALM)), []
    content = "\n".join(each.line for each in lines).encode("utf-8", "replace")
    whole: ui.File[Card] = ui.File(f"attachment://{FILE}")
    card = Card(panel(head, whole, foot, colour=CALM))
    return card, [discord.File(BytesIO(content), FILE)]
