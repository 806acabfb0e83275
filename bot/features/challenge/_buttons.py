"""The buttons of boards and of members' cards. All of them work after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.challenge.phases import OVER, phase_of
from bot.classroom.challenge_views import CLASS, DUEL, Challenge
from bot.errors import LearnerError
from bot.features.challenge import _ids, _labs, _mine, _table
from bot.features.challenge._words import too_many
from bot.ui.actions import Action, Choice, OpenAction
from bot.ui.home import enrolled
from bot.ui.instructing import require_instructor
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.challenge._runner import Runner


def runner_of(bot: DocentBot) -> Runner:
    """Who drives challenges."""
    runner: Runner = cast(Any, bot.get_cog("Challenge")).runner
    return runner


class BoardAction(OpenAction, template="docent:no-board-button"):
    """A button on a board, for everybody who sees it."""

    @property
    def number(self) -> int:
        """The id of the challenge."""
        return int(self.values_of_id["id"])

    async def of_here(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> Challenge:
        """The challenge; `LearnerError` when it is none of this server."""
        return await bot.classroom.challenges.of_server(self.number, interaction.guild_id)

    async def led(
        self, bot: DocentBot, interaction: discord.Interaction[Any], kind: str = CLASS
    ) -> Challenge:
        """The same, for instructors only."""
        await require_instructor(bot, interaction)
        challenge = await self.of_here(bot, interaction)
        if challenge.kind != kind:
            raise LearnerError("challenge.gone")
        return challenge


class JoinButton(BoardAction, template=_ids.JOIN):
    """Takes the person in; in the middle of it their engine is prepared at once."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await enrolled(bot, interaction)
        user = interaction.user
        challenge = await self.of_here(bot, interaction)
        await bot.classroom.challenges.join(
            self.number, interaction.guild_id, user.id, user.display_name
        )
        say = await bot.speeches.to(interaction)
        runner, late = runner_of(bot), phase_of(challenge.phase) != "lobby"
        if late:
            runner.join_late(self.number, user.id)
        runner.ring(self.number)
        key = "challenge.joined.late" if late else "challenge.joined"
        await interaction.followup.send(view=note(say(key)), ephemeral=True)


class BeginButton(BoardAction, template=_ids.BEGIN):
    """Closes the lobby, for instructors."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.led(bot, interaction)
        gathered = await bot.classroom.challenges.board(self.number)
        begun = await bot.classroom.challenges.begin(self.number)
        if begun:
            await record(bot, interaction, self.number, "challenge_begun")
        runner_of(bot).drive(self.number)
        say = await bot.speeches.to(interaction)
        words = [say("challenge.begun" if begun else "challenge.begun_before")]
        if begun and gathered is not None:
            words.append(too_many(gathered, say))
        await interaction.followup.send(view=note("\n".join(filter(None, words))), ephemeral=True)


class EndButton(BoardAction, template=_ids.END):
    """Ends it before its time, for instructors."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.led(bot, interaction)
        await bot.classroom.challenge_judging.settle(self.number)
        ended = await bot.classroom.challenges.end(self.number)
        if ended:
            await record(bot, interaction, self.number, "challenge_ended")
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "challenge.ended_now" if ended else "challenge.over")


class CancelButton(BoardAction, template=_ids.CANCEL):
    """Cancels it, for instructors: there is no result."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.led(bot, interaction)
        over = await bot.classroom.challenges.end(self.number, cancel=True)
        if over:
            await record(bot, interaction, self.number, "challenge_cancelled")
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "challenge.cancelled_now" if over else "challenge.over")


class MineButton(BoardAction, template=_ids.MINE):
    """Shows the person their own card, privately."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.of_here(bot, interaction)
        card = await _labs.own_card(bot, self.number, interaction.user.id)
        if card is None:
            raise LearnerError("challenge.not_in")
        await interaction.followup.send(view=card, ephemeral=True)


class TableButton(BoardAction, template=_ids.TABLE):
    """Hands the result out as CSV, for instructors."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.led(bot, interaction)
        await _table.hand_out(
            bot, interaction, await bot.classroom.challenge_results.of(self.number)
        )


class _MemberAction(Action, template="docent:no-member-button"):
    """A button on a member's own card."""

    @property
    def number(self) -> int:
        """The id of the challenge."""
        return int(self.values_of_id["id"])


