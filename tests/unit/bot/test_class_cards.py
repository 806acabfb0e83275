"""Cards of classes: within Discord's limits with the longest of everything, in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from discord import ui

from bot.classroom.assignments import Assignment, Due, MyClass
from bot.classroom.classes import InstructorAct, Member, SchoolClass
from bot.classroom.lessons import LessonDesk
from bot.classroom.library import Library
from bot.classroom.seats import Seating, SeatsPlan
from bot.features.classes import _buttons, _doors
from bot.features.classes._cards import (
    ask_close,
    created_card,
    invitation,
    seats_card,
    setup_card,
)
from bot.features.classes._lists import announcement, assigned_card, roster_card
from bot.features.classes._mine import acts_card, mine_card, reminder_card
from bot.features.lessons import _buttons as lesson_buttons
from bot.features.lessons._sharing import OpenSharedLesson
from bot.features.settings import _buttons as settings_buttons
from bot.texts import Speech
from bot.ui.layout import Card
from db.engine import Database
from lessons.loader import load_catalogue
from sandbox.contract import SeatsView
from tests.factories import NOON
from tests.unit.bot import test_cards
from tests.unit.bot.conftest import FakeClock

OWNER = 2**63 - 1
ODD = "*_`~|@here" * 11
NUMBER = 10**17


@pytest.fixture
def desk() -> LessonDesk:
    """The real lessons, on a database that nobody asks."""
    nowhere = Database.open("sqlite+aiosqlite:////nowhere/docent.sqlite3")
    return LessonDesk(database=nowhere, library=Library(load_catalogue()), clock=FakeClock())


@pytest.fixture(autouse=True)
def _answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers the buttons of these cards."""
    answering = (
        *_buttons.BUTTONS,
        *_doors.DOORS,
        *lesson_buttons.BUTTONS,
        OpenSharedLesson,
        *settings_buttons.BUTTONS,
    )
    monkeypatch.setattr(test_cards, "ANSWERED", answering)


def a_class(number: int = NUMBER, *, role: int | None = OWNER) -> SchoolClass:
    """One with a name that means something to Discord."""
    return SchoolClass(number, OWNER, ODD[:60], OWNER, OWNER, NOON, None, role)


def assigned(desk: LessonDesk, count: int) -> list[Assignment]:
    """So many lessons, over and over."""
    lessons = desk.catalogue.lessons
    return [
        Assignment(n, NUMBER, lessons[n % len(lessons)].id, NOON + timedelta(days=n), NOON)
        for n in range(count)
    ]


def says(card: Card) -> str:
    """All of its text."""
    return test_cards._text(card)


async def test_cards_of_instructors(speech: Speech, desk: LessonDesk) -> None:
    """Each of them fits, and a name stays a name."""
    for card in (
        setup_card(speech, owner=OWNER, role_id=OWNER, zone="America/Argentina/ComodRivadavia"),
        setup_card(speech, owner=OWNER, role_id=None, zone=None),
        created_card(a_class(), speech, owner=OWNER),
        invitation(a_class(), speech),
        invitation(a_class(role=None), speech),
        ask_close(a_class(), speech, owner=OWNER, members=1),
        ask_close(a_class(), speech, owner=OWNER, members=1000),
        assigned_card(a_class(), assigned(desk, 50), desk, speech, owner=OWNER, zone="UTC"),
        assigned_card(a_class(), [], desk, speech, owner=OWNER, zone="UTC"),
        announcement(a_class(), assigned(desk, 50), desk, speech),
    ):
        test_cards.assert_fits(card)
        assert "@here" not in says(card)


@pytest.mark.parametrize("count", [1, 5, 6, 20, 50])
async def test_an_announcement_has_a_button_for_each(
    speech: Speech, desk: LessonDesk, count: int
) -> None:
    """Of what it shows: with its title where they are few, with its number where they are many."""
    shown = assigned(desk, count)
    card = announcement(a_class(), shown, desk, speech)
    test_cards.assert_fits(card)
    buttons = [part for part in card.walk_children() if isinstance(part, ui.Button)]
    lessons = list(dict.fromkeys(each.lesson_id for each in shown[:20]))
    assert [part.custom_id for part in buttons] == [
        f"docent:lesson-open:v1:{lesson}" for lesson in lessons
    ]
    for part, lesson in zip(buttons, lessons, strict=True):
        label = part.label or ""
        assert str(desk.number(lesson)) in label
        assert (label[:40] == desk.titled(lesson, speech.language)[:40]) == (count <= 5)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 1000])
