"""A sandbox service without sandboxes: scripted answers, and every way to misbehave.

sandboxes = FakeSandboxes()
sandboxes.answer("docker ps", "CONTAINER ID   IMAGE\\n")
sandboxes.answer("docker pull nginx", "Pulling\\n", dies=True)      # ends in the middle
sandboxes.answer("sleep 99", never_ends=True)                       # until it is cancelled
sandboxes.answer("docker run nginx", "abc\\n", then=make_facts(containers=[make_container()]))
sandboxes.lost[learner] = ["web"]                                   # the next command tells it
sandboxes.waits[learner] = [Waiting(place=2, estimate_s=60), ...]   # before the next command
sandboxes.ended[learner] = "hard_limit"                             # the next command tells it
sandboxes.expires = [Expiring(...)]                                 # until `warned`
sandboxes.files.of[learner]["/root/web/index.html"] = b"<h1>"      # as if it was written
sandboxes.loads[learner] = [LoadFact(...), ...]                    # one per look; the last stays
sandboxes.pictures[80] = b"..."                                     # of the page on this port
sandboxes.down = HostEngineDown()                                   # every call raises this
sandboxes.slow_s = 0.5                                              # every call takes longer
"""

from __future__ import annotations

import asyncio
import posixpath
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.client import Running, Terminal
from sandbox.contract import (
    MAX_LINE_BYTES,
    MOST_SESSIONS,
    ContainerFact,
    Ended,
    EndReason,
    EngineFacts,
    Expiring,
    FileList,
    FileWritten,
    Health,
    ImageFact,
    LoadFact,
    NetworkFact,
    Output,
    Page,
    PortFact,
    Queued,
    RunEvent,
    RunFailed,
    RunLimits,
    RunRequest,
    SandboxTimers,
    SandboxView,
    SeatsRequest,
    SeatsView,
    SessionLimits,
    SessionRequest,
    SessionView,
    SnapshotFact,
    Started,
    UsageFact,
    VersionFact,
    Waiting,
)
from sandbox.errors import (
    BadRequest,
    InLine,
    NoCapacity,
    NoPage,
    NoSnapshot,
    SandboxError,
    SandboxGone,
    SessionGone,
    TooManySnapshots,
)
from sandbox.places import Occupant, Places
from sandbox.seating import Seating
from sandbox.waiting import Ticket, WaitingLine
from tests.fakes.files import FakeFiles
from tests.fakes.sessions import FakeTerminal, RefusedTerminal


def make_container(name: str = "hellonginx", **changes: Any) -> ContainerFact:
    """A running nginx that publishes port 80, unless told otherwise."""
    values: dict[str, Any] = {
        "id": "f" * 64, "name": name, "image": "nginx", "image_id": "sha256:" + "a" * 64,
        "status": "running", "exit_code": 0, "oom_killed": False, "restart_count": 0,
        "health": None, "created_at": "2026-01-01T00:00:00Z",
        "started_at": "2026-01-01T00:00:01Z", "command": ["nginx", "-g", "daemon off;"],
        "env": [], "labels": {}, "mounts": [], "networks": {"bridge": "172.16.0.2"},
        "ports": [
            PortFact(container_port=80, protocol="tcp", host_ip="0.0.0.0", host_port=80)
        ],
        "memory_bytes": 0, "nano_cpus": 0, "restart_policy": "no", "privileged": False,
        "read_only": False, "user": "", "cap_add": [], "cap_drop": [],
        "network_mode": "default", "pid_mode": "", "auto_remove": False,
    }  # fmt: skip
    return ContainerFact(**(values | changes))


def make_image(*tags: str) -> ImageFact:
    """An image with these tags, `nginx:latest` by default."""
    return ImageFact(
        id="sha256:" + "a" * 64, tags=list(tags or ("nginx:latest",)), digests=[], size_bytes=1000
    )


def make_facts(**changes: Any) -> EngineFacts:
    """The facts of an engine in which nothing was done yet."""
    values: dict[str, Any] = {
        "version": VersionFact(
            client="26.1.5", server="26.1.5", api="1.45", runc="1.1.15", containerd="1.7.24",
            kernel="6.18.0", operating_system="Debian GNU/Linux 13 (trixie)",
            storage_driver="overlay2", cgroup_version="2",
        ),
        "containers": [],
        "images": [],
        "networks": [
            NetworkFact(id=name * 8, name=name, driver=driver, containers=[], internal=False)
            for name, driver in (("bridge", "bridge"), ("host", "host"), ("none", "null"))
        ],
        "volumes": [],
    }  # fmt: skip
    return EngineFacts(**(values | changes))


