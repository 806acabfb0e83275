"""/transcript."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.classroom.transcript import Range
from bot.errors import LearnerError
from bot.features.transcript._markdown import ZONES, markdown
from bot.ui.destination import InteractionDestination


class TranscriptCog(commands.Cog, name="Transcript"):
    """Hands learners what they did."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("transcript", key="command.transcript.name"),
        description=locale_str(
            "What you did, as a Markdown file: commands, exit codes, tasks",
            key="command.transcript.description",
        ),
    )
    @app_commands.rename(since=locale_str("since", key="command.transcript.since.name"))
    @app_commands.describe(
        since=locale_str(
            "From when on; without it, since your last long break",
            key="command.transcript.since.description",
        )
    )
    @app_commands.choices(
        since=[
            app_commands.Choice(
                name=locale_str("Since my last long break", key="transcript.since.session"),
                value="session",
            ),
            app_commands.Choice(
                name=locale_str("Since I opened this lesson", key="transcript.since.lesson"),
                value="lesson",
            ),
            app_commands.Choice(
                name=locale_str("Everything that is kept", key="transcript.since.all"),
                value="all",
            ),
        ]
    )
    async def transcript(
        self,
        interaction: discord.Interaction[DocentBot],
        since: app_commands.Choice[str] | None = None,
    ) -> None:
        """Send the person their own transcript, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        user = interaction.user
        what = cast("Range", since.value if since else "session")
        found = await self._bot.classroom.transcripts.of(user.id, what, speech.language)
        if not found.entries:
            raise LearnerError("transcript.nothing")
        content = markdown(found, speech, name=user.display_name)
        begun = found.entries[0].at.astimezone(ZONES[speech.language])
        sums = {"commands": found.commands, "failed": found.failed, "tasks": found.tasks}
        await InteractionDestination(interaction).send(
            content=speech("transcript.here", sums=speech("transcript.sums", **sums)),
            files=[discord.File(BytesIO(content), f"docent-{begun:%Y-%m-%d}.md")],
        )
