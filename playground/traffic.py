"""What went over the wire, kept for tests that hold it against Discord's API description."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from playground.json_types import Json


@dataclass(frozen=True, slots=True)
class Exchange:
    """One REST request and its answer, or one dispatched event.

    Attributes:
        method: The HTTP method; `GATEWAY` for an event.
        path: The path below `/api/v10`; the event's name for an event.
        query: The query's parameters.
        request: The JSON body, or None.
        status: The HTTP status; 0 for an event.
        response: The JSON answer; the event's data for an event.
    """

    method: str
    path: str
    query: dict[str, str]
    request: object
    status: int
    response: object


class Traffic:
    """A bounded log of exchanges, and a bell that rings at each of them."""

    def __init__(self, kept: int) -> None:
        self.exchanges: deque[Exchange] = deque(maxlen=kept)
        self._watchers: list[Callable[[], None]] = []

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after each exchange."""
        self._watchers.append(watcher)

    def note(self, exchange: Exchange) -> None:
        """Keep a REST exchange."""
        if self.exchanges.maxlen:
            self.exchanges.append(exchange)
        for watcher in self._watchers:
            watcher()

    def note_event(self, name: str, data: Json) -> None:
        """Keep a dispatched event, as it was when it left."""
        if self.exchanges.maxlen:
            # A copy through JSON: the objects in the guild go on changing.
            copied = json.loads(json.dumps(data))
            self.exchanges.append(Exchange("GATEWAY", name, {}, None, 0, copied))
        for watcher in self._watchers:
            watcher()
