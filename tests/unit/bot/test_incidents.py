"""Incidents: faults that are drawn, a clock, hints that cost, and nothing given away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import discord
import pytest

from bot.classroom.open_lessons import OpenLesson
from bot.features.lessons._card import lesson_card
from bot.features.lessons._results import check_result, finished, solution_card
from bot.features.progress._card import progress_card
from bot.texts import Language, Texts
from bot.ui.layout import Card
from bot.wiring import build_classroom
from db.engine import Database
from lessons.container_checks import ContainerHas
from lessons.model import Faults, Lesson, LessonText, Step, StepText, Task, TaskText
from sandbox.contract import ContainerFact
from tests.factories import (
    make_catalogue,
    make_database_url,
    make_lesson,
    make_lesson_text,
)
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.unit.bot.conftest import YUNA, FakeClock, Room

ENGLISH: Language = "en"


def fault(name: str) -> Task:
    """Repaired when a container of this name runs."""
    return Task(name, (ContainerHas.from_fields({"name": name, "status": "running"}),))


def night(at_once: int = 2) -> Lesson:
    """Rules, then two of four faults and a task that every attempt has."""
    catalogue = tuple(fault(name) for name in ("disk", "env", "port", "volume"))
    repair = Step("repair", (fault("page"),), setup="break", faults=Faults(at_once, catalogue))
    return make_lesson("night", steps=(Step("rules", ()), repair)).at(0)


def text_of(lesson: Lesson) -> LessonText:
    """Words for each fault, drawn or not."""
    tasks = {
        task.id: TaskText(
            f"Alert {task.id}",
            ("Look here.", "Use that."),
            f"Mend {task.id}" if lesson.is_fault(task) else None,
        )
        for task in lesson.every_task
    }
    steps = {
        "rules": StepText("Rules", "Be quick.", None),
        "repair": StepText("Repair", "Find it.", "Look at the page."),
    }
    return replace(make_lesson_text(lesson), steps=steps, tasks=tasks)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """A classroom with the incident alone."""
    sandboxes, clock = FakeSandboxes(), FakeClock()
    sandboxes.known.add(str(YUNA))
    lesson = night()
    texts = dict.fromkeys([("night", "ko"), ("night", "en")], text_of(lesson))
    catalogue = replace(make_catalogue(lesson), texts=texts)
    async with Database.open(make_database_url(tmp_path)) as database:
        classroom = build_classroom(
            database=database, sandboxes=sandboxes, catalogue=catalogue, clock=clock
        )
        await classroom.enrol.enrol(YUNA, language="en", name="Yuna")
        yield Room(classroom, database, sandboxes, clock)


def engine_has(room: Room, *names: str) -> None:
    """These containers run in Yuna's engine."""
    containers: list[ContainerFact] = [make_container(name) for name in names]
    room.sandboxes.set_facts(str(YUNA), make_facts(containers=containers))


async def begin(room: Room) -> OpenLesson:
    """Yuna reads the rules and turns to what is broken."""
    await room.classroom.lessons.open(YUNA, "night")
    return await room.classroom.lessons.turn_to(YUNA, "night", "repair")


async def repair_all(room: Room, at: OpenLesson) -> OpenLesson:
    """Everything runs, and is seen to."""
    engine_has(room, *(task.id for task in at.lesson.tasks))
    outcome = await room.classroom.checking.check(YUNA)
    assert outcome is not None
    assert outcome.finished_now
    return outcome.at


def words(card: Card) -> str:
    """All that a card says."""
    parts = card.walk_children()
    return "\n".join(part.content for part in parts if isinstance(part, discord.ui.TextDisplay))


def test_an_attempt_has_as_many_faults_as_the_lesson_says() -> None:
    """And the tasks that every attempt has, after them."""
    lesson = night()
    for variant in range(20):
        drawn = lesson.at(variant)
        assert [task.id for task in drawn.tasks] == [*drawn.broken, "page"]
        assert len(drawn.broken) == 2
        assert drawn.values["faults"] == " ".join(drawn.broken)
    assert len({lesson.at(variant).broken for variant in range(64)}) == 6
    every = [task.id for task in lesson.at(3).every_task]
    assert every == ["disk", "env", "port", "volume", "page"]


def test_faults_can_be_chosen_instead_of_drawn() -> None:
    """For somebody who gives the same to two learners; nothing else of the attempt changes."""
    drawn = night().at(5)
    chosen = drawn.with_faults(["volume"])
    assert ([task.id for task in chosen.tasks], chosen.variant) == (["volume", "page"], 5)
    assert [task.id for task in drawn.with_faults([]).tasks] == ["page"]


async def test_the_clock_starts_where_things_are_broken(room: Room) -> None:
    """Reading the rules costs nothing, and turning back and forth sets no clock back."""
    rules = await room.classroom.lessons.open(YUNA, "night")
    first = await begin(room)
    again = await begin(room)
    assert rules.clock_at is None
    assert first.clock_at is not None
    assert again.clock_at == first.clock_at


