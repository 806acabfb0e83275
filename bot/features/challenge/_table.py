"""The result of a challenge as a table, for instructors' eyes only: a row for each member."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.challenge.standings import Standing
from bot.classroom.challenge_results import ChallengeResult
from bot.classroom.challenge_views import Member, tasks_of
from bot.features.challenge import _ids
from bot.tables import Cell, csv_bytes
from bot.texts import Speech
from bot.ui.layout import Card, button
from lessons.model import LessonText

if TYPE_CHECKING:
    from bot.bot import DocentBot

COLUMNS: Final = ("place", "name", "id", "done", "tasks", "time", "hints", "first", "note")


def table_button(challenge_id: int, say: Speech) -> discord.ui.Button[Card]:
    """Hands the table out to instructors."""
    return button(say("challenge.button.csv"), _ids.on_board("ch-csv", challenge_id), emoji="📄")


async def hand_out(
    bot: DocentBot, interaction: discord.Interaction[Any], result: ChallengeResult
) -> None:
    """Give the table to the instructor who asked, privately; every member in it can see that."""
    challenge, lesson = result.board.challenge, result.board.lesson
    say = await bot.speeches.to(interaction)
    prose = bot.classroom.lessons.text(lesson, say.language)
    data = csv_bytes(*result_table(result, prose, say))
    await bot.classroom.classes.record_acts(
        challenge.server_id,
        interaction.user.id,
        [member.learner_id for member in result.board.members],
        "challenge_files",
        f"#{challenge.id} {lesson.id}",
        since=challenge.created_at,
    )
    file = discord.File(BytesIO(data), f"challenge-{challenge.id}.csv")
    await interaction.followup.send(say("challenge.csv.here"), files=[file], ephemeral=True)


def result_table(
    result: ChallengeResult, prose: LessonText, say: Speech
) -> tuple[list[str], list[list[Cell]]]:
    """Everybody by place, those who never began last; for each task the time and the hints."""
    tasks = tasks_of(result.board.lesson)
    header = [say(f"challenge.csv.{column}") for column in COLUMNS]
    for number, task in enumerate(tasks, start=1):
        title = _bare(prose.tasks[task.id].title)
        header += [
            say("challenge.csv.task_time", number=number, title=title),
            say("challenge.csv.task_hints", number=number, title=title),
        ]
    members = {member.learner_id: member for member in result.board.members}
    rows = [
        _row(members[standing.who], standing, result, say)
        for standing in result.board.rows
        if standing.who in members
    ]
    began = {standing.who for standing in result.board.rows}
    rows += [
        _row(member, None, result, say)
        for member in result.board.members
        if member.learner_id not in began
    ]
    return header, rows


def _row(
    member: Member, standing: Standing | None, result: ChallengeResult, say: Speech
) -> list[Cell]:
    # With a sign before it a spreadsheet keeps all digits, as in a class's report.
    who, total = f"#{member.learner_id}", len(tasks_of(result.board.lesson))
    if standing is None:
        note = "failed" if member.state == "failed" else "not_begun"
        empty: list[Cell] = [None for _ in range(2 * total)]
        note_said = say(f"challenge.csv.{note}")
        return [None, member.name, who, None, total, None, None, None, note_said, *empty]
    row: list[Cell] = [
        standing.place if standing.done else None, member.name, who, len(standing.done), total,
        standing.time_s if standing.done else None, standing.hints, len(standing.first), None,
    ]  # fmt: skip
    for task in tasks_of(result.board.lesson):
        key = member.learner_id, task.id
        row += [result.solved.get(key), result.hints.get(key, 0)]
    return row


def _bare(title: str) -> str:
    """On one line and without the marks of code and bold."""
    return " ".join(title.replace("`", "").replace("**", "").split())
