"""Kernel limits that sandboxes share."""

from __future__ import annotations

from pathlib import Path

from ops import sysctls


class Lines:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def write(root: Path, name: str, value: int) -> Path:
    path = root.joinpath(*name.split("."))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{value}\n")
    return path


def test_low_limits_are_raised_and_said(tmp_path: Path) -> None:
    """Whoever runs it hears which limits of the machine changed."""
    pty = write(tmp_path, "kernel.pty.max", 4096)
    said = Lines()
    sysctls.raise_limits(said, tmp_path)
    assert pty.read_text() == "1048576\n"
    assert "kernel.pty.max 4096 → 1048576" in said.lines[0]


def test_higher_limits_are_left_alone(tmp_path: Path) -> None:
    """We never lower what an operator raised, and say nothing then."""
    pty = write(tmp_path, "kernel.pty.max", 2_000_000)
    said = Lines()
    sysctls.raise_limits(said, tmp_path)
    assert pty.read_text() == "2000000\n"
    assert said.lines == []


def test_absent_limits_are_skipped(tmp_path: Path) -> None:
    """A kernel without IPv6 has no such limits."""
    assert sysctls.too_low(tmp_path) == {}
