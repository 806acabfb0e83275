"""A report as CSV: learners × lessons, tasks, errors, and who may need help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.classreport.help import NeedsHelp, Reason, Refused, SameError
from bot.classreport.report import Report
from bot.classreport.words import Titles, duration, error_message
from bot.classreport.work import TaskFigures
from bot.tables import Cell, csv_bytes
from bot.texts import Speech
from db.classreport import LessonState

PROGRESS: Final = (
    "learner_id", "learner", "number", "lesson", "done", "total", "percent", "opened_at",
    "finished_at", "minutes", "best_score", "due_at", "late",
)  # fmt: skip
TASKS: Final = (
    "number", "lesson", "task", "done_by", "open_by", "measured", "median", "lower", "upper",
    "refused", "hints",
)  # fmt: skip
ERRORS: Final = ("error", "message", "learners", "times")
HELP: Final = (
    "learner_id", "learner", "number", "lesson", "task", "since", "last_at", "minutes", "commands",
    "failed", "reasons",
)  # fmt: skip


def report_files(report: Report, names: Titles, say: Speech) -> dict[str, bytes]:
    """The tables by the names of their files, in this order."""
    tables = {
        "progress": (PROGRESS, _progress(report, names, say)),
        "tasks": (TASKS, _tasks(report, names)),
        "errors": (ERRORS, _errors(report, say)),
        "help": (HELP, _help(report, names, say)),
    }
    return {
        f"{key}.csv": csv_bytes([say(f"class_report.csv.{name}") for name in header], rows)
        for key, (header, rows) in tables.items()
    }


def _progress(report: Report, names: Titles, say: Speech) -> Iterator[Sequence[Cell]]:
    worked = _worked(report)
    states = {(state.learner_id, state.lesson_id): state for state in report.lessons}
    for row in report.heat.rows:
        for lesson_id, cell in zip(report.heat.lesson_ids, row.cells, strict=True):
            key = (row.learner_id, lesson_id)
            state, late = states.get(key), report.late.get(key)
            yield (
                _id(row.learner_id),
                row.name,
                names.number(lesson_id),
                names.lesson(lesson_id),
                cell.done,
                cell.total,
                round(cell.share * 100),
                *_moments(state),
                _minutes(worked.get(key)),
                None if state is None else state.best_score,
                _moment(report.due.get(lesson_id)),
                None if late is None else say(f"class_report.csv.late.{late}"),
            )


def _tasks(report: Report, names: Titles) -> Iterator[Sequence[Cell]]:
    for task in report.tasks:
        key = (task.lesson_id, task.task_id)
        yield (
            names.number(task.lesson_id),
            names.lesson(task.lesson_id),
            names.task(key),
            task.done,
            task.still_open,
            *_spread(task),
            task.refused,
            task.hints,
        )


def _errors(report: Report, say: Speech) -> Iterator[Sequence[Cell]]:
    for each in report.errors:
        yield each.error, error_message(each.error, say), each.learners, each.times


def _help(report: Report, names: Titles, say: Speech) -> Iterator[Sequence[Cell]]:
    for one in report.needs_help:
        task = one.task
        yield (
            _id(task.learner_id),
            one.pupil.name,
            names.number(task.lesson_id),
            names.lesson(task.lesson_id),
            names.task(task.key),
            _moment(task.since),
            _moment(one.pupil.last_at),
            _minutes(task.work_s),
            task.commands,
            task.failed,
            " ".join(_reasons(one, say)),
        )


def reason_words(reason: Reason, say: Speech, *, quoted: Callable[[str], str] = str) -> str:
    """Why somebody may need help, in one sentence; `quoted` is how an error stands in it."""
    match reason:
        case SameError():
            return say(
                "class_report.help.same_error",
                times=reason.times,
                error=quoted(error_message(reason.error, say)),
            )
        case Refused():
            return say("class_report.help.refused", times=reason.times)
    values = {
        "time": duration(reason.work_s, say),
        "commands": reason.commands,
        "failed": reason.failed,
    }
    if reason.median_s is None:
        return say("class_report.help.stuck", **values)
    median = duration(reason.median_s, say)
    return say("class_report.help.stuck_median", **values, median=median)


def _reasons(one: NeedsHelp, say: Speech) -> Iterator[str]:
    yield from (reason_words(reason, say).removeprefix("- ") for reason in one.reasons)


def _worked(report: Report) -> Mapping[tuple[int, str], float]:
    """How long each learner worked on the tasks of a lesson that they have done."""
    found: dict[tuple[int, str], float] = {}
    for time in report.times:
        key = (time.learner_id, time.lesson_id)
        found[key] = found.get(key, 0) + time.seconds
    return found


def _moments(state: LessonState | None) -> tuple[Cell, Cell]:
    return (None, None) if state is None else (_moment(state.opened_at), _moment(state.finished_at))


def _spread(task: TaskFigures) -> tuple[Cell, Cell, Cell, Cell]:
    if task.time is None:
        return 0, None, None, None
    low, median, high = task.time.quartiles
    return task.time.count, _minutes(median), _minutes(low), _minutes(high)


def _minutes(seconds: float | None) -> Cell:
    return None if seconds is None else round(seconds / 60, 1)


def _moment(at: datetime | None) -> Cell:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def _id(learner_id: int) -> str:
    # As a number a spreadsheet would round it off.
    return f"#{learner_id}"
