"""Enrolment and language."""

from __future__ import annotations

from pytest_mock import MockerFixture

from db.engine import Database
from tests.unit.bot.conftest import YUNA, Room


async def test_enrolling_twice_changes_nothing(room: Room) -> None:
    """A second /start finds the same learner with the same lab."""
    await room.classroom.enrol.move_lab(YUNA, 77)

    again = await room.classroom.enrol.enrol(YUNA, language="ko", name="Yuna")

    assert not again.new
    assert again.learner.lab_id == 77


async def test_a_chosen_language_outlives_another_locale(room: Room) -> None:
    """Whoever chose English is spoken to in English, even from a Korean Discord."""
    await room.classroom.enrol.choose_language(YUNA, "en", name="Yuna")

    await room.classroom.enrol.enrol(YUNA, language="ko", name="Yuna")

    assert room.classroom.enrol.known_language(YUNA) == "en"


async def test_a_language_follows_discord_until_it_is_chosen(room: Room) -> None:
    """Yuna began with a Korean Discord; it speaks English now, and so do we, until she chooses."""
    enrol = room.classroom.enrol

    assert await enrol.follow(YUNA, "en")
    assert enrol.known_language(YUNA) == "en"
    assert not await enrol.follow(YUNA, "en")

    await enrol.choose_language(YUNA, "ko", name="Yuna")
    assert not await enrol.follow(YUNA, "en")
    assert enrol.chosen_language(YUNA) == "ko"


async def test_the_same_language_again_asks_the_database_nothing(
    room: Room, mocker: MockerFixture
) -> None:
    """Every press of a button comes with a language; only a new one costs a transaction."""
    transactions = mocker.spy(Database, "transaction")

    await room.classroom.enrol.follow(YUNA, "ko")
    assert transactions.call_count == 0

    await room.classroom.enrol.follow(YUNA, "en")
    assert transactions.call_count == 1


async def test_following_enrols_nobody(room: Room) -> None:
    """A press on a button is no enrolment."""
    assert not await room.classroom.enrol.follow(5, "en")

    assert await room.classroom.enrol.learner(5) is None


async def test_the_owner_of_a_lab_is_found(room: Room) -> None:
    """What is typed in a lab belongs to its learner."""
    await room.classroom.enrol.move_lab(YUNA, 77)

    owner = await room.classroom.enrol.owner_of_lab(77)

    assert owner is not None
    assert owner.id == YUNA
    assert await room.classroom.enrol.owner_of_lab(78) is None


async def test_choosing_a_language_enrols(room: Room) -> None:
    """/language works before /start."""
    await room.classroom.enrol.choose_language(5, "en", name="Newcomer")

    learner = await room.classroom.enrol.learner(5)

    assert learner is not None
    assert (learner.language, learner.language_chosen) == ("en", True)
