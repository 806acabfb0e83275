"""Buttons and selects that belong to one person; those of instructors judge anew who presses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.features.classes._cards import name_of, seats_card, setup_card
from bot.features.classes._doors import CLASS
from bot.features.classes._joining import leave_class
from bot.features.classes._mine import acts_card, mine_card
from bot.features.classes._posting import post_invitation, post_tasks
from bot.features.classes._rosters import roster_page
from bot.ui.actions import Action, Choice, pattern
from bot.ui.instructing import require_instructor, require_manager, server_of
from bot.ui.layout import Card, note
from bot.ui.looks_at_class import record_look

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.classroom.classes import SchoolClass
    from bot.texts import Speech


async def mine_of(bot: DocentBot, learner_id: int, speech: Speech) -> Card:
    """The card of the learner's classes; raises `DatabaseError`."""
    classroom = bot.classroom
    mine = await classroom.assignments.mine(learner_id)
    acts = await classroom.classes.acts_of(learner_id)
    return mine_card(mine, acts, classroom.lessons, speech, owner=learner_id)


class OfClass(Action, template="docent:no-class-button"):
    """A button of an instructor about one class."""

    async def chosen(
        self, bot: DocentBot, interaction: discord.Interaction[Any]
    ) -> tuple[int, SchoolClass]:
        """The server, and its class, if the person is an instructor there now.

        Raises:
            LearnerError: They are none, or there is no such class in this server.
        """
        await require_instructor(bot, interaction)
        server_id = server_of(interaction)
        class_id = int(self.values_of_id["class_id"])
        return server_id, await bot.classroom.classes.get(server_id, class_id)


class SetupButton(Action, template=pattern("class-setup", "drop")):
    """Nobody is an instructor by a role any more."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Only who manages the server may say so."""
        require_manager(interaction)
        server_id = server_of(interaction)
        await interaction.response.defer()
        classes = bot.classroom.classes
        await classes.choose_instructor_role(server_id, None)
        speech = await bot.speeches.to(interaction)
        zone = await classes.server_zone(server_id)
        await interaction.edit_original_response(
            view=setup_card(speech, owner=self.owner, role_id=None, zone=zone)
        )


class PostButton(OfClass, template=pattern("class-post", CLASS, r"(?P<what>invite|tasks)")):
    """Posts the invitation, or what is to be done, in the channel."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """For everybody who is there."""
        await interaction.response.defer()
        _, school_class = await self.chosen(bot, interaction)
        post = post_invitation if self.values_of_id["what"] == "invite" else post_tasks
        await post(bot, interaction, school_class)


class RosterButton(
    OfClass, template=pattern("class-roster", CLASS, r"(?P<page>[0-9]{1,4})", r"(?:go|now)")
):
    """Turns a page of the roster."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """As it is now; who joined since the roster was opened can see that, too."""
        await interaction.response.defer()
        _, school_class = await self.chosen(bot, interaction)
        await record_look(bot, interaction, school_class, "roster")
        speech = await bot.speeches.to(interaction)
        page = int(self.values_of_id["page"])
        card = await roster_page(bot, school_class, speech, owner=self.owner, page=page)
        await interaction.edit_original_response(view=card)


class CloseButton(OfClass, template=pattern("class-close", CLASS, r"(?P<answer>yes|no)")):
    """Closes a class, or doesn't."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """For good."""
        await interaction.response.defer()
        speech = await bot.speeches.to(interaction)
        if self.values_of_id["answer"] == "no":
            await interaction.edit_original_response(view=note(speech("class.close.kept")))
            return
        server_id, school_class = await self.chosen(bot, interaction)
        await bot.classroom.classes.close(server_id, school_class.id, instructor_id=self.owner)
        await bot.classroom.seats.class_closed(school_class.id)
        said = speech("class.close.done", name=name_of(school_class))
        await interaction.edit_original_response(view=note(said))


class SeatsButton(OfClass, template=pattern("class-seats", CLASS, r"(?P<deed>look|back)")):
    """Looks at a class's places again, or gives them back."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """In place of the card."""
        await interaction.response.defer()
        server_id, school_class = await self.chosen(bot, interaction)
        speech, seats = await bot.speeches.to(interaction), bot.classroom.seats
        if self.values_of_id["deed"] == "back":
            await seats.give_back(server_id, school_class.id)
            view = note(speech("class.seats.given_back", name=name_of(school_class)))
        else:
            seating = await seats.of(server_id, school_class.id)
            over = speech("class.seats.over", name=name_of(school_class))
            view = note(over) if seating is None else seats_card(seating, speech, owner=self.owner)
        await interaction.edit_original_response(view=view)


class MineButton(Action, template=pattern("class-mine")):
    """Back to the learner's classes."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """In place of what they looked at."""
        await interaction.response.defer()
        speech = await bot.speeches.to(interaction)
        await interaction.edit_original_response(view=await mine_of(bot, self.owner, speech))


class ActsButton(Action, template=pattern("class-acts", r"(?P<page>[0-9]{1,4})", r"(?:go|now)")):
    """Turns a page of what instructors did."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """To this learner; nobody else has this button."""
        await interaction.response.defer()
        speech = await bot.speeches.to(interaction)
        acts = await bot.classroom.classes.acts_of(self.owner)
        card = acts_card(acts, speech, owner=self.owner, page=int(self.values_of_id["page"]))
        await interaction.edit_original_response(view=card)


class QuitChoice(Choice, template=pattern("class-quit")):
    """Leaves a class that the learner is in, in whichever server it is."""

    async def act(self, bot: DocentBot, interaction: discord.Interaction[Any]) -> None:
        """Show what is left then."""
        await interaction.response.defer()
        speech = await bot.speeches.to(interaction)
        for chosen in self.item.values[:1]:
            await leave_class(bot, self.owner, int(chosen), speech)
        await interaction.edit_original_response(view=await mine_of(bot, self.owner, speech))


BUTTONS = (
    SetupButton,
    PostButton,
    RosterButton,
    CloseButton,
    SeatsButton,
    MineButton,
    ActsButton,
    QuitChoice,
)
