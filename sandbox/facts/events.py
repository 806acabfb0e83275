"""What happened in an engine since we last looked, so that only what changed is asked for.

The engine keeps its newest 256 events. "All since then, until now" is answered at once, and is a
barrier: what a command did before it ended is in it. We remember the newest event that we saw; as
long as the engine still has that one, it has all that came after, and otherwise we start again.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import TypeAdapter

from sandbox.contract import EventFact, OomKillsFact
from sandbox.errors import EngineFailed
from sandbox.facts.bounds import API, MOST_EVENTS, MOST_OOM_KILLED
from sandbox.facts.said import SaidEvent

MOST_LINES = 512
"""Twice what an engine keeps: more of them are made up."""
NANO = 1_000_000_000
LONGEST_EXIT_CODE = 3

_EVENT = TypeAdapter(SaidEvent)


class Answers(Protocol):
    """The API of an engine; `sandbox.engine_api.EngineApi` is one."""

    @property
    def opened(self) -> int:
        """How many streams there were: another number, and it may be another engine."""
        ...

    async def get(self, path: str) -> bytes | None:
        """The body of the answer; None when the engine has no such thing."""
        ...

    async def get_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """The same for several at once."""
        ...


@dataclass(frozen=True, slots=True)
class News:
    """Whose state may have changed since the last look; `missed`: anybody's."""

    missed: bool = False
    containers: frozenset[str] = field(default_factory=frozenset)


class EventLog:
    """The events of one engine, as far as we saw them."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._last = b""
        self._last_at = 0
        self._newest: deque[EventFact] = deque(maxlen=MOST_EVENTS)
        self._oom_kills: Counter[str] = Counter()

    @property
    def newest(self) -> list[EventFact]:
        """The newest events, oldest first."""
        return list(self._newest)

    @property
    def oom_kills(self) -> list[OomKillsFact]:
        """Containers in which memory ran out."""
        return [OomKillsFact(container=name, count=n) for name, n in self._oom_kills.items()]

    def forget(self) -> None:
        """It is another engine now."""
        self._last, self._last_at = b"", 0
        self._newest.clear()
        self._oom_kills.clear()

    async def news(self, api: Answers) -> News:
        """What happened since the last call.

        Raises:
            SandboxGone: the sandbox ended.
            ValidationError: what the engine says makes no sense.
        """
        lines = await self._since_last(api)
        if self._last in lines:
            return self._take(lines[lines.index(self._last) + 1 :], missed=False)
        if self._last:
            self.forget()
            lines = await self._since_last(api)
        return self._take(lines, missed=True)

    async def _since_last(self, api: Answers) -> list[bytes]:
        """The lines since the last one, itself included; none if the engine won't say."""
        since = f"{self._last_at // NANO}.{self._last_at % NANO:09}"
        try:
            # Sandbox and service are one machine with one clock.
            body = await api.get(f"{API}/events?since={since}&until={self._clock():.6f}")
        except EngineFailed:
            return []  # too many, or a clock that was set back
        lines = (body or b"").splitlines()
        return lines if len(lines) <= MOST_LINES else []

    def _take(self, lines: list[bytes], *, missed: bool) -> News:
        touched: set[str] = set()
        for line in lines:
            event = _EVENT.validate_json(line)
            self._last, self._last_at = line, event.time_nano
            touched |= {event.actor.id, event.actor.attributes.get("container", "")}
            self._note(event)
        return News(missed=missed, containers=frozenset(touched))

    def _note(self, event: SaidEvent) -> None:
        if event.action.startswith("exec_"):
            return
        fact = _fact(event)
        self._newest.append(fact)
        if fact.action == "oom" and (
            fact.name in self._oom_kills or len(self._oom_kills) < MOST_OOM_KILLED
        ):
            self._oom_kills[fact.name] += 1


def _fact(event: SaidEvent) -> EventFact:
    said = event.actor.attributes
    return EventFact(
        at=event.time_nano / NANO,
        type=event.type,
        action=event.action,
        name=said.get("name") or event.actor.id,
        container=said.get("container"),
        exit_code=_exit_code(said.get("exitCode", "")),
    )


def _exit_code(text: str) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= LONGEST_EXIT_CODE:
        return int(text)
    return None
