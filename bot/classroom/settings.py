"""What learners chose for themselves, remembered so that every command may ask for it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Final

from bot.texts import Language
from db import learners, settings
from db.engine import Database
from db.settings import EXPLANATIONS, Background, Explanations, LearnerSettings

__all__ = ["EXPLANATIONS", "Background", "Explanations", "LearnerSettings", "SettingsBook"]

LEARNERS_REMEMBERED: Final = 10_000


class SettingsBook:
    """Settings of learners. Methods raise `DatabaseError` when the database can't be used."""

    def __init__(self, *, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[int, LearnerSettings] = OrderedDict()

    async def of(self, learner_id: int) -> LearnerSettings:
        """What the learner chose, else the defaults; asks the database the first time only."""
        known = self._known.get(learner_id)
        if known is not None:
            self._known.move_to_end(learner_id)
            return known
        async with self._database.transaction() as session:
            found = await settings.get(session, learner_id)
        # What was changed while we asked is newer than what we were told.
        return self._known.get(learner_id) or self._keep(learner_id, found)

    def known(self, learner_id: int) -> LearnerSettings:
        """The same as far as it is known without asking the database, else the defaults."""
        return self._known.get(learner_id, LearnerSettings())

    async def change(
        self,
        learner_id: int,
        *,
        language: Language,
        name: str,
        explanations: Explanations | None = None,
        changes: bool | None = None,
        compact: bool | None = None,
        pictures: Background | None = None,
        zone: str | None = None,
    ) -> LearnerSettings:
        """Choose what is given, keep the rest; all of it as it is then. `zone` has been checked.

        Somebody who was never enrolled is, with this language and name.
        """
        given = {
            "explanations": explanations,
            "changes": changes,
            "compact": compact,
            "pictures": pictures,
            "zone": zone,
        }
        wanted = {key: value for key, value in given.items() if value is not None}
        async with self._database.transaction() as session:
            if await learners.get(session, learner_id) is None:
                await learners.enrol(session, learner_id, language=language, name=name)
            chosen = replace(await settings.get(session, learner_id), **wanted)  # type: ignore[arg-type] # by name
            await settings.put(session, learner_id, chosen)
        return self._keep(learner_id, chosen)

    def forget(self, learner_id: int) -> None:
        """Ask the database the next time: what was chosen is gone."""
        self._known.pop(learner_id, None)

    def _keep(self, learner_id: int, chosen: LearnerSettings) -> LearnerSettings:
        self._known[learner_id] = chosen
        self._known.move_to_end(learner_id)
        if len(self._known) > LEARNERS_REMEMBERED:
            self._known.popitem(last=False)
        return chosen
