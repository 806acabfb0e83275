"""Lines that boards and members' cards share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.challenge.standings import Standing
from bot.classroom.challenge_views import DUEL, Board
from bot.texts import Speech
from bot.ui.plain import plain

LONGEST_NAME: Final = 24
MOST_NAMES: Final = 15
MEDALS: Final = ("🥇", "🥈", "🥉")


def names_of(board: Board) -> Mapping[int, str]:
    """What those in the rows are called: people, or the sides of a duel."""
    if board.challenge.kind != DUEL:
        return {member.learner_id: member.name for member in board.members}
    return {
        side: " · ".join(member.name for member in board.members if member.side == side)
        for side in (1, 2)
    }


def clock(seconds: int) -> str:
    """A time, such as 4:05 or 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def row_line(row: Standing, name: str, total: int, say: Speech) -> str:
    """One line of a board."""
    shown = plain(name, most=LONGEST_NAME)
    if row.done:
        medal = MEDALS[row.place - 1] if row.place <= len(MEDALS) else "▫️"
        line = say(
            "challenge.row",
            medal=medal,
            place=row.place,
            name=shown,
            done=len(row.done),
            total=total,
        )
        line += f" · {clock(row.time_s)}"
    else:
        line = say("challenge.row.none", name=shown, total=total)
    if row.hints:
        line += f" · {say('challenge.row.hints', n=row.hints)}"
    if row.first:
        line += f" · ⚡ {len(row.first)}"
    return line


def too_many(board: Board, say: Speech) -> str:
    """That more are in than there are engines; empty when there are enough, or nobody knows."""
    if not board.too_many:
        return ""
    return say(
        "challenge.too_many", n=len(board.members), engines=board.engines, short=board.too_many
    )


def some_names(names: Sequence[str], say: Speech) -> str:
    """The first of these names, and how many there are besides."""
    shown = ", ".join(plain(name, most=LONGEST_NAME) for name in names[:MOST_NAMES])
    left = len(names) - MOST_NAMES
    return f"{shown} {say('challenge.more', n=left)}" if left > 0 else shown
