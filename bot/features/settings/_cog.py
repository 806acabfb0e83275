"""/settings."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.bot import DocentBot
from bot.features.settings._card import settings_card
from bot.schedule.zones import checked_zone, suggested_zones
from bot.ui.destination import InteractionDestination


class SettingsCog(commands.Cog, name="Settings"):
    """Lets learners choose how Docent answers them."""

    def __init__(self, bot: DocentBot) -> None:
        self._bot = bot

    @app_commands.command(
        name=locale_str("settings", key="command.settings.name"),
        description=locale_str(
            "Language, explanations, what is shown after a command",
            key="command.settings.description",
        ),
    )
    @app_commands.rename(zone=locale_str("time_zone", key="command.settings.zone.name"))
    @app_commands.describe(
        zone=locale_str(
            "Your time zone, such as Asia/Seoul; empty: see all settings",
            key="command.settings.zone.description",
        )
    )
    async def settings(
        self, interaction: discord.Interaction[DocentBot], zone: str | None = None
    ) -> None:
        """Choose the time zone, if one is given; show the person's own settings, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = await self._bot.speeches.to(interaction)
        owner = interaction.user.id
        if zone is not None:
            await self._bot.classroom.settings.change(
                owner,
                language=speech.language,
                name=interaction.user.display_name,
                zone=checked_zone(zone),
            )
        settings = await self._bot.classroom.settings.of(owner)
        await InteractionDestination(interaction).send(
            view=settings_card(settings, speech, owner=owner)
        )

    @settings.autocomplete("zone")
    async def _suggest(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=each, value=each) for each in suggested_zones(typed)]
