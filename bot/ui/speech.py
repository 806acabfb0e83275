"""In which language a person is spoken to."""

from __future__ import annotations

import discord

from bot.classroom.enrol import Enrol
from bot.texts import LANGUAGES, Language, Speech, Texts, language_of_locale

DEFAULT_LANGUAGE: Language = "ko"
"""For messages of people whose language we know nothing about: Docent is Korean first."""


class Speeches:
    """Finds the texts for a person: the language they chose, else that of their Discord."""

    def __init__(self, *, texts: Texts, enrol: Enrol) -> None:
        self._texts = texts
        self._enrol = enrol

    def in_language(self, language: Language) -> Speech:
        """The texts of this language."""
        return self._texts.for_language(language)

    async def to(self, interaction: discord.Interaction[discord.Client]) -> Speech:
        """The texts for the person who did this; raises `DatabaseError`."""
        if self._enrol.known_language(interaction.user.id) is None:
            await self._enrol.learner(interaction.user.id)
        return self.at_once_to(interaction)

    def at_once_to(self, interaction: discord.Interaction[discord.Client]) -> Speech:
        """The same without asking the database: for failures and for autocomplete."""
        chosen = self._enrol.chosen_language(interaction.user.id)
        return self.in_language(chosen or language_of_locale(str(interaction.locale)))

    def at_once_to_learner(self, learner_id: int) -> Speech:
        """The texts for a learner of whom only the id is at hand."""
        return self.in_language(self._enrol.known_language(learner_id) or DEFAULT_LANGUAGE)

    def for_failure(self, learner_id: int) -> tuple[Speech, ...]:
        """The texts in which to tell of a failure: all of them, when the language is unknown.

        That happens when the database can't be asked, and is no moment to guess.
        """
        known = self._enrol.known_language(learner_id)
        return tuple(self.in_language(language) for language in ([known] if known else LANGUAGES))

    async def to_learner(self, learner_id: int) -> Speech:
        """The texts for a learner of whom only the id is at hand; raises `DatabaseError`."""
        if self._enrol.known_language(learner_id) is None:
            await self._enrol.learner(learner_id)
        return self.at_once_to_learner(learner_id)
