"""How a raised hand looks: to its learner, to instructors, and in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.classroom.hands import Hand, Standing
from bot.features.hands import _ids
from bot.texts import Speech
from bot.ui.layout import Card, button, link, note, panel, row, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, DONE, WARN

MOST_IN_QUEUE: Final = 25
LONGEST_LABEL: Final = 100
LONGEST_SENTENCE: Final = 120
"""In the queue; the help itself shows all of it."""


def standing_card(standing: Standing, speech: Speech, *, owner: int) -> Card:
    """To the learner: which place in the queue, how long, and how to take the hand down."""
    hand = standing.hand
    lines = [f"### {speech('hand.up' if standing.new else 'hand.still_up')}"]
    lines.append(speech("hand.place", n=standing.place))
    lines.append(estimate_line(standing.estimate_s, speech))
    if hand.sentence:
        lines.append(f"> {plain(hand.sentence, most=300)}")
    lines.append(f"-# {speech('hand.up.more')}")
    buttons = row(
        button(speech("hand.button.look"), _ids.own(owner, "look"), emoji="🔄"),
        button(speech("hand.button.lower"), _ids.own(owner, "lower"), emoji="⬇️"),
    )
    return Card(panel(text("\n".join(lines)), buttons, colour=CALM))


def estimate_line(estimate_s: float | None, speech: Speech) -> str:
    """How long it takes, as far as anybody knows."""
    if estimate_s is None:
        return speech("hand.estimate.none")
    minutes = round(estimate_s / 60)
    return speech("hand.estimate.soon") if minutes < 1 else speech("hand.estimate", n=minutes)


def helped_card(hand: Hand, speech: Speech) -> Card:
    """To the learner whose help goes on already."""
    where = thread_url(hand)
    if where is None:
        return note(speech("hand.beginning"))
    return note(speech("hand.helped"), row(link(speech("hand.button.thread"), where)))


def none_card(speech: Speech, key: str, *, owner: int) -> Card:
    """To a learner whose hand is down."""
    again = button(
        speech("hand.button.ask"), _ids.own(owner, "ask"), style=discord.ButtonStyle.primary
    )
    return note(speech(key), row(again))


def notice_card(hand: Hand, speech: Speech) -> Card:
    """In the instructors' channel: a hand, and what became of it."""
    at = f"<t:{hand.raised_at.timestamp():.0f}:R>"
    lines = [speech("hand.notice", name=plain(hand.name), at=at)]
    if hand.sentence:
        lines.append(f"> {plain(hand.sentence, most=300)}")
    items: list[ui.Item[Card]] = []
    colour = WARN
    if hand.waits:
        take = button(
            speech("hand.button.take"),
            _ids.help("take", hand.id),
            style=discord.ButtonStyle.primary,
            emoji="🤝",
        )
        items.append(row(take))
    elif hand.is_helped:
        lines.append(f"-# {speech('hand.notice.taken', helper=f'<@{hand.helper_id}>')}")
        colour = CALM
    else:
        lines.append(f"-# {speech(f'hand.notice.{hand.ended}')}")
        colour = DONE
    return Card(panel(text("\n".join(lines)), *items, colour=colour))


def gone_card(speech: Speech) -> Card:
    """In place of what told of a learner who deleted their data."""
    return note(speech("hand.gone"))


def queue_card(
    waiting: Sequence[Hand], helped: Sequence[Hand], speech: Speech, *, durations: float | None
) -> Card:
    """To an instructor: who waits, who is helped by whom."""
    lines = [f"### {speech('hand.queue.title')}"]
    shown = waiting[:MOST_IN_QUEUE]
    lines += [_waiting_line(place, hand, speech) for place, hand in enumerate(shown, start=1)]
    if len(waiting) > len(shown):
        lines.append(f"-# {speech('hand.queue.more', n=len(waiting) - len(shown))}")
    if not waiting:
        lines.append(speech("hand.queue.empty"))
    if helped:
        lines.append(f"**{speech('hand.queue.helped')}**")
        lines += [
            speech("hand.queue.helping", name=plain(hand.name), helper=f"<@{hand.helper_id}>")
            for hand in helped[:10]
        ]
    if durations is not None:
        lines.append(f"-# {speech('hand.queue.usual', n=max(1, round(durations / 60)))}")
    body = text("\n".join(lines)[:3_800])
    if not shown:
        return Card(panel(body, colour=CALM))
    choose: ui.Select[Card] = ui.Select(
        custom_id=_ids.queue(),
        placeholder=speech("hand.queue.choose"),
        options=[
            discord.SelectOption(
                label=f"{place}. {_bare(hand.name)}"[:LONGEST_LABEL],
                description=_bare(hand.sentence)[:LONGEST_LABEL] or None,
                value=str(hand.id),
            )
            for place, hand in enumerate(shown, start=1)
        ],
    )
    return Card(panel(body, row(choose), colour=CALM))


def thread_url(hand: Hand) -> str | None:
    """Where the help goes on."""
    if hand.thread_id is None:
        return None
    return f"https://discord.com/channels/{hand.server_id}/{hand.thread_id}"


def _waiting_line(place: int, hand: Hand, speech: Speech) -> str:
    at = f"<t:{hand.raised_at.timestamp():.0f}:R>"
    said = f": {plain(hand.sentence, most=LONGEST_SENTENCE)}" if hand.sentence else ""
    return f"{place}. **{plain(hand.name)}** {at}{said}"


def _bare(words: str) -> str:
    """For places that show no Markdown."""
    return " ".join(words.split())
