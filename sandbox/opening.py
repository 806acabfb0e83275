"""From a learner to a sandbox that runs: the one there is, one of the pool, or a new start."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from sandbox.disks import Disks
from sandbox.errors import InLine, SandboxError
from sandbox.finding import Finder
from sandbox.held import Held, Opened, Sandbox
from sandbox.metrics import Metrics
from sandbox.places import Places
from sandbox.pool import Pool
from sandbox.starting import Starter
from sandbox.stopping import Stopping
from sandbox.times import KeptTimes
from sandbox.waiting import PATIENCE_S, WaitingLine
from sandbox.waking import Waking

ENDING_S = 15.0
"""The learner's engine ends its containers, then its disk is written for the last time."""

log = structlog.get_logger(__name__)


class Opening:
    """Makes sandboxes run. Whoever calls it has the learner's turn."""

    def __init__(
        self,
        *,
        held: Held,
        disks: Disks,
        places: Places,
        line: WaitingLine,
        pool: Pool,
        finder: Finder,
        starter: Starter,
        stopping: Stopping,
        waking: Waking,
        metrics: Metrics,
        times: KeptTimes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._held = held
        self._disks = disks
        self._places = places
        self._line = line
        self._pool = pool
        self._finder = finder
        self._starter = starter
        self._stopping = stopping
        self._waking = waking
        self._metrics = metrics
        self._times = times
        self._clock = clock
        self._starting_since: dict[str, float] = {}

    def began(self, learner: str) -> float:
        """When the start of their sandbox began, if it starts now; else this moment."""
        return self._starting_since.get(learner, self._clock())

    async def ensure(self, learner: str, *, patience_s: float = PATIENCE_S) -> Opened:
        """Their sandbox, which runs and is awake; with a new disk if there is none.

        Raises:
            InLine: no place came within `patience_s`; the learner keeps standing in line.
            SandboxError: it did not start, as the cause has it.
        """
        if (sandbox := await self._alive(learner)) is not None:
            return Opened(sandbox)
        started_at = self._starting_since[learner] = self._clock()
        stands_in_line = False
        try:
            # From here on, however long it takes to look around: who came first is served first.
            with self._line.ticket(learner):
                opened = await self._start(learner, patience_s)
        except InLine:
            stands_in_line = True
            raise
        finally:
            del self._starting_since[learner]
            if not stands_in_line:
                self._places.forget(learner)
            self._places.look_again()  # it may be the turn of the next one's start
            self._line.changed()
        took_ms = round((self._clock() - started_at) * 1000)
        opened.sandbox.ended_because = self._stopping.take_because(learner)
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

    async def _start(self, learner: str, patience_s: float) -> Opened:
        """With a disk of the learner's it starts on that; without, the pool may have one ready."""
        # First of all: a crowd that finds no place asks the engine nothing. The ticket keeps one.
        await self._make_room(learner, patience_s)
        ready_for_all = self._pool.ready - self._places.warm_kept_from(learner)
        if ready_for_all > 0 and not self._disks.exists(learner):
            self._disks.must_have_room()
            if (handed_out := await self._pool.hand_out(learner)) is not None:
                await self._times.note(handed_out)
                return Opened(handed_out, fresh=True)
        findings = await self._finder.look()
        if (sandbox := await self._alive(learner)) is not None:
            return Opened(sandbox)
        await self._stopping.clear_away(learner, findings.of(learner))
        await self._make_room(learner, patience_s)  # the place may have been that of one that died
        with self._held.beginning(learner, findings.everybodys) as place:
            self._pool.make_room()
            ended_at = self._disks.last_written(learner)
            fresh = await self._disks.ensure(learner)
            sandbox = await self._starter.start(place, learner)
            if ended_at is not None:
                sandbox.lost = await self._lost(sandbox, since=ended_at - ENDING_S)
            self._held.add(sandbox)
        return Opened(sandbox, fresh)

    async def _alive(self, learner: str) -> Sandbox | None:
        sandbox = self._held.of(learner)
        return sandbox if sandbox is not None and await self._waking.is_alive(sandbox) else None

    async def _make_room(self, learner: str, patience_s: float) -> None:
        """Have a place, at the cost of who has left theirs unused for the longest time."""
        if not self._held.has_place(learner):
            await self._line.take(learner, patience_s=patience_s)

    async def _lost(self, sandbox: Sandbox, *, since: float) -> tuple[str, ...]:
        """Nice to know: not worth losing the sandbox for."""
        try:
            return await sandbox.inside.lost_containers(since=since)
        except SandboxError as exc:
            log.warning("lost_unknown", learner=sandbox.learner, error=exc.code, detail=str(exc))
            return ()
