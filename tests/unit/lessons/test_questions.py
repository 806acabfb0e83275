"""Question banks: what is right, and telling an author every mistake at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.mistakes import Mistake
from lessons.question_file import read_questions
from lessons.questions import ChoiceQuestion, CommandQuestion, EngineQuestion, QuestionBank

YAML = """\
questions:
  - { id: one, kind: single, options: [yes, no], answer: [no] }
  - { id: two, kind: multiple, options: [a, b, c], answer: [a, c] }
  - { id: three, kind: true_false, answer: ["false"] }
  - { id: four, kind: command, answer: [docker ps -a] }
  - id: five
    kind: engine
    setup: [docker run -d --name quiz-web nginx]
    run: docker ps
    options: { up: ^Up, exited: ^Exited }
"""
PROSE = """\
# Quiz {#questions}
## One? {#question-one}
### Yes {#option-one-yes}
Why not.
### No {#option-one-no}
Why.
## Two? {#question-two}
More about it.
### A {#option-two-a}
Why.
### B {#option-two-b}
Why not.
### C {#option-two-c}
Why.
## Three? {#question-three}
### True {#option-three-true}
Why not.
### False {#option-three-false}
Why.
## Four? {#question-four}
### Answer {#answer-four}
Because.
## Five? {#question-five}
### Up {#option-five-up}
Why.
### Exited {#option-five-exited}
Why not.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The questions of a lesson, without a mistake."""
    (tmp_path / "questions.yaml").write_text(YAML)
    for language in ("ko", "en"):
        (tmp_path / f"questions.{language}.md").write_text(PROSE)
    return tmp_path


def read(folder: Path) -> tuple[QuestionBank, list[str]]:
    mistakes: list[Mistake] = []
    bank = read_questions(folder, mistakes)
    return bank, [str(mistake).removeprefix(f"{folder}/") for mistake in mistakes]


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))


def test_every_kind_of_question_is_read_and_judged(folder: Path) -> None:
    """Choices by their ids, commands by their meaning, engine questions by the output."""
    bank, mistakes = read(folder)
    assert mistakes == []
    one, two, three, four, five = bank.questions
    assert isinstance(one, ChoiceQuestion)
    assert (one.is_right({"no"}), one.is_right({"yes"}), one.is_right(set())) == (
        True,
        False,
        False,
    )
    assert isinstance(two, ChoiceQuestion)
    assert two.is_right({"a", "c"})
    assert not two.is_right({"a"})
    assert not two.is_right({"a", "b", "c"})
    assert isinstance(three, ChoiceQuestion)
    assert three.options == ("true", "false")
    assert isinstance(four, CommandQuestion)
    assert (four.is_right("docker container ls --all"), four.is_right("docker ps")) == (True, False)
    assert isinstance(five, EngineQuestion)
    assert five.answer_from("Exited (0) 3 seconds ago\n") == "exited"
    assert five.answer_from("Created\n") is None

    text = bank.text("ko", "two")
    assert (text.title, text.body) == ("Two?", "More about it.")
    assert (text.options["b"].text, text.options["b"].explanation) == ("B", "Why not.")
    assert bank.text("en", "four").explanation == "Because."


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("questions.yaml", "kind: single", "kind: singel", ":2: unknown kind of question 'singel'"),
        ("questions.yaml", "answer: [no]", "answer: [nope]", ":2: the answer 'nope' is no option"),
        ("questions.yaml", "answer: [no]", "answer: [yes, no]", ":2: a question of kind single"),
        ("questions.yaml", "answer: [a, c]", "answer: []", ":3: a question of kind multiple has"),
        ("questions.yaml", "[a, b, c]", "[a]", ":3: a question has 2 to 5 options"),
        ("questions.yaml", "[a, b, c]", "[a, b, c, c]", ":3: an option is here twice"),
        ("questions.yaml", "docker ps -a]", "ls -a]", ":5: an answer must be one docker command"),
        ("questions.yaml", "id: two", "id: one", ":1: the question id 'one' is used twice"),
        ("questions.yaml", "quiz-web", "web", ":8: setup may touch only what has a name that"),
        ("questions.yaml", "^Up", "'('", ":10: 'up' is no regular expression"),
        ("questions.yaml", "    run: docker ps\n", "", ":6: 'run' is missing"),
        ("questions.yaml", "- { id: one", "- { id: : one", "this is not YAML"),
        ("questions.ko.md", "{#option-two-b}", "", "{#option-two-b}"),
        ("questions.ko.md", "\nBecause.", "\n", ": there is no explanation below {#answer-four}"),
        ("questions.en.md", "{#question-one}", "{#question-uno}", "is not in questions.yaml"),
        ("questions.en.md", "## Two?", "##", "has no words"),
    ],
)
def test_each_mistake_is_named(folder: Path, name: str, old: str, new: str, expected: str) -> None:
    """With its file and line, in plain words."""
    edit(folder, name, old, new)
    _, mistakes = read(folder)
    assert any(m.startswith(name) and expected in m for m in mistakes), mistakes


@pytest.mark.parametrize("name", ["questions.yaml", "questions.ko.md", "questions.en.md"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    """Both languages have to be there."""
    (folder / name).unlink()
    _, mistakes = read(folder)
    assert mistakes == [f"{name}: the file is missing"]
