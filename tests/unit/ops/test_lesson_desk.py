"""What authors of lessons get: a lesson to write over, and words for what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.loader import load_catalogue
from lessons.questions import QuestionBank
from ops import lesson_desk
from ops.errors import OpsError


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of Docent's lessons."""
    monkeypatch.setattr(lesson_desk, "CONTENT", tmp_path)
    return tmp_path


def test_a_new_lesson_can_be_read_at_once(content: Path) -> None:
    """Nothing is wrong with what an author begins with, in either language."""
    assert lesson_desk.make_new("145-backups") == 0
    catalogue = load_catalogue(content)
    (lesson,) = catalogue.lessons
    assert (lesson.id, lesson.order) == ("backups", 145)
    assert all(catalogue.text(lesson, language).title for language in ("ko", "en"))
    assert isinstance(catalogue.questions["backups"], QuestionBank)


@pytest.mark.parametrize("name", ["145-again", "150-backups"])
def test_nothing_is_written_over_what_is_there(content: Path, name: str) -> None:
    """Neither a number nor a name is given twice."""
    lesson_desk.make_new("145-backups")
    with pytest.raises(OpsError, match="145-backups"):
        lesson_desk.make_new(name)
    assert [folder.name for folder in content.iterdir()] == ["145-backups"]


@pytest.mark.parametrize("name", [None, "backups", "1-backups", "145-Backups", "145-../x"])
def test_a_name_that_is_none_is_refused(content: Path, name: str | None) -> None:
    """With an example of one that is."""
    with pytest.raises(OpsError, match="145-backups"):
        lesson_desk.make_new(name)
    assert list(content.iterdir()) == []
