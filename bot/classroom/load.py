"""How busy a learner's engine was over the last minutes: asked for while somebody looks.

Nothing is measured for nobody. While a learner looks at the plot each look adds a point; the last
minutes of it are kept in memory, so that looking again goes on with the same line, with a gap where
nobody looked.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.classroom.engine_map import NANO, MapLimits, limits_of_sandbox
from bot.errors import LearnerError
from sandbox.client import Sandboxes
from sandbox.contract import EngineFacts, LoadFact
from sandbox.errors import SandboxGone

KEPT_S: Final = 600.0
MOST_POINTS: Final = 400
LEARNERS_KEPT: Final = 100
"""Who looked last; what nobody looked at for `KEPT_S` is forgotten before that."""
LINES_KEPT: Final = 8
"""Containers of which we know how it was before: a plot has fewer lines than there may be."""
GAP_S: Final = 15.0
"""Between two looks that are farther apart than this nobody knows how it was."""
SHORTEST_S: Final = 0.2
"""Too little time to tell how much of it a processor worked."""
ON: Final = frozenset({"running", "frozen"})


@dataclass(frozen=True, slots=True)
class Use:
    """Processors at work, None when it can't be told, and memory."""

    cpus: float | None
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Point:
    """One look: everything together, and the containers that ran, by id. `at` are seconds."""

    at: float
    whole: Use
    containers: Mapping[str, Use]


@dataclass(frozen=True, slots=True)
class Known:
    """A container's name and its own limits; 0 is none."""

    name: str
    memory_bytes: int
    cpus: float


@dataclass(frozen=True, slots=True)
class Load:
    """The last minutes, the oldest first; `known` names the containers."""

    points: tuple[Point, ...]
    limits: MapLimits
    known: Mapping[str, Known]

    @property
    def now(self) -> Point:
        """The newest."""
        return self.points[-1]

    @property
    def busiest(self) -> tuple[str, ...]:
        """Ids of the containers that run, those that need most memory first."""
        now = self.now.containers
        return tuple(sorted(now, key=lambda key: (-now[key].memory_bytes, self.name_of(key))))

    def name_of(self, container_id: str) -> str:
        """Its name, or the short id of one that is gone already."""
        known = self.known.get(container_id)
        return container_id[:12] if known is None else known.name

    def memory_limit(self, container_id: str) -> int:
        """Its own limit, or that of all together; 0: nobody knows."""
        known = self.known.get(container_id)
        return (known.memory_bytes if known else 0) or self.limits.memory_bytes


@dataclass(slots=True)
class _Kept:
    """What we know of one learner's engine."""

    last: LoadFact | None = None
    limits: MapLimits = field(default_factory=MapLimits)
    known: dict[str, Known] = field(default_factory=dict)
    points: deque[Point] = field(default_factory=lambda: deque(maxlen=MOST_POINTS))


class LoadBook:
    """Looks at the load and remembers it. Raises `SandboxError`, and `LearnerError` without any."""

    def __init__(self, sandboxes: Sandboxes | None, *, clock: Callable[[], float]) -> None:
        """`clock` counts seconds and is never set back."""
        self._sandboxes = sandboxes
        self._clock = clock
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    async def is_on(self, learner_id: int) -> bool:
        """Whether the learner's sandbox is on; nothing is started to find out."""
        try:
            return (await self._engine().view(str(learner_id))).state in ON
        except SandboxGone:
            return False

    async def look(self, learner_id: int) -> Load:
        """Take one more look; how it was until now."""
        sandboxes = self._engine()
        fact = await sandboxes.load(str(learner_id))
        kept = self._of(learner_id)
        if kept.last is None or any(each.id not in kept.known for each in fact.containers):
            _learn(kept, await sandboxes.facts(str(learner_id)), fact)
        now = self._clock()
        if kept.points:
            kept.points.append(_thinned(kept.points.pop()))
        kept.points.append(_point(now, fact, kept.last))
        kept.last = fact
        while now - kept.points[0].at > KEPT_S:
            kept.points.popleft()
        self._forget_before(now - KEPT_S)
        return Load(tuple(kept.points), kept.limits, dict(kept.known))

    def forget(self, learner_id: int) -> None:
        """The learner is gone."""
        self._kept.pop(learner_id, None)

    def _of(self, learner_id: int) -> _Kept:
        kept = self._kept.setdefault(learner_id, _Kept())
        self._kept.move_to_end(learner_id)
        if len(self._kept) > LEARNERS_KEPT:
            self._kept.popitem(last=False)
        return kept

    def _forget_before(self, at: float) -> None:
        """Let go of those at whom nobody has looked since then."""
        while (oldest := next(iter(self._kept.values()))).points and oldest.points[-1].at < at:
            self._kept.popitem(last=False)

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes


def _thinned(point: Point) -> Point:
    """The same with the containers that needed most memory only."""
    most = sorted(point.containers.items(), key=lambda item: -item[1].memory_bytes)
    return Point(point.at, point.whole, dict(most[:LINES_KEPT]))


def _learn(kept: _Kept, facts: EngineFacts, fact: LoadFact) -> None:
    kept.limits = limits_of_sandbox(facts)
    # One that ended since then keeps its id as its name: it is not asked for again and again.
    kept.known = {each.id: Known(each.id[:12], 0, 0) for each in fact.containers} | {
        each.id: Known(each.name, max(0, each.memory_bytes), max(0, each.nano_cpus) / NANO)
        for each in facts.containers
    }


def _point(at: float, fact: LoadFact, last: LoadFact | None) -> Point:
    before = {} if last is None else {each.id: each.cpu_ns for each in last.containers}
    passed_s = 0.0 if last is None else fact.at - last.at
    return Point(
        at,
        Use(_cpus(fact.cpu_ns, None if last is None else last.cpu_ns, passed_s), fact.memory_bytes),
        {
            each.id: Use(_cpus(each.cpu_ns, before.get(each.id), passed_s), each.memory_bytes)
            for each in fact.containers
        },
    )


def _cpus(now_ns: int | None, before_ns: int | None, passed_s: float) -> float | None:
    """Processors at work in between; None when the counter began anew, or nobody looked."""
    if now_ns is None or before_ns is None or not SHORTEST_S <= passed_s <= GAP_S:
        return None
    used_ns = now_ns - before_ns
    return None if used_ns < 0 else used_ns / NANO / passed_s
