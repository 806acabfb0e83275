"""What the guide for instructors shows can be uploaded as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.banks import limits
from bot.banks.csv_form import COLUMNS
from bot.banks.reading import Form, read_text
from bot.texts import LANGUAGES, Language

DOCS = Path(__file__).parents[3] / "docs"


def guide(language: Language) -> str:
    """The guide in this language."""
    return (DOCS / f"instructors.{language}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        ("csv", ["single", "multiple", "true_false", "command"]),
        ("yaml", ["single", "command", "engine"]),
    ],
)
def test_its_examples_have_no_mistakes(language: Language, form: Form, kinds: list[str]) -> None:
    """In both forms and languages, and every question is of the kind that is meant."""
    (example,) = re.findall(rf"```{form}\n(.*?)```", guide(language), re.DOTALL)
    reading = read_text(form, example, language)
    assert reading.mistakes == ()
    assert [item.question.kind for item in reading.bank.items] == kinds
    assert all(language in item.texts for item in reading.bank.items)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_names_every_limit_and_column(language: Language) -> None:
    """What changes in the code changes there."""
    text = guide(language)
    for number in (
        limits.MOST_BYTES // 1024, limits.MOST_QUESTIONS, limits.MOST_OPTIONS,
        limits.LONGEST_TITLE, limits.LONGEST_OPTION, limits.LONGEST_WHY,
    ):  # fmt: skip
        assert re.search(rf"\b{number}(?!\d)", text), number
    for english, korean in COLUMNS.values():
        assert f"`{english if language == 'en' else korean}`" in text
