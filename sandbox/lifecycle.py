"""The life of learners' sandboxes: open, use, freeze, close, reset.

The host's engine and the names of the disks are the truth (`sandbox.finding`); what is held here
(`sandbox.held`) is how to get into the sandboxes that run. All of a learner's changes happen one
after the other; learners never wait for each other.

Who may start now, and who gives up a place for it, is `sandbox.places`' to say.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import structlog

from sandbox.contract import SandboxView
from sandbox.disks import Disks
from sandbox.ending import Ending
from sandbox.ends import Ends
from sandbox.engine import Engine
from sandbox.errors import (
    InLine,
    SandboxError,
    SandboxGone,
    SandboxReset,
)
from sandbox.finding import Finder
from sandbox.held import Held, Opened, Sandbox
from sandbox.inside import Inside
from sandbox.leftovers import Leftovers
from sandbox.metrics import Metrics
from sandbox.opening import Opening
from sandbox.order import Order
from sandbox.overdue import Overdue
from sandbox.places import Occupant, Places
from sandbox.pool import Pool
from sandbox.retention import Retention
from sandbox.spec import Site
from sandbox.starting import Starter
from sandbox.stopping import Stopping
from sandbox.timers import Deadlines, extended
from sandbox.times import KeptTimes
from sandbox.turns import Turns
from sandbox.views import Views
from sandbox.waiting import WaitingLine
from sandbox.waking import Waking

OPENING_PATIENCE_S = 60.0
"""So long an opening waits for a place that is coming: a class that comes at once takes a while."""

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
        deadlines: Deadlines,
        queue_limit_s: float = 600,
        warm: int = 0,
        leftovers: Leftovers | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`enter` gives the inside of the sandbox with this id; `warm` is the pool's size."""
        self._engine = engine
        self._disks = disks
        self._site = site
        self._image = ""
        self._places = places
        self.deadlines = deadlines
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._turns = Turns()
        self._times_forgotten: Counter[str] = Counter()
        self._waking = Waking(engine, clock)
        self._times = KeptTimes(site.home, clock)
        self._held = Held(site.home.label)
        ends = Ends(self._metrics, clock)
        self._ending = Ending(engine, site.home)
        starter = Starter(
            engine=engine,
            disks=disks,
            site=site,
            enter=enter,
            ends=ends,
            limit_s=deadlines.start_s,
            clock=clock,
        )
        self._finder = Finder(
            engine=engine,
            disks=disks,
            home=site.home,
            held=self._held,
            ending=self._ending,
            enter=enter,
            times=self._times,
            clock=clock,
        )
        self.pool = Pool(
            engine=engine,
            disks=disks,
            held=self._held,
            places=places,
            starter=starter,
            ending=self._ending,
            image=site.image,
            size=warm,
            clock=clock,
        )
        places.occupants = self._occupants
        self.line = WaitingLine(
            places,
            stop=self._stop_for_room,
            limit_s=queue_limit_s,
            must_be_able=disks.must_have_room,
            clock=clock,
        )
        self._stopping = Stopping(
            engine=engine,
            home=site.home,
            held=self._held,
            finder=self._finder,
            ends=ends,
            ending=self._ending,
            line=self.line,
        )
        self._opening = Opening(
            held=self._held,
            disks=disks,
            places=places,
            line=self.line,
            pool=self.pool,
            finder=self._finder,
            starter=starter,
            stopping=self._stopping,
            waking=self._waking,
            metrics=self._metrics,
            times=self._times,
            clock=clock,
        )
        self._overdue = Overdue(
            engine=engine,
            disks=disks,
            held=self._held,
            turns=self._turns,
            stopping=self._stopping,
            waking=self._waking,
            deadlines=lambda: self.deadlines,
            is_outdated=self._is_outdated,
            clock=clock,
        )
        self._views = Views(
            held=self._held,
            disks=disks,
            places=places,
            stopping=self._stopping,
            opening=self._opening,
            deadlines=lambda: self.deadlines,
            is_outdated=self._is_outdated,
            clock=clock,
        )
        self._order = Order(
            engine=engine,
            held=self._held,
            finder=self._finder,
            turns=self._turns,
            stopping=self._stopping,
            ending=self._ending,
            leftovers=leftovers,
        )

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
    def outdated(self) -> int:
        """How many run an older engine image; they are moved when they start the next time."""
        return sum(map(self._is_outdated, self._held.all))

    @property
    def learners(self) -> list[str]:
        """Whose sandboxes run."""
        return [sandbox.learner for sandbox in self._held.current]

    def learner_of(self, sandbox_id: str) -> str | None:
        """Whose this sandbox is; None when it does not run, empty when it is nobody's yet."""
        sandbox = self._held.by_id(sandbox_id)
        return sandbox.learner if sandbox is not None else None

    def view(self, learner: str) -> SandboxView:
        """How the learner's sandbox is. Raises `SandboxGone` when there never was one."""
        return self._views.of(learner)

    async def open(self, learner: str) -> SandboxView:
        """Be running, with a new disk if there is none; safe to repeat.

        When there is no place it does not wait, but stands in line while it is asked for again.
        """
        async with self._turns.of(learner):
            return await self._opened_or_in_line(learner)

    async def extend(self, learner: str, *, by_s: float) -> SandboxView:
        """Put its stops off until so long from now. Raises `SandboxGone` when it does not run."""
        sandbox = self._held.of(learner)
        if sandbox is None:
            raise SandboxGone("it does not run")
        now = self._clock()
        sandbox.keep_until = extended(sandbox.life, self.deadlines, now, by_s=by_s)
        await self._times.note(sandbox)
        log.info("sandbox_extended", learner=learner, keep_s=round(sandbox.keep_until - now))
        return self._views.running(Opened(sandbox))

    async def close(self, learner: str) -> None:
        """Be stopped, and in no line; the disk stays. Safe to repeat."""
        async with self._turns.of(learner):
            self._places.forget(learner)
            await self._stopping.stop(learner, SandboxGone("it was closed"), because="closed")
        self.line.changed()
        log.info("sandbox_closed", learner=learner)

    async def end_because(self, learner: str, why: SandboxError) -> None:
        """End it at once, in use or not, for what it does to others; who uses it is told `why`.

        The disk stays, as it is.
        """
        async with self._turns.of(learner):
            await self._stopping.stop(learner, why, because="disk", in_order=False)

    async def reset(self, learner: str) -> SandboxView:
        """Be running with a new, empty disk; the old sandbox is ended behind everybody's back.

        When there is no place, the disk is gone all the same, and the learner stands in line.
        """

        async def remove_disk() -> None:
            await self._disks.remove(learner)

        log.info("sandbox_reset", learner=learner)
        why = SandboxReset("the learner began anew")
        return await self.swap_disk(learner, remove_disk, why)

    async def swap_disk(
        self, learner: str, swap: Callable[[], Awaitable[None]], why: SandboxReset
    ) -> SandboxView:
        """Be running on another disk: what `swap` puts under the learner's name, or a new one.

        The old sandbox is ended at once, behind everybody's back; who used it is told `why`. One
        that did not run may find no place: then it has the other disk, and stands in line.
        """
        async with self._turns.of(learner):
            with self._held.keeping_place(learner):
                before = self._disks.inode(learner)
                try:
                    await swap()
                finally:
                    # Whatever became of it: without its name the old disk is nobody's.
                    if self._disks.inode(learner) != before:
                        self._stopping.retire(learner, why)
                return await self._opened_or_in_line(learner)

    @asynccontextmanager
    async def still(self, learner: str) -> AsyncGenerator[None]:
        """Nothing writes on the learner's disk meanwhile: what runs there is frozen, or stopped.

        Raises:
            SandboxGone: there is no disk.
            EngineFailed: what was in memory could not be written in time.
        """
        async with self._turns.of(learner):
            self._disks.must_have(learner)
            await self._finder.look()
            sandbox = self._held.of(learner)
            if sandbox is None:
                yield
                return
            async with self._waking.standing_still(sandbox):
                await self._disks.flush(learner)
                yield

    @asynccontextmanager
    async def use(
        self, learner: str, *, known_only: bool = False, since: int | None = None
    ) -> AsyncGenerator[Opened]:
        """The learner's sandbox, opened when needed and not idle while it's used.

        Raises `InLine` when it does not run, and no place comes free within seconds.
        Where it was stopped for a reason meanwhile, that is raised instead of `SandboxGone`.

        With `known_only`, raises `SandboxGone` instead of making a learner's first one; with
        `since`, which is what `times_forgotten` said, when all of theirs was deleted meanwhile.
        """
        async with self._turns.of(learner):
            if since is not None and since != self._times_forgotten[learner]:
                raise SandboxGone("all that was kept of the learner was deleted")
            if known_only and self._held.of(learner) is None:
                self._disks.must_have(learner)
            opened = await self._opening.ensure(learner)
            sandbox = opened.sandbox
            sandbox.uses += 1
        try:
            yield opened
        except SandboxGone as exc:
            raise sandbox.stopped_because or exc from exc
        finally:
            sandbox.uses -= 1
            sandbox.last_used = self._clock()

    async def sync(self) -> Counter[str]:
        """Make what we hold agree with what the host's engine has, and remove what is nobody's.

        Gives what was removed, and how many of it.
        """
        removed = await self._order.make()
        self._image = await self._engine.image_id(self._site.image) or self._image
        return removed

    async def meet_deadlines(self) -> None:
        """Freeze and stop what is due; see `Overdue`, and `Pool.freeze_idle`."""
        await self._overdue.meet_deadlines()
        await self.pool.freeze_idle(self.deadlines.freeze_s)

    async def stop_orphans(self, *, away_s: float) -> None:
        """Stop all that ran while nobody could ask for it; see `Overdue`."""
        await self._overdue.stop_orphans(away_s=away_s)

    async def delete_expired(self, retention: Retention) -> None:
        """Delete disks that nobody uses any more; see `Overdue`."""
        await self._overdue.delete_expired(retention)

    def times_forgotten(self, learner: str) -> int:
        """How often all of the learner's was deleted: who began to wait before is too late."""
        return self._times_forgotten[learner]

    async def forget(self, learner: str, retention: Retention) -> None:
        """Keep nothing of the learner: no sandbox, no place in line, no disk and no snapshot.

        Needs no place, in a full house either. Safe to repeat.
        """
        async with self._turns.of(learner):
            self._times_forgotten[learner] += 1
            self._places.forget(learner)
            try:
                await self._disks.remove_all(learner)
            finally:
                # Without its name the disk is nobody's, whatever became of the snapshots.
                if not self._disks.exists(learner):
                    why = SandboxGone("all that was kept of the learner was deleted")
                    self._stopping.retire(learner, why)
                    self._stopping.take_because(learner)
            await asyncio.to_thread(retention.used, learner)
        self.line.changed()
        log.info("learner_forgotten", learner=learner)

    async def let_go(self) -> None:
        """Close the ways in; the sandboxes run on and are found again."""
        await self._ending.finish()
        for sandbox in self._held.all:
            await sandbox.inside.close()

    async def _opened_or_in_line(self, learner: str) -> SandboxView:
        try:
            opened = await self._opening.ensure(learner, patience_s=OPENING_PATIENCE_S)
        except InLine:
            return self._views.waiting(learner)
        return self._views.running(opened)

    def near_hard_stop_s(self, sandbox: Sandbox) -> float | None:
        """How long until the hard limit, if that is so near that who uses it should know."""
        return self._views.near_hard_stop_s(sandbox)

    def _is_outdated(self, sandbox: Sandbox) -> bool:
        return bool(self._image and sandbox.image) and sandbox.image != self._image

    # Places.

    async def _stop_for_room(self, learner: str) -> None:
        # Its turn is free, so this does not wait, and nobody waits for us in a circle.
        async with self._turns.of(learner):
            await self._stopping.stop(learner, because="room")

    def _occupants(self) -> Iterator[Occupant]:
        """Who has a place; one whose sandbox changes just now uses it."""
        for learner in self._held.learners:
            sandbox = self._held.of(learner)
            if sandbox is None or sandbox.uses or self._turns.is_taken(learner):
                yield Occupant(learner, unused_since=None, starting=sandbox is None)
            else:
                yield Occupant(learner, unused_since=sandbox.last_used)
