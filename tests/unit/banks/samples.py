"""Banks for tests: made of anything that a bank can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.banks.judging import TRUTH
from bot.banks.limits import LONGEST_QUESTION
from bot.banks.model import Bank, BankItem, one_line, tidy
from bot.texts import LANGUAGES, Language
from lessons.questions import (
    ChoiceQuestion,
    CommandQuestion,
    EngineQuestion,
    OptionText,
    Question,
    QuestionText,
)
from lessons.typed_answers import read_answer

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LETTERS = st.text(st.sampled_from("ab가나 =+-@'\"#:{}[],;|&*!%\\`~?<>\t\n0x"), max_size=40)
LINES = (ANY | LETTERS).map(one_line).filter(bool)
BODIES = (ANY | LETTERS).map(tidy)
IDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
COMMANDS = st.sampled_from(
    ["docker ps -a", "docker run -d --name web nginx", "docker ps --format '{{.ID}}  {{.Names}}'"]
)
PATTERNS = st.sampled_from(["^Up", "Exited", "^[0-9]+$", r"\bquiz-web\b", "a|b", "'", '"', "=x"])
SETUPS = st.sampled_from(["docker rm -f quiz-web", "docker run --name quiz-a busybox"])
RUNS = st.sampled_from(
    ["docker ps -a", "docker ps --format '{{.ID}}  {{.Names}}'", 'docker logs "quiz-web"']
)


@st.composite
def questions(draw: st.DrawFn, question_id: str) -> Question:
    """A question of any kind that is as it should be."""
    options = draw(st.lists(IDS, min_size=2, max_size=10, unique=True).map(tuple))
    match draw(st.sampled_from(["single", "multiple", "true_false", "command", "engine"])):
        case "single":
            answer = frozenset({draw(st.sampled_from(options))})
            return ChoiceQuestion(question_id, "single", options, answer)
        case "multiple":
            some = draw(st.sets(st.sampled_from(options), min_size=1))
            return ChoiceQuestion(question_id, "multiple", options, frozenset(some))
        case "true_false":
            answer = frozenset({draw(st.sampled_from(TRUTH))})
            return ChoiceQuestion(question_id, "true_false", TRUTH, answer)
        case "command":
            lines = tuple(draw(st.lists(COMMANDS, min_size=1, max_size=3)))
            known = tuple(command for line in lines if (command := read_answer(line)))
            return CommandQuestion(question_id, known, lines[0], lines=lines)
        case _:
            setup = tuple(draw(st.lists(SETUPS, max_size=3)))
            run = draw(RUNS)
            return EngineQuestion(
                question_id, setup, run, {option: draw(PATTERNS) for option in options}
            )


@st.composite
def words(draw: st.DrawFn, question: Question) -> QuestionText:
    """Its words in one language."""
    texts = draw(
        st.lists(LINES, min_size=len(question.options), max_size=len(question.options), unique=True)
    )
    return QuestionText(
        title=draw(LINES),
        body=draw(BODIES),
        options={
            option: OptionText(text, draw(BODIES))
            for option, text in zip(question.options, texts, strict=True)
        },
        explanation="" if question.options else draw(BODIES),
    )


def _letters(text: QuestionText) -> int:
    options = sum(len(each.text) + len(each.explanation) for each in text.options.values())
    return len(text.title) + len(text.body) + len(text.explanation) + options


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """A bank that nobody could complain about."""
    items = []
    for question_id in draw(st.lists(IDS, min_size=1, max_size=4, unique=True)):
        question = draw(questions(question_id))
        spoken: list[Language] = draw(
            st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=2, unique=True)
        )
        texts = {
            language: draw(words(question).filter(lambda text: _letters(text) <= LONGEST_QUESTION))
            for language in LANGUAGES
            if language in spoken
        }
        items.append(BankItem(question, texts))
    return Bank(tuple(items))
