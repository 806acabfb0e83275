"""The Discord client: intents, features, slash commands in both languages, and when it is ready."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any, Final

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.alive import ReadyFile
from bot.classroom import Classroom
from bot.errors import StartupError
from bot.on_error import ErrorBoundary, report_bug
from bot.pictures.studio import Studio
from bot.request_ids import follow
from bot.settings import BotSettings
from bot.tasks import end_tasks
from bot.texts import Texts, language_of_locale
from bot.ui.destination import ChannelDestination, Destination
from bot.ui.leavers import Leavers
from bot.ui.speech import Speeches
from bot.ui.turns import Turns

log = structlog.get_logger(__name__)

FEATURES: Final = (
    "welcome",
    "changes",
    "lessons",
    "terminal",
    "files",
    "visit",
    "sandbox",
    "progress",
    "map",
    "stats",
    "settings",
    "privacy",
    "transcript",
    "second_look",
    "explain",
    "ask",
    "classes",
    "class_report",
    "class_board",
    "banks",
    "hands",
    "practice",
    "challenge",
    "drill",
    "quiz",
    "follow",
)
EXIT_FEATURE: Final = 7

FINISH_S: Final = 4.0
"""How long answers that are under way may take when the bot is asked to stop."""

NAMES_OF_WORK: Final = ("CommandTree-invoker", "discord-ui-", "discord.py: on_")


def intents() -> discord.Intents:
    """What we want to hear of. Message content is for commands typed in a lab."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = True
    return wanted


class CommandTranslator(app_commands.Translator):
    """Names and descriptions of commands in Korean; the code has them in English."""

    def __init__(self, texts: Texts) -> None:
        self._korean = texts.for_language("ko")

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The Korean text of a `locale_str` with a `key`; None for other languages."""
        key = string.extras.get("key")
        if key is None or language_of_locale(locale.value) != "ko":
            return None
        return self._korean(key)


class CommandTree(app_commands.CommandTree["DocentBot"]):
    """Slash commands whose failures go to the boundary."""

    async def interaction_check(self, interaction: discord.Interaction[DocentBot]) -> bool:
        """Called by discord.py before each command and each suggestion."""
        follow(interaction)
        return True

    async def on_error(
        self,
        interaction: discord.Interaction[DocentBot],
        error: app_commands.AppCommandError,
    ) -> None:
        """Called by discord.py with what a command raised."""
        await interaction.client.boundary.interaction_failed(interaction, error)


class DocentBot(commands.Bot):
    """The bot. Features reach everything through it: `classroom`, `speeches`, `boundary`."""

    def __init__(
        self,
        *,
        settings: BotSettings,
        classroom: Classroom,
        texts: Texts,
        features: Sequence[str] = FEATURES,
    ) -> None:
        # discord.py would warn at every start that it can't speak; we only write.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=CommandTree,
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            # Memory: we ask for what we need and keep nothing of what passes by.
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0.5,
        )
        self._features = features
        self.settings = settings
        self.classroom = classroom
        self.texts = texts
        self.speeches = Speeches(texts=texts, enrol=classroom.enrol)
        self.boundary = ErrorBoundary(self.speeches)
        self.studio = Studio()
        self.leavers = Leavers(self)
        # What follows a learner's command comes in the order of the features that say it.
        self.aftermath = Turns()
        self._ready_file = ReadyFile(settings.ready_file)
        self._beating: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        """Load the features and register the commands, before the first event arrives.

        Raises:
            StartupError: A feature does not load; half a bot would only puzzle its learners.
        """
        for feature in self._features:
            await self._load(feature)
        await self.tree.set_translator(CommandTranslator(self.texts))
        synced = await self.tree.sync()
        log.info("commands_synced", count=len(synced))
        self._beating = asyncio.create_task(self._ready_file.beat(), name="ready-file")

    async def _load(self, feature: str) -> None:
        try:
            await self.load_extension(f"bot.features.{feature}")
        except commands.ExtensionError as exc:
            incident = report_bug(exc, feature=feature)
            raise StartupError(
                f"The feature {feature} does not load (incident {incident} in the log).",
                exit_code=EXIT_FEATURE,
            ) from exc

    async def on_ready(self) -> None:
        """Tell the supervisor; Discord repeats this event after a lost session."""
        self._tell_connected()
        log.info("bot_ready", name=str(self.user), guilds=len(self.guilds))

    async def on_resumed(self) -> None:
        """The connection is back, and nothing was missed."""
        self._tell_connected()

    async def on_disconnect(self) -> None:
        """Discord can't be heard; discord.py connects again by itself, for as long as it takes."""
        self._ready_file.lost()

    def _tell_connected(self) -> None:
        # An event that comes while we leave must not say that we are here.
        if self._beating is not None:
            self._ready_file.connected(str(self.user))

    async def on_message(self, message: discord.Message, /) -> None:
        """Messages are the features' business; there are no commands by prefix."""

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Called by discord.py with what an event listener raised."""
        error = sys.exception()
        if error is None:
            return
        place = _place_of(args)
        if place is None:
            report_bug(error, event_name=event_method)
            return
        learner_id, destination = place
        await self.boundary.event_failed(error, learner_id=learner_id, destination=destination)

    async def close(self) -> None:
        """Finish what is under way, then leave Discord; safe to repeat."""
        await self._stop_beating()
        # First, so that a feature ends its long work: a command of a learner may run for a minute.
        for extension in tuple(self.extensions):
            await self.unload_extension(extension)
        await _finish(_work_under_way())
        await super().close()

    async def _stop_beating(self) -> None:
        beating, self._beating = self._beating, None
        self._ready_file.lost()
        await end_tasks([beating])


def _work_under_way() -> set[asyncio.Task[Any]]:
    """What discord.py started for commands, buttons and events; it names its tasks so."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(NAMES_OF_WORK)} - {
        asyncio.current_task()
    }


async def _finish(work: set[asyncio.Task[Any]]) -> None:
    if not work:
        return
    _, left = await asyncio.wait(work, timeout=FINISH_S)
    if left:
        log.warning("work_left_behind", count=len(left))


def _place_of(args: tuple[Any, ...]) -> tuple[int, Destination] | None:
    """Whom an event is about and where to tell them, as far as its arguments say."""
    match args:
        case (discord.Message() as message, *_):
            return message.author.id, ChannelDestination(message.channel)
        case (about, destination) if hasattr(destination, "send"):
            learner_id = about if isinstance(about, int) else getattr(about, "learner_id", None)
            return None if learner_id is None else (learner_id, destination)
        case _:
            return None
