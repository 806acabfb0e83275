"""The sandbox service with short days and a clock that a test can set.

A process of its own, like the service, so that it can be killed: what the service does in minutes,
it does in seconds, and the time of day is what a file in its home makes of it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

JUMP_FILE = "clock-jump"
"""By how many seconds the clock is wrong; without it, it is right."""

machines_clock = time.time


def jumping_clock() -> float:
    """The machine's clock, as a test sets it."""
    try:
        jump_s = float((Path(os.environ["DOCENT_SANDBOX_HOME"]) / JUMP_FILE).read_text())
    except (OSError, ValueError):
        jump_s = 0.0
    return machines_clock() + jump_s


if __name__ == "__main__":
    vars(time)["time"] = jumping_clock
    # Only now: many take the clock of this moment as theirs.
    from tests.faults.short_days import main

    sys.exit(main())
