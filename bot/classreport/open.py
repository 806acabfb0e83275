"""Where each learner is just now: their open task, and how they fare with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.classreport.rows import Rows, TaskKey, task_ids
from db.classreport import Pupil
from db.working_time import Mark
from lessons.model import Catalogue


@dataclass(frozen=True, slots=True)
class OpenTask:
    """The first task of a learner's current lesson without a tick.

    `since` is when they ticked the task before it or opened a lesson; the rest is since then:
    working time, commands, how many of those failed, and known errors by how often they were met.
    `refused` is how often they were told that the task is not right yet.
    """

    learner_id: int
    lesson_id: str
    task_id: str
    since: datetime
    work_s: int
    commands: int
    failed: int
    refused: int
    errors: Mapping[str, int]

    @property
    def key(self) -> TaskKey:
        """Which task it is."""
        return self.lesson_id, self.task_id


def open_tasks(rows: Rows, catalogue: Catalogue) -> dict[int, OpenTask]:
    """The open task of every member who has one, by learner."""
    variants = {(s.learner_id, s.lesson_id): s.variant for s in rows.lessons}
    ticked, marks = rows.ticked(), rows.marks_by_learner()
    refused = {(j.learner_id, j.lesson_id, j.task_id): j.refused for j in rows.judged}
    lately: dict[int, dict[str, int]] = defaultdict(dict)
    for count in rows.errors:
        if count.lately:
            lately[count.learner_id][count.error] = count.lately
    found = {}
    for pupil in rows.pupils:
        lesson_id = _current(pupil, variants)
        if lesson_id is None:
            continue
        learner_id = pupil.learner_id
        ids = task_ids(catalogue, lesson_id, variants[learner_id, lesson_id])
        task_id = next((t for t in ids if (learner_id, lesson_id, t) not in ticked), None)
        ends = _ends(marks.get(learner_id, []))
        if task_id is None or ends is None:
            continue
        begun, last = ends
        found[learner_id] = OpenTask(
            learner_id=learner_id,
            lesson_id=lesson_id,
            task_id=task_id,
            since=begun.at,
            work_s=last.work_s - begun.work_s,
            commands=last.commands - begun.commands,
            failed=last.failed - begun.failed,
            refused=refused.get((learner_id, lesson_id, task_id), 0),
            errors=lately[learner_id],
        )
    return found


def _current(pupil: Pupil, variants: Mapping[tuple[int, str], int]) -> str | None:
    lesson_id = pupil.current_lesson_id
    return lesson_id if lesson_id and (pupil.learner_id, lesson_id) in variants else None


def _ends(marks: list[Mark]) -> tuple[Mark, Mark] | None:
    """The newest mark of progress, and the newest of all."""
    progress = [mark for mark in marks if mark.kind != "last"]
    return (progress[-1], marks[-1]) if progress else None
