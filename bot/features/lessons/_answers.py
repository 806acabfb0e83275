"""The form in which a learner writes an answer.

A form is answered by its custom id, so that one that was open while the bot started again counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.features.lessons import _ids
from bot.texts import Speech

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
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: Mapping[str, Any] = interaction.data or {}
    found = _ANSWERED.fullmatch(str(data.get("custom_id", "")))
    if found is None:
        return None
    text = next(_values(data.get("components", [])), "")
    return Answered(int(found["owner"]), found["lesson"], found["task"], text)


def _values(components: list[Any]) -> Iterator[str]:
    for component in components:
        if component.get("custom_id") == FIELD:
            yield str(component.get("value", ""))
        yield from _values(component.get("components", []))
        inner = component.get("component")
        if inner is not None:
            yield from _values([inner])
