"""docs/curriculum.md points to steps that exist, and no lesson is left out of it."""

from __future__ import annotations

from pathlib import Path

from lessons.loader import load_catalogue

TABLE = Path(__file__).parents[2] / "docs" / "curriculum.md"
LESSONS = load_catalogue().lessons
PLANNED = "planned"


def rows() -> list[tuple[str, str, str]]:
    """Every row of both tables: what it is about, and where it is taught."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [
        (first, second, where)
        for first, second, where in cells
        if not first.startswith("---") and where != "where"
    ]


def test_every_row_points_to_a_step_or_says_that_it_is_planned() -> None:
    """Whoever follows the table finds what it promises."""
    steps = {f"{lesson.id}/{step.id}" for lesson in LESSONS for step in lesson.steps}
    assert rows()
    assert [row for row in rows() if row[2] not in steps | {PLANNED}] == []


def test_every_lesson_is_in_the_syllabus_under_its_number() -> None:
    """A lesson that is there is no longer planned: order 80 is lesson 8."""
    syllabus = {first: where for first, _, where in rows() if first.isdigit()}
    assert len(syllabus) == 21
    written = {str(lesson.order // 10): lesson.id for lesson in LESSONS}
    shown = {n: where.partition("/")[0] for n, where in syllabus.items() if where != PLANNED}
    assert shown == written
