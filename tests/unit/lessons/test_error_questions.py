"""error_questions.yaml is read with every mistake at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.error_questions import load_error_questions
from lessons.mistakes import AuthoringErrors


def written(folder: Path, text: str) -> Path:
    """A file of this content."""
    file = folder / "error_questions.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_errors_with_and_without_questions(tmp_path: Path) -> None:
    """In the order of their author."""
    file = written(tmp_path, "errors:\n  port_taken: [first/port, first/name]\n  odd: []\n")
    assert load_error_questions(file) == {"port_taken": ("first/port", "first/name"), "odd": ()}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("errors:\n  one: [nothing]\n", (2, "'nothing' is no lesson/question")),
        ("errors:\n  one: [a/b, a/b]\n", (2, "a question is here twice for 'one'")),
        ("errors:\n  one: []\n  one: []\n", (3, "'one' is here twice")),
        ("errors:\n  one: word\n", (2, "'one' must be a list")),
        ("errors: words\n", (1, "expected `name: value` lines here")),
        ("mistakes: {}\n", (1, "'errors' is missing")),
        ("", (0, "the file is empty")),
    ],
)
def test_mistakes_are_told_with_their_line(
    tmp_path: Path, text: str, told: tuple[int, str]
) -> None:
    """Whatever is wrong in the file."""
    file = written(tmp_path, text)
    with pytest.raises(AuthoringErrors) as caught:
        load_error_questions(file)
    assert told in [(each.line, each.text) for each in caught.value.mistakes]
