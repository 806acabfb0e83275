"""What the trials of lessons were tried with, for the line at the end of a run."""

from __future__ import annotations

from collections import Counter
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

    def count(self, lesson: Lesson, task_id: str, kind: Kind, *, right: bool) -> None:
        """A verdict about a task, and whether it was right."""
        self.tried[kind] += 1
        self.tasks.add((lesson.id, task_id))
        self.wrong += not right

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} × {kind}" for kind, count in self.tried.items())
        lessons = len({lesson for lesson, _ in self.tasks})
        return (
            f"lessons: {lessons} × {len(self.tasks)} tasks × {self.tried.total()} variants"
            f" ({kinds}): {self.wrong} wrong verdicts"
        )


TALLY = Tally()
