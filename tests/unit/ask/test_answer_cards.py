"""Answer cards: whatever is answered and whoever asks, Discord takes it, and nothing gets out."""

from __future__ import annotations

import discord
import pytest

from bot.ask.finding import AnswerBook
from bot.classroom.asking import Answer
from bot.features.ask._card import LONGEST_LABEL, answer_card
from bot.texts import LANGUAGES, Language, Speech, Texts
from bot.ui.layout import Card
from db.history import Record
from tests.factories import NOON
from tests.unit.bot.test_cards import OWNER, assert_fits

HOSTILE = "@everyone **bold** `code` ```\n# big\n[link](http://evil) <@1> \u202egnp.exe " * 60


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The real catalogues."""
    return Texts.load()


@pytest.fixture(params=LANGUAGES)
def speech(request: pytest.FixtureRequest, texts: Texts) -> Speech:
    """The texts of one language after the other."""
    language: Language = request.param
    return texts.for_language(language)


def shown(card: Card) -> str:
    """All text of a card."""
    parts = card.walk_children()
    return "\n".join(part.content for part in parts if isinstance(part, discord.ui.TextDisplay))


def labels(card: Card) -> list[str]:
    """The labels of its buttons."""
    parts = card.walk_children()
    return [part.label or "" for part in parts if isinstance(part, discord.ui.Button)]


def failed(line: str) -> Record:
    """A command that ended with an error."""
    return Record(kind="command", line=line, exit_code=127, took_ms=5, at=NOON)


async def test_every_passage_fits_a_card(book: AnswerBook, speech: Speech) -> None:
    """With the longest question, a failed command and the longest neighbours."""
    titles = sorted(book.passages, key=lambda p: -len(p.texts[speech.language].title))
    for passage in book.passages:
        text = book.excerpt(passage, speech.language)
        more = [other for other in titles if other is not passage][:2]
        answer = Answer(passage, text, more, failed(HOSTILE))
        card = answer_card(answer, speech, owner=OWNER, question=HOSTILE)
        assert_fits(card)
        assert len(labels(card)) == 2 + (passage.place is not None)
        assert all(len(label) <= LONGEST_LABEL and "`" not in label for label in labels(card))


async def test_the_card_leads_to_the_step(book: AnswerBook, speech: Speech) -> None:
    """The button of a step is the one that the lessons feature answers."""
    passage = book.get("step:data/volume")
    assert passage is not None

    card = answer_card(Answer(passage, "text", ()), speech, owner=OWNER)

    ids = [p.custom_id for p in card.walk_children() if isinstance(p, discord.ui.Button)]
    assert ids == [f"docent:go:v1:{OWNER}:data:volume"]


async def test_nothing_fits_is_said_and_leads_on(book: AnswerBook, speech: Speech) -> None:
    """The question comes back harmless, with where to look instead."""
    near = [passage for name in ("term:container", "command:run") if (passage := book.get(name))]

    card = answer_card(Answer(None, "", near), speech, owner=OWNER, question=HOSTILE)

    assert_fits(card)
    assert len(labels(card)) == 2
    (line,) = [one for one in shown(card).splitlines() if "@everyone" in one]
    code = line.partition(": ")[2]
    assert code.startswith("`` ")
    assert code.endswith(" ``")
    assert "``" not in code[2:-2]  # nothing in it ends the code, where no mention and no link works
    assert "\u202e" not in shown(card)
    assert_fits(answer_card(Answer(None, "", ()), speech, owner=OWNER, question="?"))


async def test_what_failed_stays_in_its_code(book: AnswerBook, speech: Speech) -> None:
    """A command line can't leave its backticks."""
    passage = book.get("error:exit-127")
    assert passage is not None

    card = answer_card(Answer(passage, "text", (), failed("a`b``c\n# d")), speech, owner=OWNER)

    (line,) = [one for one in shown(card).splitlines() if "127" in one and one.startswith("-#")]
    assert "`` a`b" in line
    assert "```" not in line