def make_usage(**changes: int) -> UsageFact:
    """A disk of 4 GiB with an image on it."""
    values = {
        "images_bytes": 100_000_000, "containers_bytes": 0, "volumes_bytes": 0,
        "build_cache_bytes": 0, "disk_used_bytes": 110_000_000, "disk_size_bytes": 4 * 2**30,
    }  # fmt: skip
    return UsageFact(**(values | changes))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command line answers, and how badly."""

    pieces: tuple[str, ...] = ()
    exit_code: int | None = 0
    took_ms: int = 12
    limit: Literal["time", "output", "lines"] | None = None
    pause_s: float = 0.0
    never_ends: bool = False
    dies: bool = False
    then: EngineFacts | None = None


class FakeSandboxes:
    """`Sandboxes` in memory. Scripts are public attributes; so is what was asked of it."""

    def __init__(self, *, capacity: int = 20) -> None:
        self.limits = RunLimits(time_s=120, output_bytes=262_144, output_lines=4000)
        self.files = FakeFiles()
        self.pictures: dict[int, bytes] = {}
        self.loads: dict[str, list[LoadFact]] = {}
        self.down: SandboxError | None = None
        self.slow_s = 0.0
        self.opening_ms = 640
        self.default_answer = Answer()
        self.answers: dict[str, Answer] = {}
        self.pages: dict[int, Page] = {}
        self.paths: dict[tuple[int, str], Page] = {}
        """Of some ports: what they answer at this path."""
        self.directories: dict[str, str] = {}
        self.ran: list[tuple[str, str]] = []
        self.cancelled: list[tuple[str, str]] = []
        self.running: set[str] = set()
        self.known: set[str] = set()
        self.most_snapshots = 3
        self._kept: dict[str, dict[str, EngineFacts]] = defaultdict(dict)
        self.lost: dict[str, list[str]] = {}
        self.terminals: dict[tuple[str, str], FakeTerminal] = {}
        self.session_limits = SessionLimits(time_s=3600, idle_s=600)
        self.ended: dict[str, EndReason] = {}
        self.waits: dict[str, list[Waiting]] = {}
        self.wait_s = 0.05
        """How long each of `waits` lasts."""
        self.timers = SandboxTimers(
            freeze_s=600, idle_stop_s=7200, hard_stop_s=43_200, extendable_s=14_400
        )
        self.hard_limit_is_near = False
        self.extended: list[tuple[str, int]] = []
        self.expires: list[Expiring] = []
        self.places = Places(
            capacity=capacity, occupants=lambda: [Occupant(name, None) for name in self.running]
        )
        self.line = WaitingLine(self.places, stop=self.close, limit_s=600)
        self._seating = Seating(self.places, warm=0, want=lambda _: None, ready=lambda: 0)
        self._facts: dict[str, EngineFacts] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked: dict[str, int] = defaultdict(int)
        self._under_way: dict[str, set[_FakeRunning]] = defaultdict(set)

    def answer(self, line: str, *pieces: str, **how: Any) -> None:
        """Script what `line` answers; `how` are the fields of `Answer`."""
        self.answers[line] = Answer(pieces=pieces, **how)

    def set_facts(self, learner: str, facts: EngineFacts) -> None:
        """The state of this learner's engine from now on."""
        self._facts[learner] = facts

    async def health(self) -> Health:
        """Healthy unless `down` is set."""
        await self._misbehave()
        return Health(
            engine=True,
            engine_version="26.1.5",
            running=len(self.running),
            capacity=self.places.capacity,
            waiting=self.places.waiting,
        )

    async def open(self, learner: str) -> SandboxView:
        """Open it if there is room, else stand in line."""
        await self._misbehave()
        return await self._open_or_wait(learner)

    async def view(self, learner: str) -> SandboxView:
        """Running or stopped; `timers` for all of them."""
        await self._misbehave()
        if learner in self.running:
            return SandboxView(learner=learner, state="running", timers=self.timers)
        if self.places.is_waiting(learner):
            return self._waiting(learner)
        self._must_be_known(learner)
        return SandboxView(learner=learner, state="stopped", ended_because=self.ended.get(learner))

    async def extend(self, learner: str, minutes: int) -> SandboxView:
        """Note it, and put the stops off."""
        await self._misbehave()
        if learner not in self.running:
            raise SandboxGone("it does not run")
        self.extended.append((learner, minutes))
        later = max(self.timers.idle_stop_s or 0, minutes * 60)
        self.timers = self.timers.model_copy(update={"idle_stop_s": later})
        return await self.view(learner)

    async def expiring(self) -> list[Expiring]:
        """What `expires` holds."""
        await self._misbehave()
        return list(self.expires)

    async def warned(self, learner: str) -> None:
        """Note it in `expires`."""
        await self._misbehave()
        if learner not in {disk.learner for disk in self.expires}:
            raise SandboxGone("it does not expire")
        self.expires = [
            disk.model_copy(update={"warned": True}) if disk.learner == learner else disk
            for disk in self.expires
        ]

    async def keep_seats(self, name: str, request: SeatsRequest) -> SeatsView:
        """See `Seating.keep`."""
        await self._misbehave()
        return self._seating.keep(name, request)

    async def seats(self) -> list[SeatsView]:
        """See `Seating.all`."""
        await self._misbehave()
        return self._seating.all().seats

    async def give_back_seats(self, name: str) -> None:
        """See `Seating.give_back`."""
        await self._misbehave()
        self._seating.give_back(name)

    async def close(self, learner: str) -> None:
        """Stop it; gone is not an error."""
        await self._misbehave()
        self.places.forget(learner)
        self._end(learner)

    async def reset(self, learner: str) -> SandboxView:
        """Forget its facts and open it again."""
        await self._misbehave()
        self.known.discard(learner)
        self._facts.pop(learner, None)
        self.files.of.pop(learner, None)
        self.directories.pop(learner, None)
        view = await self._open_or_wait(learner)
        if view.state == "waiting":
            return view
        return view.model_copy(update={"opened_in_ms": self.opening_ms})

    async def forget(self, learner: str) -> None:
        """Know nothing of the learner any more; what runs there ends with it."""
        await self._misbehave()
        for running in self._under_way[learner]:
            running.is_lost = True
            running.cancelled.set()
        self._end(learner)
        self.places.forget(learner)
        self.known.discard(learner)
        self._kept.pop(learner, None)
        self._facts.pop(learner, None)
        self.files.of.pop(learner, None)
        self.directories.pop(learner, None)
        self.expires = [disk for disk in self.expires if disk.learner != learner]
        self.ended.pop(learner, None)

    async def snapshots(self, learner: str) -> list[SnapshotFact]:
        """The names that were taken; all of the same size and moment."""
        await self._misbehave()
        return [
            SnapshotFact(name=name, made_at=1.0, size_bytes=1000) for name in self._kept[learner]
        ]

    async def take_snapshot(self, learner: str, name: str) -> SnapshotFact:
        """Keep the facts of now under this name."""
        await self._misbehave()
        self._must_be_known(learner)
        kept = self._kept[learner]
        if name not in kept and len(kept) >= self.most_snapshots:
            raise TooManySnapshots(f"{self.most_snapshots} snapshots are kept of each learner")
        kept[name] = self._facts.get(learner) or make_facts()
        return SnapshotFact(name=name, made_at=1.0, size_bytes=1000)

    async def remove_snapshot(self, learner: str, name: str) -> None:
        """Forget it; one that is not there is not an error."""
        await self._misbehave()
        self._kept[learner].pop(name, None)

    async def restore(self, learner: str, name: str, *, of: str | None = None) -> SandboxView:
        """Have the facts that were kept."""
        await self._misbehave()
        if name not in self._kept[of or learner]:
            raise NoSnapshot(f"there is no {name}")
        self._facts[learner] = self._kept[of or learner][name]
        self.directories.pop(learner, None)
        self.known.add(learner)
        return await self._open_or_wait(learner)

    async def facts(self, learner: str, *, usage: bool = False) -> EngineFacts:
        """What `set_facts` or an answer's `then` said, else an empty engine."""
        await self._misbehave()
        await self._open_known(learner)
        facts = self._facts.get(learner) or make_facts()
        return facts.model_copy(update={"usage": make_usage()}) if usage else facts

    async def load(self, learner: str) -> LoadFact:
        """What `loads` holds, one after the other; else an engine at rest."""
        await self._misbehave()
        await self._open_known(learner)
        said = self.loads.get(learner, [])
        if not said:
            return LoadFact(at=1, cpu_ns=0, memory_bytes=0, containers=[])
        return said.pop(0) if len(said) > 1 else said[0]

    async def page(self, learner: str, port: int, path: str = "/") -> Page:
        """What `pages` holds for the port, else a refused connection."""
        await self._misbehave()
        await self._open_known(learner)
        if (port, path) in self.paths:
            return self.paths[port, path]
        return self.pages.get(port, Page(status=None, problem="refused"))

    async def screenshot(
        self,
        learner: str,
        port: int,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        scale: float = 1,
    ) -> bytes:
        """What `pictures` holds for the port, else there is no page."""
        await self._misbehave()
        await self._open_known(learner)
        if port not in self.pictures:
            raise NoPage("refused")
        return self.pictures[port]

    async def read_file(self, learner: str, path: str) -> bytes:
        """What was written, or put into `files`."""
        return self.files.read(learner, await self._absolute(learner, path))

    async def write_file(self, learner: str, path: str, content: bytes) -> FileWritten:
        """Keep it in `files`."""
        return self.files.write(learner, await self._absolute(learner, path), content)

    async def list_files(self, learner: str, path: str = ".", *, depth: int = 1) -> FileList:
        """What is in `files`."""
        return self.files.list(learner, await self._absolute(learner, path), depth)

    async def _absolute(self, learner: str, path: str) -> str:
        await self._misbehave()
        await self._open_known(learner)
        if not path or "\0" in path:
            raise BadRequest("not a path")
        return posixpath.normpath(posixpath.join(self.directories.get(learner, "/root"), path))

    @asynccontextmanager
    async def run(self, learner: str, request: RunRequest) -> AsyncGenerator[Running]:
        """Play the answer that was scripted for the line."""
        if isinstance(self.down, SandboxError) and self.down.code == "service_down":
            raise self.down
        running = _FakeRunning(learner, request, self._play)
        self._under_way[learner].add(running)
        try:
            yield running
        finally:
            self._under_way[learner].discard(running)
            await running.close()

    @asynccontextmanager
    async def session(
        self, learner: str, name: str, request: SessionRequest
    ) -> AsyncGenerator[Terminal]:
        """A terminal, which is in `terminals`; what can't be is an event, as from the service."""
        if isinstance(self.down, SandboxError) and self.down.code == "service_down":
            raise self.down
        try:
            await self._misbehave()
            terminal = await self._terminal(learner, name, request)
        except SandboxError as exc:
            yield RefusedTerminal(exc)
            return
        attached = terminal.attach(request)
        try:
            yield attached
        finally:
            attached.leave(taken_over=False)
            if terminal.last is not None:
                self.terminals.pop((learner, name), None)

    async def sessions(self, learner: str) -> list[SessionView]:
        """Those that run."""
        await self._misbehave()
        return [terminal.view for terminal in self._sessions_of(learner)]

    async def end_session(self, learner: str, name: str) -> None:
        """Cancel it; gone is not an error."""
        await self._misbehave()
        if terminal := self.terminals.get((learner, name)):
            terminal.cancel()

    def _sessions_of(self, learner: str) -> list[FakeTerminal]:
        return [
            terminal
            for (whose, _), terminal in self.terminals.items()
            if whose == learner and terminal.last is None
        ]

    async def _terminal(self, learner: str, name: str, request: SessionRequest) -> FakeTerminal:
        there = self.terminals.get((learner, name))
        if request.line is None:
            if there is None:
                raise SessionGone("no session of this name")
            return there
        if there is not None and there.last is None:
            raise BadRequest("a session of this name runs")
        if len(self._sessions_of(learner)) >= MOST_SESSIONS:
            raise NoCapacity("too many sessions")
        await self._open(learner)
        limits = SessionLimits(
            time_s=request.time_limit_s or self.session_limits.time_s,
            idle_s=request.idle_limit_s or self.session_limits.idle_s,
        )
        terminal = self.terminals[learner, name] = FakeTerminal(name, request.line, limits)
        answer = self.answers.get(request.line, self.default_answer)
        terminal.say("".join(answer.pieces))
        if not answer.never_ends and answer.exit_code is not None:
            terminal.finish(answer.exit_code)
        return terminal

    async def _play(self, running: _FakeRunning) -> AsyncGenerator[RunEvent]:
        if "\0" in running.line or len(running.line.encode()) > MAX_LINE_BYTES:
            yield RunFailed(error="bad_request", detail="the line is too long or has a NUL")
            return
        learner = running.learner
        ahead = self._asked[learner]
        self._asked[learner] += 1
        try:
            if ahead:
                yield Queued(ahead=ahead)
            async with self._turns[learner], aclosing(self._play_in_turn(running)) as events:
                async for event in events:
                    yield event
        except SandboxError as exc:
            yield RunFailed(error=exc.code, detail=str(exc))
        finally:
            self._asked[learner] -= 1

    async def _open(self, learner: str) -> SandboxView:
        started = learner not in self.running
        fresh = learner not in self.known
        await self.line.take(learner)
        self.places.forget(learner)
        self.running.add(learner)
        self.known.add(learner)
        return SandboxView(
            learner=learner,
            state="running",
            fresh=fresh,
            opened_in_ms=self.opening_ms if started else 0,
        )

    async def _open_or_wait(self, learner: str) -> SandboxView:
        try:
            return await self._open(learner)
        except InLine:
            return self._waiting(learner)

    async def _open_known(self, learner: str) -> None:
        self._must_be_known(learner)
        await self._open(learner)

    def _must_be_known(self, learner: str) -> None:
        if learner not in self.known:
            raise SandboxGone("this learner never had a sandbox")

    def _end(self, learner: str) -> None:
        self.running.discard(learner)
        self.line.freed()

    def _waiting(self, learner: str) -> SandboxView:
        position = self.places.position(learner)
        return SandboxView(
            learner=learner,
            state="waiting",
            place=position.place,
            estimate_s=position.estimate_s,
        )

    async def _misbehave(self) -> None:
        if self.slow_s:
            await asyncio.sleep(self.slow_s)
        if self.down is not None:
            raise self.down

    async def _play_in_turn(self, running: _FakeRunning) -> AsyncGenerator[RunEvent]:
        if running.is_cancelled:
            yield Ended(exit_code=None, took_ms=0, cancelled=True)
            return
        await self._misbehave()
        learner = running.learner
        with self.line.ticket(learner) as ticket:
            async with aclosing(self._wait(running, ticket)) as news:
                async for waiting in news:
                    yield waiting
            if running.is_cancelled:
                yield Ended(exit_code=None, took_ms=0, cancelled=True)
                return
            opened = (await self._open(learner)).opened_in_ms
        yield Started(
            opened_in_ms=opened or None,
            limits=self.limits,
            lost=self.lost.pop(learner, []),
            ended_because=self.ended.pop(learner, None),
            hard_stop_s=self.timers.hard_stop_s if self.hard_limit_is_near else None,
        )
        self.ran.append((running.learner, running.line))
        answer = self.answers.get(running.line, self.default_answer)
        for piece in answer.pieces:
            if await running.wait_for_cancel(answer.pause_s):
                break
            yield Output(text=piece)
        yield await self._last(running, answer)

    async def _wait(self, running: _FakeRunning, ticket: Ticket) -> AsyncGenerator[Waiting]:
        for waiting in self.waits.pop(running.learner, []):
            yield waiting
            if await running.wait_for_cancel(self.wait_s):
                return
        async with aclosing(ticket.until_called(running.cancelled)) as positions:
            async for position in positions:
                yield Waiting(place=position.place, estimate_s=position.estimate_s)

    async def _last(self, running: _FakeRunning, answer: Answer) -> Ended | RunFailed:
        if answer.dies:
            self._end(running.learner)
            raise SandboxGone("the sandbox ended in the middle of the command")
        if answer.never_ends and not running.is_cancelled:
            await running.wait_for_cancel(running.time_limit_s or self.limits.time_s)
        if running.is_lost:
            raise SandboxGone("the sandbox was deleted in the middle of the command")
        if running.is_cancelled:
            self.cancelled.append((running.learner, running.line))
            return Ended(exit_code=None, took_ms=answer.took_ms, cancelled=True)
        if answer.then is not None:
            self.set_facts(running.learner, answer.then)
        limit = "time" if answer.never_ends else answer.limit
        return Ended(
            exit_code=None if limit else answer.exit_code,
            took_ms=answer.took_ms,
            limit=limit,
            directory=self.directories.get(running.learner, "/root"),
        )


class _FakeRunning:
    """`Running` for a scripted answer."""

    def __init__(
        self,
        learner: str,
        request: RunRequest,
        play: Callable[[_FakeRunning], AsyncGenerator[RunEvent]],
    ) -> None:
        self.learner = learner
        self.line = request.line
        self.time_limit_s = request.time_limit_s
        self.cancelled = asyncio.Event()
        self.is_lost = False
        self._events = play(self)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled.is_set()

    def __aiter__(self) -> AsyncIterator[RunEvent]:
        return self._events

    async def cancel(self) -> None:
        self.cancelled.set()

    async def close(self) -> None:
        """Give the learner's turn back, wherever the events were left."""
        self.cancelled.set()
        await self._events.aclose()

    async def wait_for_cancel(self, timeout_s: float) -> bool:
        """Wait this long or until `cancel`; True when it was cancelled."""
        if timeout_s > 0 and not self.is_cancelled:
            try:
                await asyncio.wait_for(self.cancelled.wait(), timeout_s)
            except TimeoutError:
                return False
        return self.is_cancelled