async def test_an_attempt_that_is_over_has_a_score_and_the_best_one_stays(room: Room) -> None:
    """Time and hints count; the next attempt begins with neither, and can't lower the best."""
    at = await begin(room)
    over = await repair_all(room, at)
    assert over.score is not None
    assert (over.score.hints, over.score.points, over.best_score) == (0, 1000, 1000)

    anew = await room.classroom.lessons.begin_anew(YUNA, "night")
    assert (anew.clock_at, anew.score, anew.best_score) == (None, None, 1000)
    at = await begin(room)
    await room.classroom.lessons.hint(YUNA, "night", "repair", ENGLISH)
    worse = await repair_all(room, at)
    assert worse.score is not None
    assert (worse.score.hints, worse.score.points, worse.best_score) == (1, 950, 1000)
    (row,) = await room.classroom.lessons.rows(YUNA)
    assert (row.best_score, row.tasks_done) == (1000, 3)


async def test_a_solution_counts_as_all_hints_of_its_fault(room: Room) -> None:
    """Once, however often it is looked at; the other faults cost nothing."""
    at = await begin(room)
    await room.classroom.lessons.hint(YUNA, "night", "repair", ENGLISH)
    for _ in range(2):
        after = await room.classroom.lessons.reveal(YUNA, at, ENGLISH)
    assert after.hints == {at.lesson.broken[0]: 2}
    assert after.hints_taken == 2


async def test_where_nothing_is_timed_a_solution_costs_nothing(room: Room) -> None:
    """Ordinary lessons don't count what is read."""
    at = await begin(room)
    step = replace(at.step, faults=None)
    plain = replace(at, lesson=replace(at.lesson, steps=(at.lesson.steps[0], step)))
    assert await room.classroom.lessons.reveal(YUNA, plain, ENGLISH) == plain


async def test_what_is_wrong_is_not_news(room: Room) -> None:
    """A command that has changed something else must not be answered by the cause of a fault."""
    at = await begin(room)
    first, second = at.lesson.broken
    room.sandboxes.set_facts(
        str(YUNA), make_facts(containers=[make_container(first, status="exited")])
    )
    outcome = await room.classroom.checking.check(YUNA)
    assert outcome is not None
    assert outcome.news is None
    assert {judged.task.id for judged in outcome.open_verdicts} == {first, second, "page"}


async def test_the_check_tells_no_cause_until_all_hints_are_taken(room: Room, texts: Texts) -> None:
    """It says what is still open; whoever has paid for the hints reads the rest as well."""
    speech = texts.for_language(ENGLISH)
    at = await begin(room)
    first, second = at.lesson.broken
    desk = room.classroom.lessons

    async def said() -> str:
        outcome = await room.classroom.checking.check(YUNA)
        assert outcome is not None
        prose = desk.text(at.lesson, ENGLISH)
        return words(check_result(outcome, prose, speech))

    before = await said()
    for _ in range(2):
        await desk.hint(YUNA, "night", "repair", ENGLISH)
    after = await said()
    for name in (first, second, "page"):
        assert f"Alert {name}" in before
    assert f"`{first}`" not in before
    assert f"`{first}`" in after
    assert f"`{second}`" not in after


async def test_the_card_shows_the_clock_and_the_hints(room: Room, texts: Texts) -> None:
    """Discord counts the time by itself; at the end the points take its place."""
    speech, desk = texts.for_language(ENGLISH), room.classroom.lessons
    at = await begin(room)
    await desk.hint(YUNA, "night", "repair", ENGLISH)
    at = await begin(room)
    assert at.clock_at is not None
    running = words(lesson_card(at, desk, speech, owner=YUNA))
    assert f"<t:{at.clock_at.timestamp():.0f}:R>" in running
    assert "hints taken: 1" in running

    over = await repair_all(room, at)
    shown = words(lesson_card(over, desk, speech, owner=YUNA))
    assert "950 points" in shown
    assert "<t:" not in shown


async def test_the_end_says_how_the_score_comes_about(room: Room, texts: Texts) -> None:
    """Nobody has to guess; /progress keeps the best."""
    speech, desk = texts.for_language(ENGLISH), room.classroom.lessons
    at = await begin(room)
    await desk.hint(YUNA, "night", "repair", ENGLISH)
    over = await repair_all(room, at)
    said = words(finished(over, desk.text(over.lesson, ENGLISH), desk, speech, owner=YUNA))
    assert "950 points" in said
    assert "1000 − 0 for the time, 0 min − 50 for hints, 1 taken = **950 points**" in said

    overview = await room.classroom.progress.overview(YUNA)
    shown = words(progress_card(overview, desk, speech, owner=YUNA, name="Yuna"))
    assert "best: 950 points" in shown


async def test_a_solution_is_that_of_the_first_open_fault(room: Room, texts: Texts) -> None:
    """One at a time, so that nobody reads more than they asked for."""
    speech, desk = texts.for_language(ENGLISH), room.classroom.lessons
    at = await begin(room)
    first, second = at.lesson.broken
    prose = desk.text(at.lesson, ENGLISH)

    def shown(*done: str) -> str:
        return words(solution_card(replace(at, done=frozenset(done)), prose, speech))

    assert (f"Mend {first}" in shown(), f"Mend {second}" in shown()) == (True, False)
    assert f"Mend {second}" in shown(first)
    assert "Look at the page." in shown(first, second)
