"""The card of a help: how the learner's engine is, what they ran, and all there is to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.classroom.engine_map import EngineMap, MapContainer
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
LONGEST_CARD: Final = 3_900


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
    allowed = _allowed(hand, speech)
    # What is there is the learner's to choose, and escaping makes it longer: a card that
    # Discord refuses would keep them from being helped.
    room = LONGEST_CARD - len(head) - len(allowed)
    commands = _commands(situation, speech, room * 2 // 3)
    engine = _engine(situation.glance, speech, room - len(commands))
    items: list[ui.Item[Card]] = [
        text(head),
        rule(),
        text(engine),
        text(commands),
        rule(),
        text(allowed),
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


def _within(room: int, lines: Iterable[str]) -> str:
    """The first lines, as many as there is room for."""
    shown: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    return "\n".join(shown)


def _engine(glance: Glance, speech: Speech, room: int) -> str:
    title = f"**{speech('hand.panel.engine')}**"
    if glance.engine is not None:
        return f"{title}\n{_containers(glance.engine, speech, room - len(title) - 1)}"
    states = {None: "none", "unknown": "unknown"}
    state = states.get(glance.state, "rests")
    return f"{title}\n{speech(f'hand.panel.engine.{state}')}"


def _containers(engine: EngineMap, speech: Speech, room: int) -> str:
    counts = speech("hand.panel.counts", running=engine.running, all=engine.count)
    more = f"-# {speech('hand.panel.more', n=engine.count)}"
    shown = engine.containers[:MOST_CONTAINERS]
    lines = _within(room - len(more) - 1, [counts, *map(_container, shown)])
    left = engine.count - lines.count("\n")
    return f"{lines}\n-# {speech('hand.panel.more', n=left)}" if left else lines


def _container(each: MapContainer) -> str:
    mark = "🟢" if each.state == "running" else "⚪"
    state = f"{each.state} ({each.exit_code})" if each.state == "exited" else each.state
    name, image = inline_code(each.name, longest=40), inline_code(each.image, longest=40)
    ports = f" · {plain(', '.join(map(str, each.ports)), most=60)}" if each.ports else ""
    return f"{mark} {name} {image} {plain(state, most=30)}{ports}"


def _commands(situation: Situation, speech: Speech, room: int) -> str:
    """The last error, which the help is about, and as many of the newest as there is room for."""
    title = f"**{speech('hand.panel.commands')}**"
    error = "".join(f"\n{line}" for line in _error(situation, speech))
    if not situation.commands:
        return f"{title}\n{speech('hand.panel.commands.none')}{error}"
    newest = _within(room - len(title) - len(error) - 1, map(_command, situation.commands))
    return "\n".join([title, *reversed(newest.split("\n"))]) + error


def _command(record: Record) -> str:
    mark = "✅" if record.exit_code == 0 else "❌"
    code = "" if not record.exit_code else f" ({record.exit_code})"
    return f"{mark} {inline_code(record.line, longest=LONGEST_LINE)}{code}"


def _error(situation: Situation, speech: Speech) -> Iterator[str]:
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
