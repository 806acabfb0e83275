"""When a sandbox is frozen, stopped or ended, and why: every deadline of its life in one place.

Pure: it is told the times, and says what is due. Each deadline is its own:

idle freeze    nobody used it for a while; it keeps its memory and takes no processor
idle stop      nobody used it for longer; its memory is needed, its disk stays
hard limit     it runs for very long, in use or not; who uses it is warned before
orphaned       the service was away for so long that nobody can want it any more
start overdue  it does not get ready in time

The learner may put off the idle stop and the hard limit, up to a maximum.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sandbox.contract import LONGEST_EXTENSION_MINUTES

HARD_WARNING_S = 600.0
"""So long before the hard limit who uses it is told."""
LONGEST_EXTENSION_S = LONGEST_EXTENSION_MINUTES * 60.0
"""How far beyond the hard limit, and beyond the idle stop from now, somebody may put them off."""


class Due(StrEnum):
    """What has to happen to a sandbox now."""

    NOTHING = "nothing"
    FREEZE = "freeze"
    IDLE_STOP = "idle"
    HARD_STOP = "hard_limit"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long everything may take, in seconds."""

    freeze_s: float
    idle_s: float
    hard_s: float
    orphaned_s: float
    start_s: float


@dataclass(frozen=True, slots=True)
class Life:
    """The times of one sandbox, all by the same clock."""

    started_at: float
    last_used: float
    in_use: bool
    frozen: bool = False
    keep_until: float = 0.0
    """Somebody asked to keep it until then."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Seconds from now until each deadline; 0: it is due. None: it does not hold now."""

    freeze_s: float | None
    idle_stop_s: float | None
    hard_stop_s: float
    extendable_s: float
    """How far from now `extend` may still put them off."""

    @property
    def warns(self) -> bool:
        """Whether the hard limit is so near that who uses it should know."""
        return self.hard_stop_s <= HARD_WARNING_S


def due(life: Life, deadlines: Deadlines, now: float) -> Due:
    """What has to happen now; the hardest of it when there is more than one thing."""
    left = time_left(life, deadlines, now)
    if left.hard_stop_s <= 0:
        return Due.HARD_STOP
    if left.idle_stop_s is not None and left.idle_stop_s <= 0:
        return Due.IDLE_STOP
    if left.freeze_s is not None and left.freeze_s <= 0:
        return Due.FREEZE
    return Due.NOTHING


def time_left(life: Life, deadlines: Deadlines, now: float) -> TimeLeft:
    """How long until each deadline.

    Freezing is not put off: the next command thaws it, and nothing is lost.
    """
    idle = None if life.in_use else max(life.last_used + deadlines.idle_s, life.keep_until)
    freeze = None if life.in_use or life.frozen else life.last_used + deadlines.freeze_s
    hard = max(life.started_at + deadlines.hard_s, life.keep_until)
    return TimeLeft(
        freeze_s=_from(now, freeze),
        idle_stop_s=_from(now, idle),
        hard_stop_s=max(0.0, hard - now),
        extendable_s=max(0.0, _latest(life, deadlines, now) - now),
    )


def extended(life: Life, deadlines: Deadlines, now: float, *, by_s: float) -> float:
    """Until when the sandbox is kept when somebody asks for `by_s` seconds from now.

    Never shorter than before, and never beyond what the hard limit can be put off by.
    """
    return max(life.keep_until, min(now + by_s, _latest(life, deadlines, now)))


def is_orphaned(deadlines: Deadlines, *, away_s: float) -> bool:
    """Whether a service that was away for so long should end what it finds running."""
    return away_s >= deadlines.orphaned_s


def _latest(life: Life, deadlines: Deadlines, now: float) -> float:
    return min(life.started_at + deadlines.hard_s, now) + LONGEST_EXTENSION_S


def _from(now: float, at: float | None) -> float | None:
    return None if at is None else max(0.0, at - now)
