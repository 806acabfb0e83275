"""A host engine without containers, and the inside of sandboxes that don't exist.

engine = FakeEngine()
engine.down = True                          # every call: HostEngineDown
engine.start_error = StartFailed("no")      # every start, until it's None again
engine.ends_at_start = [75, 75]             # the next two containers end while they start
engine.die(container_id, exit_code=137)     # somebody killed it
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from sandbox import engine as names
from sandbox.contract import (
    EngineFacts,
    FileEntry,
    FileList,
    FileListRequest,
    FileWritten,
    LoadFact,
    Page,
    PageRequest,
    ScreenshotRequest,
)
from sandbox.engine import ContainerSpec, HostEngine, SandboxState, Status
from sandbox.errors import (
    FileRefused,
    HostEngineDown,
    NoPage,
    SandboxError,
    SandboxGone,
    StartFailed,
)
from sandbox.inside import Program, Terminal
from sandbox.shell import Screen
from tests.fakes.sandboxes import make_facts, make_usage

_numbers = itertools.count(1)


class FakeEngine:
    """`Engine` in memory; `specs` are the containers it was asked for."""

    def __init__(self) -> None:
        self.states: dict[str, SandboxState] = {}
        self.specs: list[ContainerSpec] = []
        self.removed: list[str] = []
        self.down = False
        self.systemd_cgroups = False
        self.runtimes = frozenset({"runc"})
        self.start_error: SandboxError | None = None
        self.ends_at_start: list[int] = []
        self.start_s = 0.0
        self.starting = self.most_starting = 0
        self.images = {"docent/engine:latest": "sha256:1"}
        self.ended: list[str] = []
        self.end_error: SandboxError | None = None
        self.refuses: dict[str, SandboxError] = {}
        """Containers that it neither freezes nor removes, and what it says to that."""

    @property
    def running(self) -> set[str]:
        """Learners whose container runs."""
        return {s.learner for s in self.states.values() if s.status is Status.RUNNING}

    def die(self, container_id: str, *, exit_code: int) -> None:
        """Let a container end by itself."""
        state = self.states[container_id]
        self.states[container_id] = replace(state, status=Status.ENDED, exit_code=exit_code)

    def put(
        self, learner: str, *, home: str, status: Status, uid_base: int = 1, **more: Any
    ) -> str:
        """Have a container that this service did not start; `more` are fields of its state."""
        container_id = f"c{next(_numbers)}"
        values: dict[str, Any] = {
            "container_id": container_id, "sandbox_id": container_id, "learner": learner,
            "disk_inode": 0, "home": home, "uid_base": uid_base, "safe": False, "status": status,
            "exit_code": 0, "created_at": time.time() - 3600,
        }  # fmt: skip
        self.states[container_id] = SandboxState(**(values | more))
        return container_id

    async def describe(self) -> HostEngine:
        """See `Engine.describe`."""
        self._must_be_up()
        return HostEngine(
            version="20.10.24", systemd_cgroups=self.systemd_cgroups, runtimes=self.runtimes
        )

    async def image_id(self, name: str) -> str:
        """See `Engine.image_id`."""
        self._must_be_up()
        return self.images.get(name, "")

    async def sandboxes(self) -> list[SandboxState]:
        """See `Engine.sandboxes`."""
        self._must_be_up()
        await asyncio.sleep(0)
        return list(self.states.values())

    async def start(self, spec: ContainerSpec) -> str:
        """See `Engine.start`."""
        self._must_be_up()
        self.starting += 1
        self.most_starting = max(self.most_starting, self.starting)
        await asyncio.sleep(self.start_s)
        self.starting -= 1
        if self.start_error is not None:
            raise self.start_error
        labels = spec.config["Labels"]
        inode = int(labels[names.DISK_LABEL])
        if inode in {s.disk_inode for s in self.states.values()}:  # and so its name is
            raise StartFailed("the name is taken")
        self.specs.append(spec)
        container_id = self.put(
            labels[names.LEARNER_LABEL],
            home=labels[names.HOME_LABEL],
            status=Status.RUNNING,
            uid_base=int(labels[names.UID_BASE_LABEL]),
            sandbox_id=labels[names.SANDBOX_LABEL],
            disk_inode=inode,
            safe=bool(labels[names.SAFE_LABEL]),
            image=self.images.get(spec.config["Image"], ""),
        )
        if self.ends_at_start:
            self.die(container_id, exit_code=self.ends_at_start.pop(0))
        return container_id

    async def state(self, container_id: str) -> SandboxState | None:
        """See `Engine.state`."""
        self._must_be_up()
        return self.states.get(container_id)

    async def last_words(self, container_id: str) -> str:
        """See `Engine.last_words`."""
        self._must_be_up()
        return "its last words"

    async def freeze(self, container_id: str) -> None:
        """See `Engine.freeze`."""
        await self._set_status(container_id, Status.FROZEN)

    async def thaw(self, container_id: str) -> None:
        """See `Engine.thaw`."""
        await self._set_status(container_id, Status.RUNNING)

    async def _set_status(self, container_id: str, status: Status) -> None:
        self._must_be_up()
        self._must_not_refuse(container_id)
        await asyncio.sleep(0)
        state = self.states.get(container_id)
        if state is None or state.status not in (Status.RUNNING, Status.FROZEN):
            raise SandboxGone("the container does not run")
        self.states[container_id] = replace(state, status=status)

    async def remove(self, container_id: str) -> None:
        """See `Engine.remove`."""
        self._must_be_up()
        self._must_not_refuse(container_id)
        await asyncio.sleep(0)
        if self.states.pop(container_id, None) is not None:
            self.removed.append(container_id)

    async def end(self, container_id: str) -> None:
        """See `Engine.end`."""
        self._must_be_up()
        await asyncio.sleep(0)
        if self.end_error is not None:
            raise self.end_error
        if self.states.pop(container_id, None) is not None:
            self.ended.append(container_id)

    def _must_be_up(self) -> None:
        if self.down:
            raise HostEngineDown("no answer")

    def _must_not_refuse(self, container_id: str) -> None:
        if (error := self.refuses.get(container_id)) is not None:
            raise error


class FakeProgram:
    """A command line that prints what it was given; `endless` never stops printing.

    One that `hangs` says its `last_words` when it is interrupted.
    """

    def __init__(
        self,
        pieces: tuple[bytes, ...] = (),
        *,
        exit_code: int = 0,
        endless: bytes = b"",
        hangs: bool = False,
        dies: bool = False,
        holds: bool = False,
        last_words: tuple[bytes, ...] = (),
    ) -> None:
        self.interrupted = asyncio.Event()
        self._last_words = list(last_words)
        self._pieces = list(pieces)
        self._exit_code = exit_code
        self._endless = endless
        self._hangs = hangs
        self._dies = dies
        self.let_go = asyncio.Event()
        if not holds:
            self.let_go.set()

    async def read(self, most: int = 32_768) -> bytes:
        """The next piece."""
        await asyncio.sleep(0)
        if self._endless:
            return self._endless[:most]
        if self._pieces:
            return self._pieces.pop(0)
        if self._hangs:
            await self.interrupted.wait()
        return self._last_words.pop(0) if self._last_words else b""

    async def exit_code(self) -> int:
        """How it ends; what `holds` waits for `let_go` first."""
        await self.let_go.wait()
        if self._dies:
            raise SandboxGone("the sandbox ended in the middle")
        return self._exit_code


class FakeTerminal:
    """A program on a terminal: it shows what is typed; `say`, `finish` and `die` play it."""

    def __init__(self, line: str, screen: Screen) -> None:
        self.line = line
        self.sizes = [(screen.columns, screen.rows)]
        self.typed = b""
        self.signals: list[str] = []
        self.reads_input = True
        self._said = bytearray()
        self._exit_code: int | None = None
        self._is_over = False
        self._changed = asyncio.Event()

    def say(self, output: bytes) -> None:
        """Print something."""
        self._said += output
        self._changed.set()

    def finish(self, exit_code: int) -> None:
        """End by itself."""
        self._exit_code = exit_code
        self.die()

    def die(self) -> None:
        """Let there be nobody any more who could say how it ended."""
        self._is_over = True
        self._changed.set()

    async def read(self, most: int = 32_768) -> bytes:
        """Some of what was said."""
        while not self._said and not self._is_over:
            self._changed.clear()
            await self._changed.wait()
        piece = bytes(self._said[:most])
        del self._said[:most]
        return piece

    async def exit_code(self) -> int:
        """What `finish` was given."""
        if self._exit_code is None:
            raise SandboxGone("the sandbox ended in the middle")
        return self._exit_code

    def type(self, data: bytes) -> bool:
        """Show it, unless it does not read."""
        if self.reads_input:
            self.typed += data
            self.say(data)
        return self.reads_input

    def resize(self, columns: int, rows: int) -> None:
        """Note it."""
        self.sizes.append((columns, rows))


class FakeInside:
    """`Inside` of a container of `FakeEngine`: it answers while that runs."""

    def __init__(self, engine: FakeEngine, sandbox_id: str) -> None:
        self.programs: dict[str, FakeProgram] = {}
        self.ran: list[str] = []
        self.interrupted = 0
        self.killed = 0
        self.was_killed = asyncio.Event()
        self.closed = False
        self.rests = False
        self.terminals: dict[str, FakeTerminal] = {}
        self.polite = True
        """Programs on terminals end when they are interrupted."""
        self.ended_sessions: list[tuple[str, bool]] = []
        """Names, and whether they had to be ended."""
        self.directory_now = "/root"
        self.stuck = False
        self.files: dict[str, bytes] = {}
        self.lost: tuple[str, ...] | SandboxError = ()
        self.asked_since: float | None = None
        self._engine = engine
        self._sandbox_id = sandbox_id
        self._connected = False

    @property
    def is_connected(self) -> bool:
        """Whether it was connected, and its container runs still."""
        return self._connected and not self.stuck and self._runs

    @property
    def _runs(self) -> bool:
        states = self._engine.states.values()
        return any(
            state.sandbox_id == self._sandbox_id and state.status is Status.RUNNING
            for state in states
        )

    async def connect(self) -> None:
        """See `Inside.connect`."""
        if self.stuck or not self._runs:
            raise SandboxGone("nobody answers")
        self._connected = True

    async def wait_until_ready(self) -> None:
        """See `Inside.wait_until_ready`."""
        while True:
            try:
                await self.connect()
            except SandboxGone:
                await asyncio.sleep(0.01)
            else:
                return

    async def prepare(self) -> None:
        """See `Inside.prepare`."""

    @asynccontextmanager
    async def run(self, line: str) -> AsyncGenerator[Program]:
        """Play the program of this line; without one, print the line."""
        await self.connect()
        self.ran.append(line)
        yield self.programs.get(line) or FakeProgram((line.encode() + b"\n",))

    async def interrupt(self) -> None:
        """Count it, and wait as long as a program takes for its last words."""
        self.interrupted += 1
        for program in self.programs.values():
            program.interrupted.set()
        await asyncio.sleep(0.05)

    async def kill(self, *, since: float) -> None:
        """Count it."""
        self.killed += 1
        self.was_killed.set()

    @asynccontextmanager
    async def session(self, name: str, line: str, screen: Screen) -> AsyncGenerator[Terminal]:
        """A terminal, which is in `terminals`."""
        await self.connect()
        terminal = self.terminals[name] = FakeTerminal(line, screen)
        try:
            yield terminal
        finally:
            terminal.die()

    async def signal_session(self, name: str, signal_name: str) -> None:
        """Note it."""
        self.terminals[name].signals.append(signal_name)

    async def interrupt_session(self, name: str) -> None:
        """End it, if it is polite, with last words."""
        if self.polite:
            self.terminals[name].say(b"bye")
            self.terminals[name].finish(130)

    async def end_session(self, name: str, *, since: float | None) -> None:
        """Note it."""
        self.ended_sessions.append((name, since is not None))

    async def directory(self) -> str:
        """See `Inside.directory`."""
        return self.directory_now

    async def facts(self, *, usage: bool = False) -> EngineFacts:
        """The facts of an engine in which nothing was done yet."""
        await self.connect()
        return make_facts(usage=make_usage() if usage else None)

    async def load(self) -> LoadFact:
        """An engine at rest."""
        await self.connect()
        return LoadFact(at=1, cpu_ns=0, memory_bytes=0, containers=[])

    async def lost_containers(self, *, since: float) -> tuple[str, ...]:
        """What ended with the container; `asked_since` is what we were asked."""
        await self.connect()
        self.asked_since = since
        if isinstance(self.lost, SandboxError):
            raise self.lost
        return self.lost

    async def page(self, request: PageRequest) -> Page:
        """Nothing is published."""
        await self.connect()
        return Page(status=None, problem="refused")

    async def screenshot(self, request: ScreenshotRequest) -> bytes:
        """Nothing is published."""
        await self.connect()
        raise NoPage("refused")

    async def read_file(self, path: str, *, most: int) -> bytes:
        """What was written."""
        await self.connect()
        if path not in self.files:
            raise FileRefused("missing")
        return self.files[path]

    async def write_file(self, path: str, size: int, pieces: AsyncIterable[bytes]) -> FileWritten:
        """Keep it."""
        await self.connect()
        self.files[path] = b"".join([piece async for piece in pieces])
        return FileWritten(path=path, size_bytes=size)

    async def list_files(self, asked: FileListRequest) -> FileList:
        """All that was written."""
        await self.connect()
        entries = [
            FileEntry(path=path, type="file", size_bytes=len(content))
            for path, content in sorted(self.files.items())
        ]
        return FileList(folder="/root", entries=entries)

    def rest(self) -> None:
        """Note it."""
        self.rests = True

    def wake(self) -> None:
        """Note it."""
        self.rests = False

    async def close(self) -> None:
        """See `Inside.close`."""
        for terminal in self.terminals.values():
            terminal.die()
        self._connected = False
        self.closed = True
