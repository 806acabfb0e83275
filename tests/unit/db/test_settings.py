"""What learners chose for themselves."""

from __future__ import annotations

from sqlalchemy import update

from db import settings
from db.engine import Database
from db.models import SettingsRow
from db.settings import LearnerSettings
from tests.unit.db.conftest import MINHO, YUNA


async def test_whoever_chose_nothing_has_the_defaults(database: Database) -> None:
    """Explanations and the card of changes are on until somebody says otherwise."""
    async with database.transaction() as session:
        assert await settings.get(session, YUNA) == LearnerSettings("on", True, False, "dark")


async def test_a_choice_is_kept_and_can_be_changed(database: Database) -> None:
    """The last choice counts, for this learner alone."""
    last = LearnerSettings("off", changes=False, compact=True, pictures="light")
    async with database.transaction() as session:
        await settings.put(session, YUNA, LearnerSettings("errors"))
    async with database.transaction() as session:
        await settings.put(session, YUNA, last)
    async with database.transaction() as session:
        assert await settings.get(session, YUNA) == last
        assert await settings.get(session, MINHO) == LearnerSettings()


async def test_a_word_of_a_newer_docent_means_the_default(database: Database) -> None:
    """Going back a release breaks nobody's chat."""
    async with database.transaction() as session:
        await settings.put(session, YUNA, LearnerSettings("off", compact=True))
        await session.execute(update(SettingsRow).values(explanations="sung", pictures="sepia"))
    async with database.transaction() as session:
        assert await settings.get(session, YUNA) == LearnerSettings("on", compact=True)
