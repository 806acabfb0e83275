"""Names of banks."""

from __future__ import annotations

import posixpath

from bot.banks.limits import LONGEST_NAME
from bot.banks.model import one_line
from bot.errors import LearnerError


def bank_name(asked: str | None, file_name: str) -> str:
    """The name that was asked for, else that of the file without its ending.

    Raises:
        LearnerError: It is too long, or nothing is left of it.
    """
    name = one_line(asked or "") or one_line(posixpath.splitext(file_name)[0].replace("_", " "))
    if not name:
        raise LearnerError("bank.name.missing")
    if len(name) > LONGEST_NAME:
        raise LearnerError("bank.name.too_long", most=LONGEST_NAME)
    return name
