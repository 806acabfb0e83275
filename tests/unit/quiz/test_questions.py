"""Questions of any bank as a quiz asks them, and how their answers are distributed."""

from __future__ import annotations

from bot.quiz.questions import BankQuestion, EngineRun, Offer, QuizQuestion
from bot.quiz.results import ShownOption, distribution, typed_distribution
from lessons.questions import ChoiceQuestion, CommandQuestion, EngineQuestion, QuestionText
from lessons.typed_answers import read_answer

TEXT = QuestionText("Title", "", {}, "Because.")
OPTIONS = (
    ShownOption("red", "A", "Red", right=True),
    ShownOption("blue", "B", "Blue", right=False),
    ShownOption("green", "C", "Green", right=True),
)


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


def test_people_are_counted_once_though_they_chose_twice() -> None:
    """Bars count choices; answered, right and silent count people."""
    spread = distribution(
        OPTIONS, [(("green", "red"), True), (("blue",), False), (("red",), False)], participants=5
    )
    assert [(bar.label, bar.count) for bar in spread.bars] == [("A", 2), ("B", 1), ("C", 1)]
    assert (spread.answered, spread.right, spread.silent, spread.share_right) == (3, 1, 2, 33)


def test_nobody_answered() -> None:
    """No division by nobody, and who left meanwhile is not counted as silent."""
    spread = distribution(OPTIONS, [], participants=0)
    assert (spread.answered, spread.silent, spread.share_right) == (0, 0, 0)
    assert distribution(OPTIONS, [(("red",), False)], participants=0).silent == 0


def test_typed_lines_are_right_or_wrong() -> None:
    """What each one typed is theirs."""
    spread = typed_distribution(
        [True, False, True], participants=4, right_text="Right", wrong_text="Wrong"
    )
    assert [(bar.text, bar.count) for bar in spread.bars] == [("Right", 2), ("Wrong", 1)]
    assert (spread.right, spread.silent) == (2, 1)
