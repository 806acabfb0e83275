"""A class just now: who is on which task."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.classreport.now import LONG, ClassNow, class_now
from db.boards import AtWork
from tests.factories import NOON, make_catalogue


def at_work(
    learner_id: int,
    *done: str,
    lesson_id: str | None = "sample",
    opened_at: datetime = NOON,
    ticked_at: datetime | None = None,
) -> AtWork:
    """A learner who works."""
    return AtWork(
        learner_id, f"L{learner_id}", lesson_id, 0, opened_at, frozenset(done), ticked_at, 3
    )


def now_of(*there: AtWork, now: datetime = NOON) -> ClassNow:
    """The class with these at work."""
    return class_now(there, (), (), make_catalogue(), members=9, active=len(there), now=now)


def test_learners_stand_at_their_first_open_task() -> None:
    """Tasks with most learners first; who has none is free."""
    seen = now_of(
        at_work(1),
        at_work(2, "list"),
        at_work(3, "list"),
        at_work(4, "list", "web"),
        at_work(5, lesson_id=None),
        at_work(6, lesson_id="removed"),
    )
    tasks = {task.task_id: [one.name for one in task.learners] for task in seen.tasks}

    assert tasks == {"web": ["L2", "L3"], "list": ["L1"]}
    assert list(tasks) == ["web", "list"]
    assert seen.free == ("L4", "L5", "L6")
    assert seen.at_work == 6


def test_time_on_a_task_begins_with_the_tick_before() -> None:
    """Those who are longest on it come first; from a quarter of an hour on it is long."""
    opened = NOON - timedelta(hours=2)
    seen = now_of(
        at_work(1, "list", opened_at=opened, ticked_at=NOON - LONG + timedelta(seconds=1)),
        at_work(2, "list", opened_at=opened, ticked_at=NOON - LONG),
    )
    [task] = seen.tasks

    assert [(one.name, one.long) for one in task.learners] == [("L2", True), ("L1", False)]
    assert task.learners[0].since == NOON - LONG
