"""Advice: each end that puzzles newcomers has its sentence, a good end has none."""

from __future__ import annotations

from typing import Literal

import pytest

from bot.terminal.advice import advice_for, is_binary, is_editor
from bot.texts import Texts

SCREEN_ERRORS = [
    "top: failed tty get\n",
    "TERM environment variable not set.\n",
    "Error opening terminal: unknown.\n",
    "Vim: Warning: Output is not to a terminal\n~\n",
]


@pytest.mark.parametrize("limit", ["time", "output", "lines"])
def test_every_limit_has_advice(limit: Literal["time", "output", "lines"]) -> None:
    """The limit comes before what an exit code could mean."""
    advice = advice_for("docker run x", "output\n", limit=limit)
    assert advice == f"terminal.limit.{limit}"


@pytest.mark.parametrize("output", SCREEN_ERRORS)
def test_a_program_that_draws_a_screen_says_what_to_use_instead(output: str) -> None:
    """Also when it waited for the time limit."""
    assert advice_for("top", output) == "terminal.advice.screen"
    assert advice_for("x", output, limit="time") == "terminal.advice.screen"


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("vi", True),
        ("vim Dockerfile", True),
        ("nano a", True),
        ("cat vi", False),
        ("vi < a", False),
    ],
)
def test_an_editor_is_recognised_before_it_waits(line: str, editor: bool) -> None:
    """It would be silent until the time limit."""
    assert is_editor(line) is editor


@pytest.mark.parametrize(
    "line",
    ["cat", "docker run -i busybox cat", "docker run --rm -i busybox sh", "python3", "sh",
     "docker exec -i web sh", "docker attach web"],
)  # fmt: skip
def test_a_silent_command_that_reads_input_says_so(line: str) -> None:
    """It ended at once because nobody can type here."""
    assert advice_for(line, "") == "terminal.advice.input"


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("docker ps", "CONTAINER ID\n"),
        ("docker rm web", "web\n"),
        ("mkdir app", ""),
        ("echo hi | docker run -i busybox cat", "hi\n"),
        ("echo -n | cat", ""),
        ("cat < empty", ""),
        ("docker run -d nginx", ""),
        ("cat a.txt", ""),
        ("docker network create --internal net", ""),
    ],
)
def test_a_good_end_has_no_advice(line: str, output: str) -> None:
    """Nobody wants to be lectured."""
    assert advice_for(line, output) is None


def test_binary_output_is_recognised() -> None:
    """A picture is, a text with a few strange letters is not."""
    assert is_binary("\ufffdPNG\ufffd\x00\x00" + "\ufffd" * 50)
    assert not is_binary("안녕 \ufffd " * 2 + "text " * 200)
    assert advice_for("cat a.png", "\ufffd" * 99) == "terminal.advice.binary"


def test_every_advice_has_its_text() -> None:
    """In both languages."""
    texts = Texts.load()
    keys = {f"terminal.limit.{limit}" for limit in ("time", "output", "lines")}
    keys |= {f"terminal.advice.{kind}" for kind in ("screen", "input", "binary")}
    keys |= {f"page.problem.{kind}" for kind in ("refused", "timeout", "empty", "protocol")}
    for language in ("ko", "en"):
        assert keys <= set(texts.for_language(language))
