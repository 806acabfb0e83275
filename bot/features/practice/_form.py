"""The form for a typed command; answered by its custom id, also after a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import ui

from bot.banks.limits import LONGEST_LINE
from bot.features.practice import _ids
from bot.texts import Speech
from bot.ui.forms import written

FIELD: Final = "line"
_TYPED: Final = re.compile(_ids.TYPED)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that came back."""

    owner: int
    number: int
    line: str


def command_form(owner: int, number: int, title: str, speech: Speech) -> ui.Modal:
    """The form of this question."""
    form = ui.Modal(
        title=speech("practice.form.title"), custom_id=_ids.typed(owner, number), timeout=None
    )
    form.add_item(
        ui.Label(
            text=speech("practice.form.label"),
            description=title.replace("`", "")[:100],
            component=ui.TextInput(
                custom_id=FIELD, placeholder="docker …", max_length=LONGEST_LINE, required=True
            ),
        )
    )
    # What was sent is answered by its custom id; nobody needs to keep the form.
    form.stop()
    return form


def read_typed(interaction: discord.Interaction[Any]) -> Typed | None:
    """What was typed, if this is a form of ours."""
    form = written(interaction, _TYPED)
    if form is None:
        return None
    ids = form.values_of_id
    return Typed(int(ids["owner"]), int(ids["number"]), form.fields.get(FIELD, ""))
