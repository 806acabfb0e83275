"""Raising, taking and closing: what the database knows and what the chat shows stay together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
import structlog

from bot.classroom.classes import SchoolClass
from bot.classroom.hands import Ended, Hand, Standing
from bot.errors import LearnerError
from bot.features.hands import _cards
from bot.features.hands._panel import Situation, closed_card, panel_card
from bot.features.hands._thread import (
    TROUBLE,
    LearnerAwayError,
    delete,
    empty,
    find_thread,
    open_thread,
    put_away,
)
from bot.on_error import as_learner_error
from bot.texts import Speech
from bot.ui.helping import channel_for_threads
from bot.ui.home import enrolled
from bot.ui.instructing import language_for_all, require_instructor, server_of
from bot.ui.instructors_channel import is_for_instructors
from bot.ui.layout import Card, note
from bot.ui.turns import Turns

if TYPE_CHECKING:
    from bot.bot import DocentBot

log = structlog.get_logger(__name__)

Interaction = discord.Interaction[Any]


class Desk:
    """One for the whole bot. Keeps in mind which hands are open, and where their messages are."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot
        self._open: dict[int, Hand] = {}
        self._is_loaded = False
        self.turns = Turns()
        """One thing at a time in each help, by the id of its hand."""

    async def load(self) -> None:
        """Know the hands that were open when the bot was started; safe to repeat."""
        if self._is_loaded:
            return
        for hand in await self._bot.classroom.hands.all_open():
            self._open.setdefault(hand.id, hand)
        self._is_loaded = True

    def is_help_thread(self, channel_id: int) -> bool:
        """Whether a help may go on there, as far as that is known without the database."""
        return not self._is_loaded or any(
            hand.thread_id == channel_id for hand in self._open.values()
        )

    def open_in(self, channel_id: int) -> list[Hand]:
        """Open hands whose thread this is, or is in there."""
        return [
            hand for hand in self._open.values() if channel_id in (hand.thread_id, hand.channel_id)
        ]

    async def raise_hand(self, interaction: Interaction, sentence: str) -> Standing | Hand:
        """The person's hand is up, and instructors are told.

        Raises:
            LearnerError: Not in a server, or no thread could be made in this channel.
        """
        server_id = server_of(interaction)
        channel_id = channel_for_threads(interaction.channel)
        if channel_id is None:
            raise LearnerError("hand.wrong_channel")
        await enrolled(self._bot, interaction)
        found = await self._bot.classroom.hands.raise_hand(
            interaction.user.id, server_id=server_id, channel_id=channel_id, sentence=sentence
        )
        if isinstance(found, Standing):
            self._keep(found.hand)
            if found.new:
                await self._post_notices(found.hand)
        return found

    async def lower(self, interaction: Interaction) -> bool:
        """Take the person's hand down; False when there is none that nobody took."""
        hand = await self._bot.classroom.hands.lower(interaction.user.id, server_of(interaction))
        if hand is not None:
            await self._closed(hand, "lowered")
        return hand is not None

    async def take(self, interaction: Interaction, hand_id: int) -> Hand:
        """Help with this hand, in a thread that is made now.

        Raises:
            LearnerError: Somebody else does, it is down, or there can be no thread.
        """
        await require_instructor(self._bot, interaction)
        server_id = server_of(interaction)
        async with self.turns.of(hand_id):
            taken = await self._bot.classroom.hands.take(
                hand_id, server_id=server_id, helper_id=interaction.user.id
            )
            if not taken.won:
                raise _has_it(taken.hand, interaction.user.id)
            try:
                hand = await self._begin(taken.hand, interaction.user)
            except LearnerAwayError as exc:
                await self.close(taken.hand, "gone")
                raise LearnerError("hand.away") from exc
            except BaseException:
                await self._bot.classroom.hands.give_back(taken.hand)
                raise
        await self._bot.classroom.classes.record_act(
            server_id, interaction.user.id, hand.learner_id, "help_took", hand.sentence
        )
        await self.show_notice(hand)
        return hand

    async def _begin(self, hand: Hand, helper: discord.abc.User) -> Hand:
        speech = await self._bot.speeches.to_learner(hand.learner_id)
        thread = await open_thread(self._bot, hand, helper, speech)
        try:
            card = panel_card(hand, await self.situation(hand), speech)
            people = discord.AllowedMentions(
                everyone=False,
                roles=False,
                users=[discord.Object(hand.learner_id), discord.Object(helper.id)],
            )
            message = await thread.send(view=card, allowed_mentions=people)
            begun = await self._bot.classroom.hands.begin(
                hand, thread_id=thread.id, panel_id=message.id
            )
        except BaseException:
            # Not just out of sight: the learner may have deleted their data meanwhile.
            if not await delete(thread):
                await empty(thread, speech("hand.thread_name.gone"))
                await put_away(thread)
            raise
        self._keep(begun)
        return begun

    async def close(self, hand: Hand, ended: Ended) -> bool:
        """The help, or the wait for one, is over; False when it was before."""
        closed = await self._bot.classroom.hands.close(hand, ended)
        await self._closed(hand, ended)
        return closed

    async def situation(self, hand: Hand) -> Situation:
        """What the helper sees of the learner without having asked for more."""
        commands, failed = await self._bot.classroom.hands.recent(hand.learner_id)
        newest = self._bot.classroom.troubles.newest(hand.learner_id)
        fits = failed is not None and newest is not None and newest.help.id == failed.error
        return Situation(
            glance=await self._bot.classroom.help_looks.glance(hand),
            commands=commands,
            failed=failed,
            met=newest.help if fits and newest is not None else None,
        )

    async def show_panel(self, hand: Hand) -> None:
        """Bring the card of a help up to date; one that was deleted is missed by nobody."""
        self._keep(hand)
        if hand.thread_id is None or hand.panel_id is None:
            return
        speech = await self._bot.speeches.to_learner(hand.learner_id)
        card = panel_card(hand, await self.situation(hand), speech)
        await self._edit(hand.thread_id, hand.panel_id, card)

    async def say(self, hand: Hand, key: str, **values: object) -> None:
        """Say something in the thread of a help, in the learner's language."""
        if hand.thread_id is None:
            return
        speech = await self._bot.speeches.to_learner(hand.learner_id)
        try:
            channel = self._bot.get_partial_messageable(hand.thread_id)
            await channel.send(view=note(speech(key, **values)))
        except TROUBLE as exc:
            log.info("help_not_told", hand=hand.id, error=type(exc).__name__)

    async def show_notice(self, hand: Hand) -> None:
        """Bring what instructors see of it up to date."""
        self._keep(hand)
        speech = speech_of_server(self._bot, hand.server_id)
        for channel_id, message_id in hand.notices:
            await self._edit(channel_id, message_id, _cards.notice_card(hand, speech))

    async def forget(self, hand: Hand) -> None:
        """Its learner deleted their data: nothing of them is left in our messages.

        Also where the help was over long ago: its thread went on telling of it.
        """
        self._open.pop(hand.id, None)
        speech = speech_of_server(self._bot, hand.server_id)
        card = _cards.gone_card(speech)
        for channel_id, message_id in hand.notices:
            await self._edit(channel_id, message_id, card)
        if hand.thread_id is None:
            return
        # What runs on the fork just now ends with it, and is shown before all goes.
        async with self.turns.of(hand.id):
            thread = await find_thread(self._bot, hand.thread_id)
            if thread is not None and not await delete(thread):
                await empty(thread, speech("hand.thread_name.gone"), keep=hand.panel_id)
                if hand.panel_id is not None:
                    await self._edit(hand.thread_id, hand.panel_id, card)
                await put_away(thread)

    async def _closed(self, hand: Hand, ended: Ended) -> None:
        """Show everywhere that it is over."""
        known = self._open.pop(hand.id, hand)
        over = replace(
            known,
            closed_at=known.taken_at or known.raised_at,
            ended=ended,
            may_look=False,
            may_fork=False,
            fork_until=None,
        )
        speech = speech_of_server(self._bot, over.server_id)
        for channel_id, message_id in over.notices:
            await self._edit(channel_id, message_id, _cards.notice_card(over, speech))
        if over.thread_id is None or ended == "gone":
            return
        if over.panel_id is not None:
            speech = await self._bot.speeches.to_learner(over.learner_id)
            await self._edit(over.thread_id, over.panel_id, closed_card(over, speech))
        await self.say(over, f"hand.over.{ended}")
        thread = await find_thread(self._bot, over.thread_id)
        if thread is not None:
            await put_away(thread)

    async def _post_notices(self, hand: Hand) -> None:
        """Tell instructors where a class of the learner has a channel; the queue is there anyway.

        Their name and what they wrote are for instructors: a channel that others see gets none.
        """
        speech = speech_of_server(self._bot, hand.server_id)
        for channel_id in await self._instructors_channels(hand):
            try:
                channel = self._bot.get_partial_messageable(channel_id)
                message = await channel.send(view=_cards.notice_card(hand, speech))
                await self._bot.classroom.hands.keep_notice(hand, channel_id, message.id)
            except Exception as error:
                if as_learner_error(error) is None:
                    raise
                log.info("notice_not_posted", hand=hand.id, error=type(error).__name__)
        await self._reload(hand)

    async def _reload(self, hand: Hand) -> None:
        try:
            self._keep(await self._bot.classroom.hands.of(hand.id, hand.server_id))
        except Exception as error:
            if as_learner_error(error) is None:
                raise
            log.info("hand_not_read", hand=hand.id, error=type(error).__name__)

    async def _instructors_channels(self, hand: Hand) -> list[int]:
        found: dict[int, bool] = {}
        for each in await self._bot.classroom.classes.of_learner(hand.learner_id):
            if each.server_id != hand.server_id or each.channel_id is None:
                continue
            fits = await self._is_for_instructors(each.channel_id, each)
            # What one class must not see is posted for no other one either.
            found[each.channel_id] = fits and found.get(each.channel_id, True)
            if not fits:
                log.info("notice_kept_back", hand=hand.id, class_id=each.id)
        return [channel_id for channel_id, fits in found.items() if fits]

    async def _is_for_instructors(self, channel_id: int, school_class: SchoolClass) -> bool:
        try:
            channel = await self._bot.fetch_channel(channel_id)
        except (discord.InvalidData, *TROUBLE):
            return False
        return isinstance(channel, discord.TextChannel) and is_for_instructors(
            channel, school_class
        )

    async def _edit(self, channel_id: int, message_id: int, card: Card) -> None:
        try:
            channel = self._bot.get_partial_messageable(channel_id)
            await channel.get_partial_message(message_id).edit(view=card)
        except TROUBLE as exc:
            log.info("hand_not_shown", message=message_id, error=type(exc).__name__)

    def _keep(self, hand: Hand) -> None:
        if hand.closed_at is None:
            self._open[hand.id] = hand


def speech_of_server(bot: DocentBot, server_id: int) -> Speech:
    """The texts for what all instructors of a server see."""
    guild = bot.get_guild(server_id)
    locale = None if guild is None else guild.preferred_locale
    return bot.speeches.in_language(language_for_all(locale))


def _has_it(hand: Hand, asking: int) -> LearnerError:
    if hand.helper_id == asking:
        where = "" if hand.thread_id is None else f"<#{hand.thread_id}>"
        return LearnerError("hand.taken_by_you", thread=where)
    return LearnerError("hand.taken", helper=f"<@{hand.helper_id}>")
