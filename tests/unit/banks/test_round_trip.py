"""What is exported can be uploaded again, and is the same."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.banks.engine_lines import is_trusted
from bot.banks.model import Bank, BankItem, numbered
from bot.banks.reading import read_bank
from bot.banks.writing import csv_file, yaml_text
from bot.texts import LANGUAGES, Language
from lessons.languages import LANGUAGES as LESSON_LANGUAGES
from lessons.loader import load_catalogue
from lessons.questions import QuestionBank
from tests.unit.banks.samples import banks


@given(banks())
def test_yaml_comes_back_whole(bank: Bank) -> None:
    """Every kind of question, in one language or two, whatever the words are."""
    content = yaml_text(bank).encode()
    reading = read_bank("bank.yaml", content, "ko")
    assert reading.mistakes == ()
    assert reading.bank == bank


@given(banks())
def test_csv_comes_back_with_numbers_for_options(bank: Bank) -> None:
    """In the columns of either language; a table has no names for options."""
    for language in LANGUAGES:
        reading = read_bank("bank.csv", csv_file(bank, language), language)
        assert reading.mistakes == ()
        assert reading.bank == numbered(bank)


@given(banks())
def test_what_has_numbers_already_stays(bank: Bank) -> None:
    """A table that was exported, uploaded and exported again is the same file."""
    once = csv_file(bank, "en")
    again = csv_file(read_bank("bank.csv", once, "en").bank, "en")
    assert once == again


def of_lesson(bank: QuestionBank) -> Bank:
    """A lesson's questions as a bank."""
    return Bank(
        tuple(
            BankItem(question, {each: bank.text(each, question.id) for each in LANGUAGES})
            for question in bank.questions
            if is_trusted(question)
        )
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lesson_s_bank_can_be_changed_and_uploaded(language: Language) -> None:
    """Nothing that the lessons ask is beyond the limits of a bank of one's own."""
    assert set(LANGUAGES) == set(LESSON_LANGUAGES)
    for lesson_id, lesson in load_catalogue().questions.items():
        bank = of_lesson(lesson)
        from_yaml = read_bank("x.yml", yaml_text(bank).encode(), language)
        assert from_yaml.mistakes == (), lesson_id
        assert from_yaml.bank == bank, lesson_id
        from_csv = read_bank("x.csv", csv_file(bank, language), language)
        assert from_csv.mistakes == (), lesson_id
        assert from_csv.bank == numbered(bank), lesson_id
