"""Preparing the engine for a step, and saying so where the learner looks."""

from __future__ import annotations

from bot.bot import DocentBot
from bot.classroom.open_lessons import OpenLesson
from bot.features.lessons import _ids
from bot.on_error import as_learner_error, report_bug
from bot.texts import Speech
from bot.ui.destination import Destination
from bot.ui.layout import Card, button, note, row


async def prepare(
    bot: DocentBot, owner: int, at: OpenLesson, destination: Destination, speech: Speech
) -> None:
    """Prepare the engine for the open step, if it needs that; what was there is left alone.

    The card stands already: a failure is said, with a button to try again, and takes nothing away.
    """
    if not bot.classroom.preparing.is_needed(at):
        return
    if bot.classroom.challenges.playing(owner) is not None:
        return  # the engine is a challenge's: lessons rest
    try:
        prepared = await bot.classroom.preparing.prepare(owner, at)
    except Exception as error:  # noqa: BLE001 - the card was shown; this is about what follows
        if as_learner_error(error) is None:
            report_bug(error, learner_id=owner, event_name="prepare")
        await destination.send(view=_failed(at, speech, owner))
        return
    if not prepared.worked:
        await destination.send(view=_failed(at, speech, owner))
    elif prepared.made_something:
        await destination.send(view=note(speech("lesson.prepare.done")))


def _failed(at: OpenLesson, speech: Speech, owner: int) -> Card:
    again = button(speech("lesson.prepare.again"), _ids.prepare(owner, at.lesson.id, at.step.id))
    return note(speech("lesson.prepare.failed"), row(again))
