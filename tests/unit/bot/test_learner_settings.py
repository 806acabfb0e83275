"""What learners chose for themselves, as features ask for it."""

from __future__ import annotations

from pytest_mock import MockerFixture

from bot.classroom.settings import LearnerSettings, SettingsBook
from db import settings
from db.engine import Database
from tests.unit.bot.conftest import YUNA, Room


async def test_one_choice_leaves_the_others(room: Room) -> None:
    """Each button changes its own setting; another bot reads all of them from the database."""
    book = room.classroom.settings

    await book.change(YUNA, language="ko", name="Yuna", explanations="errors")
    await book.change(YUNA, language="ko", name="Yuna", changes=False)
    await book.change(YUNA, language="ko", name="Yuna", compact=True)
    await book.change(YUNA, language="ko", name="Yuna", pictures="light")

    wanted = LearnerSettings("errors", changes=False, compact=True, pictures="light")
    assert await book.of(YUNA) == wanted
    assert await SettingsBook(database=room.database).of(YUNA) == wanted


async def test_asking_again_asks_the_database_nothing(room: Room, mocker: MockerFixture) -> None:
    """Every command asks for the settings of its learner; only the first one waits for them."""
    transactions = mocker.spy(Database, "transaction")

    await room.classroom.settings.of(YUNA)
    await room.classroom.settings.of(YUNA)

    assert transactions.call_count == 1


async def test_a_choice_made_while_somebody_asks_counts(room: Room, mocker: MockerFixture) -> None:
    """An answer that was on its way when the learner chose does not undo the choice."""
    book = room.classroom.settings
    get = settings.get

    async def slow(session: object, learner_id: int) -> LearnerSettings:
        mocker.stop(patched)
        before = await get(session, learner_id)  # type: ignore[arg-type] # passed on
        book._keep(learner_id, LearnerSettings("off"))
        return before

    patched = mocker.patch.object(settings, "get", slow)

    assert await book.of(YUNA) == LearnerSettings("off")
    assert await book.of(YUNA) == LearnerSettings("off")


async def test_choosing_enrols(room: Room) -> None:
    """/settings works before /start."""
    await room.classroom.settings.change(5, language="en", name="Newcomer", compact=True)

    learner = await room.classroom.enrol.learner(5)
    assert learner is not None
    assert (learner.language, learner.language_chosen) == ("en", False)


async def test_choosing_keeps_the_name(room: Room) -> None:
    """Who is enrolled already stays as they are."""
    await room.classroom.settings.change(YUNA, language="en", name="Other", compact=True)

    learner = await room.classroom.enrol.learner(YUNA)
    assert learner is not None
    assert (learner.name, learner.language) == ("Yuna", "ko")


async def test_what_is_forgotten_is_asked_for_again(room: Room) -> None:
    """Whoever's data are deleted has the defaults again, at once."""
    book = room.classroom.settings
    await book.change(YUNA, language="ko", name="Yuna", compact=True)
    async with room.database.transaction() as session:
        await settings.put(session, YUNA, LearnerSettings())

    book.forget(YUNA)

    assert await book.of(YUNA) == LearnerSettings()
    assert book.known(5) == LearnerSettings()
