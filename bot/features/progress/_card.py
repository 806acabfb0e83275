"""What /progress looks like."""

from __future__ import annotations

from typing import Final

from discord import ui

from bot.classroom.lessons import LessonDesk, LessonRow
from bot.classroom.progress import Overview
from bot.texts import Speech
from bot.ui.layout import Card, panel, row, rule, text
from bot.ui.marks import bar, lesson_mark
from bot.ui.plain import plain
from bot.ui.shared_buttons import open_lesson
from bot.ui.theme import CALM

LONGEST_LIST: Final = 3_600
"""Letters; a card may have 4,000 in all."""


def progress_card(
    overview: Overview, desk: LessonDesk, speech: Speech, *, owner: int, name: str
) -> Card:
    """Every lesson with its bar, the sum of all, and the way on."""
    total = speech(
        "progress.total",
        finished=overview.lessons_finished,
        lessons=len(overview.rows),
        done=overview.tasks_done,
        total=overview.tasks_total,
    )
    parts: list[ui.Item[Card]] = [
        text(f"{speech('progress.title', name=plain(name))}\n-# {total}"),
        rule(),
        text(_list(overview, desk, speech)),
    ]
    wanted = _next(overview)
    if wanted is not None:
        title = desk.text(wanted.lesson, speech.language).title
        key = "progress.continue" if wanted.opened else "lesson.list.open"
        parts.append(row(open_lesson(speech(key, title=title), owner, wanted.lesson.id)))
    return Card(panel(*parts, colour=CALM))


def _list(overview: Overview, desk: LessonDesk, speech: Speech) -> str:
    if not any(entry.opened for entry in overview.rows):
        return speech("progress.none")
    text_so_far = ""
    for entry in overview.rows:
        line = _line(entry, overview.current_id, desk, speech)
        if len(text_so_far) + len(line) > LONGEST_LIST:
            return text_so_far + "…"
        text_so_far += line + "\n"
    return text_so_far.rstrip()


def _line(entry: LessonRow, current_id: str | None, desk: LessonDesk, speech: Speech) -> str:
    total = len(entry.lesson.tasks)
    line = speech(
        "progress.row",
        mark=lesson_mark(opened=entry.opened, finished=entry.finished),
        number=entry.number,
        title=desk.text(entry.lesson, speech.language).title,
        here="" if entry.finished or entry.lesson.id != current_id else speech("progress.here"),
        bar=bar(entry.tasks_done, total),
        done=entry.tasks_done,
        total=total,
    )
    if entry.best_score is None:
        return line
    return f"{line} · {speech('progress.best', best=entry.best_score)}"


def _next(overview: Overview) -> LessonRow | None:
    """The lesson to go on with: the current one, else the first that is not finished."""
    current = [entry for entry in overview.rows if entry.lesson.id == overview.current_id]
    candidates = [*current, *overview.rows]
    return next((entry for entry in candidates if not entry.finished), None)
