"""What we hold of the sandboxes that run: how to get into each, and whose it is.

The host's engine and the names of the disks are the truth; `sandbox.finding` makes this agree.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.contract import EndReason, EventFact, SandboxView
from sandbox.engine import SandboxState
from sandbox.errors import NoCapacity, SandboxError
from sandbox.inside import Inside
from sandbox.spec import free_uid_base
from sandbox.timers import Life

NOBODY = ""
"""The learner of a sandbox that waits in the pool."""
ID_BYTES = 6
LOOK_AGAIN_S = 0.05
LONGEST_STILL_S = 300.0
"""A sandbox that is used stands still while its disk is copied, and no longer than that takes."""


@dataclass(slots=True)
class Sandbox:
    """A sandbox that runs, as we hold it; times by the lifecycle's clock."""

    id: str
    learner: str
    container_id: str
    uid_base: int
    safe: bool
    inside: Inside
    last_used: float
    started_at: float = 0.0
    """When it became its learner's: the hard limit counts from here."""
    keep_until: float = 0.0
    """Somebody asked to keep it until then."""
    image: str = ""
    """Id of the engine image that it was started from."""
    uses: int = 0
    frozen: bool = False
    directory: str | None = None
    """Working directory of the next command line, None when we don't know."""
    stopped_because: SandboxError | None = None
    """Why it was stopped while it was in use."""
    lost: tuple[str, ...] = ()
    """Containers that ended with the last sandbox, until somebody was told."""
    ended_because: EndReason | None = None
    """Why the last one ended, until somebody was told."""
    _pulls_counted_until: float = field(default_factory=time.time)
    """By the clock of the machine, as events are."""

    @property
    def life(self) -> Life:
        """The times that its deadlines go by."""
        return Life(
            started_at=self.started_at,
            last_used=self.last_used,
            in_use=self.uses > 0,
            frozen=self.frozen,
            keep_until=self.keep_until,
        )

    async def until_awake(self) -> None:
        """Wait for as long as it stands still though it is used: nothing in it can be ended."""
        patient_until = time.monotonic() + LONGEST_STILL_S
        while self.frozen and self.stopped_because is None:
            if time.monotonic() >= patient_until:
                return
            await asyncio.sleep(LOOK_AGAIN_S)

    def take_lost(self) -> list[str]:
        """What ended with the last sandbox; told once."""
        lost, self.lost = self.lost, ()
        return list(lost)

    def take_end(self) -> EndReason | None:
        """Why the last sandbox ended, where that is known; told once."""
        reason, self.ended_because = self.ended_because, None
        return reason

    def take_pulls(self, events: Iterable[EventFact]) -> int:
        """How many images were pulled since this was asked the last time.

        One event is told again and again; one from the future would hide all until then.
        """
        since, now = self._pulls_counted_until, time.time()
        pulls = [
            event.at
            for event in events
            if event.type == "image" and event.action == "pull" and since < event.at <= now
        ]
        self._pulls_counted_until = max([since, *pulls])
        return len(pulls)


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


@dataclass(frozen=True, slots=True)
class Beginning:
    """A sandbox that starts now: its place and its uids are taken."""

    sandbox_id: str
    learner: str
    uid_base: int


