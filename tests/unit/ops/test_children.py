"""Child processes of `./docent up`: readiness, restarts, stopping, logs."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ops import children
from ops.children import Child, Part, last_lines
from ops.errors import OpsError


async def at_once() -> bool:
    return True


async def never() -> bool:
    return False


def part(
    folder: Path,
    script: str,
    *,
    is_ready: Callable[[], Awaitable[bool]] = at_once,
    ready_limit_s: float = 5,
    stop_limit_s: float = 5,
) -> Part:
    return Part(
        name="sample",
        command=["sh", "-c", script],
        environment=dict(os.environ),
        directory=folder,
        log=folder / "log" / "sample.log",
        is_ready=is_ready,
        ready_limit_s=ready_limit_s,
        stop_limit_s=stop_limit_s,
    )


def exists(path: Path) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return path.exists()

    return check


async def test_start_waits_until_the_part_is_ready(tmp_path: Path) -> None:
    """Whoever starts a part may use it when start returns."""
    mark = tmp_path / "ready"
    child = Child(part(tmp_path, f"sleep 0.2; touch {mark}; sleep 60", is_ready=exists(mark)))
    await child.start()
    assert mark.exists()
    await child.stop()


async def test_a_part_that_ends_while_starting_shows_its_last_words(tmp_path: Path) -> None:
    """The reason in the log reaches the person at the terminal."""
    child = Child(part(tmp_path, "echo the port is taken; exit 3", is_ready=never))
    with pytest.raises(OpsError, match=r"exit status 3(.|\n)*the port is taken"):
        await child.start()
    await child.stop()


async def test_a_part_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    """A start has a deadline."""
    child = Child(part(tmp_path, "sleep 60", is_ready=never, ready_limit_s=0.2))
    with pytest.raises(OpsError, match="not ready"):
        await child.start()
    await child.stop()


async def test_a_part_that_died_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One crash is survived, and said."""
    said: list[str] = []
    count = tmp_path / "count"
    script = f"echo x >> {count}; [ $(wc -l < {count}) -ge 2 ] && exec sleep 60; exit 9"
    monkeypatch.setattr(children, "FIRST_PAUSE_S", 0.01)
    child = Child(part(tmp_path, script))
    await child.start()
    watcher = asyncio.create_task(child.watch(said.append))
    await _until(lambda: count.exists() and len(count.read_text().split()) >= 2)
    watcher.cancel()
    await child.stop()
    assert said == ["sample ended with exit status 9; starting it again"]


async def test_a_mark_of_an_earlier_run_does_not_count(tmp_path: Path) -> None:
    """A part that was killed leaves its mark behind; the next start waits for a new one."""
    mark = tmp_path / "ready"
    mark.touch()
    waiting = part(tmp_path, "sleep 60", is_ready=exists(mark), ready_limit_s=0.3)
    child = Child(dataclasses.replace(waiting, marks=[mark]))
    with pytest.raises(OpsError, match="not ready"):
        await child.start()
    await child.stop()


async def test_a_part_that_keeps_dying_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three restarts in a few minutes somebody has to look."""
    monkeypatch.setattr(children, "FIRST_PAUSE_S", 0.01)
    child = Child(part(tmp_path, "echo no; exit 1"))
    await child.start()
    with pytest.raises(OpsError, match="4 times"):
        async with asyncio.timeout(10):
            await child.watch(lambda _line: None)
    await child.stop()


async def test_stop_ends_the_whole_process_group(tmp_path: Path) -> None:
    """What a part started goes with it, even if the part itself ignores the request."""
    pids = tmp_path / "pids"
    script = f"trap '' TERM; sleep 60 & echo $! > {pids}.new; mv {pids}.new {pids}; wait; sleep 60"
    child = Child(part(tmp_path, script, is_ready=exists(pids), stop_limit_s=0.2))
    await child.start()
    pid = int(pids.read_text())
    await child.stop()
    await child.stop()  # safe to repeat
    await _until(lambda: not _is_alive(pid))  # the kernel takes a moment


async def test_a_long_log_is_cut_while_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Logs don't fill the disk; the newest lines before the cut are kept in a second file."""
    monkeypatch.setattr(children, "MAX_LOG_BYTES", 100)
    mark = tmp_path / "go"
    script = f"seq 100; while [ ! -e {mark} ]; do sleep 0.02; done; echo after; exec sleep 60"
    child = Child(part(tmp_path, script))
    await child.start()
    log = child.part.log
    await _until(lambda: "100\n" in log.read_text())
    child.trim_log()
    mark.touch()
    await _until(lambda: log.read_text() == "after\n")
    await child.stop()
    assert log.with_suffix(".log.1").read_text().endswith("100\n")


def test_last_lines_of_no_log_are_none(tmp_path: Path) -> None:
    """A part that never wrote has no last words."""
    assert last_lines(tmp_path / "absent.log") == []


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not come true in 5 s")


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
