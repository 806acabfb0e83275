"""Ends that nobody asked for: counted, and remembered for each learner for a while."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

import structlog

from sandbox.engine import SandboxState, Status
from sandbox.metrics import Metrics

CRASH_LOOP_ENDS = 3
CRASH_LOOP_S = 600
"""So many ends in this time, and no container of the learner's is started by itself any more."""

log = structlog.get_logger(__name__)


class Ends:
    """Remembers when learners' sandboxes ended by themselves."""

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._metrics = metrics
        self._clock = clock
        self._ends: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=CRASH_LOOP_ENDS))

    def note(self, state: SandboxState, learner: str) -> None:
        """Remember the end of this container, if it has ended."""
        if state.status is not Status.ENDED:
            return
        if learner:
            self._ends[learner].append(self._clock())
        self._metrics.sandbox_ended(state.exit_code)
        log.warning(
            "sandbox_ended",
            learner=learner,
            sandbox=state.sandbox_id,
            exit_code=state.exit_code,
        )

    def is_crash_loop(self, learner: str) -> bool:
        """Whether what the learner left on the disk ends every start."""
        ends = self._ends.get(learner)
        if ends is None:
            return False
        return len(ends) == CRASH_LOOP_ENDS and self._clock() - ends[0] < CRASH_LOOP_S

    def forget(self, learner: str) -> None:
        """Begin anew, with a new disk."""
        self._ends.pop(learner, None)
