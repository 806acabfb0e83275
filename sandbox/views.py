"""A learner's sandbox as the bot sees it; nothing is started, thawed or asked for that."""

from __future__ import annotations

import time
from collections.abc import Callable

from sandbox.contract import SandboxTimers, SandboxView
from sandbox.disks import Disks
from sandbox.held import Held, Opened, Sandbox
from sandbox.opening import Opening
from sandbox.places import Places
from sandbox.stopping import Stopping
from sandbox.timers import Deadlines, TimeLeft, time_left


class Views:
    """Says of each learner's sandbox how it is now."""

    def __init__(
        self,
        *,
        held: Held,
        disks: Disks,
        places: Places,
        stopping: Stopping,
        opening: Opening,
        deadlines: Callable[[], Deadlines],
        is_outdated: Callable[[Sandbox], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_outdated` says of a sandbox whether it runs an older engine image."""
        self._held = held
        self._disks = disks
        self._places = places
        self._stopping = stopping
        self._opening = opening
        self._deadlines = deadlines
        self._is_outdated = is_outdated
        self._clock = clock

    def of(self, learner: str) -> SandboxView:
        """Whatever it does. Raises `SandboxGone` when there never was one."""
        if sandbox := self._held.of(learner):
            return self.running(Opened(sandbox))
        if self._held.is_taken(learner):
            return self._starting(learner)
        if self._places.is_waiting(learner):
            return self.waiting(learner)
        self._disks.must_have(learner)
        because = self._stopping.because(learner)
        return SandboxView(learner=learner, state="stopped", ended_because=because)

    def running(self, opened: Opened) -> SandboxView:
        """Of one that runs, frozen or not."""
        left = self._time_left(opened.sandbox)
        timers = SandboxTimers(
            freeze_s=left.freeze_s,
            idle_stop_s=left.idle_stop_s,
            hard_stop_s=left.hard_stop_s,
            extendable_s=left.extendable_s,
        )
        outdated = self._is_outdated(opened.sandbox)
        return opened.view.model_copy(update={"timers": timers, "outdated": outdated})

    def waiting(self, learner: str) -> SandboxView:
        """Of a learner who stands in line."""
        position = self._places.position(learner)
        return SandboxView(
            learner=learner, state="waiting", place=position.place, estimate_s=position.estimate_s
        )

    def near_hard_stop_s(self, sandbox: Sandbox) -> float | None:
        """How long until the hard limit, if that is so near that who uses it should know."""
        left = self._time_left(sandbox)
        return left.hard_stop_s if left.warns else None

    def _starting(self, learner: str) -> SandboxView:
        """Of one that starts; it has so long left for that."""
        overdue_s = self._opening.began(learner) + self._deadlines().start_s - self._clock()
        timers = SandboxTimers(start_overdue_s=max(0.0, overdue_s))
        return SandboxView(learner=learner, state="starting", timers=timers)

    def _time_left(self, sandbox: Sandbox) -> TimeLeft:
        return time_left(sandbox.life, self._deadlines(), self._clock())
