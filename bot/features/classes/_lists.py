"""Lists that instructors see: who is in a class, what it has to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import discord
from discord import ui

from bot.classroom.assignments import Assignment
from bot.classroom.classes import Member, SchoolClass
from bot.classroom.lessons import LessonDesk
from bot.features.classes._cards import name_of, when
from bot.schedule.lateness import lateness
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, panel, row, text
from bot.ui.plain import plain
from bot.ui.shared_buttons import open_lesson_for_all
from bot.ui.theme import CALM, DONE

ON_A_PAGE: Final = 15
LONGEST_MEMBER: Final = 32
MOST_SHOWN: Final = 20
"""Assignments on a card; each is two lines on a phone."""
LONGEST_LABEL: Final = 48
IN_A_ROW: Final = 5


def roster_card(
    school_class: SchoolClass,
    members: Sequence[Member],
    assigned: Sequence[Assignment],
    finished: Mapping[int, Mapping[str, datetime]],
    speech: Speech,
    *,
    owner: int,
    page: int,
    now: datetime,
) -> Card:
    """A page of who is in the class, with how much of what is assigned they did, and how late."""
    pages = max(1, -(-len(members) // ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = members[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    lines = [speech("class.roster.title", name=name_of(school_class), n=len(members))]
    for number, member in enumerate(shown, start=page * ON_A_PAGE + 1):
        values = {
            "number": number,
            "name": plain(member.name, most=LONGEST_MEMBER),
            "who": f"<@{member.learner_id}>",
            "joined": when(member.joined_at, "d"),
        }
        done = finished.get(member.learner_id, {})
        key = "class.roster.row" if assigned else "class.roster.short"
        line = speech(key, **values, **_of_assigned(len(done), assigned))
        lines.append(" · ".join([line, *_late(member, assigned, done, speech, now)]))
    lines.append(speech("class.roster.empty" if not members else "class.roster.private"))
    buttons = [
        button("◀", _page(owner, school_class, page - 1), disabled=page == 0),
        button(f"{page + 1} / {pages}", _page(owner, school_class, page, "now")),
        button("▶", _page(owner, school_class, page + 1), disabled=page + 1 >= pages),
    ]
    return Card(panel(text("\n".join(lines)), row(*buttons), colour=CALM))


def assigned_card(
    school_class: SchoolClass,
    assigned: Sequence[Assignment],
    desk: LessonDesk,
    speech: Speech,
    *,
    owner: int,
    zone: str,
) -> Card:
    """For the instructor: all that the class has to do, and whether to tell it in the channel."""
    lines = [speech("class.assigned", name=name_of(school_class))]
    lines += assignment_lines(assigned, desk, speech)
    lines.append(speech("class.assigned.zone", zone=f"`{zone}`"))
    tell = button(
        speech("class.button.announce"),
        custom_id("class-post", owner, str(school_class.id), "tasks"),
        style=discord.ButtonStyle.primary,
        emoji="📣",
    )
    return Card(panel(text("\n".join(lines)), row(tell), colour=DONE))


def announcement(
    school_class: SchoolClass, assigned: Sequence[Assignment], desk: LessonDesk, speech: Speech
) -> Card:
    """For everybody in a channel: what the class has to do, and ways to begin."""
    lines = [speech("class.announcement", name=name_of(school_class))]
    lines += assignment_lines(assigned, desk, speech)
    lines.append(speech("class.announcement.note"))
    openers = list(_openers(assigned, desk, speech))
    rows = [row(*openers[at : at + IN_A_ROW]) for at in range(0, len(openers), IN_A_ROW)]
    return Card(panel(text("\n".join(lines)), *rows, colour=CALM))


def assignment_lines(
    assigned: Sequence[Assignment], desk: LessonDesk, speech: Speech
) -> Iterator[str]:
    """A line for each, as many as a card can show."""
    if not assigned:
        yield speech("class.nothing_assigned")
    for each in assigned[:MOST_SHOWN]:
        yield f"- {lesson_title(each.lesson_id, desk, speech)} — {due_words(each, speech)}"
    if len(assigned) > MOST_SHOWN:
        yield speech("class.more", n=len(assigned) - MOST_SHOWN)


def lesson_title(lesson_id: str, desk: LessonDesk, speech: Speech) -> str:
    """`**3. Images**`; the lesson is in the catalogue."""
    return f"**{desk.titled(lesson_id, speech.language)}**"


def opener_label(lesson_id: str, desk: LessonDesk, speech: Speech) -> str:
    """What a button says that opens the lesson, short enough for a phone."""
    label = desk.titled(lesson_id, speech.language)
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"


def due_words(assignment: Assignment, speech: Speech) -> str:
    """Until when."""
    due = assignment.due_at
    if due is None:
        return speech("class.no_due")
    return speech("class.due", at=when(due, "f"), left=when(due, "R"))


def _openers(
    assigned: Sequence[Assignment], desk: LessonDesk, speech: Speech
) -> Iterator[ui.Button[Card]]:
    """A button for each lesson that is shown; where they are many, with its number alone."""
    wanted = dict.fromkeys(each.lesson_id for each in assigned[:MOST_SHOWN])
    for lesson_id in wanted:
        if len(wanted) <= IN_A_ROW:
            label = opener_label(lesson_id, desk, speech)
        else:
            label = speech("class.announcement.open", number=desk.number(lesson_id))
        yield open_lesson_for_all(label, lesson_id, style=discord.ButtonStyle.secondary)


def _late(
    member: Member,
    assigned: Sequence[Assignment],
    finished: Mapping[str, datetime],
    speech: Speech,
    now: datetime,
) -> Iterator[str]:
    """How many lessons came late, and how many are still to come; nothing for who is in time."""
    counts = Counter(
        lateness(each.due_at, finished.get(each.lesson_id), joined_at=member.joined_at, now=now)
        for each in assigned
    )
    for how in ("late", "overdue"):
        if counts[how]:
            yield speech(f"class.roster.{how}", n=counts[how])


def _page(owner: int, school_class: SchoolClass, page: int, which: str = "go") -> str:
    return custom_id("class-roster", owner, str(school_class.id), str(max(page, 0)), which)


def _of_assigned(done: int, assigned: Sequence[Assignment]) -> dict[str, int]:
    return {"done": done, "total": len(assigned)} if assigned else {}
