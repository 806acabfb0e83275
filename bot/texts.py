"""What the bot says, in the learner's language: gettext catalogues read once at the start.

A catalogue is the sum of the `.po` files of its language; each part of the bot has its own file.
Message ids are keys such as `lesson.finished`, and each translation is a `str.format` template.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from gettext import c2py
from pathlib import Path
from typing import Final, Literal

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po

Language = Literal["ko", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")
LOCALE_DIR: Final = Path(__file__).parent / "locale"

Forms = str | tuple[str, ...]
"""A translation; several of a key whose sentence depends on a number."""


class CatalogueError(Exception):
    """A catalogue is broken: a key in two files, a translation that is fuzzy, empty or short."""


class Speech:
    """The texts of one language; call it with a key and the values of its placeholders."""

    def __init__(self, language: Language, messages: Mapping[str, Forms]) -> None:
        self.language: Final = language
        self._messages = messages
        self._form_for = c2py(Catalog(locale=language).plural_expr)

    def __call__(self, key: str, /, **values: object) -> str:
        """The sentence of this key. A key with plural forms takes its number from the value `n`.

        Raises:
            KeyError: There is no such key, or a placeholder has no value: a bug of ours.
        """
        return self._template(key, values).format(**values)

    def __contains__(self, key: object) -> bool:
        return key in self._messages

    def __iter__(self) -> Iterator[str]:
        return iter(self._messages)

    def templates(self, key: str) -> tuple[str, ...]:
        """Every form of this key as it is written in the catalogue, for tests and translators."""
        return _all_forms(self._messages[key])

    def _template(self, key: str, values: Mapping[str, object]) -> str:
        forms = self._messages[key]
        if isinstance(forms, str):
            return forms
        number = values["n"]
        if not isinstance(number, int):
            raise KeyError(f"{key} needs n as a number")
        return forms[self._form_for(number)]


class Texts:
    """All languages; make one with `Texts.load()`."""

    def __init__(self, speeches: Mapping[Language, Speech]) -> None:
        self._speeches = speeches

    @classmethod
    def load(cls, folder: Path = LOCALE_DIR) -> Texts:
        """Read the catalogues.

        Raises:
            CatalogueError: A key is in two files of a language, or has no whole translation.
        """
        return cls({language: Speech(language, _read(folder, language)) for language in LANGUAGES})

    def for_language(self, language: Language) -> Speech:
        """The texts of this language."""
        return self._speeches[language]


def language_of_locale(locale: str | None) -> Language:
    """The language that fits a Discord locale such as `ko` or `en-GB`."""
    return "ko" if locale is not None and locale.split("-")[0] == "ko" else "en"


def _read(folder: Path, language: Language) -> dict[str, Forms]:
    messages: dict[str, Forms] = {}
    count = Catalog(locale=language).num_plurals
    for path in sorted((folder / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        for message in catalogue:
            _add(messages, message, path, count)
    return messages


def _add(messages: dict[str, Forms], message: Message, path: Path, count: int) -> None:
    key = message.id[0] if isinstance(message.id, tuple | list) else message.id
    if not key:  # the header of the file
        return
    text = message.string or ""
    forms = text if isinstance(text, str) else tuple(form or "" for form in text)
    if message.fuzzy or not all(_all_forms(forms)):
        raise CatalogueError(f"{path}: {key} has no finished translation")
    if isinstance(forms, tuple) and len(forms) != count:
        raise CatalogueError(f"{path}: {key} has {len(forms)} forms, this language has {count}")
    if key in messages:
        raise CatalogueError(f"{path}: {key} is in another file of this language, too")
    messages[sys.intern(key)] = forms


def _all_forms(forms: Forms) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else forms
