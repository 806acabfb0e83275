"""Times of a sandbox that its container does not tell, beside the disk for the next service.

One of the pool is older than its learner's use of it, and what somebody asked to keep is kept
whoever looks after it meanwhile.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

import structlog
from pydantic import TypeAdapter, ValidationError

from sandbox.held import Sandbox
from sandbox.home import Home
from sandbox.threads import to_the_end

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Times:
    """Of one sandbox, in seconds since 1970; see `Sandbox`."""

    sandbox_id: str
    started_at: float
    keep_until: float


_TIMES = TypeAdapter(Times)


class KeptTimes:
    """Writes them down when they change, and reads them for a service that is new."""

    def __init__(self, home: Home, clock: Callable[[], float] = time.monotonic) -> None:
        self._home = home
        self._clock = clock

    async def note(self, sandbox: Sandbox) -> None:
        """Remember how they are now. Without, the sandbox is still found again."""
        since_1970 = time.time() - self._clock()
        times = Times(
            sandbox_id=sandbox.id,
            started_at=sandbox.started_at + since_1970,
            keep_until=sandbox.keep_until + since_1970,
        )
        try:
            await to_the_end(lambda: self._write(sandbox.learner, times))
        except OSError as exc:
            log.warning("times_not_kept", learner=sandbox.learner, reason=str(exc))

    def of(self, learners: Iterable[str]) -> dict[str, Times]:
        """What is remembered, by sandbox; it reads files, so not on the event loop."""
        found = (self._read(learner) for learner in learners)
        return {times.sandbox_id: times for times in found if times is not None}

    def _write(self, learner: str, times: Times) -> None:
        file = self._home.times(learner)
        unfinished = file.with_name(f"{file.name}.new")
        unfinished.write_text(json.dumps(asdict(times)), encoding="ascii")
        unfinished.chmod(0o600)
        unfinished.replace(file)

    def _read(self, learner: str) -> Times | None:
        try:
            return _TIMES.validate_json(self._home.times(learner).read_bytes())
        except (OSError, ValidationError):
            return None
