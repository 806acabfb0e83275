"""Raw questions → a bank, with every mistake in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.banks import limits
from bot.banks.engine_lines import is_harmless, is_trusted
from bot.banks.model import Bank, BankItem, command_line, one_line, tidy
from bot.banks.patterns import LONGEST_PATTERN, compiles, is_quick
from bot.banks.raw import Cell, Complaints, RawQuestion, RawWords
from bot.banks.yaml_form import say_unknown
from bot.quiz.questions import KINDS
from bot.texts import Language
from lessons.docker_grammar import DockerCommand
from lessons.questions import (
    ChoiceQuestion,
    CommandQuestion,
    EngineQuestion,
    OptionText,
    Question,
    QuestionText,
)
from lessons.typed_answers import read_answer

TRUTH: Final = ("true", "false")
TRUTH_WORDS: Final[Mapping[Language, tuple[str, str]]] = {
    "ko": ("맞는 말이에요", "틀린 말이에요"),
    "en": ("True", "False"),
}
_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID: Final = 40


def judge(questions: Sequence[RawQuestion], complaints: Complaints) -> Bank:
    """The bank, and what is wrong with it in `complaints`: then it is only a part."""
    if not questions and not complaints.mistakes:
        complaints.add(0, "no_questions")
    if len(questions) > limits.MOST_QUESTIONS:
        values = {"has": len(questions), "most": limits.MOST_QUESTIONS}
        complaints.add(0, "too_many_questions", **values)
    seen: set[str] = set()
    items: list[BankItem] = []
    for number, raw in enumerate(questions[: limits.MOST_QUESTIONS], start=1):
        judging = _Judging(raw, complaints, number)
        if judging.id in seen:
            complaints.add(raw.line, "id_twice", id=judging.id[:60])
        seen.add(judging.id)
        question = judging.question()
        texts = judging.texts(() if question is None else question.options)
        if question is not None and is_trusted(question):  # also of a bank that is kept already
            items.append(BankItem(question, texts))
    return Bank(tuple(items))


@dataclass(frozen=True, slots=True)
class _Judging:
    """One question."""

    raw: RawQuestion
    complaints: Complaints
    number: int

    @property
    def id(self) -> str:
        """As it is written, else its number."""
        return one_line(self.raw.id.text) or f"q{self.number}"

    def question(self) -> Question | None:
        """What is asked and what is right; None when not even the kind is known."""
        if not _is_id(self.id):
            self.complaints.add(self.raw.id.line, "id", id=self.id[:60], most=_LONGEST_ID)
        kind = one_line(self.raw.kind.text)
        match kind:
            case "single" | "multiple" | "true_false":
                return self._choice(kind)
            case "command":
                return self._command()
            case "engine":
                return self._engine()
            case "":
                self.complaints.add(self.raw.line, "missing", name="kind")
            case _:
                say_unknown(self.complaints, self.raw.kind.line, kind, KINDS)
        return None

    def texts(self, options: Sequence[str]) -> dict[Language, QuestionText]:
        """The words in each language."""
        if not self.raw.words:
            self.complaints.add(self.raw.line, "no_words")
        return {
            language: self._text(language, words, options)
            for language, words in self.raw.words.items()
        }

    def _choice(self, kind: str) -> ChoiceQuestion:
        if kind != "true_false":
            options = self._counted_options()
        else:
            options = self._options()
            if options and set(options) != set(TRUTH):
                self.complaints.add(self.raw.options[0].line, "truth_options")
            options = TRUTH
        answer = frozenset(one_line(cell.text) for cell in self.raw.answers if cell)
        for cell in self.raw.answers:
            if cell and one_line(cell.text) not in options:
                known = ", ".join(options)
                self.complaints.add(
                    cell.line, "answer_unknown", answer=one_line(cell.text)[:60], options=known
                )
        if not answer:
            self.complaints.add(self.raw.line, "missing", name="answer")
        elif kind != "multiple" and len(answer) > 1:
            self.complaints.add(self.raw.answers[0].line, "one_answer")
        return ChoiceQuestion(self.id, kind, options, answer)

    def _options(self) -> tuple[str, ...]:
        """Ids of options; how many there are is judged except of what is true or false."""
        options: list[str] = []
        for cell in self.raw.options:
            option = one_line(cell.text)
            if not _is_id(option):
                self.complaints.add(cell.line, "id", id=option[:60], most=_LONGEST_ID)
            elif option in options:
                self.complaints.add(cell.line, "twice", name=option)
            else:
                options.append(option)
        return tuple(options)

    def _counted_options(self) -> tuple[str, ...]:
        has = len(self.raw.options)
        if not limits.FEWEST_OPTIONS <= has <= limits.MOST_OPTIONS:
            self.complaints.add(
                self.raw.line, "options", has=has,
                fewest=limits.FEWEST_OPTIONS, most=limits.MOST_OPTIONS,
            )  # fmt: skip
        return self._options()[: limits.MOST_OPTIONS]

    def _command(self) -> CommandQuestion:
        lines = self._lines(self.raw.answers, "answer")
        answers: list[DockerCommand] = []
        for cell, line in lines:
            command = read_answer(line)
            if command is None:
                self.complaints.add(cell.line, "answer_no_command", answer=line[:60])
            else:
                answers.append(command)
        if not lines:
            self.complaints.add(self.raw.line, "missing", name="answer")
        shown = lines[0][1] if lines else ""
        return CommandQuestion(
            self.id, tuple(answers), shown, lines=tuple(line for _, line in lines)
        )

    def _engine(self) -> EngineQuestion:
        options = self._counted_options()
        patterns = {option: self._pattern(option) for option in options}
        setup = self._lines(self.raw.setup, "setup")
        run = command_line(self.raw.run.text)
        if not run:
            self.complaints.add(self.raw.line, "missing", name="run")
        for cell, line in (*setup, (self.raw.run, run)):
            if line and not is_harmless(line):
                self.complaints.add(cell.line or self.raw.line, "engine_line", command=line[:60])
        self._check_length(self.raw.run, "run", run, limits.LONGEST_LINE)
        return EngineQuestion(self.id, tuple(line for _, line in setup), run, patterns)

    def _pattern(self, option: str) -> str:
        cell = self.raw.patterns.get(option, Cell())
        pattern = tidy(cell.text)
        line = cell.line or self.raw.line
        if not pattern:
            self.complaints.add(line, "no_pattern", option=option)
        elif not compiles(pattern):
            self.complaints.add(line, "pattern", option=option)
        elif not is_quick(pattern):
            self.complaints.add(line, "pattern_slow", option=option, most=LONGEST_PATTERN)
        return pattern

    def _lines(self, cells: Sequence[Cell], name: str) -> list[tuple[Cell, str]]:
        lines = [(cell, command_line(cell.text)) for cell in cells if cell]
        if len(lines) > limits.MOST_LINES:
            self.complaints.add(
                self.raw.line, "too_many_lines", name=name, has=len(lines), most=limits.MOST_LINES
            )
        for cell, line in lines:
            self._check_length(cell, name, line, limits.LONGEST_LINE)
        return lines[: limits.MOST_LINES]

    def _text(self, language: Language, words: RawWords, options: Sequence[str]) -> QuestionText:
        title, body = one_line(words.title.text), tidy(words.body.text)
        if not title:
            self.complaints.add(words.line, "no_title", language=language)
        self._check_length(words.title, "title", title, limits.LONGEST_TITLE)
        self._check_length(words.body, "body", body, limits.LONGEST_BODY)
        why = "" if options else tidy(words.why.text)
        self._check_length(words.why, "why", why, limits.LONGEST_WHY)
        texts = dict(self._option_texts(language, words, options))
        for option in words.options:
            if options and option not in options:
                line = words.options[option][0].line or words.line
                known = ", ".join(options)
                self.complaints.add(line, "option_unknown", option=option[:60], options=known)
        whole = len(title) + len(body) + len(why)
        whole += sum(len(each.text) + len(each.explanation) for each in texts.values())
        if whole > limits.LONGEST_QUESTION:
            self.complaints.add(
                words.line, "question_too_long", has=whole, most=limits.LONGEST_QUESTION
            )
        return QuestionText(title, body, texts, why)

    def _option_texts(
        self, language: Language, words: RawWords, options: Sequence[str]
    ) -> Iterator[tuple[str, OptionText]]:
        seen: set[str] = set()
        for option in options:
            cell, explanation = words.options.get(option, (Cell("", words.line), Cell()))
            text = one_line(cell.text)
            if not text and set(options) == set(TRUTH):
                text = TRUTH_WORDS[language][TRUTH.index(option)]
            if not text:
                self.complaints.add(cell.line, "option_without_words", option=option)
            elif text in seen:
                self.complaints.add(cell.line, "option_twice", text=text[:60])
            seen.add(text)
            why = tidy(explanation.text)
            self._check_length(cell, option, text, limits.LONGEST_OPTION)
            self._check_length(explanation, f"why {option}", why, limits.LONGEST_WHY)
            yield option, OptionText(text, why)

    def _check_length(self, cell: Cell, name: str, text: str, most: int) -> None:
        if len(text) > most:
            line = cell.line or self.raw.line
            self.complaints.add(line, "too_long", name=name, has=len(text), most=most)


def _is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None and len(text) <= _LONGEST_ID
