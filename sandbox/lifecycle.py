"""The life of sandboxes: open, close, reset, and finding again what ran before us.

The host's engine and the labels on its containers are the truth; what is held here is how to get
into the sandboxes that run. All of a learner's changes happen one after the other; learners never
wait for each other.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from sandbox.contract import SandboxView
from sandbox.disks import Disks
from sandbox.engine import KEEPER_ENDED, LEARNERS_SIDE_ENDED, Engine, SandboxState, Status
from sandbox.errors import (
    EngineFailed,
    NoCapacity,
    SandboxError,
    SandboxGone,
    SandboxReset,
    StartFailed,
)
from sandbox.inside import Inside
from sandbox.metrics import Metrics
from sandbox.spec import Site, free_uid_base, sandbox_spec

LOOK_AT_START_S = 0.3
"""How often a start asks whether the container still lives."""
MOST_STARTS = 3
CRASH_LOOP_ENDS = 3
CRASH_LOOP_S = 600
"""So many ends in this time, and no container of the learner's is started by itself any more."""
UNFINISHED_S = 60
ALIVE = (Status.RUNNING, Status.FROZEN)
ENDING_S = 15.0
"""The learner's engine ends its containers, then its disk is written for the last time."""
ROOM_IDLE_S = 120.0
"""When every place is taken, a sandbox without use for this long gives up its own."""
HOME_FOLDER = "/root"

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Sandbox:
    """A sandbox that runs, as we hold it; times by the lifecycle's clock."""

    learner: str
    container_id: str
    uid_base: int
    safe: bool
    inside: Inside
    last_used: float
    uses: int = 0
    frozen: bool = False
    directory: str | None = None
    """Working directory of the next command line, None when we don't know."""
    stopped_because: SandboxError | None = None
    """Why it was stopped while it was in use."""
    lost: tuple[str, ...] = ()
    """Containers that ended with the last sandbox, until somebody was told."""

    def take_lost(self) -> list[str]:
        """What ended with the last sandbox; told once."""
        lost, self.lost = self.lost, ()
        return list(lost)


@dataclass(frozen=True, slots=True)
class Opened:
    """A sandbox that runs, and what it took: 0 ms when it ran already."""

    sandbox: Sandbox
    fresh: bool = False
    opened_in_ms: int = 0

    @property
    def view(self) -> SandboxView:
        """The same as the bot sees it."""
        return SandboxView(
            learner=self.sandbox.learner,
            state="frozen" if self.sandbox.frozen else "running",
            fresh=self.fresh,
            opened_in_ms=self.opened_in_ms,
            safe=self.sandbox.safe,
        )


class _Ended(Exception):
    """The container ended while it was starting; never leaves this module."""

    def __init__(self, exit_code: int, last_words: str) -> None:
        super().__init__(exit_code, last_words)
        self.exit_code = exit_code
        self.last_words = last_words


