"""The result of a challenge as a table: it is right, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest

from bot.errors import LearnerError
from bot.features.challenge._table import COLUMNS, result_table
from bot.tables import csv_bytes
from bot.texts import LANGUAGES, Language, Texts
from db import challenges
from tests.fakes.sandboxes import make_container, make_facts
from tests.unit.bot.challenges.stage import MINHO, Field
from tests.unit.bot.conftest import YUNA

HALF = make_facts(containers=[make_container("page")])
BOM = b"\xef\xbb\xbf"


async def played(field: Field) -> int:
    """A challenge in which Minho did half of it with a hint, and Yuna nothing."""
    number = await field.begun(YUNA, MINHO)
    judging = field.classroom.challenge_judging
    await judging.hint(number, MINHO, "page", "ko")
    field.clock.skip(timedelta(seconds=100))
    field.solve(MINHO, HALF)
    assert await judging.judge(MINHO) is not None
    return number


async def table_of(field: Field, number: int, language: Language) -> list[list[str]]:
    """The table as a spreadsheet reads it."""
    result = await field.classroom.challenge_results.of(number)
    prose = field.classroom.lessons.text(result.board.lesson, language)
    speech = Texts.load().for_language(language)
    data = csv_bytes(*result_table(result, prose, speech))
    assert data.startswith(BOM)
    return list(csv.reader(StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybody_is_in_it_by_place(field: Field, language: Language) -> None:
    """The same columns in both languages; a freeze hides nothing of it."""
    number = await played(field)
    field.clock.skip(timedelta(minutes=9))
    assert (await field.classroom.challenges.must_have_board(number)).frozen
    header, first, second = await table_of(field, number, language)
    page = next(n for n, title in enumerate(header) if "The page" in title)
    assert len(header) == len(set(header)) == len(first) == len(second) == len(COLUMNS) + 2 * 2
    assert first[:5] == ["1", "somebody", f"#{MINHO}", "1", "2"]
    assert int(first[5]) - 120 == int(first[page]) >= 100
    assert (first[6], first[7], first[8], first[page + 1]) == ("1", "1", "", "1")
    assert second[:6] == ["", "somebody", f"#{YUNA}", "0", "2", ""]
    assert second[page] == ""


async def test_names_are_no_formulas(field: Field) -> None:
    """Whatever somebody calls themselves: a spreadsheet works nothing out."""
    number = (await field.opened(YUNA, MINHO)).id
    async with field.database.transaction() as session:
        await challenges.change_member(session, number, YUNA, name='=HYPERLINK("https://x")')
        await challenges.change_member(session, number, MINHO, name="@SUM(1)", state="failed")
    _, first, second = await table_of(field, number, "ko")
    assert first[1] == '\'=HYPERLINK("https://x")'
    assert second[1] == "'@SUM(1)"
    assert (first[8], second[8]) == ("시작하지 않음", "엔진을 준비하지 못함")


async def test_there_is_none_of_what_is_not_there(field: Field) -> None:
    """An id that nobody has."""
    with pytest.raises(LearnerError, match=r"challenge\.gone"):
        await field.classroom.challenge_results.of(99)
