"""Custom ids of live quizzes: which quiz, and the number of the question, 0 in the lobby."""

from __future__ import annotations

from typing import Final

from bot.ui.actions import open_id, open_pattern

_QUIZ: Final = r"(?P<quiz>[0-9]{1,18})"
_NUMBER: Final = r"(?P<number>[0-9]{1,3})"

JOIN: Final = open_pattern("quizjoin", _QUIZ)
ANSWER: Final = open_pattern("quizanswer", _QUIZ, _NUMBER, r"(?P<letter>[A-Y])")
CHOOSE: Final = open_pattern("quizchoose", _QUIZ, _NUMBER)
TYPE: Final = open_pattern("quiztype", _QUIZ, _NUMBER)
TYPED: Final = open_pattern("quiztyped", _QUIZ, _NUMBER)
MINE: Final = open_pattern("quizmine", _QUIZ)
MENU: Final = open_pattern("quizmenu", _QUIZ, _NUMBER)
CONTROL: Final = open_pattern("quizdo", _QUIZ, _NUMBER, r"(?P<deed>[a-z_]{1,16})")
TABLES: Final = open_pattern("quizcsv", _QUIZ)
FIELD: Final = "line"


def join(quiz_id: int) -> str:
    """Take part."""
    return open_id("quizjoin", str(quiz_id))


def answer(quiz_id: int, number: int, letter: str) -> str:
    """Answer with this option."""
    return open_id("quizanswer", str(quiz_id), str(number), letter)


def choose(quiz_id: int, number: int) -> str:
    """Answer with the chosen options."""
    return open_id("quizchoose", str(quiz_id), str(number))


def type_line(quiz_id: int, number: int) -> str:
    """Open the form for a command."""
    return open_id("quiztype", str(quiz_id), str(number))


def typed(quiz_id: int, number: int) -> str:
    """The form with a command."""
    return open_id("quiztyped", str(quiz_id), str(number))


def mine(quiz_id: int) -> str:
    """Where I stand."""
    return open_id("quizmine", str(quiz_id))


def menu(quiz_id: int, number: int) -> str:
    """What hosts can do."""
    return open_id("quizmenu", str(quiz_id), str(number))


def control(quiz_id: int, number: int, deed: str) -> str:
    """Do it."""
    return open_id("quizdo", str(quiz_id), str(number), deed)


def tables(quiz_id: int) -> str:
    """The results as tables."""
    return open_id("quizcsv", str(quiz_id))
