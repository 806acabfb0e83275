"""Whether the time of day can be believed: somebody may set the machine's clock while we run.

What is deleted because it is old is gone for good. So nothing is, until the clock has gone at the
pace of time for a while; by then whoever set it wrong, or a time server, has set it right.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

STEADY_S = 3600.0
"""For so long a clock must not have jumped; when the service starts, nobody knows yet."""
JUMP_S = 60.0
"""Less than this makes nobody's disk older. A time server corrects a little all the time."""

log = structlog.get_logger(__name__)


class Steadiness:
    """Watches the time of day against a clock that nobody can set; ask it often."""

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
        steady_s: float | None = None,
    ) -> None:
        """`now` is in seconds since 1970, as the times of files are."""
        self._now = now
        self._clock = clock
        self._steady_s = STEADY_S if steady_s is None else steady_s
        self._apart_s = now() - clock()
        self._since = clock()

    def is_believed(self) -> bool:
        """Whether the time of day made no jump for long enough; a jump is logged."""
        clock = self._clock()
        apart_s = self._now() - clock
        if abs(apart_s - self._apart_s) > JUMP_S:
            log.warning("clock_jumped", by_s=round(apart_s - self._apart_s))
            self._since = clock
        self._apart_s = apart_s
        return clock - self._since >= self._steady_s
