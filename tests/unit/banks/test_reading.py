"""What authors upload, right and wrong: every mistake at once, with its line."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.banks import judging, limits
from bot.banks.model import Bank
from bot.banks.names import bank_name
from bot.banks.reading import Form, read_bank, read_text
from bot.errors import LearnerError
from bot.texts import LANGUAGES, Texts
from lessons.questions import ChoiceQuestion, CommandQuestion, EngineQuestion
from lessons.typed_answers import read_answer

TABLE = """문제,보기1,해설1,보기2,해설2,정답
docker ps 명령은 무엇을 보여 주나요?,실행 중인 컨테이너,맞아요.,모든 컨테이너,-a 옵션이 필요해요.,1
"""


def mistakes(text: str, form: Form = "csv") -> list[tuple[int, str]]:
    """Lines and ends of keys."""
    found = read_text(form, text, "ko").mistakes
    return [(each.line, each.key.removeprefix("bank.mistake.")) for each in found]


def only(bank: Bank) -> ChoiceQuestion:
    """The only question, which has options."""
    (item,) = bank.items
    assert isinstance(item.question, ChoiceQuestion)
    return item.question


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        codecs.BOM_UTF8 + TABLE.encode(),
        TABLE.encode("cp949"),
        TABLE.encode("utf-16"),
        codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.replace("\n", "\r\n").encode("cp949"),
        TABLE.replace(",", ";").encode("cp949"),
        TABLE.replace(",", "\t").encode("utf-16"),
    ],
    ids=["utf-8", "bom", "cp949", "utf-16", "utf-16-be", "no-mark", "crlf", "semicolon", "tab"],
)
def test_whatever_a_spreadsheet_writes_is_read(content: bytes) -> None:
    """Encodings and separators that Excel and its like have."""
    reading = read_bank("퀴즈.csv", content, "ko")
    assert reading.mistakes == ()
    question = only(reading.bank)
    assert (question.id, question.kind, question.answer) == ("q1", "single", frozenset("1"))
    text = reading.bank.items[0].texts["ko"]
    assert text.title == "docker ps 명령은 무엇을 보여 주나요?"
    assert text.options["2"].explanation == "-a 옵션이 필요해요."


def test_the_least_that_an_author_has_to_write_is_enough() -> None:
    """The kind is made out from what is there; columns may stand in any order."""
    table = (
        "answer,question,option 1,option 2,option 3,run,pattern1,pattern2\n"
        "b,Which?,one,two,,,,\n"
        '"1, 3",Which ones?,one,two,three,,,\n'
        "two,By its words?,one,two,,,,\n"
        "O,Is it true?,,,,,,\n"
        '"docker ps -a\ndocker container ls --all",Type it,,,,,,\n'
        ",What comes out?,one,two,,docker ps,^1,^2\n"
    )
    reading = read_text("csv", table, "en")
    assert reading.mistakes == ()
    questions = [item.question for item in reading.bank.items]
    kinds = ["single", "multiple", "single", "true_false", "command", "engine"]
    assert [question.kind for question in questions] == kinds
    answers = [question.answer for question in questions if isinstance(question, ChoiceQuestion)]
    assert answers == [{"2"}, {"1", "3"}, {"2"}, {"true"}]
    assert isinstance(questions[4], CommandQuestion)
    assert questions[4].answers[1] == read_answer("docker ps -a")
    assert isinstance(questions[5], EngineQuestion)
    assert questions[5].patterns == {"1": "^1", "2": "^2"}


def test_two_languages_of_a_question_are_two_rows() -> None:
    """The second row needs its words only; what it says otherwise is a mistake."""
    table = (
        "id,language,question,option1,option2,answer\na,ko,물음,하나,둘,2\na,en,Which,one,two,{}\n"
    )
    (item,) = read_text("csv", table.format(""), "ko").bank.items
    assert item.texts["ko"].options["2"].text == "둘"
    assert item.texts["en"].options["2"].text == "two"
    assert mistakes(table.format("1")) == [(3, "csv.differs")]


def test_all_mistakes_of_a_table_come_at_once() -> None:
    """With the lines of the file, also behind cells that have several lines."""
    table = (
        "id,question,option1,option2,answer,colour\n"
        'good,"Two\nlines",a,b,1,\n'
        "UPPER,Which?,a,b,1,\n"
        "same,,a,b,1,\n"
        "same,Which?,a,a,3,\n"
        "few,Which?,a,,1,\n"
        f"long,{'x' * (limits.LONGEST_TITLE + 1)},a,b,,\n"
        "no-command,Type,,,ls,\n"
        "many,Which?,a,b,1,,surplus\n"
    )
    assert mistakes(table) == [
        (1, "unknown"),
        (4, "id"),
        (5, "no_title"),
        (6, "id_twice"),
        (7, "options"),
        (8, "missing"),
        (8, "too_long"),
        (9, "answer_no_command"),
        (10, "csv.more_cells"),
    ]


def test_all_mistakes_of_a_yaml_file_come_at_once() -> None:
    """Names that nobody knows, with the one that was meant; kinds, answers, words."""
    text = """questions:
  - id: a
    knid: single
    kind: sinlge
    options: [x, y]
    ko: { title: 물음, options: { x: 하나, y: 둘 } }
  - id: b
    kind: single
    options: [x, y]
    answer: [z]
    ko: { title: 물음, options: { x: 하나, y: 하나, w: 셋 } }
  - id: c
    kind: command
    answer: [docker ps, ls]
    en: { titel: Type }
  - id: d
    kind: engine
    setup: [docker rm -f web]
    options: { x: "(", y: "(a+)+" }
  - just words
