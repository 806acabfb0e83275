"""How practice looks: a question, what came of the answer, and nothing more to ask."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final

import discord
from discord import ui

from bot.classroom.practice import Judged, Nothing, Turn
from bot.features.practice import _ids
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.layout import Card, button, note, panel, row, rule, text
from bot.ui.shared_buttons import start_drill
from bot.ui.theme import CALM, DONE, WARN
from lessons.questions import CommandQuestion, QuestionText

IN_ROW: Final = 5
LONGEST_LABEL: Final = 100
LONGEST_LINES: Final = 700
"""Letters of what will be run that are shown."""


def question_card(turn: Turn, speech: Speech, *, owner: int) -> Card:
    """The question, with what answers it."""
    words = turn.question.text(speech.language)
    parts: list[ui.Item[Card]] = [text(_head(turn, speech)), text(_asked(words))]
    options = [f"**{letter}.** {words.options[option].text}" for letter, option in _lettered(turn)]
    if options:
        parts += [rule(), text("\n".join(options))]
    engine = turn.question.engine
    if engine is not None:
        lines = _cut("\n".join((*engine.setup, engine.run))).replace("```", "'''")
        parts.append(text(f"{speech('practice.engine')}\n```\n{lines}\n```"))
    stop = button(speech("practice.stop"), _ids.stop(owner, turn.number))
    return Card(panel(*parts, colour=CALM), *_answers(turn, words, speech, owner), row(stop))


def judged_card(judged: Judged, speech: Speech, *, owner: int) -> Card:
    """What was right and why, with the explanation of what was chosen."""
    turn = judged.turn
    words = turn.question.text(speech.language)
    parts: list[ui.Item[Card]] = [text(_head(turn, speech)), text(_asked(words)), rule()]
    parts.append(text("\n".join(_outcome(judged, words, speech))))
    if judged.back_at is not None:
        back = discord.utils.format_dt(judged.back_at, "R")
        parts.append(text(speech("practice.back", at=back)))
    colour = DONE if judged.right else WARN
    return Card(
        panel(*parts, colour=colour),
        row(
            button(
                speech("practice.next"),
                _ids.go_on(owner, turn.number),
                style=discord.ButtonStyle.primary,
            ),
            button(speech("practice.stop"), _ids.stop(owner, turn.number)),
        ),
    )


def nothing_card(nothing: Nothing, speech: Speech, *, owner: int) -> Card:
    """The deck is learnt for now."""
    run = nothing.run
    lines = [speech("practice.nothing", n=nothing.questions)]
    if nothing.back_at is not None:
        back = discord.utils.format_dt(nothing.back_at, "R")
        lines.append(speech("practice.nothing.back", at=back))
    if run.right + run.wrong:
        lines.append(speech("practice.sum", right=run.right, all=run.right + run.wrong))
    again = button(speech("practice.look_again"), _ids.go_on(owner, run.number))
    drill = start_drill(speech, owner)
    return Card(panel(text("\n".join(lines)), colour=DONE), row(again, drill))


def stopped_card(right: int, answered: int, speech: Speech, *, owner: int) -> Card:
    """The end, and another thing to do."""
    lines = [speech("practice.stopped")]
    if answered:
        lines.append(speech("practice.sum", right=right, all=answered))
    return note("\n".join(lines), row(start_drill(speech, owner)))


def _cut(lines: str) -> str:
    return lines if len(lines) <= LONGEST_LINES else f"{lines[: LONGEST_LINES - 1]}…"


def _head(turn: Turn, speech: Speech) -> str:
    run = turn.run
    key = "practice.head.again" if turn.again else "practice.head.new"
    head = speech(key, number=run.right + run.wrong + 1)
    return f"-# {head} · {speech('practice.due', n=turn.due)}" if turn.due else f"-# {head}"


def _asked(words: QuestionText) -> str:
    return f"### {words.title}\n{words.body}" if words.body else f"### {words.title}"


def _lettered(turn: Turn) -> Sequence[tuple[str, str]]:
    return list(zip(ascii_uppercase, turn.options, strict=False))


def _answers(
    turn: Turn, words: QuestionText, speech: Speech, owner: int
) -> list[ui.ActionRow[Card]]:
    """Buttons for one option, a select for several, a form for a command."""
    if turn.question.kind == "command":
        write = button(
            speech("practice.type"),
            _ids.type_it(owner, turn.number),
            style=discord.ButtonStyle.primary,
            emoji="⌨️",
        )
        return [row(write)]
    if turn.question.kind == "multiple":
        select: ui.Select[Card] = ui.Select(
            custom_id=_ids.several(owner, turn.number),
            placeholder=speech("practice.several"),
            min_values=1,
            max_values=len(turn.options),
            options=[
                discord.SelectOption(
                    label=f"{letter}. {words.options[option].text.replace('`', '')}"[
                        :LONGEST_LABEL
                    ],
                    value=str(place),
                )
                for place, (letter, option) in enumerate(_lettered(turn))
            ],
        )
        return [row(select)]
    letters = [
        button(letter, _ids.choose(owner, turn.number, place))
        for place, (letter, _) in enumerate(_lettered(turn))
    ]
    return [row(*letters[at : at + IN_ROW]) for at in range(0, len(letters), IN_ROW)]


def _outcome(judged: Judged, words: QuestionText, speech: Speech) -> list[str]:
    """Right or wrong; each option that matters with its reason."""
    if judged.right is None:
        return [speech("practice.undecided"), *_said(judged)]
    lines = [speech("practice.right" if judged.right else "practice.wrong")]
    question = judged.turn.question
    if question.kind == "command":
        lines.append(speech("practice.typed", line=inline_code(judged.answer[0], longest=200)))
        if words.explanation:
            lines.append(words.explanation)
        if not judged.right and not words.explanation:
            lines += _right_commands(judged, speech)
        return lines
    lines += _said(judged)
    for letter, option in _lettered(judged.turn):
        chosen, right = option in judged.answer, option in judged.right_options
        if not chosen and not right:
            continue
        mark = "✅" if right else "❌"
        mine = f" {speech('practice.mine')}" if chosen else ""
        lines.append(f"{mark} **{letter}.** {words.options[option].text}{mine}")
        if words.options[option].explanation:
            lines.append(f"-# {' '.join(words.options[option].explanation.split())}")
    return lines


def _right_commands(judged: Judged, speech: Speech) -> list[str]:
    question = getattr(judged.turn.question, "question", None)
    if not isinstance(question, CommandQuestion):
        return []
    return [speech("practice.answer", line=inline_code(question.shown, longest=300))]


def _said(judged: Judged) -> list[str]:
    """What the engine printed."""
    engine = judged.turn.question.engine
    if engine is None:
        return []
    said = judged.said.replace("```", "'''")
    return [f"```\n$ {engine.run}\n{said}\n```"]
