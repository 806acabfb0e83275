"""The life of learners' sandboxes: open, use, freeze, close, reset.

The host's engine and the names of the disks are the truth (`sandbox.finding`); what is held here
(`sandbox.held`) is how to get into the sandboxes that run. All of a learner's changes happen one
after the other; learners never wait for each other.

Who may start now, and who gives up a place for it, is `sandbox.places`' to say.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager

import structlog

from sandbox.contract import SandboxView
from sandbox.disks import Disks
from sandbox.ending import Ending
from sandbox.ends import Ends
from sandbox.engine import Engine, SandboxState, Status
from sandbox.errors import EngineFailed, NoCapacity, SandboxError, SandboxGone, SandboxReset
from sandbox.finding import ALIVE, Finder, Found
from sandbox.held import NOBODY, Held, Opened, Sandbox
from sandbox.inside import Inside
from sandbox.metrics import Metrics
from sandbox.places import Occupant, Places
from sandbox.pool import Pool
from sandbox.spec import Site
from sandbox.starting import Starter

UNFINISHED_S = 60
LOOK_FOR_ROOM_S = 0.02
ENDING_S = 15.0
"""The learner's engine ends its containers, then its disk is written for the last time."""

log = structlog.get_logger(__name__)


class Lifecycle:
    """Sandboxes of one home. Raises `SandboxError` of every kind, as each call's cause has it."""

    def __init__(
        self,
        *,
        engine: Engine,
        disks: Disks,
        site: Site,
        enter: Callable[[str], Inside],
        places: Places,
        start_limit_s: float,
        warm: int = 0,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`enter` gives the inside of the sandbox with this id; `warm` is the pool's size."""
        self._engine = engine
        self._disks = disks
        self._site = site
        self._places = places
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._stopping_for: set[str] = set()
        self._held = Held(site.home.label)
        self._ends = Ends(self._metrics, clock)
        self._ending = Ending(engine, site.home)
        self._starter = Starter(
            engine=engine,
            disks=disks,
            site=site,
            enter=enter,
            ends=self._ends,
            limit_s=start_limit_s,
            clock=clock,
        )
        self._finder = Finder(
            engine=engine,
            disks=disks,
            home=site.home,
            held=self._held,
            ending=self._ending,
            enter=enter,
            clock=clock,
        )
        self.pool = Pool(
            engine=engine,
            disks=disks,
            held=self._held,
            places=places,
            starter=self._starter,
            ending=self._ending,
            image=site.image,
            size=warm,
            clock=clock,
        )
        places.occupants = self._occupants

    @property
    def capacity(self) -> int:
        """How many sandboxes may run at once."""
        return self._places.capacity

    @property
    def running(self) -> int:
        """How many learners' sandboxes run or start now."""
        return self._held.running

    @property
    def starting(self) -> int:
        """How many of these start now."""
        return self._held.starting

    @property
    def frozen(self) -> int:
        """How many of these are frozen."""
        return sum(sandbox.frozen for sandbox in self._held.current)

    @property
    def warm(self) -> int:
        """How many wait for a learner, or start for that."""
        return self._held.warm

    @property
    def learners(self) -> list[str]:
        """Whose sandboxes run."""
        return [sandbox.learner for sandbox in self._held.current]

    def view(self, learner: str) -> SandboxView:
        """How the learner's sandbox is. Raises `SandboxGone` when there never was one."""
        if sandbox := self._held.of(learner):
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
        """Be running with a new, empty disk; the old sandbox is ended behind everybody's back."""
        async with self._turns[learner]:
            with self._held.keeping_place(learner):
                await self._disks.remove(learner)
                self._retire(learner, SandboxReset("the learner began anew"))
                self._ends.forget(learner)
                log.info("sandbox_reset", learner=learner)
                return (await self._ensure(learner)).view

    @asynccontextmanager
    async def use(self, learner: str, *, known_only: bool = False) -> AsyncGenerator[Opened]:
        """The learner's sandbox, opened when needed and not idle while it's used.

        Where it was stopped for a reason meanwhile, that is raised instead of `SandboxGone`.

        With `known_only`, raises `SandboxGone` instead of making a learner's first one.
        """
        async with self._turns[learner]:
            if known_only and self._held.of(learner) is None:
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
        """Make what we hold agree with what the host's engine has, and end what is nobody's."""
        findings = await self._finder.look()
        for found in findings.ours:
            await self._tidy(found)
        await self._finder.forget_what_is_gone(findings)
        await self._finder.remove_files(findings)

    async def freeze_idle(self, idle_s: float) -> None:
        """Take the processor from what had no use for this long."""
        for sandbox in self._held.current:
            if not sandbox.frozen and self._is_unused(sandbox, idle_s):
                async with self._turns[sandbox.learner]:
                    await self._freeze(sandbox)
        await self.pool.freeze_idle(idle_s)

    async def stop_idle(self, idle_s: float) -> None:
        """Stop what had no use for this long."""
        for sandbox in self._held.current:
            if self._is_unused(sandbox, idle_s):
                async with self._turns[sandbox.learner]:
                    if self._is_idle(sandbox, idle_s):
                        await self._stop(sandbox.learner)
                        log.info("sandbox_idle_stopped", learner=sandbox.learner)

    async def let_go(self) -> None:
        """Close the ways in; the sandboxes run on and are found again."""
        await self._ending.finish()
        for sandbox in self._held.all:
            await sandbox.inside.close()

    # A running sandbox.

    async def _ensure(self, learner: str) -> Opened:
        sandbox = self._held.of(learner)
        if sandbox is not None and await self._is_alive(sandbox):
            return Opened(sandbox)
        started_at = self._clock()
        opened = await self._start(learner)
        took_ms = round((self._clock() - started_at) * 1000)
        self._metrics.sandbox_opened(fresh=opened.fresh, took_s=took_ms / 1000)
        log.info(
            "sandbox_opened",
            learner=learner,
            sandbox=opened.sandbox.id,
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
        if not self._held.holds(sandbox) or sandbox.uses:
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
        """With a disk of the learner's it starts on that; without, the pool may have one ready."""
        if self.pool.has_some and not self._disks.exists(learner):
            self._disks.must_have_room()
            await self._make_room(learner)
            if (handed_out := await self.pool.hand_out(learner)) is not None:
                return Opened(handed_out, fresh=True)
        findings = await self._finder.look()
        if (sandbox := await self._found_alive(learner)) is not None:
            return Opened(sandbox)
        await self._clear_away(learner, findings.of(learner))
        await self._make_room(learner)
        # No await between having a place and taking it: others are starting too.
        with self._held.beginning(learner, findings.everybodys) as place:
            self.pool.make_room()
            ended_at = self._disks.last_written(learner)
            fresh = await self._disks.ensure(learner)
            sandbox = await self._starter.start(place, learner)
            if ended_at is not None:
                sandbox.lost = await self._lost(sandbox, since=ended_at - ENDING_S)
            self._held.add(sandbox)
        return Opened(sandbox, fresh)

    async def _make_room(self, learner: str) -> None:
        """Have a place, at the cost of who has left theirs unused for the longest time."""
        if self._held.has_place(learner):
            return
        self._places.enter(learner)
        try:
            while not self._places.take(learner):
                if unused := self._places.claim_room(learner):
                    await self._stop_for(learner, unused)
                elif self._stopping_for:
                    await asyncio.sleep(LOOK_FOR_ROOM_S)
                else:
                    raise NoCapacity(f"all {self.capacity} places are taken")
        finally:
            self._places.leave(learner)

    async def _stop_for(self, learner: str, unused: str) -> None:
        self._stopping_for.add(learner)
        try:
            # Its turn is free, so this does not wait, and nobody waits for us in a circle.
            async with self._turns[unused]:
                await self._stop(unused)
        finally:
            self._stopping_for.discard(learner)
            self._places.room_made(learner)
        log.info("sandbox_made_room", learner=unused)

    async def _found_alive(self, learner: str) -> Sandbox | None:
        sandbox = self._held.of(learner)
        return sandbox if sandbox is not None and await self._is_alive(sandbox) else None

    async def _clear_away(self, learner: str, left: list[Found]) -> None:
        """Remove what is left of the learner's last sandbox."""
        for found in left:
            self._ends.note(found.state, learner)
            await self._engine.remove(found.state.container_id)
        if sandbox := self._held.of(learner):
            await self._forget(sandbox)

    async def _lost(self, sandbox: Sandbox, *, since: float) -> tuple[str, ...]:
        """Nice to know: not worth losing the sandbox for."""
        try:
            return await sandbox.inside.lost_containers(since=since)
        except SandboxError as exc:
            log.warning("lost_unknown", learner=sandbox.learner, error=exc.code, detail=str(exc))
            return ()

    # Stopping.

    async def _stop(self, learner: str, why: SandboxError | None = None) -> None:
        """In order, so that the learner's engine writes what it has to."""
        if why is not None and (used := self._held.of(learner)):
            used.stopped_because = why
        for found in (await self._finder.look()).of(learner):
            await self._engine.remove(found.state.container_id)
            await self._remove_sockets(found.state.sandbox_id)
        if sandbox := self._held.of(learner):
            await self._forget(sandbox)
            await self._remove_sockets(sandbox.id)

    def _retire(self, learner: str, why: SandboxError) -> None:
        """Its disk has no name any more: end it at once, and let nobody wait for that."""
        if sandbox := self._held.of(learner):
            sandbox.stopped_because = why
            self._held.drop(sandbox)
            self._ending.begin(sandbox.container_id, sandbox.id, sandbox.inside)

    async def _forget(self, sandbox: Sandbox) -> None:
        if self._held.holds(sandbox) and sandbox.learner != NOBODY:
            self._places.freed()
        self._held.drop(sandbox)
        await sandbox.inside.close()

    async def _remove_sockets(self, sandbox_id: str) -> None:
        folder = self._site.home.socket_folder(sandbox_id)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def _is_unused(self, sandbox: Sandbox, idle_s: float) -> bool:
        return self._is_idle(sandbox, idle_s) and not self._is_busy(sandbox.learner)

    def _is_idle(self, sandbox: Sandbox, idle_s: float) -> bool:
        return sandbox.uses == 0 and self._clock() - sandbox.last_used >= idle_s

    def _is_busy(self, learner: str) -> bool:
        turn = self._turns.get(learner)
        return turn is not None and turn.locked()

    def _occupants(self) -> Iterator[Occupant]:
        """Who has a place; one whose sandbox changes just now uses it."""
        for learner in self._held.learners:
            sandbox = self._held.of(learner)
            if sandbox is None or sandbox.uses or self._is_busy(learner):
                yield Occupant(learner, unused_since=None)
            else:
                yield Occupant(learner, unused_since=sandbox.last_used)

    # Order.

    async def _tidy(self, found: Found) -> None:
        """Remove a container that ended, or was never started, and end what is nobody's."""
        state = found.state
        sandbox = self._held.by_id(state.sandbox_id)
        learner = found.owner or (sandbox.learner if sandbox else NOBODY)
        if self._is_busy(learner) or self._held.is_beginning(state.sandbox_id):
            return
        if found.is_alive:
            if found.owner is None:
                self._end_for_good(state, sandbox)
            return
        if state.status is Status.CREATED and time.time() - state.created_at < UNFINISHED_S:
            return
        async with self._turn_of(learner):
            self._ends.note(state, learner)
            await self._engine.remove(state.container_id)
            if sandbox is not None and sandbox.container_id == state.container_id:
                await self._forget(sandbox)

    def _end_for_good(self, state: SandboxState, sandbox: Sandbox | None) -> None:
        """Somebody removed the disk, or whoever did so died before ending what ran on it."""
        if sandbox is None:
            self._ending.begin(state.container_id, state.sandbox_id)
        else:
            self._retire(sandbox.learner, SandboxGone("its disk was removed"))

    @asynccontextmanager
    async def _turn_of(self, learner: str) -> AsyncGenerator[None]:
        """Nobody takes no turns: what is nobody's does not change hands while it is ended."""
        if learner == NOBODY:
            yield
            return
        async with self._turns[learner]:
            yield

    def _must_be_known(self, learner: str) -> None:
        if not self._disks.exists(learner):
            raise SandboxGone("this learner never had a sandbox")
