"""Buttons of follow-me: opt in and out, yes and no to a run, and who is in which group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.classroom.following import FollowRun
from bot.errors import LearnerError
from bot.features.follow import _ids
from bot.features.follow._cards import ask_card, details_card, joined_card
from bot.features.follow._leavers import leavers
from bot.features.follow._running import outcomes_file
from bot.ui.actions import OpenAction
from bot.ui.destination import InteractionDestination
from bot.ui.home import enrolled
from bot.ui.instructing import require_instructor, server_of
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.follow._cog import FollowCog
    from bot.texts import Speech


def cog_of(bot: DocentBot) -> FollowCog:
    """The cog of this bot.

    Raises:
        LearnerError: The bot is leaving.
    """
    cog = cast("FollowCog | None", bot.get_cog("Follow"))
    if cog is None:
        raise LearnerError("error.discord_trouble")
    return cog


class FollowButton(OpenAction, template=_ids.FOLLOW):
    """Opts in or out, for whoever presses it."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Answer privately; the card follows."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        following, who = bot.classroom.following, interaction.user.id
        follow = await following.of(int(self.values_of_id["follow"]), server_of(interaction))
        if self.values_of_id["deed"] == "join":
            await enrolled(bot, interaction)
            await following.join(follow, who)
            learner = await bot.classroom.enrol.learner(who)
            has_lab = learner is not None and learner.lab_id is not None
            card = joined_card(follow, await bot.speeches.to(interaction), has_lab=has_lab)
        else:
            left = await following.leave(follow, who)
            speech = await bot.speeches.to(interaction)
            card = note(speech("follow.left" if left else "follow.not_in"))
        await InteractionDestination(interaction).send(view=card)
        cog_of(bot).boards.follow_changed(follow)


class RunButton(OpenAction, template=_ids.RUN):
    """The instructor's yes or no to a line, or who is in which group."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Judge who presses, then do it."""
        deed, run_id = self.values_of_id["deed"], int(self.values_of_id["run"])
        if deed == "details":
            await interaction.response.defer(ephemeral=True, thinking=True)
        else:
            await interaction.response.defer()
        await require_instructor(bot, interaction)
        run = await bot.classroom.following.run_of(run_id, server_of(interaction))
        speech = await bot.speeches.to(interaction)
        if deed == "details":
            await self._show_details(bot, interaction, run, speech)
        elif run.instructor_id != interaction.user.id:
            raise LearnerError("follow.not_yours")
        elif deed == "no":
            await bot.classroom.following.cancel(run)
            await interaction.edit_original_response(view=note(speech("follow.run.cancelled")))
        else:
            await self._say_yes(bot, interaction, run, speech)

    async def _say_yes(
        self,
        bot: DocentBot,
        interaction: discord.Interaction[Any],
        run: FollowRun,
        speech: Speech,
    ) -> None:
        """Begin, unless there are more engines by now than the yes was for."""
        following = bot.classroom.following
        gone = await leavers(bot, run.follow)
        if gone:
            await following.let_go(run, gone)
            cog_of(bot).boards.follow_changed(run.follow)
        engines = await following.count(run.follow)
        if engines > int(self.values_of_id["count"]):
            await interaction.edit_original_response(view=ask_card(run, engines, speech))
            return
        followers = await following.begin(run)
        cog_of(bot).run(run, followers)
        begun = speech("follow.run.begun", n=len(followers))
        await interaction.edit_original_response(view=note(begun))

    async def _show_details(
        self,
        bot: DocentBot,
        interaction: discord.Interaction[Any],
        run: FollowRun,
        speech: Speech,
    ) -> None:
        tally = await bot.classroom.following.tally(run)
        card = details_card(run, tally, speech)
        file = outcomes_file(run, tally, speech)
        # Each follower can see who looked: once for each run.
        await bot.classroom.classes.record_acts(
            run.follow.server_id,
            interaction.user.id,
            [each.learner_id for _, each in tally.rows()],
            "follow_seen",
            run.line,
            since=None if interaction.message is None else interaction.message.created_at,
        )
        await InteractionDestination(interaction).send(view=card, files=[file])


BUTTONS = (FollowButton, RunButton)
