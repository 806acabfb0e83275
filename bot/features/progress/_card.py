"""What /progress looks like."""

from __future__ import annotations

from typing import Final

from discord import ui

from bot.classroom.lessons import LessonDesk
from bot.classroom.open_lessons import LessonRow
from bot.classroom.progress import Overview
from bot.pictures.alt import LONGEST_ALT, told
from bot.pictures.progress_board import LessonLine, earned
from bot.texts import Speech
from bot.ui.layout import Card, Drawn, drawn, panel, row, rule, text
from bot.ui.marks import bar, lesson_mark
from bot.ui.plain import plain
from bot.ui.shared_buttons import open_lesson
from bot.ui.theme import CALM

LONGEST_LIST: Final = 3_500
"""Letters; a card may have 4,000 in all."""


FILE: Final = "progress.png"


def progress_card(
    overview: Overview,
    desk: LessonDesk,
    speech: Speech,
    *,
    owner: int,
    name: str,
    png: bytes | None = None,
    due: int = 0,
) -> Card:
    """Every lesson with its bar, the sum of all, and the way on; `png` is the same as a picture.

    `due` questions are to be practised again.
    """
    total = _total(overview, speech)
    streak = _streak(overview, speech)
    title = f"{speech('progress.title', name=plain(name))}\n-# {total}\n-# {streak}"
    made = [] if png is None else [Drawn(FILE, png, progress_words(overview, desk, speech))]
    parts: list[ui.Item[Card]] = [
        text(title),
        *map(drawn, made),
        rule(),
        text(_list(overview, desk, speech)),
    ]
    if due:
        parts.append(text(speech("practice.progress", n=due)))
    wanted = _next(overview)
    if wanted is not None:
        title = desk.text(wanted.lesson, speech.language).title
        key = "progress.continue" if wanted.opened else "lesson.list.open"
        parts.append(row(open_lesson(speech(key, title=title), owner, wanted.lesson.id)))
    return Card(panel(*parts, colour=CALM), pictures=made)


def lesson_lines(overview: Overview, desk: LessonDesk, speech: Speech) -> list[LessonLine]:
    """Every lesson as the picture shows it."""
    return [
        LessonLine(
            number=entry.number,
            title=desk.text(entry.lesson, speech.language).title,
            done=entry.tasks_done,
            total=len(entry.lesson.tasks),
            finished=entry.finished,
            here=entry.lesson.id == overview.current_id,
        )
        for entry in overview.rows
    ]


def progress_words(overview: Overview, desk: LessonDesk, speech: Speech) -> str:
    """What the picture shows, for those who can't see it: lessons begun, since the rest is open."""
    badges = earned(overview)
    names = ", ".join(speech(f"progress.badge.{badge}") for badge in badges)
    first = [
        f"{_total(overview, speech)}. {_streak(overview, speech)}.",
        speech("progress.alt.badges", names=names) if names else speech("progress.alt.no_badges"),
    ]
    rest = [
        speech(
            "progress.alt.lesson",
            number=line.number,
            title=line.title,
            done=line.done,
            total=line.total,
        )
        for line in lesson_lines(overview, desk, speech)
        if line.done or line.finished
    ]
    return told(first, rest, speech, most=LONGEST_ALT)


def _total(overview: Overview, speech: Speech) -> str:
    return speech(
        "progress.total",
        finished=overview.lessons_finished,
        lessons=len(overview.rows),
        done=overview.tasks_done,
        total=overview.tasks_total,
    )


def _streak(overview: Overview, speech: Speech) -> str:
    return speech(
        "progress.streak",
        current=overview.streak.current,
        longest=overview.streak.longest,
        badges=len(earned(overview)),
        all=len(overview.badges),
    )


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
