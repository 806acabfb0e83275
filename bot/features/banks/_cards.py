"""How banks look: mistakes, the preview of a draft, the list of a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui

from bot.banks.model import BankMistake
from bot.classroom.banks import BankDraft, BankEntry
from bot.features.banks import _ids
from bot.features.banks._words import fitting, mistake_words, question_words
from bot.texts import Speech
from bot.ui.layout import Card, button, note, panel, row, rule, text
from bot.ui.plain import plain
from bot.ui.theme import CALM, DONE, WARN

LONGEST_LISTED: Final = 32
"""Of a name in the list of all banks: escaped it may be twice as long. The select has it whole."""


def mistakes_card(
    file_name: str, mistakes: Sequence[BankMistake], speech: Speech
) -> tuple[Card, str | None]:
    """Every mistake with its line; and all of them as a text, when the card has no room."""
    lines = [mistake_words(mistake, speech) for mistake in mistakes]
    shown = fitting(lines)
    parts = [text(speech("bank.mistakes.title", n=len(lines), file=plain(file_name))), rule()]
    parts.append(text("\n".join(shown)))
    left = len(lines) - len(shown)
    if left:
        parts.append(text(speech("bank.mistakes.more", n=left)))
    parts.append(text(speech("bank.mistakes.hint")))
    card = Card(panel(*parts, colour=WARN))
    return card, "\n".join(lines).replace("**", "") if left else None


def preview_card(draft: BankDraft, page: int, speech: Speech, *, owner: int) -> Card:
    """A question of a draft in full, with what can be done."""
    total = len(draft.bank.items)
    page = min(max(page, 0), total - 1)
    item = draft.bank.items[page]
    head = speech("bank.preview.title", name=plain(draft.name))
    head += f"\n{speech('bank.preview.sum', n=total)}"
    if draft.version > 1:
        head += f"\n{speech('bank.preview.again', version=draft.version)}"
    place = speech(
        "bank.preview.place",
        number=page + 1,
        total=total,
        kind=speech(f"bank.kind.{item.question.kind}"),
        id=item.question.id,
    )
    turns = row(
        button("◀", _ids.page(owner, draft.id, max(page - 1, 0)), disabled=page == 0),
        button("▶", _ids.page(owner, draft.id, page + 1), disabled=page + 1 >= total),
        button(
            speech("bank.button.publish"),
            _ids.decide(owner, draft.id, "publish"),
            style=discord.ButtonStyle.success,
        ),
        button(speech("bank.button.discard"), _ids.decide(owner, draft.id, "discard")),
    )
    body = text(f"{place}\n{question_words(item, speech)}")
    return Card(panel(text(head), rule(), body, colour=CALM), turns)


def published_card(entry: BankEntry, speech: Speech) -> Card:
    """A draft became a bank."""
    words = speech(
        "bank.published", n=entry.questions, name=plain(entry.name), version=entry.version
    )
    return Card(panel(text(words), colour=DONE))


def list_card(entries: Sequence[BankEntry], speech: Speech, *, owner: int) -> Card:
    """All banks of a server; one can be chosen to be deleted."""
    title = text(speech("bank.list.title"))
    if not entries:
        return Card(panel(title, text(speech("bank.list.none")), colour=CALM))
    lines = [
        speech(
            "bank.list.row",
            name=plain(entry.name, most=LONGEST_LISTED),
            questions=entry.questions,
            version=entry.version,
            at=discord.utils.format_dt(entry.at, "R"),
        )
        for entry in entries
    ]
    select: ui.Select[Card] = ui.Select(
        custom_id=_ids.pick(owner),
        placeholder=speech("bank.list.delete"),
        options=[
            discord.SelectOption(label=entry.name[:100], value=str(entry.id)) for entry in entries
        ],
    )
    return Card(panel(title, rule(), text("\n".join(lines)), colour=CALM), row(select))


def delete_card(entry: BankEntry, speech: Speech, *, owner: int) -> Card:
    """Whether it is meant."""
    return note(
        speech("bank.delete.ask", name=plain(entry.name)),
        row(
            button(
                speech("bank.delete.yes"),
                _ids.delete(owner, entry.id, "yes"),
                style=discord.ButtonStyle.danger,
            ),
            button(speech("bank.delete.no"), _ids.delete(owner, entry.id, "no")),
        ),
    )
