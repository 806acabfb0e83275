"""A class that was made up: what sixty learners did, as rows, and the same counted plainly.

The counts go through the rows one by one with loops that anybody can follow; they share no code
with the reports that they are compared with.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import (
    AttemptRow,
    ClassMemberRow,
    HistoryRow,
    LearnerRow,
    LessonRow,
    TaskRow,
)
from lessons.loader import load_catalogue
from lessons.model import Catalogue

Row = dict[str, Any]

KEPT: Final = 500
FIRST_ID: Final = 2**60 + 5000
NAMES: Final = (
    "김유나", "이민호", "박서준", "최지우", "정하은", "강도윤", "조은우", "윤시아", "장주원",
    "임다인", "남궁민수", "Alexandra Petrova-Johansson", "🐳🐳🐳", "🐋 고래 조련사", "م‎حمد",
    "한 이름이 아주 아주 길어서 끝이 없는 학습자", "=cmd|' /C calc'!A0", "サクラ", "x" * 90,
    "**굵은 이름** [링크](http://x)", "@everyone",
)  # fmt: skip
ERRORS: Final = (
    "port_taken", "name_taken", "no_such_container", "image_not_found", "unknown_flag",
    "not_running", "no_such_network", "bad_image_name", "still_running", "volume_used",
    "no_dockerfile", "unknown_command", "disk_full", "exit_137",
)  # fmt: skip


@dataclass(slots=True)
class MadeClass:
    """Rows as the tables have them, without their numbers."""

    learners: list[Row] = field(default_factory=list)
    members: list[Row] = field(default_factory=list)
    lessons: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)

    async def store(self, session: AsyncSession, class_id: int) -> None:
        """Put all of it into the database, as members of this class."""
        members = [{**row, "class_id": class_id} for row in self.members]
        for table, rows in (
            (LearnerRow, self.learners),
            (ClassMemberRow, members),
            (LessonRow, self.lessons),
            (TaskRow, self.tasks),
            (AttemptRow, self.attempts),
            (HistoryRow, self.history),
        ):
            if rows:
                await session.execute(insert(table), rows)


def make_class(
    now: datetime, *, seed: int = 7, count: int = 60, first_id: int = FIRST_ID
) -> MadeClass:
    """What `count` learners did in the month before `now`; the same for the same seed."""
    dice = random.Random(seed)
    made = MadeClass()
    for number in range(count):
        _learner(made, real_lessons(), now, dice, number, first_id + number)
    return made


@cache
def real_lessons() -> Catalogue:
    """The lessons that there are; read once."""
    return load_catalogue(None)


def _learner(
    made: MadeClass,
    catalogue: Catalogue,
    now: datetime,
    dice: random.Random,
    number: int,
    learner_id: int,
) -> None:
    name = NAMES[number % len(NAMES)] + (str(number) if number >= len(NAMES) else "")
    joined_at = now - timedelta(days=dice.randint(5, 30), seconds=dice.randint(0, 80_000))
    wanted = dice.choice((0, 1, 2, 4, 7, 10, 14, len(catalogue.lessons)))
    lessons = catalogue.lessons[:wanted]
    life = _Life(dice, learner_id, joined_at - timedelta(days=dice.randint(0, 2)), made)
    current = None
    for place, lesson in enumerate(lessons):
        variant = dice.randrange(1000) if lesson.values or lesson.faults else 0
        is_last = place == len(lessons) - 1
        life.lesson(lesson.id, [task.id for task in lesson.at(variant).tasks], variant, is_last)
        current = lesson.id
    life.keep_newest()
    made.learners.append(
        {"id": learner_id, "name": name[:100], "language": "ko", "language_chosen": False,
         "lab_id": None, "current_lesson_id": current, "created_at": joined_at}
    )  # fmt: skip
    made.members.append({"learner_id": learner_id, "joined_at": joined_at})


class _Life:
    """What one learner does, second by second."""

    def __init__(self, dice: random.Random, learner_id: int, at: datetime, made: MadeClass) -> None:
        self.dice, self.learner_id, self.made = dice, learner_id, made
        self.at = at.replace(microsecond=0)
        self.history: list[Row] = []
        self.slow = dice.choice((1, 1, 2, 5))

    def lesson(self, lesson_id: str, task_ids: Sequence[str], variant: int, is_last: bool) -> None:
        """Open it and do its tasks; the last one perhaps not to its end."""
        self.pass_time(5, 90_000)
        opened_at = self.at
        todo = self.dice.randint(0, len(task_ids)) if is_last else len(task_ids)
        done_at = None
        for task_id in task_ids[:todo]:
            if self.dice.random() > 0.15 or done_at is None:  # else the same check ticks both
                self.work(lesson_id, task_id)
                self.pass_time(1, 5)
            done_at = self.at
            self.task(lesson_id, task_id, done_at)
        open_tasks = task_ids[todo:]
        if open_tasks and self.dice.random() < 0.6:
            self.work(lesson_id, open_tasks[0], times=self.dice.randint(0, 25))
            if self.dice.random() < 0.5:
                self.task(lesson_id, open_tasks[0], None)
        finished_at = None if open_tasks else done_at or opened_at
        self.made.lessons.append(
            {"learner_id": self.learner_id, "lesson_id": lesson_id, "version": 1,
             "opened_at": opened_at, "finished_at": finished_at, "variant": variant,
             "best_score": self.dice.choice((None, 640)), "first_finished_at": finished_at}
        )  # fmt: skip

    def task(self, lesson_id: str, task_id: str, done_at: datetime | None) -> None:
        """A row for it: ticked, or only with hints."""
        self.made.tasks.append(
            {"learner_id": self.learner_id, "lesson_id": lesson_id, "task_id": task_id,
             "hints_shown": self.dice.choice((0, 0, 1, 2)), "done_at": done_at,
             "done_version": None if done_at is None else 1}
        )  # fmt: skip

    def work(self, lesson_id: str, task_id: str, times: int | None = None) -> None:
        """Commands, some of them wrong, and what was said of the task."""
        for _ in range(self.dice.randint(1, 3 * self.slow) if times is None else times):
            self.pass_time(3, 180 * self.slow)
            if self.dice.random() < 0.06:
                self.pass_time(500, 40_000)
            failed = self.dice.random() < 0.3
            error = self.dice.choice(ERRORS[: self.dice.randint(1, len(ERRORS))])
            self.history.append(
                {"learner_id": self.learner_id, "kind": "command", "line": "docker ps",
                 "exit_code": self.dice.choice((1, 125, None)) if failed else 0, "took_ms": 90,
                 "port": None, "status": None,
                 "error": error if failed and self.dice.random() < 0.8 else None, "at": self.at}
            )  # fmt: skip
            if failed and self.dice.random() < 0.4:
                self.made.attempts.append(
                    {"learner_id": self.learner_id, "lesson_id": lesson_id, "task_id": task_id,
                     "passed": False, "missing": ["container.present"], "at": self.at}
                )  # fmt: skip

    def pass_time(self, low: int, high: int) -> None:
        """So many seconds go by, more or less."""
        self.at += timedelta(seconds=self.dice.randint(low, high))

    def keep_newest(self) -> None:
        """As the history does."""
        self.made.history += self.history[-KEPT:]


# The same, counted plainly.


def plain_heat(made: MadeClass) -> dict[tuple[int, str], tuple[int, int]]:
    """Of each lesson that a learner has opened: tasks done, tasks in all."""
    tasks = _by_learner(made.tasks)
    found = {}
    for row in made.lessons:
        asked = asked_in(row)
        done = 0
        for task in tasks[row["learner_id"]]:
            if task["lesson_id"] == row["lesson_id"] and task["task_id"] in asked:
                done += task["done_at"] is not None
        found[row["learner_id"], row["lesson_id"]] = (done, len(asked))
    return found


def asked_in(row: Row) -> list[str]:
    """The tasks of the attempt that this row is about."""
    lesson = real_lessons().get(row["lesson_id"], row["variant"])
    assert lesson is not None
    return [task.id for task in lesson.tasks]


def plain_errors(made: MadeClass) -> dict[str, tuple[int, int]]:
    """Of each error: how many learners met it since they joined, how often."""
    joined = {row["learner_id"]: row["joined_at"] for row in made.members}
    times: Counter[str] = Counter()
    learners: dict[str, set[int]] = {}
    for row in made.history:
        if row["error"] is not None and row["at"] >= joined[row["learner_id"]]:
            times[row["error"]] += 1
            learners.setdefault(row["error"], set()).add(row["learner_id"])
    return {error: (len(learners[error]), times[error]) for error in times}


def plain_lately(made: MadeClass) -> dict[tuple[int, str], tuple[int, int]]:
    """Of each learner and error: how often since they joined, and since their last progress."""
    joined = {row["learner_id"]: row["joined_at"] for row in made.members}
    begun = {learner_id: at[-1] for learner_id, at in _progress(made).items()}
    all_of: Counter[tuple[int, str]] = Counter()
    late: Counter[tuple[int, str]] = Counter()
    for row in made.history:
        learner_id = row["learner_id"]
        if row["error"] is not None and row["at"] >= joined[learner_id]:
            all_of[learner_id, row["error"]] += 1
            late[learner_id, row["error"]] += row["at"] > begun[learner_id]
    return {key: (all_of[key], late[key]) for key in all_of}


def plain_times(made: MadeClass) -> dict[tuple[int, str, str], float]:
    """How long each ticked task took, in seconds, as far as the history reaches back."""
    found: dict[tuple[int, str, str], float] = {}
    tasks, history = _by_learner(made.tasks), _by_learner(made.history)
    for learner_id, progress in _progress(made).items():
        did = [row["at"] for row in history[learner_id]]
        oldest = min(did) if len(did) >= KEPT else None
        ticks = [row for row in tasks[learner_id] if row["done_at"]]
        for row in ticks:
            # In this made-up class those that were ticked together have the very same time.
            together = sum(other["done_at"] == row["done_at"] for other in ticks)
            start = max((at for at in progress if at < row["done_at"]), default=None)
            if start is None or (oldest is not None and start < oldest):
                continue
            key = (learner_id, row["lesson_id"], row["task_id"])
            found[key] = worked([*did, *progress], start, row["done_at"]) / together
    return found


def worked(moments: Sequence[datetime], start: datetime, end: datetime) -> float:
    """The seconds between one moment and the next, gaps of more than ten minutes left out."""
    within = sorted(at for at in moments if start <= at <= end)
    gaps = [(b - a).total_seconds() for a, b in pairwise(within)]
    return sum(gap for gap in gaps if gap <= 600)


def plain_open(made: MadeClass) -> dict[int, tuple[str, str, float, int, int]]:
    """Of each learner with an open task: lesson, task, seconds, commands, failed ones."""
    found = {}
    tasks, history, lessons = (
        _by_learner(rows) for rows in (made.tasks, made.history, made.lessons)
    )
    progress = _progress(made)
    for learner in made.learners:
        learner_id, lesson_id = learner["id"], learner["current_lesson_id"]
        opened = [row for row in lessons[learner_id] if row["lesson_id"] == lesson_id]
        if not opened:
            continue
        done = [
            row["task_id"] for row in tasks[learner_id]
            if row["lesson_id"] == lesson_id and row["done_at"]
        ]  # fmt: skip
        left = [task_id for task_id in asked_in(opened[0]) if task_id not in done]
        if not left:
            continue
        start = progress[learner_id][-1]
        since = [row for row in history[learner_id] if row["at"] > start]
        moments = [start, *(row["at"] for row in since)]
        failed = sum(row["exit_code"] not in (0, None) for row in since)
        seconds = worked(moments, start, max(moments))
        found[learner_id] = (lesson_id, left[0], seconds, len(since), failed)
    return found


def _progress(made: MadeClass) -> dict[int, list[datetime]]:
    """When each learner opened a lesson or ticked a task, in the order of time."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for row in made.lessons:
        found[row["learner_id"]].append(row["opened_at"])
    for row in made.tasks:
        if row["done_at"] is not None:
            found[row["learner_id"]].append(row["done_at"])
    return {learner_id: sorted(at) for learner_id, at in found.items()}


def _by_learner(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["learner_id"]].append(row)
    return found
