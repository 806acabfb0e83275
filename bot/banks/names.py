"""Names of banks."""

from __future__ import annotations

from bot.banks.limits import LONGEST_NAME
from bot.banks.model import one_line
from bot.banks.reading import ENDINGS
from bot.errors import LearnerError


def bank_name(asked: str | None, file_title: str | None, file_name: str) -> str:
    """The name that was asked for, else that of the file without its ending.

    `file_title` is what Discord keeps of a name that is not made of ASCII letters.

    Raises:
        LearnerError: It is too long, or nothing is left of it.
    """
    own = file_title or file_name
    stem, dot, ending = own.rpartition(".")
    bare = stem if dot and f".{ending.lower()}" in ENDINGS else own
    name = one_line(asked or "") or one_line(bare.replace("_", " "))
    if not name:
        raise LearnerError("bank.name.missing")
    if len(name) > LONGEST_NAME:
        raise LearnerError("bank.name.too_long", most=LONGEST_NAME)
    return name
