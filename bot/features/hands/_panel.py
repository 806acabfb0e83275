"""The card of a help: how the learner's engine is, what they ran, and all there is to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.classroom.engine_map import EngineMap
from bot.classroom.hands import Hand, Record
from bot.classroom.help_looks import Glance
from bot.features.hands import _ids
from bot.terminal.error_help import ErrorHelp, entry
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.error_lines import error_lines
from bot.ui.layout import Card, button, panel, row, rule, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, DONE

MOST_CONTAINERS: Final = 8
LONGEST_LINE: Final = 150


@dataclass(frozen=True, slots=True)
class Situation:
    """What a helper sees of the learner: their engine, their last commands, their last error."""

    glance: Glance
    commands: Sequence[Record]
    failed: Record | None
    met: ErrorHelp | None
    """The last error with the learner's own names in it, where they are still known."""


def panel_card(hand: Hand, situation: Situation, speech: Speech) -> Card:
    """The card as it is now; its buttons say who may press them."""
    head = speech(
        "hand.panel.title", learner=f"<@{hand.learner_id}>", helper=f"<@{hand.helper_id}>"
    )
    if hand.sentence:
        head = f"{head}\n> {plain(hand.sentence, most=300)}"
    items: list[ui.Item[Card]] = [
        text(head),
        rule(),
        text("\n".join(_engine(situation.glance, speech))),
        text("\n".join(_commands(situation, speech))),
        rule(),
        text(_allowed(hand, speech)),
        row(*_consents(hand, speech)),
    ]
    if hand.may_look:
        items.append(row(*_looks(hand, speech)))
    items.append(row(*_deeds(hand, speech)))
    return Card(panel(*items, colour=CALM))


def closed_card(hand: Hand, speech: Speech) -> Card:
    """What is left of the card when the help is over: nothing of the learner's engine."""
    lines = [
        speech("hand.panel.title", learner=f"<@{hand.learner_id}>", helper=f"<@{hand.helper_id}>"),
        speech("hand.panel.closed"),
    ]
    return Card(panel(text("\n".join(lines)), colour=DONE))


def _engine(glance: Glance, speech: Speech) -> Iterator[str]:
    yield f"**{speech('hand.panel.engine')}**"
    if glance.engine is not None:
        yield from _containers(glance.engine, speech)
    elif glance.state is None:
        yield speech("hand.panel.engine.none")
    elif glance.state == "unknown":
        yield speech("hand.panel.engine.unknown")
    else:
        yield speech("hand.panel.engine.rests")


def _containers(engine: EngineMap, speech: Speech) -> Iterator[str]:
    yield speech("hand.panel.counts", running=engine.running, all=engine.count)
    shown = engine.containers[:MOST_CONTAINERS]
    for each in shown:
        mark = "🟢" if each.state == "running" else "⚪"
        state = f"{each.state} ({each.exit_code})" if each.state == "exited" else each.state
        name, image = inline_code(each.name, longest=40), inline_code(each.image, longest=40)
        ports = f" · {plain(', '.join(map(str, each.ports)), most=60)}" if each.ports else ""
        yield f"{mark} {name} {image} {plain(state, most=30)}{ports}"
    if engine.count > len(shown):
        yield f"-# {speech('hand.panel.more', n=engine.count - len(shown))}"


def _commands(situation: Situation, speech: Speech) -> Iterator[str]:
    yield f"**{speech('hand.panel.commands')}**"
    if not situation.commands:
        yield speech("hand.panel.commands.none")
    for record in reversed(situation.commands):
        mark = "✅" if record.exit_code == 0 else "❌"
        code = "" if not record.exit_code else f" ({record.exit_code})"
        yield f"{mark} {inline_code(record.line, longest=LONGEST_LINE)}{code}"
    failed = situation.failed
    if failed is None or failed.error is None:
        return
    yield f"**{speech('hand.panel.error')}** {inline_code(failed.line, longest=LONGEST_LINE)}"
    if situation.met is not None:
        yield error_lines(situation.met, speech)
        return
    try:
        known = entry(failed.error, speech).text
    except KeyError:  # of a version that knew more errors
        return
    yield f"💡 {known.why}\n👉 {known.do}"


def _allowed(hand: Hand, speech: Speech) -> str:
    yes, no = speech("hand.allowed"), speech("hand.not_allowed")
    lines = [
        f"👀 {speech('hand.allow.look.about')}: **{yes if hand.may_look else no}**",
        f"🧪 {speech('hand.allow.fork.about')}: **{yes if hand.may_fork else no}**",
    ]
    if hand.fork_until is not None:
        lines.append(speech("hand.fork.until", at=f"<t:{hand.fork_until.timestamp():.0f}:R>"))
    lines.append(f"-# {speech('hand.allow.about')}")
    return "\n".join(lines)


def _consents(hand: Hand, speech: Speech) -> list[ui.Button[Card]]:
    return [
        _consent(hand, speech, "look", allowed=hand.may_look),
        _consent(hand, speech, "fork", allowed=hand.may_fork),
    ]


def _consent(hand: Hand, speech: Speech, what: str, *, allowed: bool) -> ui.Button[Card]:
    return button(
        speech(f"hand.allow.{what}.{'off' if allowed else 'on'}"),
        _ids.consent(hand.learner_id, hand.id, what, yes=not allowed),
        style=discord.ButtonStyle.secondary if allowed else discord.ButtonStyle.success,
        emoji="👀" if what == "look" else "🧪",
    )


def _looks(hand: Hand, speech: Speech) -> list[ui.Button[Card]]:
    emoji = {"map": "🗺️", "ps": "📋", "logs": "📜", "inspect": "🔍", "file": "📄"}
    return [
        button(speech(f"hand.look.{kind}"), _ids.help(kind, hand.id), emoji=sign)
        for kind, sign in emoji.items()
    ]


def _deeds(hand: Hand, speech: Speech) -> Iterator[ui.Button[Card]]:
    if hand.fork_until is not None:
        yield button(speech("hand.fork.off"), _ids.help("unfork", hand.id), emoji="🗑️")
        yield button(speech("hand.suggest"), _ids.help("suggest", hand.id), emoji="💡")
    elif hand.may_fork:
        yield button(
            speech("hand.fork.on"),
            _ids.help("fork", hand.id),
            style=discord.ButtonStyle.primary,
            emoji="🧪",
        )
    yield button(speech("hand.close"), _ids.help("close", hand.id), emoji="🏁")
