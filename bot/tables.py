"""Tables for people: CSV that spreadsheets open as it was meant, Korean included."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

BEGINS_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet work a cell out; it does so with the wide forms, too."""
ARMOUR: Final = "'"
Cell = str | int | float | None


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as UTF-8 with a byte order mark; texts that would be formulas are disarmed."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([disarmed(title) for title in header])
    writer.writerows([_cell(value) for value in row] for row in rows)
    # Half of a pair can't be written as UTF-8; people's names have it at times.
    return out.getvalue().encode("utf-8-sig", errors="replace")


def disarmed(text: str) -> str:
    """The text as a cell that nothing works out: with a `'` before what would be a formula.

    A text that looks disarmed gets another one, so that `rearmed` gives back exactly what was.
    """
    text = text.replace("\x00", "")  # a spreadsheet takes it for the end of the cell
    bare = text.lstrip(ARMOUR)
    return f"{ARMOUR}{text}" if bare[:1] in BEGINS_FORMULA else text


def rearmed(cell: str) -> str:
    """The text that `disarmed` made this cell of."""
    bare = cell.lstrip(ARMOUR)
    return cell[1:] if cell != bare and bare[:1] in BEGINS_FORMULA else cell


def _cell(value: Cell) -> str | int | float:
    if value is None:
        return ""
    return disarmed(value) if isinstance(value, str) else value
