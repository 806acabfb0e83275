"""Waiting for a place: asks `Places` again when something changes, and makes room where it may.

A command waits on its connection, and is told how it stands. What has to answer within seconds
waits for those seconds, and keeps its place in line without a connection: whoever asks again in
time goes on from there. A wait always ends: with a place, with `NoCapacity` after the longest time
that is allowed, or when whoever waits goes away.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager, suppress

import structlog

from sandbox.errors import InLine, NoCapacity, SandboxError
from sandbox.places import Places, Position

LOOK_AGAIN_S = 1.0
"""Time passes without anybody saying so: a sandbox is unused for long enough, a ticket runs out."""
LOOK_AT_ONCE = 8
"""So many at the front look as soon as something changes."""
NEWS_S = 5.0
"""An estimate that runs down like a clock is no news; one that is off by this much is."""
PATIENCE_S = 10.0
"""So long who asks for something waits for a place that is coming; they look at a spinner."""
TELL_AGAIN_S = 20.0
"""Whoever hears nothing for long thinks that nobody is there."""

log = structlog.get_logger(__name__)


class WaitingLine:
    """The line in front of the places, as those who stand in it see it."""

    def __init__(
        self,
        places: Places,
        *,
        stop: Callable[[str], Awaitable[None]],
        limit_s: float,
        must_be_able: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`stop` ends a learner's sandbox in order; its disk stays. `limit_s`: the longest wait.

        `must_be_able` raises what a wait does not help against: then nobody waits.
        """
        self._places = places
        self._stop = stop
        self._limit_s = limit_s
        self._must_be_able = must_be_able
        self._clock = clock
        self._waiters: dict[str, set[asyncio.Event]] = {}

    def changed(self) -> None:
        """Who has a place, or waits for one, may be different now.

        Only those in front look at once; a thousand who all do would hold up everybody.
        """
        for learner in self._places.next_in_line(LOOK_AT_ONCE):
            for waiter in self._waiters.get(learner, ()):
                waiter.set()

    def freed(self) -> None:
        """A place came free."""
        self._places.freed()
        self.changed()

    @contextmanager
    def ticket(self, learner: str) -> Generator[Ticket]:
        """A ticket for as long as the block lasts, or until it's handed in."""
        ticket = Ticket(self, learner)
        self._places.enter(learner)
        try:
            yield ticket
        finally:
            ticket.hand_in()

    async def take(self, learner: str, *, patience_s: float = PATIENCE_S) -> None:
        """Have a place soon: after a few starts in front, or one that somebody left unused.

        The caller occupies it before anything else happens. Who gets none keeps standing in line,
        for as long as they ask again in time: see `Places.ask`, and `Places.forget`.

        Raises:
            InLine: there is none now; it says how the learner stands in line.
            SandboxError: what `must_be_able` raises.
        """
        until = self._clock() + patience_s
        with self.ticket(learner), self._listening(learner) as change:
            while not self._places.take(learner):
                if await self._make_room(learner):
                    continue
                self._must_be_able()
                if self._clock() >= until or not self._places.is_turn_coming(learner):
                    raise _in_line(self._places.ask(learner))
                await _happens(change)

    async def until_called(
        self, learner: str, cancelled: asyncio.Event
    ) -> AsyncGenerator[Position]:
        """How the learner stands, whenever that changes, until there is a place.

        From here on the connection keeps the place in line, and not what was asked before.
        """
        self._places.forget(learner)
        until, last = self._clock() + self._limit_s, _LastTold(self._clock)
        with self._listening(learner, cancelled) as change:
            while not cancelled.is_set() and not self._places.take(learner):
                if await self._make_room(learner):
                    continue
                self._must_be_able()
                position = self._places.position(learner)
                if self._clock() >= until:
                    log.info("waited_in_vain", learner=learner, place=position.place)
                    raise NoCapacity(f"no place came free in {self._limit_s:g} s")
                if last.is_news(position):
                    yield position
                await _happens(change)

    def handed_in(self, learner: str) -> None:
        """The end of a ticket."""
        self._places.leave(learner)
        self.changed()

    async def _make_room(self, learner: str) -> bool:
        """Stop what may be stopped for this learner; False: nothing."""
        victim = self._places.claim_room(learner)
        if victim is None:
            return False
        try:
            await self._stop(victim)
        except SandboxError as exc:
            # The next look finds another one, or the same one again; it must not go round at once.
            log.warning("no_room_made", learner=victim, error=exc.code, detail=str(exc))
            return False
        finally:
            self._places.room_made(learner)
            self.changed()
        log.info("sandbox_made_room", learner=victim)
        return True

    @contextmanager
    def _listening(
        self, learner: str, cancelled: asyncio.Event | None = None
    ) -> Generator[asyncio.Event]:
        """An event that is set when it is worth looking again, or when `cancelled` is."""
        change = asyncio.Event()
        self._waiters.setdefault(learner, set()).add(change)
        cancel = None if cancelled is None else asyncio.ensure_future(cancelled.wait())
        if cancel is not None:
            cancel.add_done_callback(lambda _: change.set())
        try:
            yield change
        finally:
            if cancel is not None:
                cancel.cancel()
            self._waiters[learner].discard(change)
            if not self._waiters[learner]:
                del self._waiters[learner]


class Ticket:
    """A learner's place in line, on a connection that is held."""

    def __init__(self, line: WaitingLine, learner: str) -> None:
        self._line = line
        self._learner = learner
        self._is_over = False

    def until_called(self, cancelled: asyncio.Event) -> AsyncGenerator[Position]:
        """How it stands, whenever that changes, until the learner has a place or `cancelled`.

        Raises:
            NoCapacity: it took longer than the settings allow, or waiting does not help.
        """
        return self._line.until_called(self._learner, cancelled)

    def hand_in(self) -> None:
        """The place is used, or not wanted any more. Safe to repeat."""
        if not self._is_over:
            self._is_over = True
            self._line.handed_in(self._learner)


class _LastTold:
    """What somebody who waits was told last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told: Position | None = None
        self._at = 0.0

    def is_news(self, position: Position) -> bool:
        """Whether it is worth telling; then it is what was told last."""
        if self._told is not None and not self._differs(self._told, position):
            return False
        self._told, self._at = position, self._clock()
        return True

    def _differs(self, told: Position, position: Position) -> bool:
        since = self._clock() - self._at
        if told.place != position.place or since >= TELL_AGAIN_S:
            return True
        if told.estimate_s is None or position.estimate_s is None:
            return told.estimate_s is not position.estimate_s
        run_down = max(0.0, told.estimate_s - since)
        return abs(run_down - position.estimate_s) >= NEWS_S


async def _happens(change: asyncio.Event) -> None:
    """Wait until it is worth looking again, or for a moment."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_AGAIN_S):
            await change.wait()
    change.clear()


def _in_line(position: Position) -> InLine:
    wait = "" if position.estimate_s is None else f", about {position.estimate_s:.0f} s"
    return InLine(
        f"all places are taken; place {position.place} in line{wait}",
        place=position.place,
        estimate_s=position.estimate_s,
    )
