"""`./docent up` as a person starts it: a process of its own, stopped by Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from ops.testing import clean_environment

ROOT = Path(__file__).resolve().parents[2]
UP_LIMIT_S = 300
DOWN_LIMIT_S = 40


@dataclass(slots=True)
class Docent:
    """A Docent of its own home and port; `up` and `stop` may alternate."""

    home: Path
    port: int
    arguments: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed since it was first started."""
        return self.home.with_suffix(".log")

    def up(self) -> None:
        """Start it and wait for its line that it is ready.

        Raises:
            RuntimeError: it ended, or was not ready in time; its last words are in the message.
        """
        with self.log.open("ab") as log:
            start = log.tell()
            self._process = subprocess.Popen(
                [
                    *(str(ROOT / "docent"), "up", "--port", str(self.port)),
                    *("--home", str(self.home), *self.arguments),
                ],
                cwd=ROOT,
                env=clean_environment(os.environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + UP_LIMIT_S
        while f"Docent is ready: {self.url}".encode() not in self.log.read_bytes()[start:]:
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"docent up did not get ready:\n{self.words()}")
            time.sleep(0.1)

    def stop(self) -> int:
        """Press Ctrl-C, wait, and give the exit status."""
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            return process.wait(timeout=DOWN_LIMIT_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def words(self, last: int = 3000) -> str:
        """What it printed last."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-last:]


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
