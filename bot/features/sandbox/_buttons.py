"""The buttons of the card: each does one thing and shows the card as it is afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.errors import LearnerError
from bot.features.sandbox._card import ask_back, sandbox_card
from bot.ui.actions import Action, pattern
from bot.ui.layout import note

if TYPE_CHECKING:
    from bot.bot import DocentBot

KEEP_HOURS: Final = 2
OF_THE_DISK: Final = frozenset({"save", "ask", "back"})


class MachineButton(
    Action, template=pattern("machine", r"(?P<deed>keep|save|ask|back|stay|off|look)")
):
    """One thing to do with the sandbox."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Do it, and show how the sandbox is then."""
        deed = self.values_of_id["deed"]
        if deed in OF_THE_DISK and bot.classroom.challenges.playing(self.owner) is not None:
            # A disk that was saved when all was solved would solve the challenge, too.
            raise LearnerError("challenge.disk_rests")
        speech = bot.speeches.at_once_to(interaction)
        if deed in {"save", "back", "off"}:
            # The buttons go first: a second press must not do it twice.
            await interaction.response.edit_message(view=note(speech(f"sandbox.{deed}.working")))
        else:
            await interaction.response.defer()
        try:
            said = await self._do(bot, deed)
        finally:
            await self._show(bot, interaction, ask=deed == "ask")
        if said:
            await interaction.followup.send(view=note(speech(said)), ephemeral=True)

    async def _do(self, bot: DocentBot, deed: str) -> str | None:
        """The key of what there is to say about it."""
        machines = bot.classroom.machines
        match deed:
            case "keep":
                await machines.extend(self.owner, hours=KEEP_HOURS)
            case "save":
                await machines.save(self.owner)
                return "sandbox.save.done"
            case "back":
                runs = await machines.go_back(self.owner)
                return "sandbox.back.done" if runs else "sandbox.back.later"
            case "off":
                await machines.turn_off(self.owner)
            case _:
                pass
        return None

    async def _show(
        self, bot: DocentBot, interaction: discord.Interaction[Any], *, ask: bool
    ) -> None:
        machine = await bot.classroom.machines.look(self.owner)
        speech = bot.speeches.at_once_to(interaction)
        card = sandbox_card(machine, speech, owner=self.owner, now=time.time())
        if ask and machine.saved is not None:
            card = ask_back(speech, owner=self.owner, at=machine.saved.made_at)
        await interaction.edit_original_response(view=card)


BUTTONS = (MachineButton,)
