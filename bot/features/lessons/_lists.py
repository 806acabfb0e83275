"""The list of lessons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.classroom.lessons import LessonDesk
from bot.classroom.open_lessons import LessonRow
from bot.features.lessons import _ids
from bot.texts import Speech
from bot.ui.layout import Card, panel, row, text
from bot.ui.marks import lesson_mark
from bot.ui.shared_buttons import open_lesson
from bot.ui.theme import CALM

MOST_OPTIONS: Final = 25
"""Discord shows no more in a select."""

LONGEST_LIST: Final = 3_600
"""Letters; a card may have 4,000 in all."""


def lesson_list(rows: Sequence[LessonRow], desk: LessonDesk, speech: Speech, *, owner: int) -> Card:
    """All lessons (there is at least one) with how far the learner is, and ways to open them."""
    wanted = _wanted(rows, desk)
    lines = "\n".join(_line(entry, desk, speech) for entry in rows)
    if len(lines) > LONGEST_LIST:  # what each is for is said of the one to go on with
        lines = "\n".join(_line(entry, desk, speech, whole=entry == wanted) for entry in rows)
    parts: list[ui.Item[Card]] = [
        text(speech("lesson.list.title")),
        text(_within(lines.split("\n"), LONGEST_LIST)),
    ]
    title = desk.text(wanted.lesson, speech.language).title
    label = speech("lesson.list.open", title=title)
    parts.append(row(open_lesson(label, owner, wanted.lesson.id)))
    if len(rows) > 1:
        parts.append(row(_select(rows, desk, speech, owner)))
    return Card(panel(*parts, colour=CALM))


def _wanted(rows: Sequence[LessonRow], desk: LessonDesk) -> LessonRow:
    """The lesson to go on with; for a newcomer the one that lessons begin with."""
    if not any(entry.opened for entry in rows):
        start = desk.catalogue.start
        return next((entry for entry in rows if entry.lesson == start), rows[0])
    return next((entry for entry in rows if not entry.finished), rows[0])


def _mark(entry: LessonRow) -> str:
    return lesson_mark(opened=entry.opened, finished=entry.finished)


def _line(entry: LessonRow, desk: LessonDesk, speech: Speech, *, whole: bool = True) -> str:
    prose = desk.text(entry.lesson, speech.language)
    return speech(
        "lesson.list.row" if whole else "lesson.list.short",
        mark=_mark(entry),
        number=entry.number,
        title=prose.title,
        goal=" ".join(prose.goal.split()),
        minutes=entry.lesson.minutes,
        done=entry.tasks_done,
        total=len(entry.lesson.tasks),
    )


def _name(entry: LessonRow, desk: LessonDesk, speech: Speech) -> str:
    return f"{entry.number}. {desk.text(entry.lesson, speech.language).title}"


def _within(lines: Sequence[str], longest: int) -> str:
    shown: list[str] = []
    for line in lines:
        if sum(len(s) + 1 for s in shown) + len(line) > longest:
            shown.append("…")
            break
        shown.append(line)
    return "\n".join(shown)


def _select(
    rows: Sequence[LessonRow], desk: LessonDesk, speech: Speech, owner: int
) -> ui.Select[Card]:
    options = [
        discord.SelectOption(
            label=_name(entry, desk, speech)[:100],
            value=entry.lesson.id,
            emoji=_mark(entry),
        )
        for entry in rows[:MOST_OPTIONS]
    ]
    return ui.Select(
        custom_id=_ids.pick(owner), placeholder=speech("lesson.list.select"), options=options
    )
