"""Custom ids of files: what is drawn and what answers agree through these.

Discord takes 100 letters. Where a path is too long for that, there is no button.
"""

from __future__ import annotations

from typing import Final

from bot.ui.actions import custom_id, pattern

LONGEST: Final = 100

EDIT: Final = pattern("edit", r"(?P<path>.+)")
PICK: Final = pattern("edit-pick")
SAVE_AS: Final = pattern("save-as", r"(?P<message>[0-9]{1,20})", r"(?P<block>[0-9])")
PUT: Final = pattern("put", r"(?P<file>[0-9])", r"(?P<path>.+)")
EDITED: Final = pattern("edited", r"(?P<seen>new|[0-9a-f]{12})", r"(?P<style>[rn-]{1,2})")
FIELD: Final = "file:"
"""The field of the form: the rest of its custom id is the path."""


def edit(owner: int, path: str) -> str | None:
    """Opening a file in a form."""
    return _fitting(custom_id("edit", owner, path))


def pick(owner: int) -> str:
    """Choosing a file to open in a form."""
    return custom_id("edit-pick", owner)


def save_as(owner: int, message_id: int, block: int) -> str:
    """Saving a code block of that message."""
    return custom_id("save-as", owner, str(message_id), str(block))


def put(owner: int, file: int, path: str) -> str | None:
    """Writing the file at this place among the attachments of the button's own message."""
    return _fitting(custom_id("put", owner, str(file), path))


def edited(owner: int, seen: str, style: str) -> str:
    """The form with a file that was `seen` so."""
    return custom_id("edited", owner, seen, style)


def field(path: str) -> str | None:
    """The field of the form."""
    return _fitting(FIELD + path)


def _fitting(given: str) -> str | None:
    return given if len(given) <= LONGEST else None