class Held:
    """The current sandbox of each learner, those of the pool, and those that start.

    A learner has one current sandbox at most; another one of theirs may still be ending.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._current: dict[str, Sandbox] = {}
        self._warm: dict[str, Sandbox] = {}
        self._beginning: dict[str, Beginning] = {}
        self._kept: set[str] = set()

    @property
    def running(self) -> int:
        """How many learners have a sandbox that runs or starts."""
        return len(self.learners)

    @property
    def starting(self) -> int:
        """How many of these start now."""
        return len(self._learners_beginning() - self._current.keys())

    @property
    def warm(self) -> int:
        """How many wait in the pool, or start for it."""
        beginning = sum(place.learner == NOBODY for place in self._beginning.values())
        return len(self._warm) + beginning

    @property
    def taken(self) -> int:
        """How many places are taken, by learners and by the pool."""
        return self.running + self.warm

    @property
    def current(self) -> list[Sandbox]:
        """The learners' sandboxes that run, frozen ones too."""
        return list(self._current.values())

    @property
    def waiting(self) -> list[Sandbox]:
        """Those in the pool that are ready."""
        return list(self._warm.values())

    @property
    def all(self) -> list[Sandbox]:
        """Learners' and the pool's."""
        return self.current + self.waiting

    def of(self, learner: str) -> Sandbox | None:
        """The learner's current sandbox."""
        return self._current.get(learner)

    @property
    def learners(self) -> set[str]:
        """Who has a place: a sandbox that runs or starts, or one that is being replaced."""
        return self._current.keys() | self._learners_beginning() | self._kept

    def by_id(self, sandbox_id: str) -> Sandbox | None:
        """The sandbox of this id, if it runs."""
        return next((sandbox for sandbox in self.all if sandbox.id == sandbox_id), None)

    def is_beginning(self, sandbox_id: str) -> bool:
        """Whether it starts now, or changes hands."""
        return sandbox_id in self._beginning

    def knows(self, sandbox_id: str) -> bool:
        """Whether it runs, starts or changes hands."""
        return self.is_beginning(sandbox_id) or self.by_id(sandbox_id) is not None

    def is_taken(self, learner: str) -> bool:
        """Whether this learner has a sandbox that runs or starts; of `NOBODY` there are many."""
        return learner in self._current or learner in self._learners_beginning()

    def holds(self, sandbox: Sandbox) -> bool:
        """Whether it is its learner's current one, or waits in the pool."""
        if sandbox.learner == NOBODY:
            return self._warm.get(sandbox.id) is sandbox
        return self._current.get(sandbox.learner) is sandbox

    def add(self, sandbox: Sandbox) -> None:
        """Hold it: as its learner's current one, or in the pool."""
        if sandbox.learner == NOBODY:
            self._warm[sandbox.id] = sandbox
        else:
            self._current[sandbox.learner] = sandbox

    def drop(self, sandbox: Sandbox) -> None:
        """Hold it no longer, if we do."""
        if not self.holds(sandbox):
            return
        if sandbox.learner == NOBODY:
            del self._warm[sandbox.id]
        else:
            del self._current[sandbox.learner]

    def has_place(self, learner: str) -> bool:
        """Whether the learner's next sandbox needs no place of its own."""
        return learner in self._kept

    @contextmanager
    def keeping_place(self, learner: str) -> Generator[None]:
        """Keep the learner's place, if there is one, between the last sandbox and the next."""
        if learner not in self._current:
            yield
            return
        self._kept.add(learner)
        try:
            yield
        finally:
            self._kept.discard(learner)

    @contextmanager
    def leaving_pool(self, learner: str) -> Generator[Sandbox | None]:
        """One of the pool, that nobody else finds meanwhile; those that are awake come first.

        Whoever takes it adds it again, as the learner's.
        """
        best = min(self._warm.values(), key=lambda sandbox: sandbox.frozen, default=None)
        if best is None:
            yield None
            return
        with self.aside(best, learner):
            yield best

    @contextmanager
    def aside(self, sandbox: Sandbox, learner: str = NOBODY) -> Generator[None]:
        """Let nobody find this one of the pool; it has to be added again afterwards."""
        del self._warm[sandbox.id]
        self._beginning[sandbox.id] = Beginning(sandbox.id, learner, sandbox.uid_base)
        try:
            yield
        finally:
            del self._beginning[sandbox.id]

    @contextmanager
    def beginning(self, learner: str, states: Iterable[SandboxState]) -> Generator[Beginning]:
        """Take a place, and uids that are unique on the whole host, for as long as it starts.

        The kernel counts a learner's things by their uids.

        Args:
            learner: Whom it is for, or `NOBODY`.
            states: All sandboxes of all homes.

        Raises:
            NoCapacity: every range of uids is taken.
        """
        place = Beginning(secrets.token_hex(ID_BYTES), learner, self._free_base(states))
        self._beginning[place.sandbox_id] = place
        try:
            yield place
        finally:
            del self._beginning[place.sandbox_id]

    def _learners_beginning(self) -> set[str]:
        return {place.learner for place in self._beginning.values()} - {NOBODY}

    def _free_base(self, states: Iterable[SandboxState]) -> int:
        taken = {state.uid_base for state in states}
        taken |= {place.uid_base for place in self._beginning.values()}
        taken |= {sandbox.uid_base for sandbox in self.all}
        try:
            return free_uid_base(taken, start_at=self._label)
        except LookupError as exc:
            raise NoCapacity(str(exc)) from exc
