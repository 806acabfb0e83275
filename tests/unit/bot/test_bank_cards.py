"""The fullest question that a bank can hold fits on every card that shows it."""

from __future__ import annotations

import pytest

from bot.banks import limits
from bot.banks.model import Bank, BankItem
from bot.banks.reading import read_text
from bot.banks.writing import yaml_text
from bot.classroom.banks import BankDraft, BankEntry, OwnQuestion
from bot.classroom.practice import MOST_SAID, Judged, Turn
from bot.errors import LearnerError
from bot.features.banks._cards import list_card, mistakes_card, preview_card
from bot.features.practice._cards import judged_card, question_card
from bot.texts import LANGUAGES, Language, Texts
from bot.ui.layout import Card
from db.practice import PracticeRun
from lessons.questions import (
    ChoiceQuestion,
    CommandQuestion,
    EngineQuestion,
    OptionText,
    Question,
    QuestionText,
)
from lessons.typed_answers import read_answer
from tests.factories import NOON
from tests.unit.bot.conftest import Room
from tests.unit.bot.test_cards import OWNER

MOST_LETTERS, MOST_PARTS = 4_000, 40
IDS = tuple(f"{'x' * 38}{n}" for n in range(limits.MOST_OPTIONS))
LINE = "docker run quiz-" + "y" * (limits.LONGEST_LINE - 16)
COMMAND = read_answer("docker ps")
assert COMMAND is not None
QUESTIONS: list[Question] = [
    ChoiceQuestion("q", "single", IDS, frozenset({IDS[0]})),
    ChoiceQuestion("q", "multiple", IDS, frozenset(IDS)),
    CommandQuestion("q", (COMMAND,) * 20, LINE, lines=(LINE,) * 20),
    EngineQuestion("q", (LINE,) * limits.MOST_LINES, LINE, dict.fromkeys(IDS, "^" + "z" * 119)),
]


def fullest(question: Question) -> QuestionText:
    """As many letters as there may be, and each of Markdown's."""
    body = "*" * limits.LONGEST_BODY
    if not question.options:
        return QuestionText("_" * limits.LONGEST_TITLE, body, {}, "`" * limits.LONGEST_WHY)
    left = limits.LONGEST_QUESTION - limits.LONGEST_TITLE - limits.LONGEST_BODY
    each = left // len(question.options) - 40
    options = {
        option: OptionText(str(n) * 40, "w" * min(each, limits.LONGEST_WHY))
        for n, option in enumerate(question.options)
    }
    return QuestionText("_" * limits.LONGEST_TITLE, body, options, "")


def assert_fits(card: Card) -> None:
    """Discord takes it."""
    assert card.content_length() <= MOST_LETTERS
    assert len(list(card.walk_children())) <= MOST_PARTS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.kind)
def test_the_fullest_question_fits(texts: Texts, language: Language, question: Question) -> None:
    """In the preview, in practice, and after an answer that is all wrong."""
    say = texts.for_language(language)
    item = BankItem(question, {each: fullest(question) for each in LANGUAGES})
    draft = BankDraft(10**17, "*" * limits.LONGEST_NAME, Bank((item,) * 200), 99)
    assert_fits(preview_card(draft, 199, say, owner=OWNER))
    asked = OwnQuestion("bank:1:1/q", question, {each: fullest(question) for each in LANGUAGES})
    turn = Turn(10**9, asked, question.options, True, 99, PracticeRun(1, "mine", 10**9))
    assert_fits(question_card(turn, say, owner=OWNER))
    answer = question.options or ("`" * limits.LONGEST_LINE,)
    right = frozenset(question.options)
    for verdict in (True, False, None):
        judged = Judged(turn, answer, verdict, right, "`" * MOST_SAID, NOON)
        assert_fits(judged_card(judged, say, owner=OWNER))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sign", ["*", "`", "_~", "[](", "<@", "|"])
def test_the_list_of_a_full_server_fits(texts: Texts, language: Language, sign: str) -> None:
    """As many banks as there may be, with names of nothing but marks."""
    name = (sign * limits.LONGEST_NAME)[: limits.LONGEST_NAME]
    entries = [BankEntry(10**17 + n, name, 999, 200, NOON) for n in range(limits.MOST_BANKS)]
    assert_fits(list_card(entries, texts.for_language(language), owner=OWNER))


def test_what_is_fullest_is_no_mistake() -> None:
    """Else the test above would be about what nobody can upload."""
    for question in QUESTIONS[:2]:
        bank = Bank((BankItem(question, {"ko": fullest(question)}),))
        assert read_text("yaml", yaml_text(bank), "ko").mistakes == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_number_of_mistakes_fits(texts: Texts, language: Language) -> None:
    """What is left over comes as a file."""
    rows = "question,option1,option2,answer\n" + "x,`a`,`a`,@everyone\n" * 150
    mistakes = read_text("csv", rows, language).mistakes
    card, whole = mistakes_card("*" * 200, mistakes, texts.for_language(language))
    assert_fits(card)
    assert whole is not None
    assert len(whole.splitlines()) == len(mistakes)


async def test_a_server_has_so_many_banks(room: Room) -> None:
    """A new version of one that is there is no new bank; other servers don't count."""
    banks, bank = room.classroom.banks, read_text("csv", "question,answer\nx,true\n", "ko").bank

    async def publish(server_id: int, name: str) -> int:
        draft = await banks.keep_draft(server_id, name, bank)
        return (await banks.publish(server_id, draft.id)).version

    late = await banks.keep_draft(1, "late", bank)
    for number in range(limits.MOST_BANKS):
        await publish(1, f"b{number}")
    with pytest.raises(LearnerError) as told:
        await publish(1, "one more")
    assert told.value.key == "bank.too_many"
    with pytest.raises(LearnerError):
        await banks.publish(1, late.id)
    assert await publish(1, "b0") == 2
    assert await publish(2, "one more") == 1


async def test_a_running_quiz_keeps_its_version(room: Room) -> None:
    """Whatever is uploaded or deleted meanwhile; a new quiz has the new one."""
    banks = room.classroom.banks
    for title in ("old", "new"):
        bank = read_text("csv", f"id,question,answer\nq,{title},true\n", "en").bank
        entry = await banks.publish(1, (await banks.keep_draft(1, "a", bank)).id)
    key = f"bank:{entry.id}"
    (newest,) = await banks.questions(1, key)
    assert newest.ref == f"{key}:2/q"
    await banks.delete(1, entry.id)
    for number, title in ((1, "old"), (2, "new")):
        question = await banks.question(1, f"{key}:{number}/q")
        assert question is not None
        assert question.text("ko").title == title
    assert await banks.questions(1, key) == ()
    for ref in (f"{key}:3/q", f"{key}:1/x", f"{key}/q", "bank:x:1/q", "bank:", "lesson:cli/a"):
        assert await banks.question(1, ref) is None
