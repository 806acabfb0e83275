"""Snowflakes: Discord's 64-bit ids, which carry the moment they were made."""

import hashlib
import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000
_SEQUENCE_BITS = 22
# Ids made from names lie in 2024, long before anything that a session makes.
_NAMED_EPOCH_MS = 1_704_067_200_000
_NAMED_SPAN_MS = 300 * 24 * 3600 * 1000


class Snowflakes:
    """Hands out ids that only ever grow, several in one millisecond if need be."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """Return a new id, larger than all before it."""
        fresh = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << _SEQUENCE_BITS
        self._last = max(fresh, self._last + 1)
        return str(self._last)

    def start_after(self, taken: int) -> None:
        """Never hand out an id up to `taken` (the newest one found in a saved state)."""
        self._last = max(self._last, taken)


def named(kind: str, name: str) -> str:
    """Return the one id that belongs to this name, the same in every run.

    A learner called `newcomer` stays the same person for the bot's database even when the
    playground's state was thrown away.
    """
    digest = int.from_bytes(hashlib.sha256(f"{kind}:{name}".encode()).digest()[:8], "big")
    moment = _NAMED_EPOCH_MS - DISCORD_EPOCH_MS + digest % _NAMED_SPAN_MS
    return str(moment << _SEQUENCE_BITS | digest >> 42)


def made_at(snowflake: str) -> float:
    """Return when the id was made, in seconds since 1970."""
    return ((int(snowflake) >> _SEQUENCE_BITS) + DISCORD_EPOCH_MS) / 1000


def is_snowflake(value: object) -> bool:
    """Say whether Discord would take this as an id (a number, or digits in a string)."""
    if isinstance(value, bool):
        return False
    text = str(value)
    return text.isascii() and text.isdigit() and 0 < int(text) < 1 << 63


def now_iso() -> str:
    """Return the present moment as Discord writes it."""
    return datetime.now(UTC).isoformat()
