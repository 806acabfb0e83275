"""A question in full, as its author sees it, and mistakes in words."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Final

from bot.banks.model import BankItem, BankMistake
from bot.terminal.escape import inline_code
from bot.texts import Language, Speech
from lessons.questions import ChoiceQuestion, CommandQuestion, EngineQuestion, QuestionText

LONGEST_LIST: Final = 3_300
"""Letters of a list of mistakes; a card has 4,000."""
LONGEST_SHOWN: Final = 3_300
_FLAGS: Final[dict[Language, str]] = {"ko": "🇰🇷", "en": "🇬🇧"}


def mistake_words(mistake: BankMistake, speech: Speech) -> str:
    """What is wrong, with its line."""
    values = {name: _shown(value) for name, value in mistake.values.items()}
    what = speech(mistake.key, **values)
    if not mistake.line:
        return speech("bank.mistakes.whole", what=what)
    return speech("bank.mistakes.line", line=mistake.line, what=what)


def fitting(lines: Sequence[str], most: int = LONGEST_LIST) -> list[str]:
    """As many of the first lines as a card has room for."""
    shown: list[str] = []
    for line in lines:
        if sum(len(each) + 1 for each in shown) + len(line) > most:
            break
        shown.append(line)
    return shown


def question_words(item: BankItem, speech: Speech) -> str:
    """The question with all that its author wrote, in the reader's language where it has one."""
    text = item.texts.get(speech.language) or next(iter(item.texts.values()))
    languages = " ".join(_FLAGS[language] for language in item.texts)
    parts = [f"**{text.title}** {languages}"]
    if text.body:
        parts.append(text.body)
    parts += _options(item, text)
    match item.question:
        case CommandQuestion() as command:
            lines = command.lines or (command.shown,)
            parts.append(f"{speech('bank.preview.answers')}\n{_block(lines)}")
        case EngineQuestion() as engine:
            lines = (*engine.setup, engine.run)
            parts.append(f"{speech('bank.preview.engine')}\n{_block(lines)}")
        case ChoiceQuestion():
            pass
    if text.explanation:
        parts.append(f"-# {_one_line(text.explanation)}")
    whole = "\n".join(parts)
    return whole if len(whole) <= LONGEST_SHOWN else f"{whole[: LONGEST_SHOWN - 1]}…"


def _options(item: BankItem, text: QuestionText) -> list[str]:
    question = item.question
    right = question.answer if isinstance(question, ChoiceQuestion) else frozenset()
    patterns = question.patterns if isinstance(question, EngineQuestion) else {}
    lines = []
    for letter, option in zip(ascii_uppercase, question.options, strict=False):
        words = text.options[option]
        mark = "✅" if option in right else "▫️"
        found = f" ← {inline_code(patterns[option], longest=80)}" if option in patterns else ""
        lines.append(f"{mark} **{letter}.** {words.text}{found}")
        if words.explanation:
            lines.append(f"-# {_one_line(words.explanation)}")
    return lines


def _block(lines: Sequence[str]) -> str:
    inside = "\n".join(lines).replace("```", "'''")
    return f"```\n{inside}\n```"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _shown(value: object) -> object:
    """A value of a mistake: what an author wrote must not become Markdown or a mention."""
    if isinstance(value, str):
        # It stands between backticks, or at the end of a line.
        return value.replace("`", "'").replace("@", "@\u200b").replace("<", "<\u200b")
    return value
