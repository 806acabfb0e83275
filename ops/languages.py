"""Holds the bot's languages in step: the same texts, with the same placeholders, in each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

_PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")

Texts = dict[str, set[str]]
"""Message key → names of its placeholders."""


def problems(locale: Path) -> list[str]:
    """What is out of step below the folder `locale`, one sentence each; empty when all is well."""
    found: list[str] = []
    languages: dict[str, Texts] = {}
    for folder in sorted(locale.glob("*/LC_MESSAGES")):
        texts = languages.setdefault(folder.parent.name, {})
        for file in sorted(folder.glob("*.po")):
            found += _read(file, texts)
    if not languages:
        return [f"There are no catalogues in {locale}."]
    return found + list(_differences(languages))


def _read(file: Path, texts: Texts) -> list[str]:
    """Add the texts of a catalogue to `texts`; returns what is wrong within it."""
    found = []
    with file.open("rb") as source:
        catalogue = read_po(source, locale=file.parent.parent.name)
    for message in catalogue:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        where = f"{file.parent.parent.name}/{file.name}: {key}"
        if key in texts:
            found.append(f"{where} is there twice.")
        if message.fuzzy:
            found.append(f"{where} is marked fuzzy: somebody has to look at it.")
        if any(not text for text in _texts(message)):
            found.append(f"{where} is empty.")
        texts[key] = {name for text in _texts(message) for name in _PLACEHOLDER.findall(text)}
    return found


def _texts(message: Message) -> tuple[str, ...]:
    text = message.string
    if text is None or isinstance(text, str):
        return (text or "",)
    return tuple(text)


def _differences(languages: dict[str, Texts]) -> Iterator[str]:
    for key in sorted({key for texts in languages.values() for key in texts}):
        lacking = [name for name, texts in languages.items() if key not in texts]
        if lacking:
            yield f"{key} is missing in: {', '.join(lacking)}."
            continue
        placeholders = {name: texts[key] for name, texts in languages.items()}
        if len({frozenset(names) for names in placeholders.values()}) > 1:
            shown = "; ".join(f"{name}: {sorted(names)}" for name, names in placeholders.items())
            yield f"{key} has different placeholders ({shown})."
