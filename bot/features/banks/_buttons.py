"""The buttons of previews and of the list. Who presses is judged anew, in the server of now.

Each answers before it asks the database: reading a large bank can take seconds.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.bot import DocentBot
from bot.errors import LearnerError
from bot.features.banks import _cards, _ids
from bot.ui.actions import Action, Choice
from bot.ui.instructing import require_instructor, server_of
from bot.ui.layout import Card, note
from bot.ui.plain import plain


class PageButton(Action, template=_ids.PAGE):
    """Turns to another question of a preview."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        await require_instructor(bot, interaction)
        values = self.values_of_id
        draft = await bot.classroom.banks.draft(server_of(interaction), int(values["draft"]))
        speech = await bot.speeches.to(interaction)
        card = _cards.preview_card(draft, int(values["page"]), speech, owner=self.owner)
        await interaction.edit_original_response(view=card)


class DecideButton(Action, template=_ids.DECIDE):
    """Publishes a draft, or discards it."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        await require_instructor(bot, interaction)
        server_id, draft_id = server_of(interaction), int(self.values_of_id["draft"])
        speech = await bot.speeches.to(interaction)
        if self.values_of_id["deed"] == "publish":
            entry = await bot.classroom.banks.publish(server_id, draft_id)
            card = _cards.published_card(entry, speech)
        else:
            await bot.classroom.banks.discard(server_id, draft_id)
            card = note(speech("bank.discarded"))
        await interaction.edit_original_response(view=card)


class PickSelect(Choice, template=_ids.PICK):
    """Asks whether the chosen bank is to be deleted."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        await require_instructor(bot, interaction)
        entry = await bot.classroom.banks.get(server_of(interaction), _number(self.item.values[0]))
        speech = await bot.speeches.to(interaction)
        card = _cards.delete_card(entry, speech, owner=self.owner)
        await interaction.edit_original_response(view=card)


class DeleteButton(Action, template=_ids.DELETE):
    """Deletes a bank, or goes back to the list."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """See `Bounded.act`."""
        await interaction.response.defer()
        await require_instructor(bot, interaction)
        server_id, banks = server_of(interaction), bot.classroom.banks
        speech = await bot.speeches.to(interaction)
        card: Card
        if self.values_of_id["deed"] == "yes":
            entry = await banks.delete(server_id, int(self.values_of_id["bank"]))
            card = note(speech("bank.deleted", name=plain(entry.name)))
        else:
            card = _cards.list_card(await banks.of_server(server_id), speech, owner=self.owner)
        await interaction.edit_original_response(view=card)


BUTTONS = (PageButton, DecideButton, PickSelect, DeleteButton)


def _number(value: str) -> int:
    """The id that a select holds; what is no number is the id of nothing."""
    if not (value.isascii() and value.isdigit() and len(value) <= 18):  # noqa: PLR2004
        raise LearnerError("bank.gone")
    return int(value)
