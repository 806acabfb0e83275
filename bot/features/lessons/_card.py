"""The card of a lesson: one step on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import discord
from discord import ui

from bot.classroom.lessons import LessonDesk
from bot.classroom.open_lessons import OpenLesson, page_port
from bot.features.lessons import _ids
from bot.texts import Speech
from bot.ui.layout import Card, button, link, note, panel, picture, row, rule, text
from bot.ui.marks import mark
from bot.ui.theme import CALM, DONE
from lessons.model import LessonText, Step

PRIMARY: Final = discord.ButtonStyle.primary
SECONDARY: Final = discord.ButtonStyle.secondary


def lesson_card(at: OpenLesson, desk: LessonDesk, speech: Speech, *, owner: int) -> Card:
    """The lesson at its open step, with the tasks as they stand and the buttons."""
    prose = desk.text(at.lesson, speech.language)
    number = desk.number(at.lesson.id)
    parts: list[ui.Item[Card]] = [
        text(_head(at, prose, speech, number)),
        text(_body(at, prose, speech)),
    ]
    diagram = at.step.diagram
    drawn = () if diagram is None else (diagram.image(speech.language),)
    if diagram is not None:
        parts.append(picture(diagram.image(speech.language), diagram.alt[speech.language]))
    if at.step.tasks:
        parts += [rule(), text(_tasks(at, prose, speech))]
    parts += _buttons(at, speech, owner)
    colour = DONE if at.step_done and at.step.tasks else CALM
    return Card(panel(*parts, colour=colour), pictures=drawn)


def moved_card(title: str, speech: Speech, *, url: str) -> Card:
    """What stays where the card was before it was shown anew further down."""
    return note(
        speech("lesson.card.moved", title=title), row(link(speech("lesson.card.jump"), url))
    )


def _head(at: OpenLesson, prose: LessonText, speech: Speech, number: int) -> str:
    return speech(
        "lesson.card.head",
        number=number,
        title=prose.title,
        step=at.index + 1,
        steps=len(at.lesson.steps),
        step_title=prose.steps[at.step.id].title,
    )


def _body(at: OpenLesson, prose: LessonText, speech: Speech) -> str:
    body = prose.steps[at.step.id].body
    if at.index > 0:
        return body
    goal = speech("lesson.card.goal", goal=prose.goal, minutes=at.lesson.minutes)
    return f"{goal}\n\n{body}"


def _tasks(at: OpenLesson, prose: LessonText, speech: Speech) -> str:
    lines = [speech("lesson.card.tasks")]
    if at.step.faults is not None:
        lines.append(_clock(at, speech))
    for task in at.step.tasks:
        done = task.id in at.done
        title = prose.tasks[task.id].title
        lines.append(f"{mark(done=done)} {title}")
    lines.append(speech(_footer(at)))
    return "\n".join(lines)


def _clock(at: OpenLesson, speech: Speech) -> str:
    """How an attempt against the clock stands; Discord counts on by itself."""
    if at.score is not None:
        return f"-# {speech('lesson.card.over', points=at.score.points, n=at.hints_taken)}"
    since = "…" if at.clock_at is None else f"<t:{at.clock_at.timestamp():.0f}:R>"
    return f"-# {speech('lesson.card.clock', since=since, n=at.hints_taken)}"


def _footer(at: OpenLesson) -> str:
    if all(task.id in at.done for task in at.lesson.tasks):
        return "lesson.card.all_done"
    return "lesson.card.step_done" if at.step_done else "lesson.card.how"


def _buttons(at: OpenLesson, speech: Speech, owner: int) -> Sequence[ui.ActionRow[Card]]:
    rows = [row(*_turning(at, speech, owner), *_helping(at, speech, owner))]
    doing = list(_doing(at, speech, owner))
    return [row(*doing), *rows] if doing else rows


def _doing(at: OpenLesson, speech: Speech, owner: int) -> Iterator[ui.Button[Card]]:
    """What can be done with a finger rather than with a command."""
    port = page_port(at.step)
    if port is not None:
        label = speech("lesson.button.page", port=port)
        yield button(label, _ids.page(owner, at.lesson.id, port), emoji="🌐")
    if at.to_answer is not None:
        custom_id = _ids.answer(owner, at.lesson.id, at.step.id)
        yield button(speech("lesson.button.answer"), custom_id, style=PRIMARY, emoji="✏️")
    if at.step.setup is not None and not at.step_done:
        custom_id = _ids.prepare(owner, at.lesson.id, at.step.id)
        yield button(speech("lesson.button.prepare"), custom_id, emoji="🧰")


def _turning(at: OpenLesson, speech: Speech, owner: int) -> Iterator[ui.Button[Card]]:
    back, on = _neighbours(at)
    yield button(
        speech("lesson.button.previous"),
        _ids.turn(owner, "back", at.lesson.id, (back or at.step).id),
        disabled=back is None,
    )
    yield button(
        speech("lesson.button.next"),
        _ids.turn(owner, "on", at.lesson.id, (on or at.step).id),
        style=PRIMARY if at.step_done and on is not None else SECONDARY,
        disabled=on is None,
    )


def _helping(at: OpenLesson, speech: Speech, owner: int) -> Iterator[ui.Button[Card]]:
    if not at.step.tasks:
        return
    place = (owner, at.lesson.id, at.step.id)
    yield button(speech("lesson.button.hint"), _ids.hint(*place))
    yield button(
        speech("lesson.button.check"),
        _ids.check(*place),
        style=SECONDARY if at.step_done else PRIMARY,
    )
    yield button(speech("lesson.button.solution"), _ids.solution(*place))


def _neighbours(at: OpenLesson) -> tuple[Step | None, Step | None]:
    steps = at.lesson.steps
    back = steps[at.index - 1] if at.index > 0 else None
    on = steps[at.index + 1] if at.index + 1 < len(steps) else None
    return back, on
