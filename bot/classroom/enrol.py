"""Who learns here: enrolment, language and the place of each learner's lab."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from bot.texts import Language
from db import learners
from db.engine import Database
from db.learners import Learner

LANGUAGES_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A learner after enrolment; `new` when this call enrolled them."""

    learner: Learner
    new: bool


class Enrol:
    """Enrolment and what is known of a learner before any lesson.

    All methods raise `DatabaseError` when the database can't be used.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database
        # Failures must be told in the learner's language even while the database can't be asked.
        self._languages: OrderedDict[int, Language] = OrderedDict()

    async def enrol(self, learner_id: int, *, language: Language, name: str) -> Enrolled:
        """Enrol the learner if they are not. A language that they chose before stays."""
        async with self._database.transaction() as session:
            learner, new = await learners.enrol(session, learner_id, language=language, name=name)
        self._remember(learner)
        return Enrolled(learner, new)

    async def learner(self, learner_id: int) -> Learner | None:
        """The learner, or None when they were never enrolled."""
        async with self._database.transaction() as session:
            learner = await learners.get(session, learner_id)
        if learner is not None:
            self._remember(learner)
        return learner

    async def owner_of_lab(self, channel_id: int) -> Learner | None:
        """The learner whose lab this channel is."""
        async with self._database.transaction() as session:
            learner = await learners.by_lab(session, channel_id)
        if learner is not None:
            self._remember(learner)
        return learner

    async def move_lab(self, learner_id: int, channel_id: int | None) -> None:
        """Remember where the learner's lab is; None when it is gone."""
        async with self._database.transaction() as session:
            await learners.set_lab(session, learner_id, channel_id)

    async def choose_language(self, learner_id: int, language: Language, *, name: str) -> None:
        """Speak this language with the learner from now on, whatever their Discord says."""
        async with self._database.transaction() as session:
            await learners.enrol(session, learner_id, language=language, name=name)
            await learners.set_language(session, learner_id, language)
        self._languages[learner_id] = language

    def known_language(self, learner_id: int) -> Language | None:
        """The learner's language as far as it is known without asking the database."""
        return self._languages.get(learner_id)

    def _remember(self, learner: Learner) -> None:
        self._languages[learner.id] = language_of(learner)
        self._languages.move_to_end(learner.id)
        if len(self._languages) > LANGUAGES_REMEMBERED:
            self._languages.popitem(last=False)


def language_of(learner: Learner) -> Language:
    """The language in which the learner is spoken to."""
    return "ko" if learner.language == "ko" else "en"
