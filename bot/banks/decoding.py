"""Bytes of an uploaded file become text, whatever spreadsheet or editor wrote them."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from typing import Final

_MARKED: Final[Sequence[tuple[bytes, str]]] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED: Final = ("utf-8", "cp949")
"""Korean Excel saves CSV in the second."""


def decoded(content: bytes) -> str | None:
    """The text; None when it is in no encoding that we know."""
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return _try(content, encoding)
    if b"\0" in content:
        # UTF-16 without its mark: of ASCII letters every other byte is nothing.
        even, odd = content[::2].count(0), content[1::2].count(0)
        return _try(content, "utf-16-be" if even > odd else "utf-16-le")
    found = (_try(content, encoding) for encoding in _GUESSED)
    return next((text for text in found if text is not None), None)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
