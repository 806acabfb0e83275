"""`./docent bench`; tests/bench prepares the machine and measures."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ops.foreground import run_in_foreground


def run_benchmark(arguments: Sequence[str]) -> int:
    """Measure what the arguments say; gives the exit status, 0 only if all goals hold."""
    return run_in_foreground([sys.executable, "-m", "tests.bench", *arguments], os.environ)
