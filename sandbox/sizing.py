"""How many sandboxes a machine carries, and how many of them may start at once."""

from __future__ import annotations

import math

STARTS_PER_PROCESSOR = 2
"""A start waits for disk and kernel half of its time."""


def starts_for(processors: int) -> int:
    """How many sandboxes may start at once on a machine with so many processors."""
    return max(2, processors * STARTS_PER_PROCESSOR)


def places_for_memory(*, memory_mib: int, total_mib: int, overcommit: float) -> int:
    """How many sandboxes the machine's memory carries, when their limits may be exceeded.

    Args:
        memory_mib: The most that one sandbox may use.
        total_mib: What all of them together may use.
        overcommit: How many times as much may be promised as there is; 1 promises no more.
    """
    return max(1, math.floor(overcommit * total_mib / memory_mib))
