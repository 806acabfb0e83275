"""What an answer looks like, and the honest word that there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from discord import ui

from bot.ask.passages import Passage
from bot.classroom.asking import Answer
from bot.features.ask import _ids
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.layout import Card, button, panel, row, rule, text
from bot.ui.shared_buttons import open_step
from bot.ui.theme import CALM, WARN

LONGEST_LABEL: Final = 45
LONGEST_QUESTION: Final = 150
LONGEST_LINE: Final = 100

_MARKUP = re.compile(r"[`*_]+")


def answer_card(answer: Answer, speech: Speech, *, owner: int, question: str = "") -> Card:
    """The answer with its way into the lesson and what else may be meant."""
    passage = answer.passage
    if passage is None:
        return nothing_card(answer, speech, owner=owner, question=question)
    title = passage.texts[speech.language].title
    head = [*_asked(question, speech), *_read_with(answer, speech), f"### {title}"]
    parts: list[ui.Item[Card]] = [text("\n".join(head)), text(answer.text), rule()]
    parts.append(text(_source(passage, speech)))
    parts += _rows(passage, answer.more, speech, owner)
    return Card(panel(*parts, colour=CALM))


def nothing_card(answer: Answer, speech: Speech, *, owner: int, question: str) -> Card:
    """That nothing fits, how to ask better, and where to look instead."""
    said = [*_asked(question, speech), speech("ask.nothing")]
    parts: list[ui.Item[Card]] = [text("\n".join(said))]
    buttons = list(_passages(answer.more, speech, owner))
    if buttons:
        parts.append(row(*buttons))
    return Card(panel(*parts, colour=WARN))


def _asked(question: str, speech: Speech) -> Iterator[str]:
    """The question, since nobody sees what was typed with a slash command."""
    if question:
        shown = inline_code(question, longest=LONGEST_QUESTION)
        yield f"-# {speech('ask.question', question=shown)}"


def _read_with(answer: Answer, speech: Speech) -> Iterator[str]:
    if answer.failed is not None:
        line = inline_code(answer.failed.line, longest=LONGEST_LINE)
        yield f"-# {speech('ask.failed', line=line, code=answer.failed.exit_code)}"


def _source(passage: Passage, speech: Speech) -> str:
    """What sort of passage it is, and from which lesson."""
    context = passage.texts[speech.language].context
    said = speech(f"ask.source.{passage.sort}")
    return f"-# {said} · {context}" if context else f"-# {said}"


def _rows(
    passage: Passage, more: Sequence[Passage], speech: Speech, owner: int
) -> Iterator[ui.ActionRow[Card]]:
    place = passage.place
    if place is not None:
        key = "ask.open.lesson" if place.step_id is None else "ask.open.step"
        yield row(open_step(speech(key), owner, place.lesson_id, place.step_id))
    buttons = list(_passages(more, speech, owner))
    if buttons:
        yield row(*buttons)


def _passages(passages: Sequence[Passage], speech: Speech, owner: int) -> Iterator[ui.Button[Card]]:
    for passage in passages:
        custom_id = _ids.passage(owner, passage.id)
        if len(custom_id) <= _ids.LONGEST:
            yield button(_label(passage.texts[speech.language].title), custom_id)


def _label(title: str) -> str:
    """A title as a button has it: without marks, and short enough for a phone."""
    bare = _MARKUP.sub("", title).strip()
    return bare if len(bare) <= LONGEST_LABEL else f"{bare[: LONGEST_LABEL - 1].rstrip()}…"
