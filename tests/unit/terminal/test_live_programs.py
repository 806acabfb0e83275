"""Real programs on a terminal of this machine: what is written in chat, and the screen after it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.terminal.keys import key, strokes, typed
from bot.terminal.live_screen import COLUMNS, ROWS, LiveScreen
from bot.terminal.screen import text_of

PATIENCE_S = 20.0


class Program:
    """A program that is written to as from the chat; `screen` is what a learner sees of it."""

    def __init__(self, terminal: int, pid: int) -> None:
        self.screen = LiveScreen()
        self._terminal = terminal
        self._pid = pid

    @property
    def shown(self) -> str:
        """The window, without colours."""
        return "\n".join(text_of(line) for line in self.screen.shown())

    def write(self, content: str) -> None:
        """A message in chat."""
        text = typed(
            content,
            full_screen=self.screen.is_full,
            pastes=self.screen.pastes,
            application=self.screen.application_cursor,
        )
        for stroke in strokes(text):
            os.write(self._terminal, stroke.encode())
            time.sleep(0.12)

    def press(self, name: str) -> None:
        """A button."""
        os.write(self._terminal, key(name, application=self.screen.application_cursor).encode())

    def sees(self, wanted: str) -> None:
        """Wait until the window has this."""
        deadline = time.monotonic() + PATIENCE_S
        while wanted not in self.shown:
            assert time.monotonic() < deadline, f"no {wanted!r} in\n{self.shown}"
            self._read()

    def ends(self) -> int:
        """Wait for its end; its exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self._read():
            assert time.monotonic() < deadline, f"still there:\n{self.shown}"
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _read(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], 0.2)
        if not ready:
            return True
        try:
            piece = os.read(self._terminal, 4096)
        except OSError:  # the other side is closed
            return False
        self.screen.feed(piece.decode(errors="replace"))
        return bool(piece)


@contextmanager
def running(folder: Path, *command: str) -> Iterator[Program]:
    """The program on a terminal of the size that sessions have; it is gone at the end."""
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        os.execve(program, command, environment | {"TERM": "xterm-256color", "PS1": "$ "})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    try:
        yield Program(terminal, pid)
    finally:
        os.close(terminal)  # hangs up: whatever still runs there ends


def test_vi_edits_a_file_key_by_key(tmp_path: Path) -> None:
    """Insert, a second line, Esc, a letter less, save and leave."""
    with running(tmp_path, "vi", "note") as vi:
        vi.sees("~\n~")
        assert vi.screen.is_full
        vi.write("i")
        vi.write("안녕 vi")
        vi.sees("안녕 vi")
        vi.press("enter")
        vi.write("second linex")
        vi.sees("second linex")
        vi.press("esc")
        vi.write("x")
        vi.write(":wq")
        assert vi.ends() == 0
    assert (tmp_path / "note").read_text(encoding="utf-8") == "안녕 vi\nsecond line\n"


def test_vi_takes_a_whole_text_at_once(tmp_path: Path) -> None:
    """A code block keeps its indentation; arrows move; `:wq` works from the middle of it."""
    with running(tmp_path, "vi", "compose.yaml") as vi:
        vi.sees("~\n~")
        vi.write("i")
        vi.write("```yaml\nservices:\n  web:\n    image: nginx\n```")
        vi.sees("    image: nginx")
        vi.write("<esc>gg")
        vi.write("<down>A # first")
        vi.sees("  web: # first")
        vi.write(":wq")
        assert vi.ends() == 0
    assert (tmp_path / "compose.yaml").read_text() == (
        "services:\n  web: # first\n    image: nginx\n\n"
    )


def test_a_shell_does_what_is_written(tmp_path: Path) -> None:
    """Lines, Ctrl+C, an arrow for the last line, several lines at once, and Ctrl+D."""
    with running(tmp_path, "bash", "--norc", "--noprofile") as shell:
        shell.sees("$ █")
        shell.write("echo $((41 + 1)) 한글")
        shell.sees("42 한글\n$ █")
        shell.write("sleep 60")
        shell.sees("sleep 60")
        shell.write("^C")
        shell.sees("^C")
        shell.write("echo again-$((6 * 7))")
        shell.sees("again-42")
        shell.press("up")
        shell.press("enter")
        shell.sees("again-42\n$ echo again-$((6 * 7))\nagain-42\n$ █")
        shell.write("```\nfor n in 1 2; do\n  echo n$n\ndone\n```")
        shell.sees("n1\nn2\n$ █")
        shell.write("^D")
        assert shell.ends() == 0


def test_python_reads_lines_and_blocks(tmp_path: Path) -> None:
    """A block keeps its indentation, whatever the prompt makes of it."""
    with running(tmp_path, sys.executable, "-q") as python:
        python.sees(">>> █")
        python.write("6 * 7")
        python.sees("42\n>>> █")
        python.write("```\nfor n in range(3):\n    print('n', n)\n\n```")
        python.sees("n 0\nn 1\nn 2\n>>> █")
        python.write("^D")
        assert python.ends() == 0


def test_top_draws_its_screen(tmp_path: Path) -> None:
    """And quits by its key."""
    with running(tmp_path, "top", "-d", "1") as top:
        top.sees("load average")
        top.write("q")
        assert top.ends() == 0
