"""What can be done inside a running sandbox: run a line, read facts, fetch a page."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

import structlog

from sandbox.attached import Whose, attached_programs, end_attached
from sandbox.channel import Channel, read_up_to
from sandbox.contract import (
    EngineFacts,
    FileList,
    FileListRequest,
    FileWritten,
    LimitsFact,
    LoadFact,
    Page,
    PageRequest,
    ScreenshotRequest,
)
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed, NoPage, SandboxGone
from sandbox.facts import FactsReader
from sandbox.facts.load import LOAD_SAYS_BYTES, LOAD_SCRIPT, load_fact
from sandbox.facts.usage import DISK_SAYS_BYTES, DISK_SCRIPT
from sandbox.files import list_files, read_file, write_file
from sandbox.lost import lost_containers
from sandbox.pages import MOST_BYTES, TIMEOUT_S, fetch_script, parse_page
from sandbox.screenshots import take_screenshot
from sandbox.shell import Key, Screen, Shell

END_PROGRAMS = (
    "for pid in {pids}; do age=$(ps -o etimes= -p $pid) && "
    '[ "$age" -le {age_s} ] && pkill -KILL -s $pid; done'
)
# A build that is cancelled in the moment in which a step starts forgets the step.
END_BUILD_STEPS = (
    "for pid in $(pgrep -f '^runc .*/buildkit/executor/'); do age=$(ps -o etimes= -p $pid) && "
    '[ "$age" -le {age_s} ] && pkill -KILL -P $pid; done'
)
END_TIMEOUT_S = 5.0
LOOK_AGAIN_S = 0.01
VERSION_TIMEOUT_S = 5.0
_VERSION = re.compile(rb"Docker version ([0-9A-Za-z.+~-]{1,64})")

log = structlog.get_logger(__name__)


class Program(Protocol):
    """A command line that runs; `sandbox.channel.Channel` is one."""

    async def read(self, most: int = ...) -> bytes:
        """Some of its output; empty when there is no more."""
        ...

    async def exit_code(self) -> int:
        """How it ended. Raises `SandboxGone` when the sandbox ended first."""
        ...


class Terminal(Program, Protocol):
    """A command line that runs on a terminal."""

    def type(self, data: bytes) -> bool:
        """Give it input; False, and nothing is given, when too much waits already."""
        ...

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size now."""
        ...


class Inside(Protocol):
    """A running sandbox, from inside. Raises `SandboxGone` and `EngineFailed`."""

    @property
    def is_connected(self) -> bool:
        """Whether the way in is open, as far as we were told."""
        ...

    async def connect(self) -> None:
        """Open the way in, if it isn't."""
        ...

    async def wait_until_ready(self) -> None:
        """Wait until the engine inside answers, however often that fails first."""
        ...

    async def prepare(self) -> None:
        """Make the next `run` start quicker."""
        ...

    def run(self, line: str) -> AbstractAsyncContextManager[Program]:
        """Run a command line of the learner's."""
        ...

    async def interrupt(self) -> None:
        """Ask all that a command line started to end, as Ctrl-C does; it has a moment for it."""
        ...

    async def kill(self, *, since: float) -> None:
        """End all that a command line left running, begun at `since` (seconds since 1970)."""
        ...

    def session(
        self, name: str, line: str, screen: Screen
    ) -> AbstractAsyncContextManager[Terminal]:
        """Run a command line on a terminal, beside all others."""
        ...

    async def signal_session(self, name: str, signal_name: str) -> None:
        """A signal to what is in the foreground of a session."""
        ...

    async def interrupt_session(self, name: str) -> None:
        """Ask all of a session to end, as `interrupt` does for a command line."""
        ...

    async def end_session(self, name: str, *, since: float | None) -> None:
        """End all that a session left running.

        `since`, in seconds since 1970, is when it began, if it has to be ended; None when it ended
        by itself: then containers that it started are none of our business.
        """
        ...

    async def directory(self) -> str:
        """The working directory of the next command line."""
        ...

    async def facts(self, *, usage: bool = False) -> EngineFacts:
        """The state of the learner's engine; with `usage` also what takes room on its disk."""
        ...

    async def load(self) -> LoadFact:
        """What the engine and its containers use just now."""
        ...

    async def lost_containers(self, *, since: float) -> tuple[str, ...]:
        """Names of containers that ran until `since` (seconds since 1970) and ended with it."""
        ...

    async def page(self, request: PageRequest) -> Page:
        """What a published port answers."""
        ...

    async def screenshot(self, request: ScreenshotRequest) -> bytes:
        """A picture of that, as PNG. Raises `NoPage` and `NoBrowser`."""
        ...

    async def read_file(self, path: str, *, most: int) -> bytes:
        """A file of the learner's, `most` bytes of size at most. Raises `FileRefused`."""
        ...

    async def write_file(self, path: str, size: int, pieces: AsyncIterable[bytes]) -> FileWritten:
        """Have a file with this content. Raises `FileRefused`."""
        ...

    async def list_files(self, asked: FileListRequest) -> FileList:
        """What is in a folder of the learner's. Raises `FileRefused`."""
        ...

    def rest(self) -> None:
        """Keep the way in while nobody answers on it, for however long: it is frozen."""
        ...

    def wake(self) -> None:
        """It is thawed: who doesn't answer is gone. Safe to repeat."""
        ...

    async def close(self) -> None:
        """Let the way in go; the sandbox runs on."""
        ...


