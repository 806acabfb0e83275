"""A class just now: who is on which task, and which errors are met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.classreport.rows import TaskKey, task_ids
from db.boards import AtWork, HandUp
from db.classreport import ErrorNow
from lessons.model import Catalogue

__all__ = ["AT_WORK", "ERRORS", "LONG", "ClassNow", "HandUp", "OnTask", "TaskNow", "class_now"]

AT_WORK: Final = timedelta(minutes=15)
"""Who did nothing for so long is not at work."""
ERRORS: Final = timedelta(minutes=5)
LONG: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class OnTask:
    """A learner at work on a task; `since` is when they ticked the one before it."""

    learner_id: int
    name: str
    since: datetime
    long: bool


@dataclass(frozen=True, slots=True)
class TaskNow:
    """A task, and who is on it, the longest first."""

    lesson_id: str
    task_id: str
    learners: tuple[OnTask, ...]

    @property
    def key(self) -> TaskKey:
        """Which task it is."""
        return self.lesson_id, self.task_id


@dataclass(frozen=True, slots=True)
class ClassNow:
    """What a board shows.

    `free` are at work without an open task. `errors` are of the last minutes, in which `active`
    members did something.
    """

    members: int
    at_work: int
    tasks: tuple[TaskNow, ...]
    free: tuple[str, ...]
    active: int
    errors: tuple[ErrorNow, ...]
    hands: tuple[HandUp, ...] = ()


def class_now(
    there: Sequence[AtWork],
    errors: Sequence[ErrorNow],
    hands: Sequence[HandUp],
    catalogue: Catalogue,
    *,
    members: int,
    active: int,
    now: datetime,
) -> ClassNow:
    """The class as it is; tasks with most learners first, then in their order."""
    found: dict[TaskKey, list[OnTask]] = defaultdict(list)
    free = []
    for one in there:
        key, since = _open_task(one, catalogue), _since(one)
        if key is None or since is None:
            free.append(one.name)
        else:
            found[key].append(OnTask(one.learner_id, one.name, since, now - since >= LONG))
    order = {
        (lesson.id, task.id): place
        for place, (lesson, task) in enumerate(
            (lesson, task) for lesson in catalogue.lessons for task in lesson.every_task
        )
    }
    tasks = [
        TaskNow(*key, tuple(sorted(on, key=lambda one: (one.since, one.learner_id))))
        for key, on in found.items()
    ]
    return ClassNow(
        members=members,
        at_work=len(there),
        tasks=tuple(sorted(tasks, key=lambda one: (-len(one.learners), order.get(one.key, 0)))),
        free=tuple(free),
        active=active,
        errors=tuple(errors),
        hands=tuple(hands),
    )


def _open_task(one: AtWork, catalogue: Catalogue) -> TaskKey | None:
    if one.lesson_id is None:
        return None
    ids = task_ids(catalogue, one.lesson_id, one.variant)
    task_id = next((each for each in ids if each not in one.done), None)
    return None if task_id is None else (one.lesson_id, task_id)


def _since(one: AtWork) -> datetime | None:
    moments = [at for at in (one.opened_at, one.ticked_at) if at is not None]
    return max(moments, default=None)
