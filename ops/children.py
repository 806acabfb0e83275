"""One child process of `./docent up`: started, awaited, restarted when it dies, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ops.errors import OpsError

MAX_LOG_BYTES = 5 * 1024 * 1024
POLL_S = 0.05
RESTARTS = 3
RESTARTS_WITHIN_S = 300.0
FIRST_PAUSE_S = 1.0
"""Before the first restart; each further one waits twice as long."""
LOG_LINES_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a child is: how it is started, and how to see that it is ready."""

    name: str
    """For people, e.g. `sandbox service`."""
    command: Sequence[str]
    environment: Mapping[str, str]
    directory: Path
    log: Path
    is_ready: Callable[[], Awaitable[bool]]
    ready_limit_s: float
    stop_limit_s: float
    marks: Sequence[Path] = ()
    """Files by which it says that it is ready; one that was killed leaves them behind."""


@dataclass(slots=True)
class Child:
    """A running part. Its output goes to the part's log, which is kept below 5 MiB."""

    part: Part
    _process: asyncio.subprocess.Process | None = None
    _deaths: list[float] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """Id of the process, which is its group's as well; only after a start."""
        return self._running().pid

    async def start(self) -> None:
        """Start the process and wait until it is ready.

        Raises:
            OpsError: it ended or was not ready in time; the last lines of its log are in the text.
        """
        for mark in self.part.marks:
            mark.unlink(missing_ok=True)
        self._process = await _spawn(self.part)
        try:
            async with asyncio.timeout(self.part.ready_limit_s):
                while not await self.part.is_ready():
                    if self._process.returncode is not None:
                        raise self._failure(f"ended with exit status {self._process.returncode}")
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            raise self._failure(f"was not ready in {self.part.ready_limit_s:.0f} s") from None

    async def watch(self, say: Callable[[str], None]) -> None:
        """Start it again, a little later each time, whenever it dies; never returns.

        Raises:
            OpsError: it died more often than a passing trouble explains.
        """
        while True:
            status = await self._running().wait()
            now = time.monotonic()
            self._deaths = [at for at in self._deaths if now - at < RESTARTS_WITHIN_S] + [now]
            if len(self._deaths) > RESTARTS:
                raise self._failure(f"ended {len(self._deaths)} times in a few minutes")
            say(f"{self.part.name} ended with exit status {status}; starting it again")
            await asyncio.sleep(FIRST_PAUSE_S * 2.0 ** (len(self._deaths) - 1))
            await self.start()

    async def stop(self, limit_s: float | None = None) -> None:
        """End it with its whole process group: politely, then by force; safe to repeat."""
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            _signal_group(process.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.part.stop_limit_s if limit_s is None else limit_s):
                    await process.wait()
        _signal_group(process.pid, signal.SIGKILL)
        await process.wait()

    def trim_log(self) -> None:
        """Keep the log bounded: what is old goes to a second file, which goes at the next time."""
        log = self.part.log
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > MAX_LOG_BYTES:
                # The child holds the file open for appending, so it is emptied, not renamed.
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("not started yet")
        return self._process

    def _failure(self, what: str) -> OpsError:
        lines = last_lines(self.part.log)
        tail = "".join(f"\n    {line}" for line in lines)
        return OpsError(f"The {self.part.name} {what}; its log is {self.part.log}:{tail}")


async def _spawn(part: Part) -> asyncio.subprocess.Process:
    part.log.parent.mkdir(parents=True, exist_ok=True)
    with part.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *_tied_to_us(part.command),
            cwd=part.directory,
            env=dict(part.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for us: we stop the parts in order
        )


def _tied_to_us(command: Sequence[str]) -> list[str]:
    """Let the child end when we are killed and can't stop it any more."""
    tie = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    return [*tie, *command]


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def last_lines(log: Path, count: int = LOG_LINES_SHOWN) -> list[str]:
    """The newest lines of a log; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 16_384))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    return [line[:400] for line in text.splitlines() if line.strip()][-count:]
