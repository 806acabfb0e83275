"""/hand and /hands; what is written in help threads; what ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.classroom.hands import Ended, Hand
from bot.features.hands._buttons import ask, card_of
from bot.features.hands._cards import queue_card
from bot.features.hands._desk import Desk
from bot.features.hands._forking import run
from bot.features.hands._form import read_form
from bot.on_error import as_learner_error, guarded
from bot.request_ids import follow
from bot.tasks import end_tasks
from bot.terminal.reading import read_message
from bot.ui.destination import ChannelDestination, InteractionDestination
from bot.ui.instructing import is_instructor_there, require_instructor, server_of
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot

ROUND_S: Final = 30.0
_SPOKEN: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})
_guarded = partial(guarded, failed="hands_round_failed")


class HandsCog(commands.Cog, name="Hands"):
    """Brings learners and helpers together."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self.desk = Desk(bot)
        self._rounds: asyncio.Task[None] | None = None
        # Helps whose helper has read that they are no instructor any more.
        self._told: set[int] = set()

    async def cog_load(self) -> None:
        """Begin the rounds."""
        self._rounds = asyncio.create_task(self._for_ever(), name="hands")

    async def cog_unload(self) -> None:
        """End them."""
        await end_tasks([self._rounds])

    @app_commands.command(
        name=locale_str("hand", key="command.hand.name"),
        description=locale_str(
            "Raise your hand: ask an instructor for help", key="command.hand.description"
        ),
    )
    async def hand(self, interaction: discord.Interaction[DocentBot]) -> None:
        """The form, or how the hand stands."""
        await ask(self._bot, interaction)

    @app_commands.command(
        name=locale_str("hands", key="command.hands.name"),
        description=locale_str(
            "For instructors: who raised a hand, and help", key="command.hands.description"
        ),
    )
    async def hands(self, interaction: discord.Interaction[DocentBot]) -> None:
        """The queue of this server, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self._bot, interaction)
        server_id = server_of(interaction)
        speech = await self._bot.speeches.to(interaction)
        hands = self._bot.classroom.hands
        up = [each.learner_id for each in await hands.opened(server_id)]
        gone = await self._bot.leavers.take_out(server_id, up)
        opened = [each for each in await hands.opened(server_id) if each.learner_id not in gone]
        card = queue_card(
            [each for each in opened if each.waits],
            [each for each in opened if each.is_helped],
            speech,
            durations=await hands.usual(server_id),
        )
        await InteractionDestination(interaction).send(view=card)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[DocentBot]) -> None:
        """A form that came back."""
        sentence = read_form(interaction)
        if sentence is None:
            return
        follow(interaction)
        try:
            await interaction.response.defer(ephemeral=True, thinking=True)
            speech = await self._bot.speeches.to(interaction)
            found = await self.desk.raise_hand(interaction, sentence)
            card = card_of(found, speech, owner=interaction.user.id)
            await InteractionDestination(interaction).send(view=card)
        except Exception as error:  # noqa: BLE001 - the boundary of this form
            await self._bot.boundary.interaction_failed(interaction, error)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """What the helper types where they help runs on the fork; all else is talk."""
        if message.author.bot or message.type not in _SPOKEN:
            return
        if message.guild is None or not self.desk.is_help_thread(message.channel.id):
            return
        typed = read_message(message.content)
        if typed is None:
            return
        follow(message)
        hand = await self._bot.classroom.hands.of_thread(message.channel.id)
        if hand is None:
            return
        speech = await self._bot.speeches.to_learner(hand.learner_id)
        destination = ChannelDestination(message.channel)
        if message.author.id == hand.learner_id:
            await destination.send(view=note(speech("hand.type_in_lab")))
        elif message.author.id == hand.helper_id:
            await self._run(hand, typed.line, message)

    async def _run(self, hand: Hand, line: str, message: discord.Message) -> None:
        channel = message.channel
        async with self.desk.turns.of(hand.id):
            try:
                now = await self._bot.classroom.hands.of(hand.id, hand.server_id)
                if await self._still_instructs(message.author, now, channel):
                    await run(self._bot, now, line, channel)
            except Exception as error:
                if as_learner_error(error) is None:
                    raise
                speech = await self._bot.speeches.to_learner(hand.learner_id)
                sentence = self._bot.boundary.explain(error, speech, learner_id=hand.helper_id)
                await ChannelDestination(channel).send(view=note(sentence))

    async def _still_instructs(
        self, author: discord.User | discord.Member, hand: Hand, channel: discord.abc.Messageable
    ) -> bool:
        """Whether the helper is an instructor at this moment; that they are none is said once."""
        if await is_instructor_there(self._bot, author, hand.server_id):
            self._told.discard(hand.id)
            return True
        if hand.id not in self._told:
            self._told.add(hand.id)
            speech = await self._bot.speeches.to_learner(hand.learner_id)
            await ChannelDestination(channel).send(view=note(speech("hand.no_instructor")))
        return False

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A help whose thread is gone is over."""
        await self._gone(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The threads of a channel go with it; a hand that waits is taken down, too."""
        await self._gone(channel.id)

    async def _gone(self, channel_id: int) -> None:
        for hand in self.desk.open_in(channel_id):
            await self.desk.close(hand, "gone")

    @commands.Cog.listener()
    async def on_learners_left(self, server_id: int, learner_ids: frozenset[int]) -> None:
        """Nobody waits for who left the server, and no help goes on."""
        for hand in await self._bot.classroom.hands.opened(server_id):
            if hand.learner_id in learner_ids:
                await _guarded(partial(self._close, hand, "left"))

    @commands.Cog.listener()
    async def on_server_left(self, server_id: int) -> None:
        """Neither in a server without us."""
        for hand in await self._bot.classroom.hands.opened(server_id):
            await _guarded(partial(self._close, hand, "gone"))

    async def _close(self, hand: Hand, ended: Ended) -> None:
        await self.desk.close(hand, ended)

    @commands.Cog.listener()
    async def on_hands_forgotten(self, hands: Sequence[Hand]) -> None:
        """Nothing is kept of whoever raised them, in our messages neither."""
        for hand in hands:
            await _guarded(partial(self.desk.forget, hand))

    async def _for_ever(self) -> None:
        await self._bot.wait_until_ready()
        await _guarded(self._bot.classroom.forks.mend)
        while True:
            for step in (self.desk.load, self._take_down, self._clear_forks):
                await _guarded(step)
            await asyncio.sleep(ROUND_S)

    async def _take_down(self) -> None:
        """What is due ends by itself."""
        await self._bot.classroom.hands.give_back_stuck()
        for hand in await self._bot.classroom.hands.due():
            await self.desk.close(hand, "expired")

    async def _clear_forks(self) -> None:
        for hand in await self._bot.classroom.forks.clear_away():
            await self.desk.say(hand, "hand.fork.over")
            await self.desk.show_panel(await self._bot.classroom.hands.of(hand.id, hand.server_id))
