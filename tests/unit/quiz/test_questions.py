"""Questions of any bank as a quiz asks them."""

from __future__ import annotations

from bot.quiz.options import chosen, shown_options
from bot.quiz.questions import BankQuestion, EngineRun, Offer, QuizQuestion
from lessons.questions import (
    ChoiceQuestion,
    CommandQuestion,
    EngineQuestion,
    OptionText,
    QuestionText,
)
from lessons.typed_answers import read_answer

TEXT = QuestionText("Title", "", {}, "Because.")


def command(line: str) -> CommandQuestion:
    """A question with this command as its answer."""
    read = read_answer(line)
    assert read is not None
    return CommandQuestion("type", (read,), line)


def test_choices_are_judged_as_a_whole() -> None:
    """All right options and no other."""
    choice = ChoiceQuestion("m", "multiple", ("a", "b", "c"), frozenset({"a", "c"}))
    question: QuizQuestion = BankQuestion("lesson:x/m", choice, {"en": TEXT})
    assert question.right == frozenset({"a", "c"})
    assert question.engine is None
    assert question.is_right(("a", "c"))
    assert not question.is_right(("a",))
    assert not question.is_right(("a", "b", "c"))
    assert not question.is_right(())


def test_commands_are_judged_by_meaning() -> None:
    """However they are written."""
    question = BankQuestion("lesson:x/t", command("docker compose up -d"), {"en": TEXT})
    assert question.is_right(("docker compose up --detach",))
    assert not question.is_right(("docker compose up",))
    assert not question.is_right(())


def test_an_engine_finds_the_answer() -> None:
    """Until it has, nothing is right; an output that fits no option or several is no answer."""
    asked = EngineQuestion("e", ("docker run quiz-x",), "docker ps", {"up": "^Up", "gone": "^$"})
    question = BankQuestion("lesson:x/e", asked, {"en": TEXT})
    assert question.engine == EngineRun(("docker run quiz-x",), "docker ps")
    assert question.answer_from("Up 2 seconds\n") == "up"
    assert question.answer_from("Exited") is None
    assert question.is_right(("up",), "up")
    assert not question.is_right(("up",), "gone")
    assert not question.is_right(("up",), None)


def test_a_bank_in_one_language_serves_the_other() -> None:
    """A teacher's own bank may have Korean alone."""
    choice = ChoiceQuestion("s", "single", ("a", "b"), frozenset({"a"}))
    assert BankQuestion("bank:1/s", choice, {"ko": TEXT}).text("en") is TEXT
    assert Offer("bank:1", {"ko": "도커"}, 3).title("en") == "도커"


def many_options(kind: str = "single", count: int = 25) -> BankQuestion:
    """A question with so many options; the first one is right."""
    ids = tuple(f"option{number}" for number in range(count))
    texts = {"en": QuestionText("T", "", {ids[0]: OptionText("The first", "Yes.")}, "")}
    return BankQuestion("bank:1/x", ChoiceQuestion("x", kind, ids, frozenset(ids[:1])), texts)


def test_options_stand_in_an_order_of_their_own_that_stays() -> None:
    """Each option once, with a letter of its own; another quiz has another order."""
    question = many_options()
    shown = shown_options(question, "en", quiz_id=1, position=0)
    assert sorted(one.id for one in shown) == sorted(question.options)
    assert [one.letter for one in shown] == list("ABCDEFGHIJKLMNOPQRSTUVWXY")
    assert shown == shown_options(question, "en", quiz_id=1, position=0)
    orders = {
        tuple(one.id for one in shown_options(question, "en", quiz_id=quiz, position=0))
        for quiz in range(20)
    }
    assert len(orders) == 20
    first = next(one for one in shown if one.id == "option0")
    assert (first.text, first.explanation) == ("The first", "Yes.")


def test_yes_comes_before_no() -> None:
    """In every quiz."""
    question = many_options("true_false", 2)
    for quiz in range(20):
        shown = shown_options(question, "en", quiz_id=quiz, position=0)
        assert [one.id for one in shown] == ["option0", "option1"]


def test_letters_mean_options_or_nothing() -> None:
    """Twice the same is once; a letter without an option is no answer, and nothing is none."""
    shown = shown_options(many_options(count=3), "en", quiz_id=1, position=0)
    by_letter = {one.letter: one.id for one in shown}
    assert chosen(shown, ["B", "A", "B"]) == tuple(sorted([by_letter["A"], by_letter["B"]]))
    assert chosen(shown, ["D"]) is None
    assert chosen(shown, []) is None
