"""Rate limits: Discord's buckets per route and place, its headers, and its 429."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from playground.json_types import Json

GLOBAL_REQUESTS, GLOBAL_WINDOW_S = 50, 1.0
_KEPT_WINDOWS = 2000


@dataclass(frozen=True, slots=True)
class Bucket:
    """A limit that several routes may share: so many requests in so many seconds."""

    name: str
    requests: int
    window_s: float


POST_MESSAGE: Final = Bucket("post-message", 5, 5.0)
EDIT_MESSAGE: Final = Bucket("edit-message", 5, 5.0)
DELETE_MESSAGE: Final = Bucket("delete-message", 5, 1.0)
REACT: Final = Bucket("react", 1, 0.25)
TYPING: Final = Bucket("typing", 5, 5.0)
WEBHOOK: Final = Bucket("webhook", 5, 2.0)
WEBHOOK_EDIT: Final = Bucket("webhook-edit", 5, 2.0)
WEBHOOK_READ: Final = Bucket("webhook-read", 5, 2.0)
THREADS: Final = Bucket("threads", 50, 300.0)
CHANNEL: Final = Bucket("channel", 5, 15.0)
COMMANDS: Final = Bucket("commands", 60, 60.0)
OPEN_DM: Final = Bucket("open-dm", 10, 10.0)
READ: Final = Bucket("read", 30, 5.0)


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a request may pass, and the headers that tell the bot about its bucket.

    Attributes:
        headers: To be sent with the answer, whatever it is.
        refusal: The body of a 429, or None when the request may pass.
    """

    headers: dict[str, str]
    refusal: Json | None = None


class RateLimits:
    """Counts requests. `enabled=False` lets all pass (for tests of something else)."""

    def __init__(
        self, *, enabled: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._enabled = enabled
        self._clock = clock
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}

    def admit(self, bucket: Bucket | None, place: str) -> Admission:
        """Count a request to `bucket` at `place` (a channel, a webhook's token).

        A route without a bucket has no limit of its own, nor does it count towards the global
        one: on Discord that is so for the answers to interactions.
        """
        if not self._enabled or bucket is None:
            return Admission({})
        if self._count("global", "", GLOBAL_REQUESTS, GLOBAL_WINDOW_S)[0] < 0:
            return self._refused_globally()
        left, resets_in_s = self._count(bucket.name, place, bucket.requests, bucket.window_s)
        headers = self._headers(bucket, place, max(left, 0), resets_in_s)
        if left >= 0:
            return Admission(headers)
        return _refused(headers | {"X-RateLimit-Scope": "user"}, resets_in_s, everywhere=False)

    def _refused_globally(self) -> Admission:
        started, _ = self._windows["global", ""]
        resets_in_s = max(started + GLOBAL_WINDOW_S - self._clock(), 0.001)
        headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
        return _refused(headers, resets_in_s, everywhere=True)

    def _count(self, name: str, place: str, requests: int, window_s: float) -> tuple[int, float]:
        """Count one request; return how many are left and when the window ends, in seconds."""
        now = self._clock()
        started, used = self._windows.pop((name, place), (now, 0))
        if now - started >= window_s:
            started, used = now, 0
        used += 1
        # Taken out and put back: the dictionary stays ordered by last use.
        self._windows[name, place] = (started, min(used, requests + 1))
        while len(self._windows) > _KEPT_WINDOWS:
            del self._windows[next(iter(self._windows))]
        return requests - used, max(started + window_s - now, 0.001)

    def _headers(self, bucket: Bucket, place: str, left: int, resets_in_s: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(bucket.requests),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{time.time() + resets_in_s:.3f}",
            "X-RateLimit-Reset-After": f"{resets_in_s:.3f}",
            "X-RateLimit-Bucket": sha256(bucket.name.encode()).hexdigest()[:32],
        }


def _refused(headers: dict[str, str], resets_in_s: float, *, everywhere: bool) -> Admission:
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(resets_in_s, 3),
        "global": everywhere,
    }
    return Admission(headers | {"Retry-After": str(int(resets_in_s) + 1)}, body)
