"""What a learner sees of their classes: what is due, and what instructors did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import discord
from discord import ui

from bot.classroom.assignments import Due, MyClass
from bot.classroom.classes import InstructorAct
from bot.classroom.lessons import LessonDesk
from bot.features.classes._cards import name_of, when
from bot.features.classes._lists import due_words, lesson_title, opener_label
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, panel, row, rule, text
from bot.ui.marks import mark
from bot.ui.plain import plain
from bot.ui.shared_buttons import open_lesson
from bot.ui.theme import CALM

CLASSES_SHOWN: Final = 4
LESSONS_SHOWN: Final = 6
"""Of each class; what is due first comes first."""
ACTS_SHOWN: Final = 3
ACTS_ON_A_PAGE: Final = 10
BUTTONS_IN_A_ROW: Final = 4


def mine_card(
    mine: Sequence[MyClass],
    acts: Sequence[InstructorAct],
    desk: LessonDesk,
    speech: Speech,
    *,
    owner: int,
) -> Card:
    """Their classes with what is to do, ways to begin and to leave, and the newest acts."""
    items: list[ui.Item[Card]] = [text(speech("class.mine.title"))]
    if not mine:
        items.append(text(speech("class.mine.none")))
    items += [text("\n".join(_class_lines(each, desk, speech))) for each in mine[:CLASSES_SHOWN]]
    if len(mine) > CLASSES_SHOWN:
        items.append(text(speech("class.more", n=len(mine) - CLASSES_SHOWN)))
    openers = list(_openers(mine, desk, speech, owner))
    if openers:
        items.append(row(*openers))
    if mine:
        items += [rule(), row(_leave(mine, speech, owner))]
    items += _newest_acts(acts, speech, owner)
    return Card(panel(*items, colour=CALM))


def acts_card(acts: Sequence[InstructorAct], speech: Speech, *, owner: int, page: int) -> Card:
    """A page of what instructors did that touched this learner, newest first."""
    pages = max(1, -(-len(acts) // ACTS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = acts[page * ACTS_ON_A_PAGE : (page + 1) * ACTS_ON_A_PAGE]
    lines = [speech("class.acts.title"), *(_act_line(act, speech) for act in shown)]
    if not shown:
        lines.append(speech("class.acts.none"))
    buttons = row(
        button("◀", _acts(owner, page - 1), disabled=page == 0),
        button(f"{page + 1} / {pages}", _acts(owner, page, "now")),
        button("▶", _acts(owner, page + 1), disabled=page + 1 >= pages),
        button(speech("class.acts.back"), custom_id("class-mine", owner)),
    )
    return Card(panel(text("\n".join(lines)), buttons, colour=CALM))


def reminder_card(due: Due, desk: LessonDesk, speech: Speech, *, owner: int) -> Card:
    """By direct message: what is due soon, and a way to begin."""
    words = speech(
        "class.reminder",
        lesson=lesson_title(due.lesson_id, desk, speech),
        left=when(due.due_at, "R"),
        at=when(due.due_at, "f"),
        name=plain(due.class_name, most=60),
    )
    start = open_lesson(speech("class.reminder.open"), owner, due.lesson_id)
    return Card(panel(text(words), row(start), colour=CALM))


def _class_lines(mine: MyClass, desk: LessonDesk, speech: Speech) -> Iterator[str]:
    yield f"### {name_of(mine.school_class)}"
    if not mine.assignments:
        yield speech("class.nothing_assigned")
    # What is done goes to the end: a card shows the first of them.
    ordered = sorted(mine.assignments, key=lambda each: each.lesson_id in mine.finished)
    for each in ordered[:LESSONS_SHOWN]:
        sign = mark(done=each.lesson_id in mine.finished)
        yield f"{sign} {lesson_title(each.lesson_id, desk, speech)} — {due_words(each, speech)}"
    if len(ordered) > LESSONS_SHOWN:
        yield speech("class.more", n=len(ordered) - LESSONS_SHOWN)


def _openers(
    mine: Sequence[MyClass], desk: LessonDesk, speech: Speech, owner: int
) -> Iterator[ui.Button[Card]]:
    """Buttons for what is to be done next, over all classes."""
    to_do = [each for one in mine for each in one.assignments if each.lesson_id not in one.finished]
    to_do.sort(key=lambda each: (each.due_at is None, each.due_at or each.changed_at))
    wanted = dict.fromkeys(each.lesson_id for each in to_do)
    for lesson_id in list(wanted)[:BUTTONS_IN_A_ROW]:
        yield open_lesson(opener_label(lesson_id, desk, speech), owner, lesson_id)


def _leave(mine: Sequence[MyClass], speech: Speech, owner: int) -> ui.Select[Card]:
    return ui.Select(
        custom_id=custom_id("class-quit", owner),
        placeholder=speech("class.mine.leave"),
        options=[
            discord.SelectOption(
                label=each.school_class.name[:100], value=str(each.school_class.id)
            )
            for each in mine[:25]
        ],
    )


def _newest_acts(
    acts: Sequence[InstructorAct], speech: Speech, owner: int
) -> Iterator[ui.Item[Card]]:
    if not acts:
        return
    lines = [f"**{speech('class.acts.title_short')}**"]
    lines += [_act_line(act, speech) for act in acts[:ACTS_SHOWN]]
    yield text("\n".join(lines))
    yield row(button(speech("class.acts.all"), _acts(owner, 0)))


def _act_line(act: InstructorAct, speech: Speech) -> str:
    """What happened; an act of a newer Docent is told by its word."""
    who = speech("class.acts.somebody") if act.instructor_id is None else f"<@{act.instructor_id}>"
    key, detail = f"class.act.{act.act}", plain(act.detail, most=100)
    if key in speech:
        said = speech(key, who=who, detail=detail)
    else:
        said = speech("class.acts.other", who=who, act=plain(act.act), detail=detail)
    return f"- {when(act.at, 'f')} {said}"


def _acts(owner: int, page: int, which: str = "go") -> str:
    return custom_id("class-acts", owner, str(max(page, 0)), which)
