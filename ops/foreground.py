"""Runs programs that clean up after themselves: Ctrl-C and SIGTERM are left to them."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from ops import ROOT

END_LIMIT_S = 120
"""What a program that is asked to end may take to clean up."""


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


class InBackground:
    """A program beside the one in the foreground; what it prints is shown when it has ended."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = environment

    def __enter__(self) -> Self:
        self._said = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=dict(self._environment),
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=subprocess.STDOUT,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(END_LIMIT_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._said.close()

    def finish(self) -> int:
        """Wait for its end, show what it printed, and give its exit status."""
        status = self._process.wait()
        self._said.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(self._said, sys.stdout.buffer)
        sys.stdout.flush()
        return status