"""
    assert mistakes(text, "yaml") == [
        (3, "unknown_near"),
        (4, "unknown_near"),
        (10, "answer_unknown"),
        (11, "option_twice"),
        (11, "option_unknown"),
        (14, "answer_no_command"),
        (15, "no_title"),
        (15, "unknown_near"),
        (16, "missing"),
        (16, "no_words"),
        (18, "engine_line"),
        (19, "pattern"),
        (19, "pattern_slow"),
        (20, "missing"),
        (20, "no_words"),
        (20, "yaml.mapping"),
    ]


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("csv", "", (0, "file_empty")),
        ("csv", "question,answer\n", (0, "no_questions")),
        ("csv", "hello\nworld\n", (1, "unknown")),
        ("csv", 'question,answer\n"open,1\nx,2\n', (2, "csv.syntax")),
        ("csv", "question,question\nx,y\n", (1, "twice")),
        ("yaml", "- a\n- b\n", (1, "yaml.mapping")),
        ("yaml", "questions: []\n", (0, "no_questions")),
        ("yaml", "# nothing\n", (0, "no_questions")),
        ("yaml", "questions:\n  - id: [\n", (3, "yaml.syntax")),
        ("yaml", "questions: &a\n  - *a\n", (1, "yaml.alias")),
        ("yaml", "[" * 50 + "]" * 50, (1, "yaml.deep")),
        ("yaml", "[" * 5000, (1, "yaml.syntax")),
        ("yaml", "questions:\n  id: x\n", (2, "yaml.list")),
    ],
)
def test_files_that_hold_no_bank_say_why(form: Form, text: str, found: tuple[int, str]) -> None:
    """Whatever else is the matter, this is among it."""
    assert found in mistakes(text, form)


def test_files_that_can_t_be_a_bank_are_refused() -> None:
    """By their name, their size, their bytes."""
    for name, content, wanted in (
        ("bank.xlsx", b"PK", "file_kind"),
        ("bank", b"question\n", "file_kind"),
        ("bank.csv", b"x" * (limits.MOST_BYTES + 1), "file_too_big"),
        ("bank.csv", b"\x81\xff\xfe\xfd", "encoding"),
        ("bank.csv", b"", "file_empty"),
    ):
        (found,) = read_bank(name, content, "ko").mistakes
        assert found.key == f"bank.mistake.{wanted}", name


def test_more_questions_than_a_bank_holds_are_a_mistake() -> None:
    """And so is more than one option too many, or words that no card has room for."""
    row = "q,a,b,1\n"
    head = "question,option1,option2,answer\n"
    assert mistakes(head + row * limits.MOST_QUESTIONS) == []
    assert mistakes(head + row * (limits.MOST_QUESTIONS + 1)) == [(0, "too_many_questions")]
    options = ", ".join(f"o{n}: option {n}" for n in range(11))
    names = ", ".join(f"o{n}" for n in range(11))
    text = (
        f"questions: [{{id: a, kind: single, options: [{names}], answer: o1, "
        f"en: {{title: T, options: {{{options}}}}}}}]"
    )
    assert (1, "options") in mistakes(text, "yaml")
    long = ",".join("x" * n for n in range(limits.LONGEST_OPTION - 9, limits.LONGEST_OPTION + 1))
    why = ",".join(["y" * 200] * 10)
    names = (
        ",".join(f"option{n}" for n in range(1, 11))
        + ","
        + ",".join(f"why{n}" for n in range(1, 11))
    )
    assert mistakes(f"question,answer,{names}\nq,1,{long},{why}\n") == [(2, "question_too_long")]


def test_a_bank_is_called_as_its_file() -> None:
    """Without the ending, unless it was given a name; Discord may leave the ending alone of one."""
    assert bank_name(" My  bank ", None, "x.csv") == "My bank"
    assert bank_name(None, None, "week_2.final.csv") == "week 2.final"
    assert bank_name(None, "네트워크 복습", ".csv") == "네트워크 복습"
    assert bank_name(None, "v1.2", "v1.2.yaml") == "v1.2"
    assert read_bank(".csv", TABLE.encode(), "ko").mistakes == ()
    for asked, file in ((None, ".csv"), ("x" * 61, "a.csv")):
        with pytest.raises(LearnerError):
            bank_name(asked, None, file)


def test_what_can_t_be_seen_is_left_out() -> None:
    """Nothing that an author writes turns a card around or breaks it."""
    table = "question,option1,option2,answer\nread \u202egnp.exe\x1b[31m,a\x00b,c,1\n"
    (item,) = read_text("csv", table.replace("\x00", ""), "en").bank.items
    (cleaned,) = read_bank("a.csv", table.encode(), "en").bank.items or (None,)
    assert item.texts["en"].title == "read gnp.exe[31m"
    assert cleaned is None or cleaned.texts["en"].title == item.texts["en"].title


@given(st.sampled_from(["a.csv", "a.yaml"]), st.binary(max_size=300))
def test_no_file_is_too_strange(name: str, content: bytes) -> None:
    """A bank or mistakes, never an error of ours."""
    reading = read_bank(name, content, "ko")
    assert reading.mistakes or reading.bank.items


@given(
    st.sampled_from(["csv", "yaml"]),
    st.text(
        st.sampled_from('abq:-[]{},;"\n\t #&*|>?!%@`question option1 answer kind'), max_size=200
    ),
)
def test_no_text_is_too_strange(form: Form, text: str) -> None:
    """The same of texts that look more like what is meant."""
    for head in ("", "question,option1,option2,answer\n", "questions:\n  - id: a\n    kind: "):
        reading = read_text(form, head + text, "en")
        assert reading.mistakes or reading.bank.items


def test_every_mistake_has_its_words(texts: Texts) -> None:
    """In both languages; and there are no words for mistakes that nobody makes."""
    folder = Path(judging.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    for language in LANGUAGES:
        speech = texts.for_language(language)
        keys = [key for key in speech if key.startswith("bank.mistake.")]
        assert len(keys) > 25
        for key in keys:
            assert f'"{key.removeprefix("bank.mistake.")}"' in source, key
