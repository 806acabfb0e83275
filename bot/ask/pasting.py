"""An error message that was pasted into a question → the known error, however chat has bent it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.terminal.error_help import ErrorHelp, explain_failure, with_command_line
from bot.terminal.escape import visible

_DOCKER_ITSELF: Final = 125
"""The exit code with which all that docker says counts."""

_STRAIGHT: Final = str.maketrans("‘’“”", "''\"\"")

_BEGINS = re.compile(
    r"(?<=[^\s:])\s+(?=docker: |error response from daemon|error: |unable to find image "
    r"|unknown docker command: |unknown (?:shorthand )?flag: |denied: |tag does not exist: |usage: "
    r"|\"docker [a-z ]{1,40}\" (?:requires|accepts)|repository\s+tag\s)",
    re.IGNORECASE,
)
"""Where a line of docker's begins: a slash command makes one line of all that is pasted."""

_ENDS = re.compile(r"(?<=\S)\s+(?=(?:see|run) '|usage: )", re.IGNORECASE)
_USAGE = re.compile(r"Usage:\s{1,4}(docker [a-z]{1,20} COMMAND)\s+")
_WORDS_AROUND = re.compile(r"(?<=[!-~])\s*(?=[가-힣ㄱ-ㅎㅏ-ㅣ])")
"""Where what is said in Korean about a message begins."""

_PROMPT = re.compile(r"^(?:\S{0,60}[$#]\s+)?(?=docker\s)")


def pasted(question: str) -> ErrorHelp | None:
    """The known error whose message is in the question; None for a question in plain words.

    The command that was pasted with it tells more of it, as it does where it was run.
    """
    for text in dict.fromkeys(_readings(question)):
        line = next(_lines(text), "")
        found = explain_failure(line, text, _DOCKER_ITSELF)
        if found is None or found.is_exit_code:
            found = _succeeded(line, text)
        if found is not None:
            return _told_by_its_words(with_command_line(found, line), line)
    return None


def _readings(question: str) -> Iterator[str]:
    """The text with the lines that it had before, then just as it came."""
    text = visible(question).translate(_STRAIGHT).rstrip("?!…~ \n")
    lined = _USAGE.sub(r"Usage:  \1\n", _ENDS.sub("\n", _BEGINS.sub("\n", text)))
    yield _WORDS_AROUND.sub("\n", lined.replace("`", "\n"))
    yield lined
    yield text


def _lines(text: str) -> Iterator[str]:
    """The commands of docker that stand on lines of their own."""
    for line in text.splitlines():
        bare = _PROMPT.sub("", line.strip())
        if bare.startswith("docker "):
            yield bare


def _succeeded(line: str, text: str) -> ErrorHelp | None:
    """A mistake that docker says nothing about, where the command was pasted and nothing asked."""
    if not line or _WORDS_AROUND.search(text):
        return None
    return explain_failure(line, text.partition(line)[2], 0)


def _told_by_its_words(found: ErrorHelp, line: str) -> ErrorHelp:
    """What can be told without the command; names without the marks of the sentence around them."""
    values = {key: _without_marks(value) for key, value in found.values.items()}
    program = values.get("program", "")
    if found.id == "no_such_program" and program.startswith("-") and not line:
        return ErrorHelp("option_after_image", {"flag": program})
    return replace(found, values=values)


def _without_marks(value: str) -> str:
    bare = value.strip("?!`")
    return bare.strip('"') if bare.count('"') == 1 else bare
