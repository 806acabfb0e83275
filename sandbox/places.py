"""Who may have a sandbox now: capacity, kept seats, and a fair line when every place is taken.

Nothing here starts or stops anything, nothing waits: `sandbox.waiting` asks again and again.

How the line is served. Free places that are kept for a class go to its learners, the first to ask
first. All others go around: one for each class in turn (everybody without a class counts as one),
so that a class of thirty that comes at once does not make the one learner behind it wait for all
thirty (`sandbox.fair_turns`). Within a class, who came first is served first.

Starts. A start takes a processor for a second: when a class comes at once, all starts together
would take so long that each of them fails. As many as the processors carry start at a time; the
others wait for their turn, though there are places. Here classes take turns as well, with seats or
without, so that a class of hundreds holds up nobody else's start for long.

Who gives up a place. A sandbox that nobody used for two minutes, the longest unused first; never
one in use, and never that of somebody who is asking for something just now.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sandbox.estimates import Estimates
from sandbox.fair_turns import FairTurns
from sandbox.metrics import Metrics
from sandbox.moment import Moment
from sandbox.seats import Kept, Seats, shared_out

ROOM_IDLE_S = 120.0
"""When every place is taken, a sandbox without use for this long gives up its own."""
ASKS_AGAIN_S = 60.0
"""Whoever does not hold a connection keeps the ticket by asking again within this time."""
LOOK_S = 0.5
"""So long a look at who has what may be old, when nothing is known to have changed."""
_EVERYBODY_ELSE = ""


@dataclass(frozen=True, slots=True)
class Occupant:
    """A learner who has a place: `unused_since` is None while it's in use, or starts."""

    learner: str
    unused_since: float | None
    starting: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """How somebody stands in the line: `place` 1 is next; `estimate_s` None: nobody knows."""

    place: int
    estimate_s: float | None


@dataclass(slots=True)
class _Ticket:
    learner: str
    group: str
    since: float
    number: int
    """Who came first: two may come at the same moment."""
    holders: int = 0
    """Connections that wait with it."""
    asked_at: float | None = None
    """When somebody asked last who holds no connection; None: nobody, or not any more."""
    called: bool = False
    """The place is the learner's, though no sandbox is there yet."""


