"""The form in which a learner writes an answer.

A form is answered by its custom id, so that one that was open while the bot started again counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.features.lessons import _ids
from bot.texts import Speech
from bot.ui.forms import written

LONGEST_ANSWER: Final = 200
LONGEST_LABEL: Final = 45
"""Letters above a field of a form; Discord takes no more."""
FIELD: Final = "answer"
_ANSWERED = re.compile(_ids.ANSWERED)


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody wrote into the form of a task."""

    owner: int
    lesson_id: str
    task_id: str
    text: str


def answer_form(owner: int, lesson_id: str, task_id: str, title: str, speech: Speech) -> ui.Modal:
    """The form for the answer to a task."""
    form = ui.Modal(
        title=speech("lesson.answer.title"),
        custom_id=_ids.answered(owner, lesson_id, task_id),
        timeout=None,
    )
    form.add_item(
        ui.Label(
            text=speech("lesson.answer.label"),
            description=title[:100],
            component=ui.TextInput(custom_id=FIELD, max_length=LONGEST_ANSWER, required=True),
        )
    )
    return form


def read_answer(interaction: discord.Interaction[Any]) -> Answered | None:
    """What was written, if this is a form of ours."""
    form = written(interaction, _ANSWERED)
    if form is None:
        return None
    ids = form.values_of_id
    return Answered(int(ids["owner"]), ids["lesson"], ids["task"], form.fields.get(FIELD, ""))
