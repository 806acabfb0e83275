"""The form that a hand is raised with: what will be shown to who helps, and a sentence.

It is answered by its custom id, so one that outlived the bot counts, too.
"""

from __future__ import annotations

import re
from typing import Any, Final

import discord
from discord import ui

from bot.classroom.hands import LONGEST_SENTENCE
from bot.features.hands import _ids
from bot.texts import Speech
from bot.ui.forms import written

_FORM: Final = re.compile(_ids.FORM)


def hand_form(owner: int, speech: Speech, sentence: str = "") -> ui.Modal:
    """The form, empty or with what we think they want to say."""
    form = ui.Modal(
        title=speech("hand.form.title"),
        custom_id=_ids.form(owner),
        timeout=None,
    )
    form.add_item(ui.TextDisplay(speech("hand.form.shown")))
    form.add_item(
        ui.Label(
            text=speech("hand.form.sentence"),
            description=speech("hand.form.sentence.about"),
            component=ui.TextInput(
                custom_id=_ids.SENTENCE,
                style=discord.TextStyle.paragraph,
                max_length=LONGEST_SENTENCE,
                default=sentence[:LONGEST_SENTENCE] or None,
                required=False,
            ),
        )
    )
    # What was sent is answered by its custom id; nobody needs to keep the form.
    form.stop()
    return form


def read_form(interaction: discord.Interaction[Any]) -> str | None:
    """The sentence of a form of ours, maybe empty; None for anything else."""
    form = written(interaction, _FORM)
    if form is None or int(form.values_of_id["owner"]) != interaction.user.id:
        return None
    return form.fields.get(_ids.SENTENCE, "")
