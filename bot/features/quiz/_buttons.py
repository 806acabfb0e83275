"""What everybody presses: take part, answer, look at the own place; and the tables for hosts.

An answer is timed when it arrives, and confirmed by the interaction's own private response:
nothing else is asked of Discord, so that hundreds can answer at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord import ui

from bot.classroom.quiz_players import LONGEST_LINE, Participant
from bot.errors import LearnerError
from bot.features.quiz import _ids, _tables
from bot.features.quiz._answer_card import shown_answer
from bot.texts import Speech, language_of_locale
from bot.ui.actions import OpenAction, OpenChoice
from bot.ui.destination import InteractionDestination
from bot.ui.forms import Written, written
from bot.ui.in_time import in_time
from bot.ui.instructing import require_instructor, server_of

if TYPE_CHECKING:
    from bot.bot import DocentBot
    from bot.features.quiz._cog import QuizCog
    from bot.features.quiz._conductor import Conductors

LONGEST_HEADING: Final = 45
_TYPED: Final = re.compile(_ids.TYPED)
Interaction = discord.Interaction[Any]


class Join(OpenAction, template=_ids.JOIN):
    """Take part."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Join, also in the middle."""
        quiz_id, server_id = int(self.values_of_id["quiz"]), server_of(interaction)
        joined = await bot.classroom.quizzes.join(quiz_id, server_id, participant(interaction))
        key = "quiz.join.again" if not joined.new else "quiz.join.done"
        if joined.new and not joined.in_lobby:
            key = "quiz.join.late"
        say = bot.speeches.at_once_to(interaction)
        # First: the response may come too late for Discord, and they take part all the same.
        conductors_of(bot).counted(quiz_id)
        await interaction.response.send_message(say(key), ephemeral=True)


class AnswerButton(OpenAction, template=_ids.ANSWER):
    """Answer with one option."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Keep it and confirm it."""
        at = bot.classroom.quizzes.clock()
        await take_answer(bot, interaction, self.values_of_id, [self.values_of_id["letter"]], at)


class Choose(OpenChoice, template=_ids.CHOOSE):
    """Answer with the chosen options."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Keep it and confirm it."""
        at = bot.classroom.quizzes.clock()
        await take_answer(bot, interaction, self.values_of_id, list(self.item.values), at)


class TypeLine(OpenAction, template=_ids.TYPE):
    """Open the form for a command."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Answer with the form, if it is not too late already."""
        quizzes, at = bot.classroom.quizzes, bot.classroom.quizzes.clock()
        quiz_id, number = int(self.values_of_id["quiz"]), int(self.values_of_id["number"])
        live = await quizzes.get(quiz_id, server_of(interaction))
        live.course.accept(number - 1, at)
        say = await bot.speeches.to(interaction)
        await interaction.response.send_modal(_form(quiz_id, number, say))


class Mine(OpenAction, template=_ids.MINE):
    """Where I stand."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Tell whoever pressed, and of them alone."""
        quiz_id, server_id = int(self.values_of_id["quiz"]), server_of(interaction)
        looking = bot.classroom.quiz_results.mine(quiz_id, server_id, interaction.user.id)
        live, standing = await in_time(interaction, looking, new_message=True)
        say = await bot.speeches.to(interaction)
        if standing is None:
            raise LearnerError("quiz.mine.none")
        tally = standing.tally
        words = say(
            "quiz.mine.practice" if live.kept.practice else "quiz.mine.scored",
            place=standing.place,
            points=f"{tally.points:,}",
            right=tally.right,
            answered=tally.answered,
        )
        await InteractionDestination(interaction).send(content=words)


class Tables(OpenAction, template=_ids.TABLES):
    """The results as CSV."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Give them to an instructor, privately; every learner in them can see that."""
        server_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(bot, interaction)
        live = await bot.classroom.quizzes.get(int(self.values_of_id["quiz"]), server_id)
        say = await bot.speeches.to(interaction)
        tables = await _tables.tables_of(bot, live, say)
        await _tables.record(bot, live, tables, interaction.user.id)
        await interaction.followup.send(say("quiz.tables"), files=tables.files, ephemeral=True)


async def take_answer(
    bot: DocentBot,
    interaction: Interaction,
    ids: Mapping[str, str],
    given: list[str],
    at: datetime,
) -> None:
    """Keep an answer that came at this time, and tell its giver privately what became of it."""
    quiz_id, server_id = int(ids["quiz"]), server_of(interaction)
    confirmed = await bot.classroom.quizzes.answer(
        quiz_id,
        server_id,
        int(ids["number"]) - 1,
        participant(interaction),
        given=given,
        at=at,
    )
    conductors_of(bot).counted(quiz_id)
    say = bot.speeches.at_once_to(interaction)
    shown = shown_answer(confirmed.shown, typed=confirmed.typed)
    words = say(f"quiz.answer.{confirmed.outcome}", answer=shown)
    await interaction.response.send_message(words, ephemeral=True)


def participant(interaction: Interaction) -> Participant:
    """Whoever pressed, as somebody who takes part."""
    user = interaction.user
    return Participant(user.id, user.display_name, language_of_locale(str(interaction.locale)))


def read_typed(interaction: Interaction) -> Written | None:
    """What was written, if this is a form of ours."""
    return written(interaction, _TYPED)


def conductors_of(bot: DocentBot) -> Conductors:
    """Those who keep the time of this bot's quizzes.

    Raises:
        LearnerError: The bot is leaving.
    """
    cog = cast("QuizCog | None", bot.get_cog("Quiz"))
    if cog is None:
        raise LearnerError("error.discord_trouble")
    return cog.conductors


def _form(quiz_id: int, number: int, say: Speech) -> ui.Modal:
    form = ui.Modal(
        title=say("quiz.form.title", number=number)[:LONGEST_HEADING],
        custom_id=_ids.typed(quiz_id, number),
        timeout=None,
    )
    form.add_item(
        ui.Label(
            text=say("quiz.form.label")[:LONGEST_HEADING],
            description=say("quiz.form.note")[:100],
            component=ui.TextInput(
                custom_id=_ids.FIELD, max_length=LONGEST_LINE, required=True, placeholder="docker …"
            ),
        )
    )
    form.stop()
    return form


BUTTONS = (Join, AnswerButton, Choose, TypeLine, Mine, Tables)
