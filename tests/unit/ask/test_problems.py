"""Known errors as passages: none is missing, and none has a second copy of its explanation."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from bot.ask.finding import AnswerBook
from bot.ask.problems import ASKED, as_met, passage_id, problems, twin_id
from bot.terminal.error_help import ALL_IDS, ErrorHelp, text_of
from bot.texts import LANGUAGES, Speech, Texts
from tests.unit.ask.questions import DESCRIBED

MOST_LETTERS = 130


@pytest.fixture(scope="module")
def speeches() -> Mapping[str, Speech]:
    """Both languages."""
    texts = Texts.load()
    return {language: texts.for_language(language) for language in LANGUAGES}


def test_every_known_error_is_a_passage(speeches: Mapping[str, Speech]) -> None:
    """With a title and two lines in both languages, and without places to fill in."""
    found = list(problems(speeches, ()))

    assert [one.id for one in found] == [passage_id(error_id) for error_id in ALL_IDS]
    for one in found:
        for text in one.texts.values():
            assert 0 < len(text.title) <= MOST_LETTERS
            assert text.title.count("`") % 2 == 0
            assert re.fullmatch("💡 .+\n👉 .+", text.body)
            assert not re.search(r"\{[a-z]+\}", text.body)


def test_what_was_met_is_told_with_its_names(speeches: Mapping[str, Speech]) -> None:
    """In the two lines that stand under a command that met it."""
    help = ErrorHelp("no_such_container", {"container": "web7"})
    found = {one.id: one for one in problems(speeches, ())}["problem:no-such-container"]

    for language, speech in speeches.items():
        assert "`web7`" not in found.texts[language].body
        met = as_met(found, help, speech).texts[language]
        said = text_of(help, speech)
        assert met.body == f"💡 {said.why}\n👉 {said.do}"
        assert "`web7`" in met.body
        assert met.title == found.texts[language].title


def test_what_has_no_message_is_titled_with_its_names(speeches: Mapping[str, Speech]) -> None:
    """A title must not tell of another port than the text below it."""
    found = {one.id: one for one in problems(speeches, ())}["problem:random-port"]

    met = as_met(found, ErrorHelp("random_port", {"port": "7777"}), speeches["ko"])

    assert "7777" in met.texts["ko"].title


def test_every_known_error_can_be_asked_about() -> None:
    """Each has words of learners, or an entry of the glossary that is about it."""
    assert sorted(ASKED) == sorted(ALL_IDS)
    assert all(set(asked) in ({"asked"}, {"taught"}) for asked in ASKED.values())


def test_what_the_glossary_is_about_is_not_told_twice(book: AnswerBook) -> None:
    """The entry answers questions; what was pasted leads to its lesson as well."""
    pairs = [(one, twin) for one in ALL_IDS if (twin := twin_id(one)) is not None]
    assert len(pairs) > 20
    for error_id, twin in pairs:
        passage, taught = book.get(passage_id(error_id)), book.get(twin)
        assert passage is not None
        assert taught is not None, twin
        assert not passage.searched
        assert passage.place == taught.place is not None


@pytest.mark.parametrize("error_id", ALL_IDS)
def test_every_known_error_is_found_by_its_description(book: AnswerBook, error_id: str) -> None:
    """In words of both languages, without its message: among the first three answers."""
    for question in DESCRIBED[error_id]:
        found = {one.passage.id for one in book.ask(question)[:3]}
        assert found & {passage_id(error_id), twin_id(error_id)}, (question, found)


def test_a_described_error_comes_first(book: AnswerBook) -> None:
    """Nearly always, as any answer does."""
    right = [
        book.ask(question)[0].passage.id in {passage_id(error_id), twin_id(error_id)}
        for error_id, questions in DESCRIBED.items()
        for question in questions
    ]
    assert len(right) == 2 * len(ALL_IDS)
    assert sum(right) >= 0.85 * len(right)