@pytest.mark.parametrize("lessons", [0, 50])
async def test_the_roster(speech: Speech, desk: LessonDesk, count: int, lessons: int) -> None:
    """Any page of any class; a page that is no more is the last one; everybody is on one page."""
    members = [Member(OWNER - n, ODD, "ko", None, NOON) for n in range(count)]
    done = {member.learner_id: {"a": NOON} for member in members}
    now = NOON + timedelta(days=999)
    found = ""
    for page in (*range(-(-count // 15) or 1), 9999):
        card = roster_card(
            a_class(), members, assigned(desk, lessons), done, speech,
            owner=OWNER, page=page, now=now,
        )  # fmt: skip
        test_cards.assert_fits(card)
        if page != 9999:
            found += says(card)
    assert all(found.count(f"<@{member.learner_id}>") == 1 for member in members)
    assert "@here" not in found


async def test_the_roster_says_who_is_late(speech: Speech, desk: LessonDesk) -> None:
    """How much came after it was due, and how much is still to come; in words."""
    tasks = assigned(desk, 3)
    one, two, three = (each.lesson_id for each in tasks)
    members = [Member(n, f"m{n}", "ko", None, NOON - timedelta(days=1)) for n in range(4)]
    after, now = NOON + timedelta(days=1, hours=1), NOON + timedelta(days=1, hours=2)
    done = {
        0: {one: NOON, two: NOON, three: after},
        1: {one: after, two: after},
        2: {one: after},
    }
    card = roster_card(a_class(), members, tasks, done, speech, owner=OWNER, page=0, now=now)
    lines = {n: line for n in range(4) for line in says(card).split("\n") if f"**m{n}**" in line}
    wanted = {0: (0, 0), 1: (2, 0), 2: (1, 1), 3: (0, 2)}
    for number, (late, overdue) in wanted.items():
        line = lines[number]
        assert ("⏰" in line, "⚠️" in line) == (late > 0, overdue > 0)
        assert not late or speech("class.roster.late", n=late) in line
        assert not overdue or speech("class.roster.overdue", n=overdue) in line


@pytest.mark.parametrize("count", [0, 1, 4, 30])
async def test_what_learners_see(speech: Speech, desk: LessonDesk, count: int) -> None:
    """However many classes and acts; an act that this Docent doesn't know is told all the same."""
    mine = [MyClass(a_class(n), assigned(desk, count), frozenset({"images"})) for n in range(count)]
    words = ("removed", "closed", "assigned", "unassigned", "of-a-newer-docent")
    acts = [
        InstructorAct(OWNER, OWNER if n % 2 else None, words[n % 5], ODD * 2, NOON)
        for n in range(count * 16)
    ]
    test_cards.assert_fits(mine_card(mine, acts, desk, speech, owner=OWNER))
    for page in (0, 1, 9999):
        test_cards.assert_fits(acts_card(acts, speech, owner=OWNER, page=page))
    due = Due(NUMBER, NUMBER, ODD[:60], desk.catalogue.lessons[0].id, NOON, NOON, None)
    test_cards.assert_fits(reminder_card(due, desk, speech, owner=OWNER))


@pytest.mark.parametrize("granted", [0, 3, 30])
@pytest.mark.parametrize(
    ("estimate", "minutes"), [(None, None), (0.0, None), (5.0, 1), (5000.0, 83)]
)
async def test_places(
    speech: Speech, granted: int, estimate: float | None, minutes: int | None
) -> None:
    """Later, now, too few: it is said how many are missing, and how long others would wait."""
    plan = SeatsPlan(NUMBER, NOON, NOON + timedelta(hours=1), 30, 30)
    view = SeatsView(
        name="class-1", learners=40, seats=30, granted=granted, taken=1, waiting=2,
        warm_wanted=30, warm_ready=4, until=NOON.timestamp(), queue_estimate_s=estimate,
    )  # fmt: skip
    now = seats_card(Seating(a_class(), plan, 40, view, 50, 10), speech, owner=OWNER)
    later = seats_card(Seating(a_class(), plan, 40, None, 10, 10), speech, owner=OWNER)
    test_cards.assert_fits(now)
    test_cards.assert_fits(later)
    assert ("⚠️" in says(now)) == (granted < 30)
    waits = [
        each for each in range(1, 99) if speech("class.seats.queue", minutes=each) in says(now)
    ]
    assert waits == ([] if minutes is None else [minutes])
    assert "20" in says(later)
    assert "⚠️" in says(later)
