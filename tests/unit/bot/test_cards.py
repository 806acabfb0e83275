"""Every card that a lesson can show fits what Discord takes, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import discord
import pytest

from bot.classroom.checking import Outcome
from bot.classroom.lessons import Hint, LessonDesk
from bot.classroom.library import Library
from bot.classroom.open_lessons import OpenLesson
from bot.classroom.progress import Overview
from bot.features.ask import _buttons as ask_buttons
from bot.features.changes import _buttons as changes_buttons
from bot.features.files import _buttons as file_buttons
from bot.features.lessons import _buttons, _results
from bot.features.lessons._card import lesson_card, moved_card
from bot.features.lessons._lists import lesson_list
from bot.features.lessons._sharing import OpenSharedLesson, shared_card
from bot.features.privacy import _buttons as privacy_buttons
from bot.features.progress._card import progress_card
from bot.features.settings import _buttons as settings_buttons
from bot.features.visit._cog import VisitButton
from bot.features.welcome import _buttons as welcome_buttons
from bot.features.welcome import _cards as welcome_cards
from bot.features.welcome._lab import NEEDED
from bot.texts import Speech, Texts
from bot.ui.actions import Action, Choice, OpenAction
from bot.ui.layout import Card
from db.engine import Database
from lessons.checks import judge
from lessons.facts import EngineFacts, Situation
from lessons.judging import TaskVerdict
from lessons.loader import load_catalogue
from lessons.model import Lesson
from lessons.scoring import Score
from tests.factories import NOON, make_catalogue, make_lesson
from tests.unit.bot.conftest import FakeClock

OWNER = 2**63 - 1  # the longest id that there can be
NOWHERE = "sqlite+aiosqlite:////nowhere/docent.sqlite3"
LONGEST_NAME = "*" * 32

ANSWERED: tuple[type[Action | Choice | OpenAction], ...] = (
    *_buttons.BUTTONS,
    *ask_buttons.BUTTONS,
    *welcome_buttons.BUTTONS,
    *settings_buttons.BUTTONS,
    *privacy_buttons.BUTTONS,
    *changes_buttons.BUTTONS,
    _buttons.LessonSelect,
    OpenSharedLesson,
    *file_buttons.BUTTONS,
    VisitButton,
)


@pytest.fixture
def desk() -> LessonDesk:
    """The real lessons, on a database that nobody asks."""
    nowhere = Database.open(NOWHERE)
    return LessonDesk(database=nowhere, library=Library(load_catalogue()), clock=FakeClock())


def assert_fits(card: Card) -> None:
    """What Discord refuses: too much text, too many parts, long or repeated custom ids."""
    parts = list(card.walk_children())
    texts = [part.content for part in parts if isinstance(part, discord.ui.TextDisplay)]
    assert sum(map(len, texts)) <= 4000
    assert all(texts)
    assert len(parts) <= 40
    custom_ids = list(_custom_ids(parts))
    assert all(len(custom_id) <= 100 for custom_id in custom_ids)
    assert len(custom_ids) == len(set(custom_ids))
    labels = [part.label or "" for part in parts if isinstance(part, discord.ui.Button)]
    assert all(1 <= len(label) <= 80 for label in labels)
    for custom_id in custom_ids:
        patterns = [item.__discord_ui_compiled_template__ for item in ANSWERED]
        answering = [pattern for pattern in patterns if pattern.fullmatch(custom_id)]
        assert len(answering) == 1, custom_id


async def test_the_list_names_every_lesson_that_there_is(desk: LessonDesk, speech: Speech) -> None:
    """What each is for may be left out; its name may not."""
    rows = [desk.row(lesson, None) for lesson in desk.catalogue.lessons]

    listed = lesson_list(rows, desk, speech, owner=OWNER)

    assert_fits(listed)
    missing = [row.lesson.id for row in rows if f"**{row.number}. " not in _text(listed)]
    assert missing == []


def _text(card: Card) -> str:
    parts = card.walk_children()
    return "\n".join(part.content for part in parts if isinstance(part, discord.ui.TextDisplay))


def _custom_ids(parts: list[discord.ui.Item[Card]]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, discord.ui.Button | discord.ui.Select) and part.custom_id is not None:
            yield part.custom_id


def views(desk: LessonDesk) -> Iterator[OpenLesson]:
    """Every step of every lesson, untouched and done."""
    for lesson in desk.catalogue.lessons:
        everything = frozenset(task.id for task in lesson.tasks)
        for index in range(len(lesson.steps)):
            for done in (frozenset[str](), everything):
                yield OpenLesson(lesson, index, done, finished=bool(done), card=None)
                if lesson.faults is not None:
                    yield from _timed(lesson, index, done)


def _timed(lesson: Lesson, index: int, done: frozenset[str]) -> Iterator[OpenLesson]:
    """Attempts against the clock that drew others, with all hints taken; over, when all is done."""
    for variant in range(8):
        drawn = lesson.at(variant)
        yield OpenLesson(
            drawn,
            index,
            done and frozenset(task.id for task in drawn.tasks),
            finished=bool(done),
            card=None,
            hints=dict.fromkeys((task.id for task in drawn.tasks), 9),
            clock_at=NOON,
            score=Score(9_999, 54) if done else None,
            best_score=1_000,
        )


async def test_every_step_of_every_lesson_fits(desk: LessonDesk, speech: Speech) -> None:
    """No card of a lesson is refused, and each of its buttons is answered by exactly one."""
    for at in views(desk):
        assert_fits(lesson_card(at, desk, speech, owner=OWNER))


async def test_every_lesson_can_be_shared(desk: LessonDesk, speech: Speech) -> None:
    """With its number, its title and one button."""
    for lesson in desk.catalogue.lessons:
        card = shared_card(lesson, desk, speech)
        assert_fits(card)
        assert desk.titled(lesson.id, speech.language) in _text(card)
        assert list(_custom_ids(list(card.walk_children()))) == [
            f"docent:lesson-open:v1:{lesson.id}"
        ]


async def test_every_answer_about_a_step_fits(desk: LessonDesk, speech: Speech) -> None:
    """Results of checks, ticks, news, solutions and endings can all be shown."""
    for at in views(desk):
        prose = desk.text(at.lesson, speech.language)
        untouched = Situation(EngineFacts())
        verdicts = tuple(TaskVerdict(task, judge(task, untouched)) for task in at.step.tasks)
        outcome = Outcome(at, at.step.tasks, verdicts, None, finished_now=False)
        assert_fits(_results.check_result(outcome, prose, speech))
        if at.step.tasks:
            assert_fits(_results.ticked(outcome, prose, speech, owner=OWNER))
            assert_fits(_results.news(verdicts[0], prose, speech))
        assert_fits(_results.ask_solution(at, speech, owner=OWNER))
        assert_fits(_results.solution_card(at, prose, speech))
        assert_fits(_results.finished(at, prose, desk, speech, owner=OWNER))


async def test_every_hint_fits(desk: LessonDesk, speech: Speech) -> None:
    """Each hint of each task can be shown."""
    for lesson in desk.catalogue.lessons:
        prose = desk.text(lesson, speech.language)
        for task_id, task in prose.tasks.items():
            for number, hint in enumerate(task.hints, start=1):
                shown = Hint(task_id, task.title, number, len(task.hints), hint)
                assert_fits(_results.hint_card(shown, speech))


@pytest.mark.parametrize("count", [1, 25, 60])
async def test_lists_fit_however_many_lessons_there_are(speech: Speech, count: int) -> None:
    """The list and the progress of one, some and sixty lessons are cards that Discord takes."""
    lessons = [make_lesson(f"lesson-{n:02}", order=n) for n in range(count)]
    nowhere = Database.open(NOWHERE)
    catalogue = make_catalogue(*lessons)
    desk = LessonDesk(database=nowhere, library=Library(catalogue), clock=FakeClock())
    rows = [desk.row(lesson, None) for lesson in catalogue.lessons]

    assert_fits(lesson_list(rows, desk, speech, owner=OWNER))
    overview = Overview(rows, current_id=None)
    assert_fits(progress_card(overview, desk, speech, owner=OWNER, name=LONGEST_NAME))


async def test_the_cards_at_the_door_fit(texts: Texts, speech: Speech) -> None:
    """Welcome, help and questions can be shown to the person with the oddest name."""
    name = LONGEST_NAME
    assert_fits(
        welcome_cards.welcome(speech, owner=OWNER, name=name, first_lesson="first-container")
    )
    assert_fits(welcome_cards.welcome(speech, owner=OWNER, name=name, first_lesson=None))
    assert_fits(welcome_cards.no_lab_here(speech, owner=OWNER, missing=NEEDED))
    assert_fits(welcome_cards.no_lab_here(speech, owner=OWNER, missing=()))
    assert_fits(welcome_cards.ask_language(texts, speech, owner=OWNER))
    assert_fits(welcome_cards.ask_reset(speech, owner=OWNER))
    assert_fits(welcome_cards.help_card(speech))
    assert_fits(moved_card(name, speech, url="https://discord.com/channels/1/2/3"))
    url = "https://discord.com/channels/1/2"
    assert_fits(welcome_cards.lab_ready(speech, lab=name, url=url))
    offer = "welcome.button.here_dm"
    there = welcome_cards.lab_there(speech, owner=OWNER, lab=name, url=url, offer=offer)
    assert_fits(there)


async def test_a_card_is_not_kept_in_memory() -> None:
    """A card that was sent costs nothing: it has ended before it is sent."""
    assert Card().is_finished()
