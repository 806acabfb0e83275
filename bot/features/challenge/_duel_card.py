"""What a duel looks like before it begins, and how its end is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import discord
from discord import ui

from bot.challenge import rules
from bot.challenge.standings import winners
from bot.classroom.challenge_views import Board, Member
from bot.classroom.duels import why_not
from bot.features.challenge import _ids
from bot.features.challenge._words import some_names
from bot.texts import Speech
from bot.ui.layout import Card, button, note, panel, row, text
from bot.ui.marks import mark
from bot.ui.theme import CALM
from lessons.model import LessonText, Task

PRIMARY: Final = discord.ButtonStyle.primary
LONGEST_OPTION: Final = 100


def lobby_card(board: Board, chosen: frozenset[int], say: Speech) -> Card:
    """The invitation; `chosen` are the sides that have chosen what is broken on the other one."""
    challenge = board.challenge
    lines = [
        say("duel.title"),
        say(
            "duel.rules",
            faults=challenge.faults_each,
            minutes=challenge.limit_s // 60,
            penalty=rules.HINT_PENALTY_S // 60,
        ),
    ]
    for side in (1, 2):
        there = [member for member in board.members if member.side == side]
        names = ", ".join(_member(member) for member in there) or say("duel.side.empty")
        lines.append(say("duel.side", side=side, names=names, mark=mark(done=side in chosen)))
    why = why_not(board.members)
    if why is not None:
        lines.append(f"-# {say(why)}")
    expires = challenge.created_at + rules.INVITATION_LASTS
    lines.append(f"-# {say('duel.expires', at=f'<t:{expires.timestamp():.0f}:R>')}")
    return Card(panel(text("\n".join(lines)), *_rows(board, say), colour=CALM))


def pick_card(
    tasks: tuple[Task, ...], prose: LessonText, say: Speech, *, owner: int, board: Board
) -> Card:
    """The private choice of what is broken on the other side."""
    count = board.challenge.faults_each
    options = [
        discord.SelectOption(label=prose.tasks[task.id].title[:LONGEST_OPTION], value=task.id)
        for task in tasks[:25]
    ]
    select: ui.Select[Card] = ui.Select(
        custom_id=_ids.of_member("duel-choose", owner, board.challenge.id),
        placeholder=say("duel.pick.placeholder", n=count),
        options=options,
        min_values=count,
        max_values=count,
    )
    return note(say("duel.pick", n=count), row(select))


def outcome(board: Board, names: Mapping[int, str], say: Speech) -> str:
    """Who won: the side that is first, the one that is left, or nobody alone."""
    sides = {member.side for member in board.of_state("ready")}
    first = tuple(sides) if len(sides) == 1 else winners(board.rows)
    if len(first) == 1:
        return say("duel.won", names=some_names([names[first[0]]], say))
    return say("duel.draw") if first else say("duel.nobody_won")


def _member(member: Member) -> str:
    sign = "✉️ " if member.state == "invited" else ""
    # A mention is how Discord shows who is meant; whether they are told, the message says.
    return f"{sign}<@{member.learner_id}>"


def _rows(board: Board, say: Speech) -> list[ui.ActionRow[Card]]:
    number = board.challenge.id
    off = button(say("duel.button.off"), _ids.on_board("duel-off", number))
    pick = button(
        say("duel.button.pick"), _ids.on_board("duel-pick", number), style=PRIMARY, emoji="🧨"
    )
    if board.challenge.role_b is None:
        yes = button(
            say("duel.button.yes"),
            _ids.on_board("duel-yes", number),
            style=discord.ButtonStyle.success,
        )
        no = button(say("duel.button.no"), _ids.on_board("duel-no", number))
        invited = bool(board.of_state("invited"))
        return [row(*([yes, no] if invited else []), pick, off)]
    sides = [
        button(
            say("duel.button.side", side=side),
            _ids.on_board("duel-side", number, str(side)),
            style=PRIMARY,
        )
        for side in (1, 2)
    ]
    go = button(
        say("challenge.button.begin"),
        _ids.on_board("duel-go", number),
        style=discord.ButtonStyle.success,
    )
    return [row(*sides), row(pick, go, off)]
