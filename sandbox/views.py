"""Pure: a learner's sandbox as the bot sees it."""

from __future__ import annotations

from sandbox.contract import SandboxTimers, SandboxView
from sandbox.held import Opened, Sandbox
from sandbox.places import Position
from sandbox.timers import Life, TimeLeft


def life_of(sandbox: Sandbox) -> Life:
    """The times that its deadlines go by."""
    return Life(
        started_at=sandbox.started_at,
        last_used=sandbox.last_used,
        in_use=sandbox.uses > 0,
        frozen=sandbox.frozen,
        keep_until=sandbox.keep_until,
    )


def running_view(opened: Opened, left: TimeLeft, *, outdated: bool) -> SandboxView:
    """Of one that runs, frozen or not."""
    timers = SandboxTimers(
        freeze_s=left.freeze_s,
        idle_stop_s=left.idle_stop_s,
        hard_stop_s=left.hard_stop_s,
        extendable_s=left.extendable_s,
    )
    return opened.view.model_copy(update={"timers": timers, "outdated": outdated})


def starting_view(learner: str, *, overdue_s: float) -> SandboxView:
    """Of one that starts; it has so long left for that."""
    timers = SandboxTimers(start_overdue_s=max(0.0, overdue_s))
    return SandboxView(learner=learner, state="starting", timers=timers)


def waiting_view(learner: str, position: Position) -> SandboxView:
    """Of a learner who stands in line."""
    return SandboxView(
        learner=learner, state="waiting", place=position.place, estimate_s=position.estimate_s
    )
