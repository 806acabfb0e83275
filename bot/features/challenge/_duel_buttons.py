"""The buttons of an invitation to a duel: for those who were invited, or have the role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.classroom.challenge_views import DUEL, Board
from bot.errors import LearnerError
from bot.features.challenge import _ids
from bot.features.challenge._buttons import BoardAction, answer, runner_of
from bot.features.challenge._duel_card import pick_card
from bot.ui.actions import Choice
from bot.ui.home import enrolled

if TYPE_CHECKING:
    from bot.bot import DocentBot


class _DuelAction(BoardAction, template="docent:no-duel-button"):
    async def board(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> Board:
        """The duel; `LearnerError` when it is none of this server."""
        challenge = await self.of_here(bot, interaction)
        board = await bot.classroom.challenges.board(self.number)
        if board is None or challenge.kind != DUEL:
            raise LearnerError("challenge.gone")
        return board

    async def must_propose(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Raise `LearnerError` for everybody but whoever proposed it."""
        board = await self.board(bot, interaction)
        proposer = next((m for m in board.members if m.captain and m.side == 1), None)
        if proposer is None or proposer.learner_id != interaction.user.id:
            raise LearnerError("duel.not_proposer")


class AcceptButton(_DuelAction, template=_ids.ACCEPT):
    """Whoever was invited takes part."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await bot.classroom.duels.accept(self.number, interaction.guild_id, interaction.user.id)
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "duel.accepted")


class DeclineButton(_DuelAction, template=_ids.DECLINE):
    """Whoever was invited does not want to."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await bot.classroom.duels.decline(self.number, interaction.guild_id, interaction.user.id)
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "duel.declined")


class SideButton(_DuelAction, template=_ids.SIDE):
    """Whoever has the role of a side joins it."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await enrolled(bot, interaction)
        user = interaction.user
        roles = [role.id for role in user.roles] if isinstance(user, discord.Member) else []
        await bot.classroom.duels.join_side(
            self.number,
            interaction.guild_id,
            user.id,
            user.display_name,
            side=int(self.values_of_id["side"]),
            roles=roles,
        )
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "duel.joined")


class PickButton(_DuelAction, template=_ids.PICK):
    """Shows a captain the faults that they may choose for the other side."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        board = await self.board(bot, interaction)
        me = next((m for m in board.members if m.learner_id == interaction.user.id), None)
        if me is None or not me.captain:
            raise LearnerError("duel.not_captain")
        if board.phase != "lobby":
            raise LearnerError("duel.begun")
        say = await bot.speeches.to(interaction)
        prose = bot.classroom.lessons.text(board.lesson, say.language)
        faults = board.lesson.faults
        tasks = () if faults is None else faults.catalogue
        card = pick_card(tasks, prose, say, owner=me.learner_id, board=board)
        await interaction.followup.send(view=card, ephemeral=True)


class ChooseSelect(Choice, template=_ids.CHOOSE):
    """Keeps what a captain chose."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        number = int(self.values_of_id["id"])
        await bot.classroom.duels.choose(number, interaction.guild_id, self.owner, self.item.values)
        runner_of(bot).drive(number)
        await answer(bot, interaction, "duel.chosen")


class GoButton(_DuelAction, template=_ids.GO):
    """Begins a duel of teams, for whoever proposed it."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.must_propose(bot, interaction)
        why = await bot.classroom.duels.why_not(self.number)
        if why is not None:
            raise LearnerError(why)
        await bot.classroom.duels.begin(self.number)
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "challenge.begun")


class OffButton(_DuelAction, template=_ids.OFF):
    """Calls it off before it has begun, for whoever proposed it."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self.must_propose(bot, interaction)
        over = await bot.classroom.challenges.end(self.number, cancel=True)
        runner_of(bot).drive(self.number)
        await answer(bot, interaction, "challenge.cancelled_now" if over else "challenge.over")


DUEL_BUTTONS = (
    AcceptButton,
    DeclineButton,
    SideButton,
    PickButton,
    ChooseSelect,
    GoButton,
    OffButton,
)
