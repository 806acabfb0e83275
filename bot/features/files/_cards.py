"""How files look in chat: saved, with what is wrong in them; changed meanwhile; as a tree."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord
from discord import ui

from bot.classroom.files import Checked, Folder, Saved
from bot.features.files import _ids
from bot.files.blocks import NamedBlock
from bot.files.names import attachment_name
from bot.files.problems import Problem
from bot.files.tree import draw_tree, size
from bot.terminal.escape import code_block, in_block, inline_code, visible
from bot.texts import Speech
from bot.ui.layout import Card, button, note, panel, row, text
from bot.ui.theme import CALM, DONE, WARN

MOST_ROW: Final = 5
MOST_OPTIONS: Final = 25
LONGEST_LABEL: Final = 60
LONGEST_CARD: Final = 3600
"""Letters of a card; Discord takes 4,000."""
LARGEST_EDITED: Final = 16 * 1024
"""Bigger files are not offered for the form; Korean letters take three bytes each."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was saved, and what a check of it said. `kept` is its old content's place.

    That is among the attachments of the card; None when there was none, or no room for it.
    """

    saved: Saved
    checked: Checked | None
    kept: int | None = None


def written_card(
    written: Sequence[Written], failures: Sequence[str], speech: Speech, *, owner: int
) -> Card:
    """What was saved, and what could not be; each with what is wrong in it."""
    items: list[ui.Item[Card]] = []
    room = LONGEST_CARD // (len(written) + len(failures) or 1)
    for each in written:
        items.append(text(_fitting(_written_lines(each, speech), room)))
        if each.kept is not None:
            items.append(_attached(each.kept, each.saved.path))
    items += [text(failure[:room]) for failure in failures]
    flawed = bool(failures) or any(_has_errors(each.checked) for each in written)
    card = Card(panel(*items, colour=WARN if flawed else DONE))
    if buttons := _written_buttons(written, speech, owner):
        card.add_item(row(*buttons[:MOST_ROW]))
    return card


def attached_name(place: int, path: str) -> str:
    """The name of an attached file; its place keeps two of one name apart."""
    return f"{place + 1}-{attachment_name(path)}"


def changed_card(path: str, speech: Speech, *, owner: int, kept: bool) -> Card:
    """The file changed while it was edited: nothing was written; what was to be is attached."""
    items: list[ui.Item[Card]] = [
        text(speech("files.changed", path=inline_code(path, longest=100)))
    ]
    buttons = []
    if kept:
        items.append(_attached(0, path))
        buttons.append(_button(speech("files.button.anyway"), _ids.put(owner, 0, path)))
    buttons.append(_button(speech("files.button.edit"), _ids.edit(owner, path)))
    card = Card(panel(*items, colour=WARN))
    if shown := [each for each in buttons if each is not None]:
        card.add_item(row(*shown))
    return card


def unsaved_card(path: str, sentence: str, speech: Speech, *, kept: bool) -> Card:
    """It could not be written: why, and what was to be written, so that nothing is lost."""
    items: list[ui.Item[Card]] = [text(sentence)]
    if kept:
        items += [text(f"-# {speech('files.unsaved')}"), _attached(0, path)]
    return Card(panel(*items, colour=WARN))


def blocks_card(
    blocks: Sequence[NamedBlock], speech: Speech, *, owner: int, message_id: int
) -> Card:
    """The offer to save the code blocks of a message."""
    buttons = [
        button(
            speech("files.button.save", name=_short(block.name)),
            _ids.save_as(owner, message_id, place),
            style=discord.ButtonStyle.primary,
        )
        for place, block in enumerate(blocks)
    ]
    return note(f"-# {speech('files.block.offer')}", row(*buttons))


def opening_card(path: str, speech: Speech, *, owner: int) -> Card:
    """The sandbox was too slow for a form; with a button to try again."""
    again = _button(speech("files.button.open"), _ids.edit(owner, path))
    rows = [] if again is None else [row(again)]
    return note(speech("files.edit.opening", path=inline_code(path, longest=100)), *rows)


def file_card(path: str, size_bytes: int, attached: str | None, speech: Speech) -> Card:
    """A file sent back; an empty one has nothing to attach."""
    shown = inline_code(path, longest=100)
    if attached is None:
        return note(speech("files.get.empty", path=shown))
    line = speech("files.get.sent", path=shown, size=size(size_bytes))
    file: ui.File[Card] = ui.File(f"attachment://{attached}")
    return Card(panel(text(line), file, colour=CALM))


def tree_card(folder: Folder, speech: Speech, *, owner: int) -> Card:
    """What is in a folder, and a select that opens one of its files in the form."""
    head = speech("files.tree.head", path=inline_code(folder.path, longest=200))
    if not folder.entries:
        return Card(panel(text(f"{head}\n{speech('files.tree.empty')}"), colour=CALM))
    tree = draw_tree(folder.entries)
    lines = _fitting([in_block(line) for line in tree.lines], LONGEST_CARD - len(head) - 200)
    hidden = tree.hidden + len(tree.lines) - lines.count("\n") - 1
    items: list[ui.Item[Card]] = [text(f"{head}\n{code_block(lines)}")]
    if folder.truncated:
        items.append(text(f"-# {speech('files.tree.truncated')}"))
    elif hidden:
        items.append(text(f"-# {speech('files.tree.hidden', n=hidden)}"))
    card = Card(panel(*items, colour=CALM))
    if options := _options(folder):
        select: ui.Select[Card] = ui.Select(
            custom_id=_ids.pick(owner), placeholder=speech("files.tree.pick"), options=options
        )
        card.add_item(row(select))
    return card


def problem_lines(checked: Checked, speech: Speech) -> list[str]:
    """What is wrong in a file, a line each; a word of praise when nothing is."""
    if not checked.possible:
        return [f"-# {speech('files.check.not_possible')}"]
    if not checked.problems:
        return [f"-# {speech('files.check.fine')}"]
    return [_problem_line(problem, speech) for problem in checked.problems]


def _fitting(lines: Sequence[str], most: int) -> str:
    """As many of the lines as there is room for, the first in any case."""
    shown = lines[0][:most]
    for line in lines[1:]:
        if len(shown) + 1 + len(line) > most:
            break
        shown += "\n" + line
    return shown


def _problem_line(problem: Problem, speech: Speech) -> str:
    mark = "❌" if problem.error else "⚠️"
    values = {name: inline_code(value, longest=200) for name, value in problem.values.items()}
    sentence = speech(problem.key, **values)
    if problem.line is None:
        return f"{mark} {sentence}"
    return f"{mark} {speech('files.check.line', line=problem.line)} {sentence}"


def _written_lines(written: Written, speech: Speech) -> list[str]:
    saved = written.saved
    path = inline_code(saved.path, longest=100)
    lines = [speech("files.saved", path=path, size=size(saved.size_bytes))]
    if saved.replaced:
        key = "files.replaced" if written.kept is not None else "files.replaced_for_good"
        lines.append(f"-# {speech(key)}")
    if written.checked is not None:
        lines += problem_lines(written.checked, speech)
    return lines


def _has_errors(checked: Checked | None) -> bool:
    return checked is not None and any(problem.error for problem in checked.problems)


def _written_buttons(
    written: Sequence[Written], speech: Speech, owner: int
) -> list[ui.Button[Card]]:
    several = len(written) > 1
    buttons = []
    for each in written:
        path = each.saved.path
        name = _short(posixpath.basename(path))
        if not several and each.saved.size_bytes <= LARGEST_EDITED:
            buttons.append(_button(speech("files.button.edit"), _ids.edit(owner, path)))
        if each.kept is not None:
            key = "files.button.undo_one" if several else "files.button.undo"
            label = speech(key, name=name)
            buttons.append(_button(label, _ids.put(owner, each.kept, path)))
    return [each for each in buttons if each is not None]


def _button(label: str, custom_id: str | None) -> ui.Button[Card] | None:
    return None if custom_id is None else button(label, custom_id)


def _attached(place: int, path: str) -> ui.File[Card]:
    return ui.File(f"attachment://{attached_name(place, path)}")


def _short(name: str) -> str:
    line = " ".join(visible(name).split())
    return line if len(line) <= LONGEST_LABEL else "…" + line[1 - LONGEST_LABEL :]


def _options(folder: Folder) -> list[discord.SelectOption]:
    options = []
    for entry in folder.entries:
        path = posixpath.join(folder.path, entry.path)
        fits = _ids.field(path) is not None and entry.size_bytes <= LARGEST_EDITED
        label = _short(entry.path)
        if entry.kind == "file" and fits and label and "\ufffd" not in path:
            options.append(
                discord.SelectOption(label=label, value=path, description=size(entry.size_bytes))
            )
    return options[:MOST_OPTIONS]
