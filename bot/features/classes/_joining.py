"""Joining a class and leaving it, whichever way somebody came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.features.classes._cards import name_of
from bot.features.classes._lists import assignment_lines
from bot.texts import Speech
from bot.ui.instructing import roles_of
from bot.ui.layout import Card, note, panel, text
from bot.ui.theme import DONE

if TYPE_CHECKING:
    from bot.bot import DocentBot


async def join_class(
    bot: DocentBot,
    interaction: discord.Interaction[Any],
    server_id: int,
    class_id: int,
    speech: Speech,
) -> Card:
    """Put whoever did this into the class; what to tell them.

    Raises:
        LearnerError: There is no such class here, or it is not for them.
    """
    joined, new = await bot.classroom.classes.join(
        server_id,
        class_id,
        interaction.user.id,
        language=speech.language,
        name=interaction.user.display_name,
        role_ids=roles_of(interaction),
    )
    key = "class.joined" if new else "class.joined.before"
    lines = [speech(key, name=name_of(joined))]
    assigned = await bot.classroom.assignments.of_class(joined.id)
    if assigned:
        lines += assignment_lines(assigned, bot.classroom.lessons, speech)
    lines.append(speech("class.joined.note"))
    return Card(panel(text("\n".join(lines)), colour=DONE))


async def leave_class(bot: DocentBot, learner_id: int, class_id: int, speech: Speech) -> Card:
    """Take the learner out of a class that they are in; what to tell them.

    Raises:
        LearnerError: They are not in it.
    """
    left = await bot.classroom.classes.leave(class_id, learner_id)
    return note(speech("class.left", name=name_of(left)))
