"""What an explanation looks like: what would happen, what is wrong, then part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from discord import ui

from bot.explain import Anything, Explanation, Part, Piece, speak
from bot.explain.said import OfCommand, said
from bot.terminal.escape import code_block, inline_code, visible
from bot.texts import Speech
from bot.ui.layout import Card, panel, rule, text
from bot.ui.theme import CALM, WARN

MOST_LETTERS: Final = 3_700
"""Of all texts together; a card may have 4,000."""

LONGEST_LINE: Final = 400
LONGEST_PART: Final = 70
MOST_BLOCKS: Final = 12
"""Commands of a line that have a text of their own; a card may have 40 pieces."""


def explanation_card(explanation: Explanation, speech: Speech) -> Card:
    """The explanation as a card of at most 4,000 letters; the rest is left out and said so."""
    head = _head(explanation, speech)
    foot = speech("explain.not_run")
    more = speech("explain.more")
    left = MOST_LETTERS - len(head) - len(foot) - len(more) - 2
    blocks, complete = _fitting(list(_blocks(explanation.pieces, speech, depth=0)), left)
    items: list[ui.Item[Card]] = [text(head)]
    for block in blocks:
        items += [rule(), text(block)]
    if not complete or not explanation.complete:
        foot = f"{more}\n{foot}"
    items.append(text(foot))
    return Card(panel(*items, colour=WARN if explanation.problems else CALM))


def _head(explanation: Explanation, speech: Speech) -> str:
    line = visible(explanation.line).strip()
    if len(line) > LONGEST_LINE:
        line = line[: LONGEST_LINE - 1] + "…"
    count = len(explanation.problems)
    state = speech("explain.some_wrong", n=count) if count else speech("explain.all_right")
    lines = [speech("explain.title"), code_block(line, "sh"), state]
    lines += [f"⚠️ {speak(problem, speech)}" for problem in explanation.wrong]
    return "\n".join(lines)


def _blocks(pieces: tuple[Piece, ...], speech: Speech, *, depth: int) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        first, alone = number == 0 and depth == 0, len(pieces) == 1 and depth == 0
        shown = _without_repeats(piece, first=first)
        yield "\n".join(_lines(shown, speech, several=not alone, depth=depth))
        yield from _blocks(piece.inner, speech, depth=depth + 1)


def _lines(piece: Piece, speech: Speech, *, several: bool, depth: int) -> Iterator[str]:
    if several:
        yield f"{'↳ ' * depth}**{_code(piece.text)}**"
    if piece.joint is not None:
        yield f"-# {speak(piece.joint, speech)}"
    if piece.does:
        yield "➡️ " + " ".join(speak(each, speech) for each in piece.does)
    yield from (f"⚠️ {speak(problem, speech)}" for problem in piece.wrong)
    for part in piece.parts:
        yield from _part(part, speech)


def _without_repeats(piece: Piece, *, first: bool) -> Piece:
    """What docker is stands once in a card; what a command does stands above its parts."""
    told = [] if first else [said("word.docker")]
    parts = [
        Part(part.text, tuple(_short(each, piece) for each in part.means), part.wrong)
        for part in piece.parts
        if part.wrong or not part.means or part.means[0] not in told
    ]
    return replace(piece, parts=tuple(parts))


def _short(meaning: Anything, piece: Piece) -> Anything:
    if isinstance(meaning, OfCommand) and meaning in piece.does:
        return said("word.command")
    return meaning


def _part(part: Part, speech: Speech) -> Iterator[str]:
    means = " ".join(speak(each, speech) for each in part.means)
    yield f"- {_code(part.text)}" + (f" — {means}" if means else "")
    yield from (f"  - ⚠️ {speak(problem, speech)}" for problem in part.wrong)


def _code(typed: str) -> str:
    return inline_code(typed, longest=LONGEST_PART) or "` `"


def _fitting(blocks: list[str], left: int) -> tuple[list[str], bool]:
    """As many blocks as there is room for, the last one up to a whole line."""
    taken: list[str] = []
    for block in blocks[:MOST_BLOCKS]:
        if len(block) + 1 > left:
            kept = _first_lines(block, left)
            return [*taken, *([kept] if kept else [])], False
        taken.append(block)
        left -= len(block) + 1
    return taken, len(blocks) <= MOST_BLOCKS


def _first_lines(block: str, left: int) -> str:
    end = block.rfind("\n", 0, max(0, left))
    return block[:end] if end > 0 else ""