class SshInside:
    """`Inside` through the sandbox's SSH socket."""

    def __init__(self, socket_folder: Path, key: Key, limits: LimitsFact | None = None) -> None:
        self._shell = Shell(socket_folder, key)
        self._api = EngineApi(self._open_engine)
        self._engine_starts = False
        self._facts = FactsReader(self._api, limits)
        self._client_version = ""
        self._browser_turn = asyncio.Lock()
        self._lines = 0
        self._sessions = 0

    @property
    def is_connected(self) -> bool:
        """See `Inside.is_connected`."""
        return self._shell.is_connected

    async def connect(self) -> None:
        """See `Inside.connect`."""
        await self._shell.connect()

    async def wait_until_ready(self) -> None:
        """See `Inside.wait_until_ready`."""
        self._engine_starts = True
        try:
            while True:
                with suppress(SandboxGone, EngineFailed):
                    await self._shell.connect()
                    await self._until_engine_answers()
                    return
                # An older image does not know how to wait: every other time it is only asked.
                self._engine_starts = not self._engine_starts
                await asyncio.sleep(LOOK_AGAIN_S)
        finally:
            self._engine_starts = False

    async def prepare(self) -> None:
        """See `Inside.prepare`."""
        await self._shell.prepare()

    @asynccontextmanager
    async def run(self, line: str) -> AsyncGenerator[Program]:
        """See `Inside.run`."""
        self._lines += 1
        try:
            async with self._shell.run(line) as program:
                yield program
        finally:
            self._lines -= 1

    async def interrupt(self) -> None:
        """See `Inside.interrupt`."""
        await self._shell.interrupt()

    async def kill(self, *, since: float) -> None:
        """See `Inside.kill`."""
        try:
            await self._shell.kill()
        finally:  # each may free what keeps the other from working
            whose = Whose.A_LINES if self._sessions else Whose.EVERYBODYS
            await self._end_in_containers(since, whose)

    @asynccontextmanager
    async def session(self, name: str, line: str, screen: Screen) -> AsyncGenerator[Terminal]:
        """See `Inside.session`."""
        self._sessions += 1
        try:
            async with self._shell.session(name, line, screen) as terminal:
                yield terminal
        finally:
            self._sessions -= 1

    async def signal_session(self, name: str, signal_name: str) -> None:
        """See `Inside.signal_session`."""
        await self._shell.signal_session(name, signal_name)

    async def interrupt_session(self, name: str) -> None:
        """See `Inside.interrupt_session`."""
        await self._shell.interrupt_session(name)

    async def end_session(self, name: str, *, since: float | None) -> None:
        """See `Inside.end_session`."""
        try:
            await self._shell.end_session(name)
        finally:
            if since is not None:
                others = self._lines or self._sessions
                whose = Whose.A_SESSIONS if others else Whose.EVERYBODYS
                await self._end_in_containers(since, whose)

    async def directory(self) -> str:
        """See `Inside.directory`."""
        return await self._shell.directory()

    async def facts(self, *, usage: bool = False) -> EngineFacts:
        """See `Inside.facts`."""
        if not self._client_version:
            self._client_version = await self._read_client_version()
        return await self._facts.read(
            client_version=self._client_version, disk=await self._disk() if usage else None
        )

    async def load(self) -> LoadFact:
        """See `Inside.load`."""
        said = await self._shell.ask(LOAD_SCRIPT, most=LOAD_SAYS_BYTES, timeout_s=VERSION_TIMEOUT_S)
        return load_fact(said)

    async def lost_containers(self, *, since: float) -> tuple[str, ...]:
        """See `Inside.lost_containers`."""
        return await lost_containers(self._api, since=since)

    async def page(self, request: PageRequest) -> Page:
        """See `Inside.page`."""
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                self._shell.run_aside(fetch_script(request)) as program,
            ):
                answer = await read_up_to(program, MOST_BYTES)
                enough = len(answer) >= MOST_BYTES
                return parse_page(answer, None if enough else await program.exit_code())
        except TimeoutError:
            return Page(status=None, problem="timeout")

    async def screenshot(self, request: ScreenshotRequest) -> bytes:
        """See `Inside.screenshot`."""
        async with self._browser_turn:
            page = await self.page(PageRequest(port=request.port, path=request.path))
            if page.status is None:  # a browser would draw a page of its own about that
                raise NoPage(page.problem or "empty")
            return await take_screenshot(self._shell.run_aside, request)

    async def read_file(self, path: str, *, most: int) -> bytes:
        """See `Inside.read_file`."""
        return await read_file(self._shell, path, most=most)

    async def write_file(self, path: str, size: int, pieces: AsyncIterable[bytes]) -> FileWritten:
        """See `Inside.write_file`."""
        return await write_file(self._shell, path, size, pieces)

    async def list_files(self, asked: FileListRequest) -> FileList:
        """See `Inside.list_files`."""
        return await list_files(self._shell, asked)

    def rest(self) -> None:
        """See `Inside.rest`."""
        self._shell.rest()

    def wake(self) -> None:
        """See `Inside.wake`."""
        self._shell.wake()

    async def close(self) -> None:
        """See `Inside.close`."""
        await self._shell.close()

    async def _end_in_containers(self, since: float, whose: Whose) -> None:
        if ended := await end_attached(self._api, since=since, whose=whose):
            log.info("attached_containers_ended", count=ended)
        age_s = int(time.time() - since) + 1
        if programs := await attached_programs(self._api, whose=whose):
            await self._end_programs(programs, age_s)
        if whose is Whose.EVERYBODYS:
            script = END_BUILD_STEPS.format(age_s=age_s)
            await self._shell.ask(script, most=1, timeout_s=END_TIMEOUT_S)

    async def _end_programs(self, programs: Sequence[int], age_s: int) -> None:
        """End those that are not older than the command line, with all of their session.

        A health check that happens to run is ended with them; the engine tries it again.
        """
        script = END_PROGRAMS.format(pids=" ".join(map(str, programs)), age_s=age_s)
        await self._shell.ask(script, most=1, timeout_s=END_TIMEOUT_S)

    async def _until_engine_answers(self) -> None:
        """It opens its socket early and answers when it is up; the stream is kept.

        Meanwhile a shell comes to wait for the first line.
        """
        answer = asyncio.create_task(self._api.get("/_ping"))
        try:
            await self._shell.prepare()
            await answer
        finally:
            answer.cancel()
            await asyncio.wait({answer})

    def _open_engine(self) -> AbstractAsyncContextManager[Channel]:
        return self._shell.open_engine(starts=self._engine_starts)

    async def _disk(self) -> bytes:
        return await self._shell.ask(DISK_SCRIPT, most=DISK_SAYS_BYTES, timeout_s=VERSION_TIMEOUT_S)

    async def _read_client_version(self) -> str:
        """Once for each start: the client comes with the image."""
        said = await self._shell.ask("docker --version", most=200, timeout_s=VERSION_TIMEOUT_S)
        match = _VERSION.search(said)
        return match[1].decode() if match else ""
