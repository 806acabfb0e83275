"""What the trials of lessons were tried with, for the line at the end of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from lessons.model import Lesson

Kind = Literal["untouched engine", "solution", "other way", "near miss"]


@dataclass(slots=True)
class Tally:
    """Counts verdicts, and those that were wrong."""

    tried: Counter[Kind] = field(default_factory=Counter)
    tasks: set[tuple[str, str]] = field(default_factory=set)
    wrong: int = 0

    @contextmanager
    def verdict(self, lesson: Lesson, task_id: str, kind: Kind) -> Iterator[None]:
        """A verdict about a task, which is wrong when what is asserted inside does not hold."""
        self.tried[kind] += 1
        self.tasks.add((lesson.id, task_id))
        try:
            yield
        except AssertionError:
            self.wrong += 1
            raise

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in self.tried.items())
        lessons = len({lesson for lesson, _ in self.tasks})
        return (
            f"lessons: {lessons} × {len(self.tasks)} tasks × {self.tried.total()} variants"
            f" ({kinds}): {self.wrong} wrong verdicts"
        )


TALLY = Tally()
