"""What is in learners' engines, as far as it is known without waiting: names, states, ports.

Nothing is started or thawed to know it: an engine that rests is as it was when it was seen last.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from sandbox.client import Sandboxes
from sandbox.contract import ContainerFact, EngineFacts, EventFact, SandboxView
from sandbox.errors import SandboxError

log = structlog.get_logger(__name__)

MOST_NAMES: Final = 16
"""Of one image or container; more is not shown, and would only be kept."""
LEARNERS_REMEMBERED: Final = 2_000
FRESH_S: Final = 3.0
"""Whoever types a name types it in a few seconds; meanwhile the engine is asked once."""

SOON_S: Final = 0.15
"""So long suggestions wait for the engine: they have to be there in 300 ms altogether."""

LOOK_S: Final = 5.0
RESTS_SOON_S: Final = 10.0
"""One that is about to be frozen or stopped is left alone: our question might come too late."""


@dataclass(frozen=True, slots=True)
class SeenContainer:
    """A container; `ports` are pairs of a published port and the container's own, TCP only."""

    id: str
    name: str
    image: str
    status: str
    exit_code: int = 0
    oom_killed: bool = False
    ports: tuple[tuple[int, int], ...] = ()
    networks: frozenset[str] = frozenset()

    @property
    def running(self) -> bool:
        """Whether its main process runs."""
        return self.status == "running"


@dataclass(frozen=True, slots=True)
class SeenImage:
    """An image; without tags it has no name any more, or never had one."""

    id: str
    tags: tuple[str, ...]
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class SeenEngine:
    """A learner's engine when it was looked at; `events` are the newest, the oldest first."""

    containers: tuple[SeenContainer, ...] = ()
    images: tuple[SeenImage, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    events: tuple[EventFact, ...] = ()
    truncated: bool = False


@dataclass(slots=True)
class _Known:
    """What we know of one engine, since when by our clock, and the look that is under way."""

    engine: SeenEngine | None = None
    at: float = 0.0
    looking: asyncio.Task[SeenEngine | None] | None = field(default=None)


class Engines:
    """Looks into engines and remembers what was there. Nothing here raises `SandboxError`."""

    def __init__(
        self, sandboxes: Sandboxes | None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` counts seconds and is never set back."""
        self._sandboxes = sandboxes
        self._clock = clock
        self._known: OrderedDict[int, _Known] = OrderedDict()

    def last(self, learner_id: int) -> SeenEngine | None:
        """What was seen last, however long ago."""
        known = self._known.get(learner_id)
        return None if known is None else known.engine

    async def look(self, learner_id: int) -> SeenEngine | None:
        """How it is now; None when it rests or does not answer in time."""
        return await self._join(self._begin(learner_id), within_s=LOOK_S)

    async def soon(self, learner_id: int) -> SeenEngine | None:
        """How it was a moment ago, else what was seen last: whoever asks is typing."""
        known = self._of(learner_id)
        if known.engine is None or self._clock() - known.at > FRESH_S:
            looking = known.looking or self._begin(learner_id)
            await self._join(looking, within_s=SOON_S)
        return known.engine

    def outdated(self, learner_id: int) -> None:
        """Something is changing it: what was seen is not how it is."""
        if known := self._known.get(learner_id):
            known.at = -FRESH_S

    def forget(self, learner_id: int) -> None:
        """The learner is gone, or their engine is another one."""
        known = self._known.pop(learner_id, None)
        if known is not None and known.looking is not None:
            known.looking.cancel()

    def _begin(self, learner_id: int) -> asyncio.Task[SeenEngine | None]:
        known = self._of(learner_id)
        looking = asyncio.create_task(self._seen(learner_id, known), name=f"look-{learner_id}")
        known.looking = looking
        return looking

    async def _join(
        self, looking: asyncio.Task[SeenEngine | None], *, within_s: float
    ) -> SeenEngine | None:
        """Wait for a look that others may wait for as well; it goes on when we don't."""
        await asyncio.wait({looking}, timeout=within_s)
        if not looking.done() or looking.cancelled():
            return None
        return looking.result()

    async def _seen(self, learner_id: int, known: _Known) -> SeenEngine | None:
        begun = self._clock()
        try:
            async with asyncio.timeout(LOOK_S):
                facts = await self._facts(learner_id)
        except (SandboxError, TimeoutError) as exc:
            log.info("engine_not_seen", learner=learner_id, error=type(exc).__name__)
            return None
        finally:
            if known.looking is asyncio.current_task():
                known.looking = None
        if facts is None:
            return None
        seen = seen_in(facts)
        if begun >= known.at:
            known.engine, known.at = seen, begun
        return seen

    async def _facts(self, learner_id: int) -> EngineFacts | None:
        if self._sandboxes is None:
            return None
        view = await self._sandboxes.view(str(learner_id))
        return await self._sandboxes.facts(str(learner_id)) if is_awake(view) else None

    def _of(self, learner_id: int) -> _Known:
        known = self._known.setdefault(learner_id, _Known())
        self._known.move_to_end(learner_id)
        if len(self._known) > LEARNERS_REMEMBERED:
            self._known.popitem(last=False)
        return known


def seen_in(facts: EngineFacts) -> SeenEngine:
    """The part of an engine's facts that is remembered."""
    services = {name for project in facts.compose_projects for name in project.services}
    return SeenEngine(
        containers=tuple(_container(each) for each in facts.containers),
        images=tuple(
            SeenImage(each.id, tuple(each.tags[:MOST_NAMES]), each.size_bytes)
            for each in facts.images
        ),
        networks=tuple(each.name for each in facts.networks),
        volumes=tuple(each.name for each in facts.volumes),
        services=tuple(sorted(services)),
        events=tuple(facts.events),
        truncated=facts.truncated,
    )


def _container(fact: ContainerFact) -> SeenContainer:
    ports = {
        (port.host_port, port.container_port)
        for port in fact.ports
        if port.host_port is not None and port.protocol == "tcp"
    }
    return SeenContainer(
        id=fact.id,
        name=fact.name,
        image=fact.image,
        status=fact.status,
        exit_code=fact.exit_code,
        oom_killed=fact.oom_killed,
        ports=tuple(sorted(ports)),
        networks=frozenset(list(fact.networks)[:MOST_NAMES]),
    )


def is_awake(view: SandboxView) -> bool:
    """Whether it runs, and will in a moment: a question would start or thaw any other."""
    if view.state != "running":
        return False
    timers = view.timers
    if timers is None:
        return True
    left = (timers.freeze_s, timers.idle_stop_s, timers.hard_stop_s)
    return all(each is None or each > RESTS_SOON_S for each in left)
