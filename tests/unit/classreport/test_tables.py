"""The report as CSV: what a spreadsheet opens, with the numbers of the report."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO

from bot.classreport.heat import Cell, HeatMap, HeatRow
from bot.classreport.help import NeedsHelp, Refused, SameError, Stuck
from bot.classreport.open import OpenTask
from bot.classreport.report import ErrorFigures, Report
from bot.classreport.tables import reason_words, report_files
from bot.classreport.words import Titles
from bot.classreport.work import Spread, TaskFigures, TaskTime
from bot.texts import LANGUAGES, Texts
from db.classreport import LessonState, Pupil
from tests.factories import NOON

FORMULA = "=cmd|' /C calc'!A0"
NAMES = Titles({"sample": 1}, {"sample": "첫 강의"}, {("sample", "web"): "웹 서버"})


def make_report() -> Report:
    """Two learners, one with a name that a spreadsheet would work out."""
    yuna = Pupil(2**60 + 1, FORMULA, NOON, "sample", NOON, None)
    minho = Pupil(2**60 + 2, "민호", NOON, None, None, None)
    opened = LessonState(yuna.learner_id, "sample", 0, NOON, NOON + timedelta(hours=1), 640)
    task = OpenTask(yuna.learner_id, "sample", "web", NOON, 1500, 14, 9, 4, {"port_taken": 5})
    reasons = (Stuck(1500, 14, 9, 360.0), SameError("port_taken", 5), Refused(4))
    return Report(
        made_at=NOON,
        pupils=(yuna, minho),
        lessons=(opened,),
        heat=HeatMap(
            ("sample",),
            (
                HeatRow(yuna.learner_id, yuna.name, (Cell(1, 3, opened=True),)),
                HeatRow(minho.learner_id, minho.name, (Cell(0, 3),)),
            ),
        ),
        open_tasks={yuna.learner_id: task},
        needs_help=(NeedsHelp(yuna, task, reasons),),
        quiet=(),
        errors=(ErrorFigures("port_taken", 1, 5),),
        tasks=(TaskFigures("sample", "web", 3, 1, 4, 2, Spread((60.0, 120.0, 240.0))),),
        times=(TaskTime(yuna.learner_id, "sample", "list", 90.0),),
        due={"sample": NOON},
        late={(yuna.learner_id, "sample"): "late", (minho.learner_id, "sample"): "overdue"},
    )


def tables(texts: Texts) -> dict[str, list[list[str]]]:
    """Each file as a spreadsheet reads it."""
    files = report_files(make_report(), NAMES, texts.for_language("ko"))
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    return {
        name: list(csv.reader(StringIO(content.decode("utf-8-sig"))))
        for name, content in files.items()
    }


def test_progress_has_a_row_for_every_learner_and_lesson(texts: Texts) -> None:
    """Also for what was never opened."""
    header, yuna, minho = tables(texts)["progress.csv"]

    assert header[:4] == ["학습자 ID", "학습자", "강의 번호", "강의"]
    assert header[-2:] == ["마감", "마감을 지켰는지(처음 끝낸 때로 봄)"]
    assert yuna == [
        f"#{2**60 + 1}", f"'{FORMULA}", "1", "첫 강의", "1", "3", "33",
        "2026-11-24 12:00:00", "2026-11-24 13:00:00", "1.5", "640",
        "2026-11-24 12:00:00", "늦게 끝냄",
    ]  # fmt: skip
    assert minho[1:] == [
        "민호", "1", "첫 강의", "0", "3", "0", "", "", "", "",
        "2026-11-24 12:00:00", "마감이 지났고 아직 안 끝냄",
    ]  # fmt: skip


def test_what_is_not_due_has_no_date(texts: Texts) -> None:
    """And nobody is late with it."""
    report = replace(make_report(), due={}, late={})
    files = report_files(report, NAMES, texts.for_language("en"))
    header, yuna, _ = csv.reader(StringIO(files["progress.csv"].decode("utf-8-sig")))
    assert (header[-2:], yuna[-2:]) == (
        ["due at", "late (by when it was first finished)"],
        ["", ""],
    )


def test_tasks_have_their_quartiles(texts: Texts) -> None:
    """In minutes: the median, the lower and the upper one."""
    _, row = tables(texts)["tasks.csv"]

    assert row == ["1", "첫 강의", "웹 서버", "3", "1", "3", "2.0", "1.5", "3.0", "4", "2"]


def test_errors_have_their_wording(texts: Texts) -> None:
    """Beside the id that stays the same in every language."""
    _, row = tables(texts)["errors.csv"]

    assert row[0] == "port_taken"
    assert "port is already allocated" in row[1]
    assert row[2:] == ["1", "5"]


def test_help_says_why(texts: Texts) -> None:
    """Every reason in words."""
    _, row = tables(texts)["help.csv"]

    assert row[4] == "웹 서버"
    assert "25분" in row[-1]
    assert "중앙값: 6분" in row[-1]
    assert "port is already allocated" in row[-1]
    assert "안내를 4번" in row[-1]


def test_an_error_is_marked_as_the_caller_wants(texts: Texts) -> None:
    """A card shows it as code, a table as it is."""
    for language in LANGUAGES:
        say = texts.for_language(language)
        said = reason_words(SameError("port_taken", 5), say, quoted=lambda error: f"<{error}>")
        assert "<Bind for … failed: port is already allocated>" in said
