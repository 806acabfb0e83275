"""`./docent bench`: prepares the machine, then measures; tests/bench says how."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ops.foreground import run_in_foreground
from ops.home import default_home
from ops.plan import make_plan
from ops.preparation import prepare
from ops.progress import Progress


def run_benchmark(name: str | None, json_file: Path | None, progress: Progress) -> int:
    """Measure everything, or what `name` says; gives the exit status, 0 only if all goals hold.

    Raises:
        OpsError: the machine can't be made ready.
    """
    prepare(make_plan(home=default_home(), port=0, source=None, with_engine=True), progress)
    command = [sys.executable, "-m", "tests.bench"]
    command += [name] if name else []
    command += ["--json", str(json_file)] if json_file else []
    return run_in_foreground(command, os.environ)
