"""`./docent up --without-engine`, from the start of its program to Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from pathlib import Path

import pytest

from ops.testing import clean_environment

REPOSITORY = Path(__file__).resolve().parent.parent.parent
READY_LIMIT_S = 60
STOP_LIMIT_S = 20


@pytest.fixture
def home() -> Generator[Path, None, None]:
    """A home with a short path, for the sockets in it."""
    with tempfile.TemporaryDirectory(prefix="docent-up-", dir="/tmp") as folder:
        yield Path(folder)


def start(home: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "ops", "up", "--without-engine"),
            *("--port", str(port), "--home", str(home)),
        ],
        cwd=REPOSITORY,
        env=clean_environment(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], pattern: str) -> str:
    """All output up to the line that matches; the end of output is a failure."""
    assert process.stdout is not None
    seen = ""
    deadline = time.monotonic() + READY_LIMIT_S
    for line in process.stdout:
        seen += line
        if re.search(pattern, line):
            return seen
        assert time.monotonic() < deadline, seen
    pytest.fail(f"ended before {pattern}:\n{seen}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_up_serves_the_page_and_ctrl_c_stops_it_all(home: Path) -> None:
    """The last line names the page, a second `up` is refused, and Ctrl-C leaves nothing running."""
    port = free_port()
    process = start(home, port)
    try:
        read_until(process, rf"^Docent is ready: http://127\.0\.0\.1:{port}$")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            assert page.status == 200
        second = start(home, free_port())
        refusal, _ = second.communicate(timeout=READY_LIMIT_S)
        assert second.returncode == 1
        assert "runs already" in refusal
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=STOP_LIMIT_S)
        assert process.returncode == 0, said
    finally:
        process.kill()
        process.wait()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert (home / "docent.sqlite3").exists()
    assert not (home / "run" / "bot.ready").exists()


def test_progress_and_page_are_there_again(home: Path) -> None:
    """A second start of the same home is a matter of seconds and finds its data."""
    for _ in range(2):
        port = free_port()
        process = start(home, port)
        try:
            read_until(process, "^Docent is ready")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=STOP_LIMIT_S)
        finally:
            process.kill()
            process.wait()
        assert process.returncode == 0
    assert list((home / "playground").iterdir())
