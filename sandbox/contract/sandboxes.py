"""How the service is, and how a learner's sandbox is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sandbox.contract.wire import LearnerName, Wire


class HealthProblem(Wire):
    """Why no new learner can be served now; what runs already may go on."""

    part: Literal["engine", "mirror", "disk", "capacity"]
    detail: str


class Health(Wire):
    """How the service is; `engine` is False when the host's Docker engine does not answer."""

    engine: bool
    engine_version: str | None
    running: int
    capacity: int
    capacity_by: Literal["settings", "memory"] = "settings"
    """What bounds the capacity: the number that was set, or the memory that may be promised."""
    waiting: int = 0
    """Learners who wait for a place."""
    problems: list[HealthProblem] = Field(default=[])

    @property
    def able(self) -> bool:
        """Whether one more learner could open a sandbox and pull an image now."""
        return not self.problems


EndReason = Literal[
    "closed", "reset", "idle", "room", "hard_limit", "orphaned", "disk", "crashed", "outside"
]
"""Why a sandbox ended: by its learner's wish, by a deadline, to make room, for want of disk space,
by itself, or by somebody else's hand."""


class SandboxTimers(Wire):
    """Seconds from now until each deadline; 0: it is due. None: it does not hold now.

    Frozen, a sandbox keeps all it has in memory. Stopped, it keeps its disk. `extendable_s` is how
    far from now the stops may be put off.
    """

    freeze_s: float | None = None
    idle_stop_s: float | None = None
    hard_stop_s: float | None = None
    start_overdue_s: float | None = None
    extendable_s: float = 0


class SandboxView(Wire):
    """A learner's sandbox. `fresh` says that its disk was made by this call; times in ms.

    A frozen one has everything in memory but no processor; whatever is asked of it thaws it.
    One that waits has no place yet: `place` 1 is next, `estimate_s` is None when nobody knows.
    """

    learner: LearnerName
    state: Literal["starting", "running", "frozen", "waiting", "stopped"]
    fresh: bool = False
    opened_in_ms: int = 0
    safe: bool = False
    """Started after repeated crashes: no container of the learner's was started by itself."""
    outdated: bool = False
    """It runs an older engine image than the next start would use; the disk comes along."""
    place: int | None = None
    estimate_s: float | None = None
    timers: SandboxTimers | None = None
    """Of one that starts, runs or is frozen."""
    ended_because: EndReason | None = None
    """Why the last one ended, as far as this service knows."""
