"""Messages of docker in a question: recognised however they were pasted, and nothing else is."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.ask.pasting import pasted
from bot.terminal.error_help import ErrorHelp, explain_failure, text_of
from bot.terminal.error_help.samples import SAMPLES
from bot.texts import LANGUAGES, Texts
from tests.unit.ask.questions import DESCRIBED, read
from tests.unit.terminal.test_error_help import CAPTURED, WORDINGS, name_of

LONGEST = 4_000
SLOW_MACHINE = 6
MOST_S = 0.01

WITHOUT_MESSAGE = frozenset({"exit_126", "exit_127", "exit_137", "exit_139", "exit_143"})
"""Docker says nothing of its own: the exit code is what one asks about."""

TOLD_BY_THE_COMMAND: dict[str, set[str | None]] = {
    "push_without_internet": {"not_in_mirror"},
    "search_without_internet": {"not_in_mirror"},
    "login_without_terminal": {"not_in_mirror", "login_without_terminal"},
    "images_of_that_name": {None},
    "anonymous_volume": {None},
    "random_port": {None},
    "ports_of_host_network": {None},
}
"""What is recognised of them where the message was pasted without the command."""

CASES = [case for case in (*CAPTURED, *WORDINGS) if case["id"] not in WITHOUT_MESSAGE]
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=name_of)
TEXTS = Texts.load()


def in_one_line(text: str) -> str:
    """As a slash command sends what is pasted into it."""
    return " ".join(text.split())


def the_id(found: ErrorHelp | None) -> str | None:
    """What was recognised."""
    return None if found is None else found.id


@EVERY_CASE
def test_a_command_with_its_output_is_recognised(case: dict[str, Any]) -> None:
    """Every message of the catalogue, copied out of a terminal, explained in both languages."""
    found = pasted(f"$ {case['line']}\n{case['output'][-3000:]}")

    assert the_id(found) == case["id"]
    assert found is not None
    met = explain_failure(case["line"], case["output"], case.get("exit_code", 1))
    assert met is not None
    assert found.values == met.values
    said = [text_of(found, TEXTS.for_language(language)) for language in LANGUAGES]
    assert len(set(said)) == len(LANGUAGES)


@EVERY_CASE
def test_a_message_is_recognised_without_its_lines(case: dict[str, Any]) -> None:
    """Discord makes one line of it, and people write around it."""
    message = in_one_line(case["output"])
    wanted = TOLD_BY_THE_COMMAND.get(case["id"], {case["id"]})

    assert the_id(pasted(message)) in wanted
    assert the_id(pasted(f"이거 왜 이래요 {message} 라고 나와요 ㅠㅠ")) in wanted
    assert the_id(pasted(f"what does `{message}` mean?")) in wanted


@EVERY_CASE
def test_a_command_and_its_message_are_told_apart_in_one_line(case: dict[str, Any]) -> None:
    """What was typed ends where docker begins to speak."""
    found = the_id(pasted(in_one_line(f"{case['line']} {case['output']}")))

    if case["id"] == "build_without_folder":
        assert found in {"build_without_folder", "wrong_argument_count"}
    else:
        assert found == case["id"]


@pytest.mark.parametrize("error_id", SAMPLES)
def test_the_message_of_the_catalogue_is_recognised(error_id: str) -> None:
    """As the report of a class, or the title of an answer, has it."""
    message = SAMPLES[error_id]

    assert the_id(pasted(message)) == error_id
    assert the_id(pasted(f"{message}라고 뜨는데 어떻게 해요?")) == error_id


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("Error response from daemon: No such container: web7라고 나와요", {"container": "web7"}),
        ("`Error response from daemon: No such container: web7`?", {"container": "web7"}),
        ("Error: “No such container: web7”", {"container": "web7"}),
        ("unknown flag: --nmae See 'docker run --help'.", {"flag": "--nmae"}),
    ],
)
def test_names_end_where_the_message_ends(question: str, values: dict[str, str]) -> None:
    """What stands around it is no part of them."""
    found = pasted(question)
    assert found is not None
    assert found.values == values


def test_what_was_meant_is_told() -> None:
    """The command was pasted, too."""
    found = pasted("docker run --nmae web busybox\nunknown flag: --nmae")
    assert found is not None
    assert found.meant[:1] == ("--name",)


def test_plain_words_are_no_message() -> None:
    """Questions stay questions, on whatever they are about."""
    quoted = ("exec format error", "the env file was not found")
    described = [
        question
        for questions in DESCRIBED.values()
        for question in questions
        if not any(message in question for message in quoted)
    ]
    nothing = [
        question for name in ("tuning", "more", "held_out") for question in read(name).nothing
    ]

    assert [question for question in (*described, *nothing) if pasted(question)] == []
    assert pasted("") is None
    assert pasted("docker run -d -p 80 nginx 이건 무슨 뜻이에요?") is None


@pytest.mark.parametrize(
    "text",
    [
        "가나 " * 1300,
        "docker run " * 360,
        "unknown flag: " * 280,
        "docker run -v a:/b" * 200,
        "docker run -p 80 a\n" * 200,
        "x$ " * 1300,
        "`a가" * 1300,
        "Usage: " * 500,
        'exec: "' * 500,
        "\u202e\ud800\0" * 1300,
    ],
)
def test_no_text_makes_it_slow(text: str) -> None:
    """Three readings of the longest question take less than anybody notices."""
    pasted(text[:LONGEST])
    began = time.process_time()
    pasted(text[:LONGEST])

    assert time.process_time() - began < MOST_S * SLOW_MACHINE
