"""Tables for people: what spreadsheets make of them."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tables import csv_bytes, disarmed, rearmed


def read(content: bytes) -> list[list[str]]:
    """The table as a program reads it."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_korean_opens_as_korean() -> None:
    """Excel reads UTF-8 only behind a byte order mark; lines end as it wants them."""
    content = csv_bytes(["이름", "점수"], [["김하늘", 12]])
    assert content == "\ufeff이름,점수\r\n김하늘,12\r\n".encode()


@pytest.mark.parametrize(
    "text", ["=1+1", "+82", "-x", "@me", "\tx", "\rx", "\n=1", "＝1", '=HYPERLINK("http://x")']
)
def test_no_text_becomes_a_formula(text: str) -> None:
    """Names are chosen by learners, and instructors open the file."""
    assert read(csv_bytes([text], [[text]])) == [[f"'{text}"], [f"'{text}"]]


def test_numbers_stay_numbers() -> None:
    """Negative ones, too; what is unknown is an empty cell."""
    assert read(csv_bytes(["a", "b", "c"], [[-5, 0.5, None]]))[1] == ["-5", "0.5", ""]


def test_half_a_letter_doesn_t_lose_the_table() -> None:
    """Half of a surrogate pair can't be written; the rest can."""
    assert read(csv_bytes(["a"], [["x\ud800y"]]))[1] == ["x?y"]


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_what_was_disarmed_comes_back(text: str) -> None:
    """An exported table can be read again."""
    assert rearmed(disarmed(text)) == text
    assert disarmed(text)[:1] not in set("=+-@\t\r")
