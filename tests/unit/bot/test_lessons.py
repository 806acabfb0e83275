"""Finding, opening and reading lessons."""

from __future__ import annotations

import pytest

from bot.classroom.open_lessons import CardPlace
from bot.errors import LearnerError
from tests.unit.bot.conftest import YUNA, Room


@pytest.mark.parametrize("typed", ["second", "2", "second (ko)", " SECOND ", "secnd"])
async def test_a_lesson_is_found_by_what_people_type(room: Room, typed: str) -> None:
    """Its id, its number, its title, a part of it or a slip of the finger will do."""
    assert room.classroom.lessons.find(typed, "ko").id == "second"


@pytest.mark.parametrize("typed", ["쿠버네티스", "0", "99", "🐳", "x" * 4000])
async def test_an_unknown_lesson_is_said_to_be_unknown(room: Room, typed: str) -> None:
    """A name that fits nothing opens nothing, and is repeated in short."""
    with pytest.raises(LearnerError) as caught:
        room.classroom.lessons.find(typed, "ko")

    assert caught.value.key in {"lesson.unknown", "lesson.unknown_at_all"}
    assert len(str(caught.value.values["name"])) <= 60


async def test_a_near_miss_names_the_nearest(room: Room) -> None:
    """A doubtful name gets suggestions instead of a guess."""
    with pytest.raises(LearnerError) as caught:
        room.classroom.lessons.find("a simple thing (ko)", "ko")

    assert caught.value.key == "lesson.unknown"
    assert "sample (ko)" in str(caught.value.values["nearest"])


async def test_suggestions_follow_what_is_typed(room: Room) -> None:
    """Nothing typed shows all lessons in order; a few letters put the nearest first."""
    desk = room.classroom.lessons

    assert [lesson.id for lesson in desk.suggest("", "ko")] == ["sample", "second"]
    assert desk.suggest("sec", "ko")[0].id == "second"


async def test_a_lesson_opens_where_it_was_left(room: Room) -> None:
    """Leaving a lesson and coming back shows the step that was open."""
    desk = room.classroom.lessons
    await desk.open(YUNA, "sample")
    await desk.turn_to(YUNA, "sample", "last")
    await desk.open(YUNA, "second")

    again = await desk.open(YUNA, "sample")

    assert again.step.id == "last"


async def test_who_went_on_meanwhile_is_not_turned_back(room: Room) -> None:
    """What a check knows of the card is older than what the learner did with it."""
    desk = room.classroom.lessons
    checked = await desk.open(YUNA, "sample")
    await desk.turn_to(YUNA, "sample", "last")

    now = await desk.as_it_stands(YUNA, checked)

    assert (checked.step.id == "last", now.step.id) == (False, "last")


async def test_a_step_that_is_no_more_opens_the_first(room: Room) -> None:
    """A card made before a step was renamed still works."""
    opened = await room.classroom.lessons.turn_to(YUNA, "sample", "renamed-since")

    assert opened.index == 0


async def test_a_lesson_that_was_removed_is_named_so(room: Room) -> None:
    """A card of a lesson that is gone says so instead of failing."""
    with pytest.raises(LearnerError) as caught:
        await room.classroom.lessons.turn_to(YUNA, "removed", "first")

    assert caught.value.key == "lesson.gone"


async def test_the_place_of_the_card_is_remembered(room: Room) -> None:
    """After a restart the bot still knows which message to keep up to date."""
    await room.classroom.lessons.open(YUNA, "sample")
    assert await room.classroom.lessons.place_card(YUNA, "sample", CardPlace(5, 6)) is None
    again = await room.classroom.lessons.place_card(YUNA, "sample", CardPlace(5, 6))
    assert again is None

    current = await room.classroom.lessons.current(YUNA)

    assert current is not None
    assert current.card == CardPlace(5, 6)
    moved = await room.classroom.lessons.place_card(YUNA, "sample", CardPlace(5, 7))
    assert moved == CardPlace(5, 6)


async def test_hints_come_one_at_a_time(room: Room) -> None:
    """Each press shows the next hint; after the last one it stays the last."""
    hints = [await room.classroom.lessons.hint(YUNA, "sample", "first", "ko") for _ in range(3)]

    assert [(hint.number, hint.total) for hint in hints] == [(1, 2), (2, 2), (2, 2)]
    assert [hint.text for hint in hints] == ["Look here.", "Use that.", "Use that."]


async def test_a_step_without_tasks_has_no_hint(room: Room) -> None:
    """Where nothing is asked there is nothing to give away."""
    with pytest.raises(LearnerError) as caught:
        await room.classroom.lessons.hint(YUNA, "sample", "last", "ko")

    assert caught.value.key == "lesson.hint.all_done"


async def test_the_next_lesson_is_the_next_in_order(room: Room) -> None:
    """The way on from the last lesson leads nowhere."""
    following = room.classroom.lessons.after("sample")

    assert following is not None
    assert following.id == "second"
    assert room.classroom.lessons.after("second") is None
