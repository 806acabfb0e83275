"""What instructors type: /class setup, create, invite, roster, remove and close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.classroom.classes import Member
from bot.errors import LearnerError
from bot.features.classes._cards import ask_close, created_card, name_of, setup_card
from bot.features.classes._instructors import InstructorCommands
from bot.features.classes._posting import post_invitation
from bot.features.classes._rosters import roster_page
from bot.schedule.zones import suggested_zones
from bot.ui.class_option import (
    CLASS_NAME,
    WHICH_CLASS,
    class_so_far,
    suggest_classes,
)
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import require_instructor, require_manager, server_of
from bot.ui.instructors_channel import is_for_instructors
from bot.ui.layout import note
from bot.ui.looks_at_class import record_look
from bot.ui.plain import plain

if TYPE_CHECKING:
    from bot.bot import DocentBot


class RunningCommands(InstructorCommands):
    """Classes and who is in them."""

    @app_commands.command(
        name=locale_str("setup", key="command.class.setup.name"),
        description=locale_str(
            "Who is an instructor here; for those who manage the server",
            key="command.class.setup.description",
        ),
    )
    @app_commands.rename(
        role=locale_str("role", key="command.class.setup.role.name"),
        zone=locale_str("time_zone", key="command.class.setup.zone.name"),
    )
    @app_commands.describe(
        role=locale_str(
            "Whoever has this role is an instructor", key="command.class.setup.role.description"
        ),
        zone=locale_str(
            "In which due dates are typed, such as Asia/Seoul",
            key="command.class.setup.zone.description",
        ),
    )
    async def setup(
        self,
        interaction: discord.Interaction[DocentBot],
        role: discord.Role | None = None,
        zone: str | None = None,
    ) -> None:
        """Choose what is given; show how it is then."""
        require_manager(interaction)
        server_id, classes = server_of(interaction), self.bot.classroom.classes
        await interaction.response.defer(ephemeral=True, thinking=True)
        if role is not None and role.id == server_id:
            raise LearnerError("class.setup.everyone")
        if zone is not None:
            await classes.choose_server_zone(server_id, zone)
        if role is not None:
            await classes.choose_instructor_role(server_id, role.id)
        speech = await self.bot.speeches.to(interaction)
        card = setup_card(
            speech,
            owner=interaction.user.id,
            role_id=await classes.instructor_role(server_id),
            zone=await classes.server_zone(server_id),
        )
        await InteractionDestination(interaction).send(view=card)

    @setup.autocomplete("zone")
    async def _suggest_zones(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=zone, value=zone) for zone in suggested_zones(typed)]

    @app_commands.command(
        name=locale_str("create", key="command.class.create.name"),
        description=locale_str(
            "Make a class; for instructors", key="command.class.create.description"
        ),
    )
    @app_commands.rename(
        name=locale_str("name", key="command.class.create.title.name"),
        channel=locale_str("channel", key="command.class.create.channel.name"),
    )
    @app_commands.describe(
        name=locale_str("What learners will read", key="command.class.create.title.description"),
        channel=locale_str(
            "A channel for instructors only: live boards go there",
            key="command.class.create.channel.description",
        ),
    )
    async def create(
        self,
        interaction: discord.Interaction[DocentBot],
        name: str,
        channel: discord.TextChannel | None = None,
    ) -> None:
        """Make it, and say what comes next."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(self.bot, interaction)
        if channel is not None and not is_for_instructors(channel):
            raise LearnerError("class.open_channel", channel=channel.mention)
        owner = interaction.user.id
        made = await self.bot.classroom.classes.create(
            server_of(interaction),
            name,
            created_by=owner,
            channel_id=None if channel is None else channel.id,
        )
        speech = await self.bot.speeches.to(interaction)
        card = created_card(made, speech, owner=owner)
        await InteractionDestination(interaction).send(view=card)

    @app_commands.command(
        name=locale_str("invite", key="command.class.invite.name"),
        description=locale_str(
            "Post a card here with which learners join; for instructors",
            key="command.class.invite.description",
        ),
    )
    @app_commands.rename(
        school_class=CLASS_NAME,
        role=locale_str("role", key="command.class.invite.role.name"),
    )
    @app_commands.describe(
        school_class=WHICH_CLASS,
        role=locale_str(
            "Only who has this role may join from now on; @everyone: anybody",
            key="command.class.invite.role.description",
        ),
    )
    @app_commands.autocomplete(school_class=suggest_classes)
    async def invite(
        self,
        interaction: discord.Interaction[DocentBot],
        school_class: str | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Choose for whom the class is, if that is given, and post the card for everybody."""
        chosen, speech = await self.begin(interaction, school_class)
        server_id = server_of(interaction)
        if role is not None:
            role_id = None if role.id == server_id else role.id
            chosen = await self.bot.classroom.classes.choose_join_role(
                server_id, chosen.id, role_id
            )
        # The first answer is private, as what goes wrong is; the next one is for all.
        await InteractionDestination(interaction).send(view=note(speech("class.invited")))
        await post_invitation(self.bot, interaction, chosen)

    @app_commands.command(
        name=locale_str("roster", key="command.class.roster.name"),
        description=locale_str(
            "Who is in a class, for your eyes only; for instructors",
            key="command.class.roster.description",
        ),
    )
    @app_commands.rename(school_class=CLASS_NAME)
    @app_commands.describe(school_class=WHICH_CLASS)
    @app_commands.autocomplete(school_class=suggest_classes)
    async def roster(
        self, interaction: discord.Interaction[DocentBot], school_class: str | None = None
    ) -> None:
        """Show the first page; every learner of the class can see that."""
        chosen, speech = await self.begin(interaction, school_class)
        owner, classes = interaction.user.id, self.bot.classroom.classes
        learners = [member.learner_id for member in await classes.members(chosen.id)]
        await self.bot.leavers.take_out(chosen.server_id, learners)
        await record_look(self.bot, interaction, chosen, "roster")
        card = await roster_page(self.bot, chosen, speech, owner=owner, page=0)
        await InteractionDestination(interaction).send(view=card)

    @app_commands.command(
        name=locale_str("remove", key="command.class.remove.name"),
        description=locale_str(
            "Take a learner out of a class; for instructors",
            key="command.class.remove.description",
        ),
    )
    @app_commands.rename(
        learner=locale_str("learner", key="command.class.remove.learner.name"),
        school_class=CLASS_NAME,
    )
    @app_commands.describe(
        learner=locale_str(
            "Their name in the roster", key="command.class.remove.learner.description"
        ),
        school_class=WHICH_CLASS,
    )
    @app_commands.autocomplete(school_class=suggest_classes)
    async def remove(
        self,
        interaction: discord.Interaction[DocentBot],
        learner: str,
        school_class: str | None = None,
    ) -> None:
        """The learner sees who did it."""
        chosen, speech = await self.begin(interaction, school_class)
        classes = self.bot.classroom.classes
        member = _one_of(await classes.members(chosen.id), learner)
        await classes.remove(
            chosen.server_id, chosen.id, member.learner_id, instructor_id=interaction.user.id
        )
        said = speech("class.removed", who=plain(member.name), name=name_of(chosen))
        await InteractionDestination(interaction).send(view=note(said))

    @remove.autocomplete("learner")
    async def _suggest_members(
        self, interaction: discord.Interaction[DocentBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        chosen = await class_so_far(interaction)
        if chosen is None:
            return []
        wanted = typed.strip().casefold()
        members = await self.bot.classroom.classes.members(chosen.id)
        fitting = [each for each in members if wanted in each.name.casefold()]
        return [
            app_commands.Choice(name=each.name or "?", value=str(each.learner_id))
            for each in fitting[:25]
        ]

    @app_commands.command(
        name=locale_str("close", key="command.class.close.name"),
        description=locale_str(
            "Close a class for good; asks first; for instructors",
            key="command.class.close.description",
        ),
    )
    @app_commands.rename(school_class=CLASS_NAME)
    @app_commands.describe(school_class=WHICH_CLASS)
    @app_commands.autocomplete(school_class=suggest_classes)
    async def close(
        self, interaction: discord.Interaction[DocentBot], school_class: str | None = None
    ) -> None:
        """Ask."""
        chosen, speech = await self.begin(interaction, school_class)
        members = await self.bot.classroom.classes.members(chosen.id)
        card = ask_close(chosen, speech, owner=interaction.user.id, members=len(members))
        await InteractionDestination(interaction).send(view=card)


def _one_of(members: tuple[Member, ...], typed: str) -> Member:
    """The member that is meant by a suggestion, a mention or a whole name.

    Raises:
        LearnerError: There is none, or several have this name.
    """
    wanted = typed.strip()
    by_id = [each for each in members if str(each.learner_id) == wanted.strip("<@!>")]
    by_name = [each for each in members if each.name.casefold() == wanted.casefold()]
    found = by_id or by_name
    if len(found) > 1:
        raise LearnerError("class.several_there")
    if not found:
        raise LearnerError("class.nobody_there")
    return found[0]
