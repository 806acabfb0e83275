"""Reports and boards stay within Discord's limits, whoever is in the class and however many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.classreport.help import NeedsHelp, Quiet, Refused, SameError, Stuck
from bot.classreport.now import ClassNow, OnTask, TaskNow
from bot.classreport.open import OpenTask
from bot.classreport.report import ErrorFigures, Report, build
from bot.classreport.rows import Rows
from bot.classreport.words import titles
from bot.classreport.work import Spread, TaskFigures
from bot.classroom.boards import EnginesNow
from bot.features.class_board import _buttons as board_buttons
from bot.features.class_board._card import (
    ask_channel,
    board_card,
    closed_card,
    ended_card,
    explanation_card,
    quiz_title,
    thread_name,
)
from bot.features.class_report import _buttons as report_buttons
from bot.features.class_report._card import report_card
from bot.features.class_report._ids import SECTIONS
from bot.features.class_report._pages import page_of
from bot.terminal.error_help import ALL_IDS
from bot.texts import Speech
from bot.ui.layout import Card
from db.boards import HandUp
from db.classreport import ErrorNow, LessonState, Pupil
from db.working_time import Mark
from lessons.model import Catalogue
from tests.factories import NOON
from tests.made_class import NAMES, real_lessons
from tests.unit.bot.pictures.engines import HOSTILE

OWNER = 2**63 - 1
CLASS = 10**17
ANSWERED = (*report_buttons.BUTTONS, *board_buttons.BUTTONS)
EVERY_NAME = (*NAMES, *HOSTILE, "*_`~|" * 20, "한" * 100)
LONGEST_QUIZ = 200
LONGEST_CLASS = "*수업_이름" * 10


def assert_fits(card: Card) -> None:
    """Discord takes it, and every button is answered by exactly one class."""
    parts = list(card.walk_children())
    shown = [part.content for part in parts if isinstance(part, discord.ui.TextDisplay)]
    assert sum(map(len, shown)) <= 4000
    assert all(shown)
    assert len(parts) <= 40
    ids = [
        part.custom_id
        for part in parts
        if isinstance(part, discord.ui.Button | discord.ui.ChannelSelect)
    ]
    assert all(each is not None and len(each) <= 100 for each in ids)
    assert len(set(ids)) == len(ids)
    patterns = [item.__discord_ui_compiled_template__ for item in ANSWERED]
    for each in ids:
        assert len([p for p in patterns if p.fullmatch(each or "")]) == 1, each
    labels = [part.label or "" for part in parts if isinstance(part, discord.ui.Button)]
    assert all(0 < len(label) <= 38 for label in labels)
    for item in (
        i for part in parts if isinstance(part, discord.ui.MediaGallery) for i in part.items
    ):
        assert 1 <= len(item.description or "") <= 1024


def big_report(count: int, catalogue: Catalogue, names: Sequence[str] = EVERY_NAME) -> Report:
    """A class where everybody has every reason, has met everything, and is away."""
    pupils = [
        Pupil(2**60 + n, names[n % len(names)], NOON, "incident-night", NOON, None)
        for n in range(count)
    ]
    rows = Rows(
        pupils=pupils,
        lessons=[
            LessonState(each.learner_id, lesson.id, 0, NOON, None, 999)
            for each in pupils[:3]
            for lesson in catalogue.lessons
        ],
        marks=[Mark(each.learner_id, "opened", "cli", "", NOON, 0, 0, 0) for each in pupils],
    )
    reasons = (Stuck(10**6, 500, 500, 10.0**6), SameError("name_taken", 500), Refused(500))
    last = catalogue.lessons[-1]
    key = (last.id, last.every_task[0].id)
    task = OpenTask(1, *key, NOON, 10**6, 500, 500, 500, {})
    return replace(
        build(rows, catalogue, NOON + timedelta(days=400)),
        needs_help=tuple(NeedsHelp(each, task, reasons) for each in pupils),
        quiet=tuple(Quiet(each, "away") for each in pupils),
        errors=tuple(ErrorFigures(each, 300, 10**6) for each in ALL_IDS) if count else (),
        tasks=tuple(
            TaskFigures(lesson.id, each.id, 9, 9, 9, 9, Spread((1.0, 10.0**6)))
            for lesson in catalogue.lessons
            for each in lesson.every_task
        )
        if count
        else (),
    )


@pytest.mark.parametrize("count", [0, 1, 60, 300])
def test_reports_fit(speech: Speech, count: int) -> None:
    """Every page of every section; a page that is gone means the last one."""
    catalogue = real_lessons()
    report, names = big_report(count, catalogue), titles(catalogue, speech)
    for section in SECTIONS:
        pages = page_of(report, section, 0, LONGEST_CLASS, names, speech).count
        assert pages < 999
        for number in {0, pages // 2, pages - 1, 999}:
            page = page_of(report, section, number, LONGEST_CLASS, names, speech)
            assert page.number == min(number, pages - 1)
            for png in (b"png", None):
                drawn = png if page.layout is not None else None
                card = report_card(
                    report, page, section, drawn, speech,
                    name=LONGEST_CLASS, class_id=CLASS, owner=OWNER, theme="light",
                )  # fmt: skip
                assert_fits(card)


@pytest.mark.parametrize("name", ["*" * 100, "[x](`_" * 20, "<@1>" * 25, "🐳" * 100])
def test_who_needs_help_fits_whatever_they_are_called(speech: Speech, name: str) -> None:
    """Marks are escaped, which makes them longer; each is on exactly one page, in their order."""
    catalogue = real_lessons()
    names = titles(catalogue, speech)
    lesson_id, task_id = max(names.tasks, key=lambda key: len(names.task(key)))
    report = big_report(40, catalogue, [f"{n:02}{name}" for n in range(40)])
    longest = tuple(
        replace(each, task=replace(each.task, lesson_id=lesson_id, task_id=task_id))
        for each in report.needs_help
    )
    report = replace(report, needs_help=longest)
    shown, number, count = "", 0, 1
    while number < count:
        page = page_of(report, "help", number, LONGEST_CLASS, names, speech)
        card = report_card(
            report, page, "help", None, speech,
            name=LONGEST_CLASS, class_id=CLASS, owner=OWNER, theme="light",
        )  # fmt: skip
        assert_fits(card)
        shown += page.below
        number, count = number + 1, page.count
    places = [shown.index(f"**{n:02}") for n in range(40)]
    assert places == sorted(places)
    assert sum(shown.count(f"**{n:02}") for n in range(40)) == 40


def test_titles_show_no_marks_of_code(speech: Speech) -> None:
    """A picture and a table would show them as they are."""
    names = titles(real_lessons(), speech)
    assert not [title for title in (*names.lessons.values(), *names.tasks.values()) if "`" in title]
    assert "pwd" in " ".join(names.tasks.values())


@pytest.mark.parametrize("count", [0, 1, 300])
def test_boards_fit(speech: Speech, count: int) -> None:
    """With everybody at work on every task, and every error at once."""
    catalogue = real_lessons()
    tasks = tuple(
        TaskNow(
            lesson.id,
            task.id,
            tuple(
                OnTask(n, EVERY_NAME[n % len(EVERY_NAME)], NOON, long=True) for n in range(count)
            ),
        )
        for lesson in catalogue.lessons
        for task in lesson.every_task
        if count
    )
    errors = tuple(ErrorNow(each, 300, 10**6) for each in ALL_IDS) if count else ()
    hands = tuple(HandUp(name, NOON, n % 2 == 0) for n, name in enumerate(EVERY_NAME))
    hands = hands if count else ()
    now = ClassNow(300, count, tasks, EVERY_NAME * bool(count), 300, errors, hands)
    names = titles(catalogue, speech)
    for engines in (None, EnginesNow(500, 500, 999)):
        assert_fits(
            board_card(
                now, engines, names, speech,
                class_id=CLASS, name=LONGEST_CLASS, until=NOON, asked_about=lambda error: [error],
            )
        )  # fmt: skip
    assert_fits(
        ended_card(now, names, speech, class_id=CLASS, name=LONGEST_CLASS, at=NOON)
    )  # fmt: skip
    assert_fits(closed_card(LONGEST_CLASS, speech))


def test_every_error_can_be_posted(speech: Speech) -> None:
    """Its explanation, its thread, the title of its quiz, and the question where."""
    for error in ALL_IDS:
        assert_fits(explanation_card(error, speech))
        assert 1 <= len(thread_name(error, speech)) <= 100
        assert 1 <= len(quiz_title(error, speech)) <= LONGEST_QUIZ
        assert_fits(ask_channel(speech, owner=OWNER, class_id=CLASS, deed="say", error=error))
    assert_fits(ask_channel(speech, owner=OWNER, class_id=CLASS, deed="open"))
