"""The numbers of challenges and duels, and what they decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.challenge.phases import Phase

HINT_PENALTY_S: Final = 120
"""What a hint adds to a time."""

SHORTEST_MIN: Final = 5
LONGEST_MIN: Final = 180
FREEZE_MOST_MIN: Final = 30
COUNTDOWN_S: Final = 15.0
LOBBY_LASTS: Final = timedelta(hours=3)
INVITATION_LASTS: Final = timedelta(minutes=15)
MOST_MEMBERS: Final = 300

FAULTS_OF_A_DUEL: Final = 3
MOST_FAULTS_OF_A_DUEL: Final = 5
MINUTES_OF_A_DUEL: Final = 30
MOST_OF_A_SIDE: Final = 5

INVITATIONS: Final = 3
"""So many duels may a learner propose within `INVITATIONS_WITHIN`."""
INVITATIONS_WITHIN: Final = timedelta(minutes=10)
PEACE_AFTER_NO: Final = timedelta(hours=1)
"""Whoever declined is not asked again by the same person for so long."""


def may_join(
    phase: Phase, now: datetime, *, starts_at: datetime | None, ends_at: datetime | None
) -> bool:
    """Whether somebody may still join: in the lobby, and until half of the time is over."""
    if phase == "lobby":
        return True
    if phase != "running" or starts_at is None or ends_at is None:
        return False
    return now < starts_at + (ends_at - starts_at) / 2


def freeze_at(ends_at: datetime | None, freeze_s: int) -> datetime | None:
    """From when on the board stands still; None: it never does."""
    if ends_at is None or freeze_s <= 0:
        return None
    return ends_at - timedelta(seconds=freeze_s)


def is_frozen(phase: Phase, now: datetime, ends_at: datetime | None, freeze_s: int) -> bool:
    """Whether the board stands still now; at the end all is revealed."""
    frozen_at = freeze_at(ends_at, freeze_s)
    return phase == "running" and frozen_at is not None and now >= frozen_at