class Lifecycle:
    """Sandboxes of one home. Raises `SandboxError` of every kind, as each call's cause has it."""

    def __init__(
        self,
        *,
        engine: Engine,
        disks: Disks,
        site: Site,
        enter: Callable[[str], Inside],
        capacity: int,
        start_limit_s: float,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._disks = disks
        self._site = site
        self._enter = enter
        self._capacity = capacity
        self._start_limit_s = start_limit_s
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._running: dict[str, Sandbox] = {}
        self._starting: dict[str, int] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ends: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=CRASH_LOOP_ENDS))

    @property
    def capacity(self) -> int:
        """How many sandboxes may run at once."""
        return self._capacity

    @property
    def running(self) -> int:
        """How many run or start now."""
        return len(self._running.keys() | self._starting.keys())

    @property
    def starting(self) -> int:
        """How many of these start now."""
        return len(self._starting.keys() - self._running.keys())

    @property
    def frozen(self) -> int:
        """How many of these are frozen."""
        return sum(sandbox.frozen for sandbox in self._running.values())

    @property
    def learners(self) -> list[str]:
        """Whose sandboxes run."""
        return list(self._running)

    def view(self, learner: str) -> SandboxView:
        """How the learner's sandbox is. Raises `SandboxGone` when there never was one."""
        if sandbox := self._running.get(learner):
            return Opened(sandbox).view
        self._must_be_known(learner)
        return SandboxView(learner=learner, state="stopped")

    async def open(self, learner: str) -> SandboxView:
        """Be running, with a new disk if there is none; safe to repeat."""
        async with self._turns[learner]:
            return (await self._ensure(learner)).view

    async def close(self, learner: str) -> None:
        """Be stopped; the disk stays. Safe to repeat."""
        async with self._turns[learner]:
            await self._stop(learner, SandboxGone("it was closed"))
        log.info("sandbox_closed", learner=learner)

    async def stop_because(self, learner: str, why: SandboxError) -> None:
        """Stop it though it may be in use; who uses it is told `why`. The disk stays."""
        async with self._turns[learner]:
            await self._stop(learner, why)

    async def reset(self, learner: str) -> SandboxView:
        """Be running with a new, empty disk."""
        async with self._turns[learner]:
            await self._stop(learner, SandboxReset("the learner began anew"))
            await self._disks.remove(learner)
            self._ends.pop(learner, None)
            log.info("sandbox_reset", learner=learner)
            return (await self._ensure(learner)).view

    @asynccontextmanager
    async def use(self, learner: str, *, known_only: bool = False) -> AsyncGenerator[Opened]:
        """The learner's sandbox, opened when needed and not idle while it's used.

        Where it was stopped for a reason meanwhile, that is raised instead of `SandboxGone`.

        With `known_only`, raises `SandboxGone` instead of making a learner's first one.
        """
        async with self._turns[learner]:
            if known_only and learner not in self._running:
                self._must_be_known(learner)
            opened = await self._ensure(learner)
            sandbox = opened.sandbox
            sandbox.uses += 1
        try:
            yield opened
        except SandboxGone as exc:
            raise sandbox.stopped_because or exc from exc
        finally:
            sandbox.uses -= 1
            sandbox.last_used = self._clock()

    async def sync(self) -> None:
        """Make what we hold agree with what the host's engine has."""
        states = self._ours(await self._engine.sandboxes())
        self._adopt(states)
        for state in states:
            await self._tidy(state)
        seen = {state.container_id for state in states}
        for sandbox in list(self._running.values()):
            if sandbox.container_id not in seen:
                await self._forget_if_gone(sandbox)
        await asyncio.to_thread(self._remove_stale_sockets, {s.learner for s in states})

    async def freeze_idle(self, idle_s: float) -> None:
        """Take the processor from what had no use for this long."""
        for sandbox in list(self._running.values()):
            if not sandbox.frozen and self._is_unused(sandbox, idle_s):
                async with self._turns[sandbox.learner]:
                    await self._freeze(sandbox)

    async def stop_idle(self, idle_s: float) -> None:
        """Stop what had no use for this long."""
        for sandbox in list(self._running.values()):
            if self._is_unused(sandbox, idle_s):
                async with self._turns[sandbox.learner]:
                    if self._is_idle(sandbox, idle_s):
                        await self._stop(sandbox.learner)
                        log.info("sandbox_idle_stopped", learner=sandbox.learner)

    async def let_go(self) -> None:
        """Close the ways in; the sandboxes run on and are found again."""
        for sandbox in self._running.values():
            await sandbox.inside.close()

    # A running sandbox.

    async def _ensure(self, learner: str) -> Opened:
        sandbox = self._running.get(learner)
        if sandbox is not None and await self._is_alive(sandbox):
            return Opened(sandbox)
        started_at = self._clock()
        opened = await self._start(learner)
        took_ms = round((self._clock() - started_at) * 1000)
        self._metrics.sandbox_opened(fresh=opened.fresh, took_s=took_ms / 1000)
        log.info(
            "sandbox_opened",
            learner=learner,
            fresh=opened.fresh,
            safe=opened.sandbox.safe,
            took_ms=took_ms,
        )
        return Opened(opened.sandbox, opened.fresh, took_ms)

    async def _is_alive(self, sandbox: Sandbox) -> bool:
        """Whether we can get in, now thawed. The host's engine is asked only when we can't."""
        if sandbox.frozen and not await self._thaw(sandbox):
            return False
        if sandbox.inside.is_connected:
            return True
        try:
            await sandbox.inside.connect()
        except SandboxError:
            return await self._is_only_frozen(sandbox)
        return True

    async def _is_only_frozen(self, sandbox: Sandbox) -> bool:
        """Whether a sandbox that nobody answers in was frozen, by whomever."""
        state = await self._engine.state(sandbox.container_id)
        if state is None or state.status not in ALIVE:
            return False
        if state.status is Status.FROZEN and await self._thaw(sandbox):
            await sandbox.inside.connect()
            return True
        raise EngineFailed("the sandbox runs, but nobody answers in it")

    async def _freeze(self, sandbox: Sandbox) -> None:
        """The way in is closed first: a connection that nobody answers on would be given up."""
        if not self._is_held(sandbox) or sandbox.uses:
            return
        await sandbox.inside.close()
        # Set first: whoever comes after a failure in between thaws, which is never wrong.
        sandbox.frozen = True
        try:
            await self._engine.freeze(sandbox.container_id)
        except SandboxGone:
            await self._forget(sandbox)
        else:
            log.info("sandbox_frozen", learner=sandbox.learner)

    async def _thaw(self, sandbox: Sandbox) -> bool:
        """Give it the processor back; False when it is gone."""
        started_at = self._clock()
        try:
            await self._engine.thaw(sandbox.container_id)
        except SandboxGone:
            return False
        sandbox.frozen = False
        took_ms = round((self._clock() - started_at) * 1000)
        log.info("sandbox_thawed", learner=sandbox.learner, took_ms=took_ms)
        return True

    # Starting.

    async def _start(self, learner: str) -> Opened:
        states = await self._engine.sandboxes()
        self._adopt(self._ours(states))
        if (sandbox := await self._found_alive(learner)) is not None:
            return Opened(sandbox)
        await self._clear_away(learner, self._ours(states))
        await self._make_room()
        # No await between having room and reserving: others are starting too.
        self._starting[learner] = self._free_base(states)
        ended_at = self._disks.last_written(learner)
        try:
            fresh = await self._disks.ensure(learner)
            sandbox = await self._start_until_it_stays(learner)
            if ended_at is not None:
                sandbox.lost = await self._lost(sandbox, since=ended_at - ENDING_S)
            self._running[learner] = sandbox
        finally:
            del self._starting[learner]
        return Opened(sandbox, fresh)

    async def _make_room(self) -> None:
        """Have a place free, at the cost of who has left theirs unused for the longest time."""
        while self.running >= self._capacity:
            unused = self._longest_unused()
            if unused is None:
                raise NoCapacity(f"all {self._capacity} places are taken")
            # Its turn is free, so this does not wait, and nobody can wait for us in a circle.
            async with self._turns[unused.learner]:
                await self._stop(unused.learner)
            log.info("sandbox_made_room", learner=unused.learner)

    def _longest_unused(self) -> Sandbox | None:
        unused = [
            sandbox for sandbox in self._running.values() if self._is_unused(sandbox, ROOM_IDLE_S)
        ]
        return min(unused, key=lambda sandbox: sandbox.last_used, default=None)

    async def _found_alive(self, learner: str) -> Sandbox | None:
        sandbox = self._running.get(learner)
        return sandbox if sandbox is not None and await self._is_alive(sandbox) else None

    async def _clear_away(self, learner: str, states: Iterable[SandboxState]) -> None:
        """Remove what is left of the learner's last sandbox."""
        for state in states:
            if state.learner == learner:
                self._note_end(state)
                await self._engine.remove(state.container_id)
        if sandbox := self._running.get(learner):
            await self._forget(sandbox)

    async def _start_until_it_stays(self, learner: str) -> Sandbox:
        """Start it; what the learner left on the disk may end it again and again, until SAFE."""
        for _ in range(MOST_STARTS):
            try:
                return await self._start_once(learner)
            except _Ended as ended:
                if ended.exit_code not in (LEARNERS_SIDE_ENDED, KEEPER_ENDED):
                    raise StartFailed(f"{ended.last_words} ({ended.exit_code})") from ended
                last_words = ended.last_words
        raise StartFailed(f"it ended {MOST_STARTS} times while it started: {last_words}")

    async def _start_once(self, learner: str) -> Sandbox:
        base, safe = self._starting[learner], self._is_crash_loop(learner)
        await asyncio.to_thread(self._make_socket_folder, learner)
        host = await self._engine.describe()
        spec = sandbox_spec(
            self._site, learner, uid_base=base, systemd_cgroups=host.systemd_cgroups, safe=safe
        )
        container_id = await self._engine.start(spec)
        inside = self._enter(learner)
        try:
            await self._until_ready(container_id, inside)
        except BaseException as exc:
            await inside.close()
            # A start that was cancelled is found again, by the next `open` or by `sync`.
            if isinstance(exc, _Ended | SandboxError):
                await self._clear_failed(container_id)
            raise
        return Sandbox(
            learner=learner,
            container_id=container_id,
            uid_base=base,
            safe=safe,
            inside=inside,
            last_used=self._clock(),
            directory=HOME_FOLDER,
        )

    async def _lost(self, sandbox: Sandbox, *, since: float) -> tuple[str, ...]:
        """Nice to know: not worth losing the sandbox for."""
        try:
            return await sandbox.inside.lost_containers(since=since)
        except SandboxError as exc:
            log.warning("lost_unknown", learner=sandbox.learner, error=exc.code, detail=str(exc))
            return ()

    async def _clear_failed(self, container_id: str) -> None:
        if (state := await self._engine.state(container_id)) is not None:
            self._note_end(state)
        await self._engine.remove(container_id)

    async def _until_ready(self, container_id: str, inside: Inside) -> None:
        ready = asyncio.create_task(inside.wait_until_ready())
        try:
            async with asyncio.timeout(self._start_limit_s):
                while not (await asyncio.wait({ready}, timeout=LOOK_AT_START_S))[0]:
                    await self._must_run(container_id)
            await ready
        except TimeoutError as exc:
            raise StartFailed(f"not ready after {self._start_limit_s:g} s") from exc
        finally:
            ready.cancel()
            await asyncio.wait({ready})

    async def _must_run(self, container_id: str) -> None:
        state = await self._engine.state(container_id)
        if state is None:
            raise SandboxGone("somebody removed the container while it started")
        if state.status is Status.ENDED:
            raise _Ended(state.exit_code, await self._engine.last_words(container_id))

    def _free_base(self, states: Iterable[SandboxState]) -> int:
        """Unique on the whole host: the kernel counts a learner's things by these uids."""
        taken = {state.uid_base for state in states} | set(self._starting.values())
        taken |= {sandbox.uid_base for sandbox in self._running.values()}
        try:
            return free_uid_base(taken, start_at=self._site.home.label)
        except LookupError as exc:
            raise NoCapacity(str(exc)) from exc

    def _make_socket_folder(self, learner: str) -> None:
        """A new, empty one: the last keeper's socket must not be taken for the next one's."""
        folder = self._site.home.socket_folder(learner)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        # Becomes the keeper's. The group bit lets files in it have the service's group.
        folder.chmod(0o2750)

    # Stopping.

    async def _stop(self, learner: str, why: SandboxError | None = None) -> None:
        if why is not None and (used := self._running.get(learner)):
            used.stopped_because = why
        for state in self._ours(await self._engine.sandboxes()):
            if state.learner == learner:
                await self._engine.remove(state.container_id)
        if sandbox := self._running.get(learner):
            await self._forget(sandbox)
        await asyncio.to_thread(
            shutil.rmtree, self._site.home.socket_folder(learner), ignore_errors=True
        )

    async def _forget(self, sandbox: Sandbox) -> None:
        if self._is_held(sandbox):
            del self._running[sandbox.learner]
        await sandbox.inside.close()

    def _is_held(self, sandbox: Sandbox) -> bool:
        return self._running.get(sandbox.learner) is sandbox

    def _is_unused(self, sandbox: Sandbox, idle_s: float) -> bool:
        return self._is_idle(sandbox, idle_s) and not self._is_busy(sandbox.learner)

    def _is_idle(self, sandbox: Sandbox, idle_s: float) -> bool:
        return sandbox.uses == 0 and self._clock() - sandbox.last_used >= idle_s

    # Ends that nobody asked for.

    def _note_end(self, state: SandboxState) -> None:
        if state.status is not Status.ENDED:
            return
        self._ends[state.learner].append(self._clock())
        self._metrics.sandbox_ended(state.exit_code)
        log.warning("sandbox_ended", learner=state.learner, exit_code=state.exit_code)

    def _is_crash_loop(self, learner: str) -> bool:
        ends = self._ends[learner]
        return len(ends) == CRASH_LOOP_ENDS and self._clock() - ends[0] < CRASH_LOOP_S

    # Finding again.

    def _ours(self, states: Iterable[SandboxState]) -> list[SandboxState]:
        return [state for state in states if state.home == self._site.home.label]

    def _adopt(self, states: Iterable[SandboxState]) -> None:
        for state in states:
            if (
                state.status in ALIVE
                and state.learner not in self._running
                and state.learner not in self._starting
            ):
                self._running[state.learner] = self._adopted(state)
                log.info("sandbox_adopted", learner=state.learner)

    def _adopted(self, state: SandboxState) -> Sandbox:
        return Sandbox(
            learner=state.learner,
            container_id=state.container_id,
            uid_base=state.uid_base,
            safe=state.safe,
            inside=self._enter(state.learner),
            last_used=self._clock(),
            frozen=state.status is Status.FROZEN,
        )

    async def _tidy(self, state: SandboxState) -> None:
        """Remove a container that ended, or was never started."""
        if state.status in ALIVE or self._is_busy(state.learner):
            return
        if state.status is Status.CREATED and time.time() - state.created_at < UNFINISHED_S:
            return
        async with self._turns[state.learner]:
            self._note_end(state)
            await self._engine.remove(state.container_id)
            sandbox = self._running.get(state.learner)
            if sandbox is not None and sandbox.container_id == state.container_id:
                await self._forget(sandbox)

    async def _forget_if_gone(self, sandbox: Sandbox) -> None:
        """It may just be younger than the list that it's missing from."""
        if await self._engine.state(sandbox.container_id) is None:
            await self._forget(sandbox)

    def _is_busy(self, learner: str) -> bool:
        return self._turns[learner].locked()

    def _remove_stale_sockets(self, learners: set[str]) -> None:
        for folder in self._site.home.sockets.iterdir():
            name = folder.name
            if name not in learners and name not in self._starting and name not in self._running:
                shutil.rmtree(folder, ignore_errors=True)

    def _must_be_known(self, learner: str) -> None:
        if not self._disks.exists(learner):
            raise SandboxGone("this learner never had a sandbox")