class CheckButton(_MemberAction, template=_ids.CHECK):
    """Judges the member now, and tells privately what is missing."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        at = bot.classroom.challenges.now()
        with bot.classroom.challenge_judging.under_way(self.number):
            await interaction.response.defer(ephemeral=True, thinking=True)
            async with bot.aftermath.of(self.owner):
                judged = await bot.classroom.challenge_judging.judge(self.owner, at)
        if judged is None or judged.mine.challenge.id != self.number:
            raise LearnerError("challenge.not_running")
        say = await bot.speeches.to(interaction)
        prose = bot.classroom.lessons.text(judged.mine.lesson, say.language)
        await interaction.followup.send(view=_mine.check_card(judged, prose, say), ephemeral=True)
        if judged.solved:
            runner_of(bot).ring(self.number)
            await _labs.refresh_card(bot, self.number, self.owner)


class PrepareButton(_MemberAction, template=_ids.PREPARE):
    """Runs the set-up at hand once more: after a reset, or when something is broken for good."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        worked = await bot.classroom.challenge_judging.prepare_again(self.number, self.owner)
        await answer(bot, interaction, "lesson.prepare.done" if worked else "lesson.prepare.failed")


class LeaveButton(_MemberAction, template=_ids.LEAVE):
    """Takes the member out, after a question; their own engine comes back."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = await bot.speeches.to(interaction)
        mine = await bot.classroom.challenges.mine(self.number, self.owner)
        if phase_of(mine.challenge.phase) in OVER:
            raise LearnerError("challenge.over")
        if self.values_of_id["sure"] == "ask":
            card = _mine.ask_leave(say, owner=self.owner, challenge_id=self.number)
            await interaction.followup.send(view=card, ephemeral=True)
            return
        await bot.classroom.challenges.leave(self.number, self.owner)
        if mine.challenge.kind == DUEL and mine.challenge.phase == "lobby":
            await bot.classroom.challenges.end(self.number, cancel=True)
        runner = runner_of(bot)
        runner.give_back_soon(self.number, self.owner)
        runner.ring(self.number)
        await interaction.followup.send(view=note(say("challenge.left")), ephemeral=True)


class RetryButton(_MemberAction, template=_ids.RETRY):
    """Prepares the engine once more, for somebody with whom it did not work."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await bot.classroom.challenges.may_try_again(self.number, self.owner)
        runner_of(bot).join_late(self.number, self.owner)
        await answer(bot, interaction, "challenge.retrying")


class BackButton(_MemberAction, template=_ids.BACK):
    """Tries to give the learner's own engine back now."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        why = await bot.classroom.challenges.give_back(self.number, self.owner)
        if why is not None:
            raise LearnerError(why)
        await answer(bot, interaction, "challenge.back")
        runner_of(bot).drive(self.number)


class _MemberChoice(Choice, template="docent:no-member-select"):
    """A select on a member's own card."""

    @property
    def number(self) -> int:
        """The id of the challenge."""
        return int(self.values_of_id["id"])


class HintSelect(_MemberChoice, template=_ids.HINT):
    """Shows one more hint for the chosen task, privately; it costs time."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        say = await bot.speeches.to(interaction)
        hint = await bot.classroom.challenge_judging.hint(
            self.number, self.owner, self.item.values[0], say.language
        )
        await interaction.followup.send(view=_mine.hint_card(hint, say), ephemeral=True)
        runner_of(bot).ring(self.number)
        await _labs.refresh_card(bot, self.number, self.owner)


class BriefSelect(_MemberChoice, template=_ids.BRIEF):
    """Shows what a step of the lesson says, privately: once the challenge has begun."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        mine = await bot.classroom.challenges.mine(self.number, self.owner)
        if phase_of(mine.challenge.phase) not in ("running", "ended"):
            raise LearnerError("challenge.not_running")
        say = await bot.speeches.to(interaction)
        prose = bot.classroom.lessons.text(mine.lesson, say.language)
        card = _mine.brief_card(self.item.values[0], prose, say)
        await interaction.followup.send(view=card, ephemeral=True)


async def answer(bot: DocentBot, interaction: discord.Interaction[Any], key: str) -> None:
    """Answer privately with the sentence of this key."""
    say = await bot.speeches.to(interaction)
    await interaction.followup.send(view=note(say(key)), ephemeral=True)


async def record(
    bot: DocentBot, interaction: discord.Interaction[Any], challenge_id: int, act: str
) -> None:
    """Write down, for all members, what an instructor did to them."""
    board = await bot.classroom.challenges.board(challenge_id)
    if board is None or interaction.guild_id is None:
        return
    await bot.classroom.classes.record_acts(
        interaction.guild_id,
        interaction.user.id,
        [member.learner_id for member in board.members],
        act,
        board.lesson.id,
    )


BUTTONS = (
    JoinButton,
    BeginButton,
    EndButton,
    CancelButton,
    MineButton,
    TableButton,
    CheckButton,
    PrepareButton,
    LeaveButton,
    RetryButton,
    BackButton,
    HintSelect,
    BriefSelect,
)
