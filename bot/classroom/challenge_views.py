"""How a challenge stands: for everybody, and for one of its members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.challenge import rules
from bot.challenge.phases import Phase, phase_of
from bot.challenge.standings import Mark, MarkKind, Standing, of_sides, standings
from db.challenges import Challenge, Member, StoredMark
from lessons.judging import asks_for_answer
from lessons.model import Lesson, Task

__all__ = [
    "CLASS",
    "DUEL",
    "Board",
    "Challenge",
    "Member",
    "Mine",
    "make_board",
    "make_mine",
    "tasks_of",
]

CLASS: Final = "class"
DUEL: Final = "duel"


@dataclass(frozen=True, slots=True)
class Board:
    """How a challenge stands, for whoever may see it now.

    `members` are those who are in, `rows` the people (of a duel: the sides 1 and 2) who have begun,
    in the order of their places. `last_at` is the last moment that `rows` know of, when the board
    stands still. `engines` may run at once in the house, as far as that is known: asked in lobbies.
    """

    challenge: Challenge
    phase: Phase
    lesson: Lesson
    members: tuple[Member, ...]
    rows: tuple[Standing, ...]
    total: int
    last_at: datetime | None
    engines: int | None = None

    @property
    def too_many(self) -> int:
        """How many more are in than there are engines: so many, at least, can't begin with all."""
        return 0 if self.engines is None else max(0, len(self.members) - self.engines)

    @property
    def frozen(self) -> bool:
        """Whether something may have happened that is not shown."""
        return self.last_at is not None

    def of_state(self, *states: str) -> tuple[Member, ...]:
        """The members in one of these states."""
        return tuple(member for member in self.members if member.state in states)

    @property
    def all_done(self) -> bool:
        """Whether there is nothing left to do for anybody: only told to whoever may know."""
        ready = self.of_state("ready")
        return bool(ready) and all(len(row.done) >= self.total for row in self.rows)


@dataclass(frozen=True, slots=True)
class Mine:
    """A challenge as one of its members sees it; `own` is how they stand, always up to date."""

    challenge: Challenge
    member: Member
    lesson: Lesson
    own: Standing
    hints: dict[str, int]


def make_board(
    challenge: Challenge,
    lesson: Lesson,
    everybody: Sequence[Member],
    stored: Sequence[StoredMark],
    *,
    now: datetime,
    all_seen: bool,
    engines: int | None = None,
) -> Board:
    """The board of this moment; `all_seen` shows what a freeze hides."""
    phase = phase_of(challenge.phase)
    frozen = rules.is_frozen(phase, now, challenge.ends_at, challenge.freeze_s)
    last_at = rules.freeze_at(challenge.ends_at, challenge.freeze_s)
    until = last_at if frozen and not all_seen else None
    start = challenge.starts_at or challenge.created_at
    taking_part = [member for member in everybody if member.takes_part]
    ready = [member for member in taking_part if member.state == "ready"]
    marks = [_mark(mark) for mark in stored]
    total = len(tasks_of(lesson))
    who: set[int] = {member.learner_id for member in ready}
    if challenge.kind == DUEL:
        sides = {member.learner_id: member.side for member in ready}
        marks, who = of_sides(marks, sides), set(sides.values())
        faults = next((member.faults for member in ready if member.faults), None)
        total = len(tasks_of(lesson.with_faults(faults))) if faults else total
    rows = standings(who, marks, start=start, until=until)
    return Board(challenge, phase, lesson, tuple(taking_part), rows, total, until, engines)


def make_mine(
    challenge: Challenge, member: Member, lesson: Lesson, stored: Sequence[StoredMark]
) -> Mine:
    """The challenge as this member sees it; `stored` are their marks."""
    start = challenge.starts_at or challenge.created_at
    (own,) = standings([member.learner_id], map(_mark, stored), start=start)
    hints: dict[str, int] = {}
    for mark in stored:
        if mark.kind == "hint":
            hints[mark.task_id] = max(mark.number, hints.get(mark.task_id, 0))
    return Mine(challenge, member, lesson, own, hints)


def tasks_of(lesson: Lesson) -> tuple[Task, ...]:
    """What counts in a challenge of this lesson: all that an engine shows, and no answer."""
    return tuple(task for task in lesson.tasks if not asks_for_answer(task))


def _mark(stored: StoredMark) -> Mark:
    kind: MarkKind = "hint" if stored.kind == "hint" else "solve"
    return Mark(stored.learner_id, kind, stored.task_id, stored.at, stored.number)
