"""/quiz host, answers that were typed, and places that are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.classroom.quiz_drawing import MOST_ROUNDS, Wish
from bot.classroom.quiz_sources import ALL_LESSONS
from bot.errors import LearnerError
from bot.features.quiz._buttons import read_typed, take_answer
from bot.features.quiz._conductor import Conductors
from bot.features.quiz._ids import FIELD
from bot.features.quiz._opening import channel_for, open_quiz
from bot.request_ids import follow
from bot.ui.groups import GroupedCog, SubCommands, quiz_group
from bot.ui.instructing import is_instructor, language_for_all, require_instructor, server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot

MOST_OFFERED = 25
LONGEST_CHOICE = 100
Order = Literal["shuffled", "written"]
Mode = Literal["scored", "practice"]


class HostCommands(SubCommands):
    """`/quiz host`; `conductors` lead what it opens."""

    def __init__(self, bot: DocentBot, conductors: Conductors) -> None:
        super().__init__(bot)
        self._conductors = conductors

    @app_commands.command(
        name=locale_str("host", key="command.quiz.host.name"),
        description=locale_str(
            "Hold a live quiz in this channel (instructors)", key="command.quiz.host.description"
        ),
    )
    @app_commands.rename(
        questions=locale_str("questions", key="command.quiz.host.questions.name"),
        more=locale_str("more", key="command.quiz.host.more.name"),
        third=locale_str("third", key="command.quiz.host.third.name"),
        count=locale_str("count", key="command.quiz.host.count.name"),
        seconds=locale_str("seconds", key="command.quiz.host.seconds.name"),
        order=locale_str("order", key="command.quiz.host.order.name"),
        mode=locale_str("mode", key="command.quiz.host.mode.name"),
    )
    @app_commands.describe(
        questions=locale_str(
            "A lesson or a bank to take questions from",
            key="command.quiz.host.questions.description",
        ),
        more=locale_str(
            "A second lesson or bank, mixed in", key="command.quiz.host.more.description"
        ),
        third=locale_str(
            "A third lesson or bank, mixed in", key="command.quiz.host.third.description"
        ),
        count=locale_str(
            "How many questions (10 unless you say)", key="command.quiz.host.count.description"
        ),
        seconds=locale_str(
            "Seconds for each question (30 unless you say)",
            key="command.quiz.host.seconds.description",
        ),
        order=locale_str(
            "In which order they are asked", key="command.quiz.host.order.description"
        ),
        mode=locale_str("With points, or to practise", key="command.quiz.host.mode.description"),
    )
    @app_commands.choices(
        order=[
            app_commands.Choice(
                name=locale_str("Shuffled", key="command.quiz.host.order.shuffled"),
                value="shuffled",
            ),
            app_commands.Choice(
                name=locale_str("As written", key="command.quiz.host.order.written"),
                value="written",
            ),
        ],
        mode=[
            app_commands.Choice(
                name=locale_str("With points", key="command.quiz.host.mode.scored"), value="scored"
            ),
            app_commands.Choice(
                name=locale_str("Practice, no points", key="command.quiz.host.mode.practice"),
                value="practice",
            ),
        ],
    )
    async def host(
        self,
        interaction: discord.Interaction[DocentBot],
        questions: str,
        more: str | None = None,
        third: str | None = None,
        count: app_commands.Range[int, 1, MOST_ROUNDS] = 10,
        seconds: app_commands.Range[int, 5, 300] = 30,
        order: Order = "shuffled",
        mode: Mode = "scored",
    ) -> None:
        """Open a quiz in its lobby."""
        server_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        channel = channel_for(interaction)
        given = [key for key in (questions, more, third) if key]
        wish = Wish(
            server_id=server_id,
            channel_id=channel.id,
            host_id=interaction.user.id,
            language=language_for_all(interaction.guild_locale),
            keys=list(dict.fromkeys([await self._key(server_id, key) for key in given])),
            count=count,
            seconds=seconds,
            shuffled=order == "shuffled",
            practice=mode == "practice",
        )
        await open_quiz(self.bot, interaction, channel, wish, self._conductors)

    @host.autocomplete("questions")
    async def _suggest(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._offered(interaction, typed)

    @host.autocomplete("more")
    async def _suggest_more(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._offered(interaction, typed)

    @host.autocomplete("third")
    async def _suggest_third(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return await self._offered(interaction, typed)

    async def _offered(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """What can be asked from; what only instructors know is told to instructors only."""
        server_id = interaction.guild_id
        if server_id is None or not await is_instructor(self.bot, interaction, server_id):
            return []
        say = self.bot.speeches.at_once_to(interaction)
        offers = await self.bot.classroom.quizzes.offers(server_id)
        named = [(offer.title(say.language), offer.key, offer.questions) for offer in offers]
        named.insert(0, (say("quiz.all_lessons"), ALL_LESSONS, sum(one[2] for one in named)))
        wanted = typed.strip().casefold()
        return [
            app_commands.Choice(
                name=say("quiz.offer", title=title[:80], n=number)[:LONGEST_CHOICE], value=key
            )
            for title, key, number in named
            if wanted in title.casefold() or wanted == key
        ][:MOST_OFFERED]

    async def _key(self, server_id: int, given: str) -> str:
        """The key of an offer; who typed its name and chose nothing means that offer.

        Raises:
            LearnerError: There is none of that name.
        """
        offers = await self.bot.classroom.quizzes.offers(server_id)
        known = {offer.key for offer in offers} | {ALL_LESSONS}
        if given in known:
            return given
        wanted = given.strip().casefold()
        found = [
            offer.key
            for offer in offers
            if wanted and any(wanted in title.casefold() for title in offer.titles.values())
        ]
        if len(found) != 1:
            raise LearnerError("quiz.no_such_offer")
        return found[0]


class QuizCog(GroupedCog, name="Quiz"):
    """Live quizzes; `conductors` lead those that go on."""

    def __init__(self, bot: DocentBot) -> None:
        self.conductors = Conductors(bot)
        super().__init__(bot, quiz_group, HostCommands(bot, self.conductors))

    async def cog_load(self) -> None:
        """Be found below /quiz, and go on with what the bot before us was at."""
        await super().cog_load()
        await self.conductors.start()

    async def cog_unload(self) -> None:
        """Leave the quizzes as they are."""
        await self.conductors.close()
        await super().cog_unload()

    async def open_for_button(
        self,
        interaction: discord.Interaction[DocentBot],
        channel: discord.TextChannel,
        wish: Wish,
    ) -> None:
        """Open a quiz that another feature has a button for: see `bot.ui.hosting`."""
        await open_quiz(self._bot, interaction, channel, wish, self.conductors)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction[DocentBot]) -> None:
        """A form with a typed answer."""
        typed = read_typed(interaction)
        if typed is None:
            return
        at = self._bot.classroom.quizzes.clock()
        follow(interaction)
        try:
            line = typed.fields.get(FIELD, "")
            await take_answer(self._bot, interaction, typed.values_of_id, [line], at)
        except Exception as error:  # noqa: BLE001 - the boundary of this form
            await self._bot.boundary.interaction_failed(interaction, error)

    @commands.Cog.listener()
    async def on_learner_forgotten(self, learner_id: int) -> None:
        """Everything about somebody was deleted, their answers with it."""
        self._bot.classroom.quizzes.forget(learner_id)
        self._bot.classroom.quiz_results.forget()

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, deleted: discord.RawThreadDeleteEvent) -> None:
        """The quiz in this thread is over."""
        await self.conductors.place_gone(deleted.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """The quiz in this channel is over."""
        await self.conductors.place_gone(channel.id)

    @commands.Cog.listener()
    async def on_server_left(self, server_id: int) -> None:
        """The quizzes in this server are over."""
        await self.conductors.server_gone(server_id)
