"""Faults that a test plants: the next requests that match fail as Discord sometimes does."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["429", "500", "502", "drop"]


@dataclass(slots=True)
class Fault:
    """A fault that waits for its requests.

    Attributes:
        pattern: Searched in `METHOD /path`.
        kind: What happens: a status, or the connection is cut.
        left: For how many more requests.
        retry_after_s: What a 429 says.
    """

    pattern: re.Pattern[str]
    kind: Kind
    left: int
    retry_after_s: float = 0.5


class Faults:
    """The planted faults, the oldest first."""

    def __init__(self) -> None:
        self._planted: list[Fault] = []

    def plant(
        self, pattern: str, kind: Kind, times: int = 1, *, retry_after_s: float = 0.5
    ) -> None:
        """Let the next `times` requests whose `METHOD /path` matches fail."""
        self._planted.append(Fault(re.compile(pattern), kind, times, retry_after_s))

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault for this request, used up by one, or None."""
        for fault in self._planted:
            if fault.left > 0 and fault.pattern.search(f"{method} {path}"):
                fault.left -= 1
                return fault
        return None

    def clear(self) -> None:
        """Take all faults back."""
        self._planted.clear()
