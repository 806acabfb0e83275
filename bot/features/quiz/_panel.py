"""What hosts press: a private panel behind a small button, for any instructor of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.classroom.live_quiz import LiveQuiz
from bot.errors import LearnerError
from bot.features.quiz import _ids
from bot.features.quiz._buttons import conductors_of
from bot.features.quiz._cards import thread_url
from bot.quiz.course import EXTENSION_S, Course, End, Phase
from bot.texts import Speech
from bot.ui.actions import OpenAction
from bot.ui.destination import InteractionDestination
from bot.ui.instructing import require_instructor, server_of
from bot.ui.layout import Card, button, link, panel, row, text
from bot.ui.theme import CALM, WARN

if TYPE_CHECKING:
    from bot.bot import DocentBot

Interaction = discord.Interaction[Any]
RED = discord.ButtonStyle.danger
BLUE = discord.ButtonStyle.primary


class Menu(OpenAction, template=_ids.MENU):
    """Show what can be done now."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """For instructors, privately."""
        server_id = server_of(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await require_instructor(bot, interaction)
        live = await bot.classroom.quizzes.get(int(self.values_of_id["quiz"]), server_id)
        say = await bot.speeches.to(interaction)
        card = panel_card(live, say, user_id=interaction.user.id)
        await InteractionDestination(interaction).send(view=card)


class Control(OpenAction, template=_ids.CONTROL):
    """Do one of these things."""

    async def act(self, bot: DocentBot, interaction: Interaction) -> None:
        """Judge anew who presses, do it, and show what can be done then."""
        server_id = server_of(interaction)
        await interaction.response.defer()
        await require_instructor(bot, interaction)
        quiz_id, deed = int(self.values_of_id["quiz"]), self.values_of_id["deed"]
        position = int(self.values_of_id["number"]) - 1
        live = await _do(bot, interaction, quiz_id, server_id, position, deed)
        conductors_of(bot).changed(quiz_id)
        say = await bot.speeches.to(interaction)
        asks = deed == "ask_end"
        card = panel_card(live, say, user_id=interaction.user.id, asks_for_end=asks)
        await interaction.edit_original_response(view=card)


async def _do(
    bot: DocentBot,
    interaction: Interaction,
    quiz_id: int,
    server_id: int,
    position: int,
    deed: str,
) -> LiveQuiz:
    quizzes = bot.classroom.quizzes
    match deed:
        case "start" | "pause" | "resume" | "extend" | "next":
            change = getattr(Course, deed)
            return await quizzes.change(quiz_id, change, server_id=server_id, position=position)
        case "reveal":
            return await quizzes.close(quiz_id, position, server_id=server_id)
        case "skip":
            return await quizzes.close(quiz_id, position, server_id=server_id, void="skipped")
        case "end":
            return await quizzes.change(
                quiz_id, lambda course, _: course.over(End.ENDED), server_id=server_id
            )
        case "take_over":
            return await quizzes.take_over(quiz_id, server_id, interaction.user.id)
        case "ask_end" | "panel":
            return await quizzes.get(quiz_id, server_id)
        case _:
            raise LearnerError("quiz.gone")


def panel_card(live: LiveQuiz, say: Speech, *, user_id: int, asks_for_end: bool = False) -> Card:
    """What can be done now; `asks_for_end`: whether it is to be ended for good."""
    course = live.course
    lines = [f"### {say('quiz.panel.title')}", _where(live, say)]
    if course.phase is Phase.OVER:
        return Card(panel(text("\n".join(lines)), colour=CALM))
    if asks_for_end:
        lines.append(say("quiz.panel.ask_end"))
        rows = [row(_press(live, say, "end", RED), _press(live, say, "panel"))]
    else:
        rows = _rows(live, say, user_id)
    if live.kept.thread_id is not None:
        rows.append(row(link(say("quiz.button.go"), thread_url(live))))
    return Card(panel(text("\n".join(lines)), *rows, colour=WARN if asks_for_end else CALM))


def _rows(live: LiveQuiz, say: Speech, user_id: int) -> list[ui.ActionRow[Card]]:
    course = live.course
    first: list[ui.Button[Card]] = []
    if course.phase is Phase.LOBBY:
        first.append(_press(live, say, "start", discord.ButtonStyle.success))
    else:
        first.append(
            _press(live, say, "resume", BLUE) if course.paused else _press(live, say, "pause")
        )
    if course.phase is Phase.QUESTION:
        first += [
            _press(live, say, "extend"),
            _press(live, say, "reveal", BLUE),
            _press(live, say, "skip"),
        ]
    if course.phase is Phase.ANSWER:
        first.append(_press(live, say, "next", BLUE))
    second = [_press(live, say, "ask_end", RED)]
    if live.kept.host_id != user_id:
        second.append(_press(live, say, "take_over"))
    return [row(*first), row(*second)]


def _press(
    live: LiveQuiz,
    say: Speech,
    deed: str,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
) -> ui.Button[Card]:
    custom = _ids.control(live.id, live.course.position + 1, deed)
    return button(say(f"quiz.control.{deed}", seconds=EXTENSION_S), custom, style=style)


def _where(live: LiveQuiz, say: Speech) -> str:
    course = live.course
    if course.phase is Phase.OVER:
        return say(f"quiz.ending.{course.end or End.ENDED}")
    if course.phase is Phase.LOBBY:
        return say("quiz.panel.lobby")
    where = say("quiz.lobby.running", number=course.position + 1, rounds=course.rounds)
    return f"{where}\n⏸️ {say('quiz.panel.paused')}" if course.paused else where


CONTROLS = (Menu, Control)
