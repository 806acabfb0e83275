"""Runs a program that cleans up after itself: Ctrl-C and SIGTERM are left to it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence

from ops import ROOT


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it in the repository to its end, however it is asked to end; gives its exit status."""
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environment))
    # Ctrl-C reaches the whole terminal group: the program has it already. SIGTERM is only ours.
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(
            signal.SIGTERM, lambda *_: process.send_signal(signal.SIGINT)
        ),
    }
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
