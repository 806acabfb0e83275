"""The board: the one card of a challenge that everybody sees, edited as it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.challenge import rules
from bot.challenge.standings import Standing
from bot.classroom.challenge_views import DUEL, Board
from bot.features.challenge import _duel_card, _ids
from bot.features.challenge._table import table_button
from bot.features.challenge._words import clock, names_of, row_line, some_names, too_many
from bot.pictures.alt import LONGEST_ALT
from bot.pictures.challenge_board import MOST_ROWS, BoardLine, challenge_layout
from bot.texts import Speech
from bot.ui.layout import Card, Drawn, button, drawn, panel, row, rule, text
from bot.ui.theme import CALM, DONE, WARN

if TYPE_CHECKING:
    from bot.bot import DocentBot

FILE: Final = "board.png"
PRIMARY: Final = discord.ButtonStyle.primary
SUCCESS: Final = discord.ButtonStyle.success
DANGER: Final = discord.ButtonStyle.danger


async def board_card(bot: DocentBot, board: Board, say: Speech) -> Card:
    """The board as everybody may see it now."""
    title = bot.classroom.lessons.text(board.lesson, say.language).title
    if board.challenge.kind == DUEL and board.phase == "lobby":
        chosen = await bot.classroom.duels.chosen_by(board.challenge.id)
        return _duel_card.lobby_card(board, chosen, say)
    head = f"{say(f'challenge.title.{board.challenge.kind}', title=title)}\n{_status(board, say)}"
    parts: list[ui.Item[Card]] = [text(head)]
    made: list[Drawn] = []
    if board.phase in ("running", "ended"):
        made = await _picture(bot, board, title, say)
        parts += [*map(drawn, made), rule(), text(_rows(board, say))]
    buttons = _buttons(board, say)
    if buttons:
        parts.append(row(*buttons))
    colour = DONE if board.phase == "ended" else WARN if board.phase == "cancelled" else CALM
    return Card(panel(*parts, colour=colour), pictures=made)


def _status(board: Board, say: Speech) -> str:
    challenge = board.challenge
    lines: list[str] = []
    match board.phase:
        case "lobby":
            lines += [
                say(
                    "challenge.lobby",
                    minutes=challenge.limit_s // 60,
                    penalty=rules.HINT_PENALTY_S // 60,
                ),
                say("challenge.lobby.count", n=len(board.members)),
            ]
            lines += [some_names([m.name for m in board.members], say)] if board.members else []
            lines.append(too_many(board, say))
        case "preparing":
            lines.append(_prepared(board, say))
        case "countdown":
            lines += [_starts(board, say), _prepared(board, say)]
        case "running":
            lines.append(_running(board, say))
        case "ended":
            lines.append(say("challenge.ended", n=len(board.rows)))
            lines.append(_winners(board, say))
        case "cancelled":
            lines.append(say("challenge.cancelled"))
    failed = board.of_state("failed")
    if failed and board.phase in ("preparing", "countdown", "running"):
        lines.append(say("challenge.failed", names=some_names([m.name for m in failed], say)))
    return "\n".join(line for line in lines if line)


def _prepared(board: Board, say: Speech) -> str:
    ready, failed = board.of_state("ready"), board.of_state("failed")
    return say(
        "challenge.preparing", ready=len(ready), total=len(board.members), failed=len(failed)
    )


def _starts(board: Board, say: Speech) -> str:
    at = board.challenge.starts_at
    return "" if at is None else say("challenge.starts", at=f"<t:{at.timestamp():.0f}:R>")


def _running(board: Board, say: Speech) -> str:
    ends_at = board.challenge.ends_at
    if ends_at is None:
        return ""
    line = say("challenge.running", at=f"<t:{ends_at.timestamp():.0f}:R>", n=len(board.rows))
    if board.frozen:
        return f"{line}\n{say('challenge.frozen')}"
    freeze = rules.freeze_at(ends_at, board.challenge.freeze_s)
    if freeze is None:
        return line
    return f"{line}\n-# {say('challenge.freezes', at=f'<t:{freeze.timestamp():.0f}:R>')}"


def _winners(board: Board, say: Speech) -> str:
    names = names_of(board)
    if board.challenge.kind == DUEL:
        return _duel_card.outcome(board, names, say)
    first = [names.get(row.who, "?") for row in board.rows if row.place == 1 and row.done]
    return (
        say("challenge.winner", names=some_names(first, say))
        if first
        else say("challenge.no_winner")
    )


def _rows(board: Board, say: Speech) -> str:
    names = names_of(board)
    lines = [
        row_line(each, names.get(each.who, "?"), board.total, say)
        for each in board.rows[:MOST_ROWS]
    ]
    rest = _rest(board, say)
    legend = f"-# {say('challenge.legend')}"
    return "\n".join([*lines, *([f"-# {rest}"] if rest else []), legend])


def _rest(board: Board, say: Speech) -> str:
    left = len(board.rows) - MOST_ROWS
    return say("challenge.rest", n=left) if left > 0 else ""


async def _picture(bot: DocentBot, board: Board, title: str, say: Speech) -> list[Drawn]:
    names = names_of(board)
    lines = [_line(each, names.get(each.who, "?"), board.total, say) for each in board.rows]
    key = "frozen" if board.frozen else board.phase
    below = say(f"challenge.picture.{key}", n=len(board.rows))
    layout = partial(challenge_layout, title, below, lines, _rest(board, say))
    png = await bot.studio.draw(layout, "dark")
    if png is None:
        return []
    return [Drawn(FILE, png, _alt(title, below, lines, say))]


def _line(standing: Standing, name: str, total: int, say: Speech) -> BoardLine:
    words = [clock(standing.time_s)] if standing.done else []
    if standing.hints:
        words.append(say("challenge.row.hints", n=standing.hints))
    return BoardLine(
        place=standing.place,
        name=name,
        done=len(standing.done),
        total=total,
        right=" · ".join(words),
        firsts=len(standing.first),
    )


def _alt(title: str, below: str, lines: Sequence[BoardLine], say: Speech) -> str:
    told = [f"{title}. {below}."]
    told += [
        say(
            "challenge.alt.row",
            place=line.place if line.done else "–",
            name=line.name[:24],
            done=line.done,
            total=line.total,
        )
        for line in lines[:MOST_ROWS]
    ]
    return " ".join(told)[:LONGEST_ALT]


def _buttons(board: Board, say: Speech) -> list[ui.Button[Card]]:
    number = board.challenge.id
    join = button(
        say("challenge.button.join"), _ids.on_board("ch-join", number), style=PRIMARY, emoji="🙋"
    )
    mine = button(
        say("challenge.button.mine"), _ids.on_board("ch-mine", number), style=PRIMARY, emoji="👤"
    )
    stop = _ids.on_board("duel-off" if board.challenge.kind == DUEL else "ch-cancel", number)
    cancel = button(say("challenge.button.cancel"), stop, style=DANGER)
    match board.phase:
        case "lobby":
            begin = button(
                say("challenge.button.begin"), _ids.on_board("ch-begin", number), style=SUCCESS
            )
            return [join, mine, begin, cancel]
        case "preparing" | "countdown":
            return [mine, cancel]
        case "running" if board.challenge.kind == DUEL:
            return [mine]
        case "running":
            end = button(say("challenge.button.end"), _ids.on_board("ch-end", number), style=DANGER)
            return [mine, join, end]
        case "ended":
            return [mine] if board.challenge.kind == DUEL else [mine, table_button(number, say)]
        case _:
            return []
