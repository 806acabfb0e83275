"""Who learns here: enrolment, language and the place of each learner's lab."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.together import Together
from bot.texts import Language
from db import learners
from db.engine import Database
from db.errors import DatabaseError
from db.learners import Learner

log = structlog.get_logger(__name__)

LANGUAGES_REMEMBERED: Final = 10_000
SOON_S: Final = 1.0
"""So long the database may take where somebody waits for the answer to be begun."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A learner after enrolment; `new` when this call enrolled them."""

    learner: Learner
    new: bool


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language, and whether the learner chose it themselves."""

    language: Language
    chosen: bool


class Enrol:
    """Enrolment and what is known of a learner before any lesson.

    All methods raise `DatabaseError` when the database can't be used.
    """

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._together = Together(database)
        # Failures must be told in the learner's language even while the database can't be asked.
        self._tongues: OrderedDict[int, _Tongue] = OrderedDict()

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

    async def in_a_lesson(self) -> list[int]:
        """Ids of the learners who have a lesson open."""
        async with self._database.transaction() as session:
            return await learners.in_a_lesson(session)

    async def owner_of_lab(self, channel_id: int) -> Learner | None:
        """The learner whose lab this channel is."""
        async with self._database.transaction() as session:
            learner = await learners.by_lab(session, channel_id)
        if learner is not None:
            self._remember(learner)
        return learner

    async def is_surely_lab_of(self, learner_id: int, channel_id: int) -> bool:
        """Whether this channel is the learner's lab; False when the database does not say soon.

        Discord waits three seconds for an answer that depends on it. Raises nothing.
        """
        try:
            async with asyncio.timeout(SOON_S):
                owner = await self.owner_of_lab(channel_id)
        except (DatabaseError, TimeoutError) as exc:
            log.info("owner_of_lab_unknown", channel=channel_id, error=type(exc).__name__)
            return False
        return owner is not None and owner.id == learner_id

    async def move_lab(self, learner_id: int, channel_id: int | None) -> None:
        """Remember where the learner's lab is; None when it is gone."""
        async with self._database.transaction() as session:
            await learners.set_lab(session, learner_id, channel_id)

    async def choose_language(self, learner_id: int, language: Language, *, name: str) -> None:
        """Speak this language with the learner from now on, whatever their Discord says."""
        async with self._database.transaction() as session:
            await learners.enrol(session, learner_id, language=language, name=name)
            await learners.set_language(session, learner_id, language)
        self._keep(learner_id, _Tongue(language, chosen=True))

    async def follow(self, learner_id: int, language: Language) -> bool:
        """The learner's Discord speaks this language: speak it, unless they chose one.

        True when that changed the language of somebody who is enrolled.
        """
        known = self._tongues.get(learner_id)
        if known is not None and (known.chosen or known.language == language):
            return False

        async def work(session: AsyncSession) -> tuple[Learner, Learner] | None:
            before = await learners.get(session, learner_id)
            if before is None:
                return None
            now, _ = await learners.enrol(session, learner_id, language=language, name=before.name)
            return before, now

        # A whole class may press for the first time in the same second.
        found = await self._together.do(work)
        if found is None:
            return False
        before, now = found
        self._remember(now)
        return now.language != before.language

    def forget(self, learner_id: int) -> None:
        """Ask the database the next time: the learner is gone."""
        self._tongues.pop(learner_id, None)

    def known_language(self, learner_id: int) -> Language | None:
        """The learner's language as far as it is known without asking the database."""
        known = self._tongues.get(learner_id)
        return None if known is None else known.language

    def chosen_language(self, learner_id: int) -> Language | None:
        """The same, but only a language that the learner chose themselves."""
        known = self._tongues.get(learner_id)
        return known.language if known is not None and known.chosen else None

    def _remember(self, learner: Learner) -> None:
        self._keep(learner.id, _Tongue(language_of(learner), learner.language_chosen))

    def _keep(self, learner_id: int, tongue: _Tongue) -> None:
        self._tongues[learner_id] = tongue
        self._tongues.move_to_end(learner_id)
        if len(self._tongues) > LANGUAGES_REMEMBERED:
            self._tongues.popitem(last=False)


def language_of(learner: Learner) -> Language:
    """The language in which the learner is spoken to."""
    return "ko" if learner.language == "ko" else "en"