class Places:
    """The places of one home; times by its clock."""

    def __init__(
        self,
        *,
        capacity: int,
        starts_at_once: float = math.inf,
        occupants: Callable[[], Iterable[Occupant]] = tuple,
        seats: Seats | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`occupants` tells who has a sandbox that runs or starts, warm ones without owner aside.

        Those are no burden here: whoever may have a place gets theirs.
        """
        self.occupants = occupants
        self.seats = seats or Seats()
        self._capacity = capacity
        self._starts_at_once = starts_at_once
        self._metrics = metrics
        self._clock = clock
        self._tickets: dict[str, _Ticket] = {}
        self._numbers = 0
        self._turns = FairTurns()
        self._starts = FairTurns()
        self._estimates = Estimates(starts_at_once=starts_at_once)
        self._leaving: dict[str, str] = {}
        self._last_look: Moment | None = None

    @property
    def capacity(self) -> int:
        """How many sandboxes may run at once."""
        return self._capacity

    @property
    def waiting(self) -> int:
        """How many learners wait for a place."""
        look = self._look()
        return len(look.seated) + len(look.others)

    def waiting_of(self, learners: frozenset[str]) -> int:
        """How many of these wait for a place."""
        look = self._look()
        return len(learners.intersection((*look.seated, *look.others)))

    @property
    def spare(self) -> int:
        """Free places that nobody who waits may take, whether or not a class keeps them."""
        look = self._look()
        soon_taken = len(look.seated) + min(len(look.others), max(0, look.open_to_all))
        return max(0, look.free - soon_taken)

    def warm_kept_from(self, learner: str) -> int:
        """How many sandboxes that are started ahead are for others: for learners of a class."""
        return sum(
            min(kept.reservation.warm, kept.unused)
            for kept in self._look().kept
            if learner not in kept.reservation.learners
        )

    def kept(self) -> tuple[Kept, ...]:
        """The seats of each class, and how many of them are taken."""
        return self._look().kept

    def look_again(self) -> None:
        """Something is different that nobody told: seats, or who has a place."""
        self._last_look = None

    def has(self, learner: str) -> bool:
        """Whether the learner has a place, or was called to one."""
        return learner in self._look(fresh=True).held

    def next_in_line(self, count: int) -> list[str]:
        """Who is served next, in this order."""
        look = self._look()
        starts = list(look.to_start)
        return [*starts[:count], *look.seated[:count], *look.others[:count]]

    def is_waiting(self, learner: str) -> bool:
        """Whether the learner is in line, and was not called yet."""
        return learner in self._look(fresh=True).positions

    def is_turn_coming(self, learner: str) -> bool:
        """Whether the learner needs nobody's place who still uses it, or used it just now."""
        look = self._look()
        return look.lacks(look.place_of(learner)) <= len(self._leaving) + look.may_leave

    def enter(self, learner: str) -> None:
        """Wait in line, on a connection that is held until `leave`."""
        self._ticket(learner).holders += 1

    def leave(self, learner: str) -> None:
        """Give up waiting, or the place that was not used. Once for each `enter`."""
        ticket = self._tickets.get(learner)
        if ticket is None:
            return
        ticket.holders -= 1
        if ticket.holders <= 0 and ticket.asked_at is None:
            self._remove(ticket)

    def ask(self, learner: str) -> Position:
        """Wait in line without a connection: asking again in time keeps the ticket."""
        self._ticket(learner).asked_at = self._clock()
        return self.position(learner)

    def forget(self, learner: str) -> None:
        """Whoever asked without a connection wants it no more; safe to repeat."""
        ticket = self._tickets.get(learner)
        if ticket is None:
            return
        ticket.asked_at = None
        if ticket.holders <= 0:
            self._remove(ticket)

    def take(self, learner: str) -> bool:
        """Have a place, if it is the learner's turn; who has one keeps it.

        One who waits keeps it until the ticket ends. Anybody else has to occupy it at once, before
        anything else happens: nobody knows of it until then.
        """
        stranger = learner not in self._tickets
        look = self._look()
        if not stranger and not look.admits(learner) and learner not in look.held:
            return False  # a thousand who wait ask again and again: that must cost nothing
        look = self._look(fresh=True)
        if learner in look.held:
            return True
        if stranger:
            self._ticket(learner).holders += 1
            look = self._look(fresh=True)
        admitted = look.admits(learner)
        ticket = self._tickets[learner]
        if admitted:
            # Who finds a free place takes nobody's turn.
            self._call(ticket, takes_turn=not stranger and learner not in look.seated)
        if stranger:
            self._remove(ticket)
        return admitted

    def claim_room(self, learner: str) -> str | None:
        """Whose sandbox should be stopped so that this learner gets a place; None: nobody's.

        The caller stops it and says so with `room_made`. Whoever is further back claims somebody
        only when those in front have what they need. Room is made as fast as sandboxes can start:
        hundreds of stops at once would only stand in the way of those starts.
        """
        if len(self._leaving) >= self._starts_at_once or not self._look().may_leave:
            return None
        look = self._look(fresh=True)
        if learner in self._leaving or learner in look.held:
            return None
        if look.lacks(look.place_of(learner)) <= len(self._leaving):
            return None
        victim = self._longest_unused()
        if victim is not None:
            self._leaving[learner] = victim
        return victim

    def room_made(self, learner: str) -> None:
        """The stop that `claim_room` asked for is over, whether or not it worked."""
        self._leaving.pop(learner, None)
        self._last_look = None

    def freed(self) -> None:
        """A place came free, for whatever reason: the estimates learn from it."""
        self._estimates.freed(self._clock())
        self._last_look = None

    def position(self, learner: str) -> Position:
        """How the learner stands; who is not in line is told about its end."""
        look = self._look()
        place = look.place_of(learner)
        return Position(place, self._estimates.until_turn(place, look))

    def estimate(self) -> float | None:
        """How long somebody would wait who comes now: 0 when there is room, None: unknown."""
        look = self._look()
        if look.open_to_all > 0 and not look.others:
            return 0.0
        return self._estimates.until_turn(len(look.positions) + 1, look)

    # Tickets.

    def _ticket(self, learner: str) -> _Ticket:
        now = self._clock()
        ticket = self._tickets.get(learner)
        if ticket is not None and self._is_alive(ticket, now):
            return ticket
        self._numbers += 1
        group = self._group_of(learner)
        self._turns.enter(group)
        self._starts.enter(group)
        ticket = _Ticket(learner, group, now, self._numbers)
        self._tickets[learner] = ticket
        self._last_look = None
        return ticket

    def _remove(self, ticket: _Ticket) -> None:
        if self._tickets.get(ticket.learner) is ticket:
            del self._tickets[ticket.learner]
        self._last_look = None

    def _call(self, ticket: _Ticket, *, takes_turn: bool) -> None:
        self._starts.take(ticket.group)
        if takes_turn:
            self._turns.take(ticket.group)
        ticket.called = True
        self._last_look = None
        if self._metrics is not None:
            self._metrics.place_taken(waited_s=self._clock() - ticket.since)

    def _is_alive(self, ticket: _Ticket, now: float) -> bool:
        if ticket.holders > 0:
            return True
        return ticket.asked_at is not None and now - ticket.asked_at <= ASKS_AGAIN_S

    def _group_of(self, learner: str) -> str:
        names = (r.name for r in self.seats.active() if learner in r.learners)
        return next(names, _EVERYBODY_ELSE)

    # Looking.

    def _look(self, *, fresh: bool = False) -> Moment:
        now = self._clock()
        last = self._last_look
        if last is None or fresh or not 0 <= now - last.at < LOOK_S:
            last = self._last_look = self._look_now(now)
        return last

    def _look_now(self, now: float) -> Moment:
        self._tickets = {n: t for n, t in self._tickets.items() if self._is_alive(t, now)}
        occupants = list(self.occupants())
        called = {ticket.learner for ticket in self._tickets.values() if ticket.called}
        held = frozenset(called.union(occupant.learner for occupant in occupants))
        starting = len(held) - sum(not occupant.starting for occupant in occupants)
        kept = tuple(shared_out(self.seats.active(), capacity=self._capacity, held=held))
        waiting = [ticket for ticket in self._tickets.values() if ticket.learner not in held]
        seated, others = self._in_order(waiting, kept)
        free = self._capacity - len(held)
        open_to_all = max(0, free - sum(each.unused for each in kept))
        ready = {*seated[: max(0, free)], *others[:open_to_all]}
        starts = self._starts.around(ticket for ticket in waiting if ticket.learner in ready)
        return Moment(
            at=now,
            held=held,
            free=free,
            turns=self._starts_at_once - starting,
            kept=kept,
            seated=seated,
            others=others,
            free_at=tuple(sorted(self._free_at(occupants, now))),
            positions={name: at for at, name in enumerate((*seated, *others), start=1)},
            to_start={name: at for at, name in enumerate(starts, start=1)},
        )

    def _in_order(
        self, waiting: list[_Ticket], kept: tuple[Kept, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        waiting.sort(key=lambda ticket: ticket.number)
        seats = {k.reservation.name: k.unused for k in kept}
        seated, others = [], []
        for ticket in waiting:
            name = next(
                (k.reservation.name for k in kept
                 if ticket.learner in k.reservation.learners and seats[k.reservation.name]),
                None,
            )  # fmt: skip
            if name is None:
                others.append(ticket)
            else:
                seats[name] -= 1
                seated.append(ticket.learner)
        return tuple(seated), tuple(self._turns.around(others))

    def _free_at(self, occupants: Iterable[Occupant], now: float) -> Iterator[float]:
        for occupant in occupants:
            if occupant.unused_since is not None and self._may_leave(occupant):
                yield max(now, occupant.unused_since + ROOM_IDLE_S)

    def _may_leave(self, occupant: Occupant) -> bool:
        return occupant.learner not in self._tickets

    def _longest_unused(self) -> str | None:
        now, leaving = self._clock(), set(self._leaving.values())
        unused = [
            (occupant.unused_since, occupant.learner)
            for occupant in self.occupants()
            if occupant.unused_since is not None
            and now - occupant.unused_since >= ROOM_IDLE_S
            and self._may_leave(occupant)
            and occupant.learner not in leaving
        ]
        return min(unused)[1] if unused else None
