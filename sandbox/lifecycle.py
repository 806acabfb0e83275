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
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager

import structlog

from sandbox.contract import EndReason, SandboxTimers, SandboxView
from sandbox.disks import Disks
from sandbox.ending import Ending
from sandbox.ends import Ends
from sandbox.engine import Engine, SandboxState, Status
from sandbox.errors import (
    EngineFailed,
    HardLimit,
    NoCapacity,
    SandboxError,
    SandboxGone,
    SandboxReset,
)
from sandbox.finding import ALIVE, Finder, Found
from sandbox.held import NOBODY, Held, Opened, Sandbox
from sandbox.inside import Inside
from sandbox.leftovers import Leftovers
from sandbox.metrics import Metrics
from sandbox.places import Occupant, Places
from sandbox.pool import Pool
from sandbox.retention import Retention
from sandbox.spec import Site
from sandbox.starting import Starter
from sandbox.timers import Deadlines, Due, Life, TimeLeft, due, extended, is_orphaned, time_left
from sandbox.waiting import WaitingLine

UNFINISHED_S = 60
REASONS_REMEMBERED = 10_000
KILLED = 128
"""Exit codes from here on are signals: somebody's hand, or the kernel's."""
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
        self._leftovers = leftovers
        self._image = ""
        self._places = places
        self.deadlines = deadlines
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._ended_because: dict[str, EndReason] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held = Held(site.home.label)
        self._ends = Ends(self._metrics, clock)
        self._ending = Ending(engine, site.home)
        self._starter = Starter(
            engine=engine,
            disks=disks,
            site=site,
            enter=enter,
            ends=self._ends,
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
        self.line = WaitingLine(
            places,
            stop=self._stop_for_room,
            limit_s=queue_limit_s,
            must_be_able=disks.must_have_room,
            clock=clock,
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
        if sandbox := self._held.of(learner):
            return self._view(Opened(sandbox))
        if self._held.is_taken(learner):
            return SandboxView(learner=learner, state="starting")
        if self._places.is_waiting(learner):
            return self._waiting_view(learner)
        self._must_be_known(learner)
        because = self._ended_because.get(learner)
        return SandboxView(learner=learner, state="stopped", ended_because=because)

    async def open(self, learner: str) -> SandboxView:
        """Be running, with a new disk if there is none; safe to repeat.

        When there is no place it does not wait, but stands in line while it is asked for again.
        """
        async with self._turns[learner]:
            self._places.ask(learner)
            try:
                opened = await self._ensure(learner)
            except NoCapacity:
                if self._places.is_waiting(learner):
                    return self._waiting_view(learner)
                raise
            except BaseException:
                self._places.forget(learner)
                raise
            self._places.forget(learner)
            return self._view(opened)

    async def extend(self, learner: str, *, by_s: float) -> SandboxView:
        """Put its stops off until so long from now. Raises `SandboxGone` when it does not run."""
        sandbox = self._held.of(learner)
        if sandbox is None:
            raise SandboxGone("it does not run")
        now = self._clock()
        sandbox.keep_until = extended(self._life(sandbox), self.deadlines, now, by_s=by_s)
        log.info("sandbox_extended", learner=learner, keep_s=round(sandbox.keep_until - now))
        return self._view(Opened(sandbox))

    async def close(self, learner: str) -> None:
        """Be stopped, and in no line; the disk stays. Safe to repeat."""
        async with self._turns[learner]:
            self._places.forget(learner)
            await self._stop(learner, SandboxGone("it was closed"), because="closed")
        self.line.changed()
        log.info("sandbox_closed", learner=learner)

    async def stop_because(
        self, learner: str, why: SandboxError, *, because: EndReason = "disk"
    ) -> None:
        """Stop it though it may be in use; who uses it is told `why`. The disk stays."""
        async with self._turns[learner]:
            await self._stop(learner, why, because=because)

    async def reset(self, learner: str) -> SandboxView:
        """Be running with a new, empty disk; the old sandbox is ended behind everybody's back."""

        async def remove_disk() -> None:
            await self._disks.remove(learner)

        log.info("sandbox_reset", learner=learner)
        why = SandboxReset("the learner began anew")
        return await self.swap_disk(learner, remove_disk, why)

    async def swap_disk(
        self, learner: str, swap: Callable[[], Awaitable[None]], why: SandboxReset
    ) -> SandboxView:
        """Be running on another disk: what `swap` puts under the learner's name, or a new one.

        The old sandbox is ended at once, behind everybody's back; who used it is told `why`.
        """
        async with self._turns[learner]:
            with self._held.keeping_place(learner):
                before = self._disks.inode(learner)
                try:
                    await swap()
                finally:
                    # Whatever became of it: without its name the old disk is nobody's.
                    if self._disks.inode(learner) != before:
                        self._retire(learner, why)
                        self._ends.forget(learner)
                return self._view(await self._ensure(learner))

    @asynccontextmanager
    async def still(self, learner: str) -> AsyncGenerator[None]:
        """Nothing writes on the learner's disk meanwhile: what runs there is frozen, or stopped.

        Raises:
            SandboxGone: there is no disk.
            EngineFailed: what was in memory could not be written in time.
        """
        async with self._turns[learner]:
            self._must_be_known(learner)
            await self._finder.look()
            sandbox = self._held.of(learner)
            if sandbox is None or sandbox.frozen:
                yield
                return
            # Set first, as in `_freeze`. The way in stays open: commands that run go on later.
            sandbox.frozen = True
            try:
                await self._engine.freeze(sandbox.container_id)
                await self._disks.flush(learner)
                yield
            finally:
                await self._thaw(sandbox)

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

    async def sync(self) -> Counter[str]:
        """Make what we hold agree with what the host's engine has, and remove what is nobody's.

        Gives what was removed, and how many of it.
        """
        findings = await self._finder.look()
        removed = Counter(container=0)
        for found in findings.ours:
            removed["container"] += await self._tidy(found)
        await self._finder.forget_what_is_gone(findings)
        removed += await self._finder.remove_files(findings)
        if self._leftovers is not None:
            removed += await asyncio.to_thread(
                self._leftovers.sweep,
                containers={state.container_id for state in findings.everybodys},
                inodes={state.disk_inode for state in findings.everybodys},
            )
        self._image = await self._engine.image_id(self._site.image) or self._image
        return +removed

    async def meet_deadlines(self) -> None:
        """Freeze and stop what is due, sandboxes in use only at their hard limit."""
        for sandbox in self._held.current:
            if not self._is_busy(sandbox.learner) and self._due(sandbox) is not Due.NOTHING:
                async with self._turns[sandbox.learner]:
                    # What was due may have been used until it was our turn.
                    await self._do_what_is_due(sandbox)
        await self.pool.freeze_idle(self.deadlines.freeze_s)

    async def stop_orphans(self, *, away_s: float) -> None:
        """Stop all that ran while nobody could ask for it, if that was for very long."""
        if not is_orphaned(self.deadlines, away_s=away_s):
            return
        orphans = [sandbox for sandbox in self._held.current if not sandbox.uses]
        log.warning("sandboxes_orphaned", count=len(orphans), away_s=round(away_s))
        await asyncio.gather(*(self._stop_orphan(orphan) for orphan in orphans))

    async def delete_expired(self, retention: Retention) -> None:
        """Delete disks whose learner was warned long ago, and that nobody uses."""
        for disk in await asyncio.to_thread(retention.overdue, self.learners):
            async with self._turns[disk.learner]:
                # The learner may have come back until it was our turn.
                if self._held.is_taken(disk.learner) or not retention.is_overdue(disk.learner):
                    continue
                await self._disks.remove_all(disk.learner)
                retention.used(disk.learner)
                log.warning("disk_deleted", learner=disk.learner, last_used=disk.last_used)

    async def let_go(self) -> None:
        """Close the ways in; the sandboxes run on and are found again."""
        await self._ending.finish()
        for sandbox in self._held.all:
            await sandbox.inside.close()

    # Deadlines.

    def _due(self, sandbox: Sandbox) -> Due:
        return due(self._life(sandbox), self.deadlines, self._clock())

    async def _do_what_is_due(self, sandbox: Sandbox) -> None:
        learner = sandbox.learner
        if not self._held.holds(sandbox):
            return
        match self._due(sandbox):
            case Due.HARD_STOP:
                log.warning("sandbox_hard_limit", learner=learner, in_use=bool(sandbox.uses))
                hours = self.deadlines.hard_s / 3600
                await self._stop(
                    learner, HardLimit(f"it ran for {hours:g} hours"), because="hard_limit"
                )
            case Due.IDLE_STOP:
                await self._stop(learner, because="idle")
                log.info("sandbox_idle_stopped", learner=learner)
            case Due.FREEZE:
                await self._freeze(sandbox)
            case Due.NOTHING:
                pass

    async def _stop_orphan(self, sandbox: Sandbox) -> None:
        async with self._turns[sandbox.learner]:
            if self._held.holds(sandbox) and not sandbox.uses:
                await self._stop(sandbox.learner, because="orphaned")

    def _life(self, sandbox: Sandbox) -> Life:
        return Life(
            started_at=sandbox.started_at,
            last_used=sandbox.last_used,
            in_use=sandbox.uses > 0,
            frozen=sandbox.frozen,
            keep_until=sandbox.keep_until,
        )

    def near_hard_stop_s(self, sandbox: Sandbox) -> float | None:
        """How long until the hard limit, if that is so near that who uses it should know."""
        left = self._time_left(sandbox)
        return left.hard_stop_s if left.warns else None

    def _time_left(self, sandbox: Sandbox) -> TimeLeft:
        return time_left(self._life(sandbox), self.deadlines, self._clock())

    def _view(self, opened: Opened) -> SandboxView:
        left = self._time_left(opened.sandbox)
        timers = SandboxTimers(
            freeze_s=left.freeze_s,
            idle_stop_s=left.idle_stop_s,
            hard_stop_s=left.hard_stop_s,
            extendable_s=left.extendable_s,
        )
        outdated = self._is_outdated(opened.sandbox)
        return opened.view.model_copy(update={"timers": timers, "outdated": outdated})

    def _is_outdated(self, sandbox: Sandbox) -> bool:
        return bool(self._image and sandbox.image) and sandbox.image != self._image

    def _waiting_view(self, learner: str) -> SandboxView:
        position = self._places.position(learner)
        return SandboxView(
            learner=learner,
            state="waiting",
            place=position.place,
            estimate_s=position.estimate_s,
        )

    # A running sandbox.

    async def _ensure(self, learner: str) -> Opened:
        sandbox = self._held.of(learner)
        if sandbox is not None and await self._is_alive(sandbox):
            return Opened(sandbox)
        started_at = self._clock()
        opened = await self._start(learner)
        took_ms = round((self._clock() - started_at) * 1000)
        opened.sandbox.ended_because = self._ended_because.pop(learner, None)
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
        ready_for_all = self.pool.ready - self._places.warm_kept_from(learner)
        if ready_for_all > 0 and not self._disks.exists(learner):
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
        if not self._held.has_place(learner):
            await self.line.take(learner)

    async def _stop_for_room(self, learner: str) -> None:
        # Its turn is free, so this does not wait, and nobody waits for us in a circle.
        async with self._turns[learner]:
            await self._stop(learner, because="room")

    async def _found_alive(self, learner: str) -> Sandbox | None:
        sandbox = self._held.of(learner)
        return sandbox if sandbox is not None and await self._is_alive(sandbox) else None

    async def _clear_away(self, learner: str, left: list[Found]) -> None:
        """Remove what is left of the learner's last sandbox."""
        for found in left:
            self._note_end(found.state, learner)
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

    async def _stop(
        self, learner: str, why: SandboxError | None = None, *, because: EndReason
    ) -> None:
        """In order, so that the learner's engine writes what it has to."""
        if used := self._held.of(learner):
            used.stopped_because = why or used.stopped_because
            self._note_reason(learner, because)
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
            self.line.changed()
            self._ending.begin(sandbox.container_id, sandbox.id, sandbox.inside)

    def _note_end(self, state: SandboxState, learner: str) -> None:
        """One that ended though nobody here ended it."""
        self._ends.note(state, learner)
        if learner != NOBODY and state.status is Status.ENDED:
            self._note_reason(learner, "crashed" if state.exit_code < KILLED else "outside")

    def _note_reason(self, learner: str, because: EndReason) -> None:
        self._ended_because[learner] = because
        if len(self._ended_because) > REASONS_REMEMBERED:
            del self._ended_because[next(iter(self._ended_because))]

    async def _forget(self, sandbox: Sandbox) -> None:
        is_learners = self._held.holds(sandbox) and sandbox.learner != NOBODY
        self._held.drop(sandbox)
        if is_learners:
            self.line.freed()
        await sandbox.inside.close()

    async def _remove_sockets(self, sandbox_id: str) -> None:
        folder = self._site.home.socket_folder(sandbox_id)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

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

    async def _tidy(self, found: Found) -> bool:
        """Remove a container that ended, or was never started, and end what is nobody's."""
        state = found.state
        sandbox = self._held.by_id(state.sandbox_id)
        learner = found.owner or (sandbox.learner if sandbox else NOBODY)
        if self._is_busy(learner) or self._held.is_beginning(state.sandbox_id):
            return False
        if found.is_alive:
            if found.owner is None:
                self._end_for_good(state, sandbox)
            return found.owner is None
        if state.status is Status.CREATED and time.time() - state.created_at < UNFINISHED_S:
            return False
        async with self._turn_of(learner):
            self._note_end(state, learner)
            await self._engine.remove(state.container_id)
            if sandbox is not None and sandbox.container_id == state.container_id:
                await self._forget(sandbox)
        return True

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
