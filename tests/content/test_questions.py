"""Every lesson's questions fit into Discord, speak both languages and explain each option."""

from __future__ import annotations

import re

import pytest

from bot.banks.judging import TRUTH_WORDS
from lessons.languages import LANGUAGES, Language
from lessons.loader import load_catalogue
from lessons.model import Lesson
from lessons.questions import CommandQuestion

CATALOGUE = load_catalogue()
LESSONS = pytest.mark.parametrize("lesson", CATALOGUE.lessons, ids=lambda lesson: lesson.id)
IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
FEWEST = 8
LONGEST_BUTTON = 80
LONGEST_QUESTION = 250


@LESSONS
def test_there_are_enough_questions_of_several_kinds(lesson: Lesson) -> None:
    """At least eight; some to type and some that an engine answers."""
    questions = CATALOGUE.questions[lesson.id].questions
    assert len(questions) >= FEWEST
    kinds = {question.kind for question in questions}
    assert kinds >= {"single", "multiple", "true_false", "command", "engine"}


@LESSONS
@IN_LANGUAGE
def test_questions_fit_and_every_option_is_explained(lesson: Lesson, language: str) -> None:
    """Options are buttons; explanations are sentences in the language's own letters."""
    bank = CATALOGUE.questions[lesson.id]
    for question in bank.questions:
        text = bank.text(language, question.id)
        assert len(text.title) <= LONGEST_QUESTION, question.id
        said = [text.explanation] if not question.options else []
        for option in text.options.values():
            assert len(option.text) <= LONGEST_BUTTON, question.id
            said.append(option.explanation)
        for words in (text.title, *said):
            assert bool(re.search(r"[가-힣]", words)) is (language == "ko"), (question.id, words)
        for sentence in said:
            assert sentence.rstrip("`").endswith((".", "?", "!")), (question.id, sentence)


@LESSONS
@IN_LANGUAGE
def test_nobody_is_told_that_what_is_false_is_right(lesson: Lesson, language: Language) -> None:
    """True or false: the same words everywhere, and a reason that does not contradict them."""
    bank = CATALOGUE.questions[lesson.id]
    for question in bank.questions:
        if question.kind == "true_false":
            options = bank.text(language, question.id).options
            assert tuple(option.text for option in options.values()) == TRUTH_WORDS[language]
            assert not options["false"].explanation.startswith(("맞", "Right", "True")), question.id


@LESSONS
def test_the_answer_shown_is_the_answer(lesson: Lesson) -> None:
    """What the explanation of a typed answer shows is one that counts."""
    bank = CATALOGUE.questions[lesson.id]
    for question in bank.questions:
        if isinstance(question, CommandQuestion):
            assert question.is_right(question.shown), question.id
            for language in LANGUAGES:
                assert f"`{question.shown}`" in bank.text(language, question.id).explanation
