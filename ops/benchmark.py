"""`./docent bench`; tests/bench prepares the machine and measures."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ops.foreground import run_in_foreground
from ops.testing import OF_IMAGES, clean_environment

NEEDED = OF_IMAGES | {"DOCENT_CALLED_FROM"}


def run_benchmark(arguments: Sequence[str]) -> int:
    """Measure what the arguments say; gives the exit status, 0 only if all goals hold.

    What is measured runs on a database and with limits of its own, whatever the operator set.
    """
    environment = clean_environment(os.environ, keep=NEEDED)
    return run_in_foreground([sys.executable, "-m", "tests.bench", *arguments], environment)
