"""/lesson, and the checks that run by themselves after commands and page looks."""

from __future__ import annotations

import discord
import structlog
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.classroom.checking import Outcome
from bot.classroom.commands import CommandEnded
from bot.features.lessons import _lists, _results, _table
from bot.features.lessons._answers import read_answer
from bot.features.lessons._buttons import take_answer
from bot.features.lessons._opening import open_for
from bot.features.lessons._sharing import share_lesson
from bot.on_error import as_learner_error, report_bug
from bot.ui.destination import Destination, InteractionDestination
from bot.ui.home import at_home
from bot.ui.layout import note
from bot.ui.lesson_option import suggest_lessons

log = structlog.get_logger(__name__)


class Lessons(commands.Cog):
    """Opens lessons and keeps their cards true."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._turns = bot.aftermath

    @app_commands.command(
        name=locale_str("lesson", key="command.lesson.name"),
        description=locale_str("List the lessons, or open one", key="command.lesson.description"),
    )
    @app_commands.rename(
        lesson=locale_str("name", key="command.lesson.lesson.name"),
        share=locale_str("share", key="command.lesson.share.name"),
    )
    @app_commands.describe(
        lesson=locale_str(
            "Number or name of a lesson; leave it empty to see them all",
            key="command.lesson.lesson.description",
        ),
        share=locale_str(
            "Post it here, so that everybody can open it in their own lab",
            key="command.lesson.share.description",
        ),
    )
    @app_commands.autocomplete(lesson=suggest_lessons)
    async def lesson(
        self,
        interaction: discord.Interaction[DocentBot],
        lesson: str | None = None,
        share: bool = False,
    ) -> None:
        """Open a lesson, share it, or list them all."""
        if share:
            await share_lesson(self._bot, interaction, lesson)
            return
        if lesson is None or not lesson.strip():
            await interaction.response.defer(ephemeral=True, thinking=True)
            await self._list(interaction)
            return
        # Looked for first: that there is no such lesson is for this person's eyes only.
        language = self._bot.speeches.at_once_to(interaction).language
        found = self._bot.classroom.lessons.find(lesson, language)
        await interaction.response.defer(ephemeral=not await at_home(interaction), thinking=True)
        await open_for(self._bot, interaction, found.id)

    @commands.Cog.listener()
    async def on_command_ended(self, ended: CommandEnded, destination: Destination) -> None:
        """A command is over and shown: see whether it did a task."""
        await self._check(ended.learner_id, destination)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[DocentBot]) -> None:
        """A form with an answer comes back."""
        answered = read_answer(interaction)
        if answered is None:
            return
        try:
            await take_answer(self._bot, interaction, answered)
        except Exception as error:  # noqa: BLE001 - the boundary of this form
            await self._bot.boundary.interaction_failed(interaction, error)

    @commands.Cog.listener()
    async def on_page_seen(self, learner_id: int, destination: Destination) -> None:
        """A page was looked at: see whether that did a task."""
        await self._check(learner_id, destination)

    @commands.Cog.listener()
    async def on_language_chosen(self, learner_id: int) -> None:
        """The learner's card speaks the new language, too."""
        at = await self._bot.classroom.lessons.current(learner_id)
        if at is not None:
            speech = self._bot.speeches.at_once_to_learner(learner_id)
            await _table.refresh(self._bot, learner_id, at, speech)

    async def _list(self, interaction: discord.Interaction[DocentBot]) -> None:
        speech = await self._bot.speeches.to(interaction)
        desk = self._bot.classroom.lessons
        rows = await desk.rows(interaction.user.id)
        card = _lists.lesson_list(rows, desk, speech, owner=interaction.user.id)
        await InteractionDestination(interaction).send(view=card)

    async def _check(self, learner_id: int, destination: Destination) -> None:
        if self._bot.classroom.challenges.playing(learner_id) is not None:
            return  # the engine is a challenge's: lessons rest
        # In order, so that an older check never paints over the ticks of a newer one.
        async with self._turns.of(learner_id):
            try:
                outcome = await self._bot.classroom.checking.check(learner_id)
            except Exception as error:  # noqa: BLE001 - the command's own result stands already
                await self._tell_not_checked(learner_id, destination, error)
                return
            if outcome is not None:
                await self._tell(learner_id, destination, outcome)

    async def _tell(self, learner_id: int, destination: Destination, outcome: Outcome) -> None:
        speech = await self._bot.speeches.to_learner(learner_id)
        desk = self._bot.classroom.lessons
        prose = desk.text(outcome.at.lesson, speech.language)
        if outcome.ticked:
            card = _results.ticked(outcome, prose, speech, owner=learner_id)
            await destination.send(view=card)
            await _table.refresh(self._bot, learner_id, outcome.at, speech)
        elif outcome.news is not None:
            await destination.send(view=_results.news(outcome.news, prose, speech))
        if outcome.finished_now:
            card = _results.finished(outcome.at, prose, desk, speech, owner=learner_id)
            await destination.send(view=card)

    async def _tell_not_checked(
        self, learner_id: int, destination: Destination, error: Exception
    ) -> None:
        if as_learner_error(error) is None:
            report_bug(error, learner_id=learner_id, event_name="check")
        else:
            log.warning("not_checked", learner=learner_id, error=type(error).__name__)
        speech = self._bot.speeches.at_once_to_learner(learner_id)
        await destination.send(view=note(speech("lesson.auto.failed")))
