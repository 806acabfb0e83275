"""questions.yaml, questions.ko.md and questions.en.md → `QuestionBank`, all mistakes at once.

    questions:
      - { id: two-versions, kind: single, options: [client, server, both], answer: [both] }
      - { id: needs-root, kind: true_false, answer: ["false"] }
      - { id: list-all, kind: command, answer: [docker ps -a] }
      - id: after-stop
        kind: engine
        setup: [docker rm -f quiz-web, docker run -d --name quiz-web nginx, docker stop quiz-web]
        run: docker ps -a --filter name=quiz-web --format '{{.Status}}'
        options: { up: ^Up, exited: ^Exited }

The words are below headings that end in ids, as in a lesson's prose:

    # Questions {#questions}
    ## What does `docker version` show? {#question-two-versions}
    ### The client's version {#option-two-versions-client}
    why this is right or wrong
    ## List all containers {#question-list-all}
    ### Answer {#answer-list-all}
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from lessons.docker_grammar import DockerCommand
from lessons.languages import LANGUAGES
from lessons.mistakes import Mistake
from lessons.prose import Section, cut_at_headings
from lessons.questions import (
    ChoiceQuestion,
    CommandQuestion,
    EngineQuestion,
    OptionText,
    Question,
    QuestionBank,
    QuestionText,
)
from lessons.typed_answers import read_answer
from lessons.yaml_file import Fields, Report, meant, read_root

FEWEST_OPTIONS = 2
MOST_OPTIONS = 5
"""As many as one row of Discord's buttons holds."""

_KINDS = ("single", "multiple", "true_false", "command", "engine")
_TRUTH = ("true", "false")


def read_questions(folder: Path, mistakes: list[Mistake]) -> QuestionBank:
    """The questions of the lesson in this folder; mistakes are added to the list."""
    file = folder / "questions.yaml"
    root = read_root(file, mistakes)
    fields = None if root is None else Fields.of(root, Report(file, mistakes))
    if fields is None:
        return QuestionBank()
    fields.expect({"questions"})
    questions: tuple[Question, ...] = fields.each("questions", _question)
    ids = [question.id for question in questions]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        fields.report.add(fields.node, f"the question id {twice!r} is used twice")
    texts: dict[tuple[str, str], QuestionText] = {}
    for language in LANGUAGES:
        prose = folder / f"questions.{language}.md"
        for question_id, text in _read_prose(prose, questions, mistakes):
            texts[language, question_id] = text
    return QuestionBank(questions, texts)


def _question(fields: Fields) -> Question | None:
    kind = fields.text("kind")
    match kind:
        case "single" | "multiple" | "true_false":
            return _choice(fields, kind)
        case "command":
            return _command(fields)
        case "engine":
            return _engine(fields)
        case _:
            node = fields.values.get("kind", fields.node)
            fields.report.add(node, f"unknown kind of question {kind!r}{meant(kind, _KINDS)}")
            return None


def _choice(fields: Fields, kind: str) -> ChoiceQuestion:
    fields.expect({"id", "kind", "answer"} | ({"options"} if kind != "true_false" else set()))
    options = _TRUTH if kind == "true_false" else fields.texts("options")
    answer = frozenset(fields.texts("answer"))
    if not FEWEST_OPTIONS <= len(options) <= MOST_OPTIONS:
        fields.report.add(fields.node, f"a question has {FEWEST_OPTIONS} to {MOST_OPTIONS} options")
    if len(set(options)) != len(options):
        fields.report.add(fields.node, "an option is here twice")
    for unknown in sorted(answer - set(options)):
        message = f"the answer {unknown!r} is no option{meant(unknown, options)}"
        fields.report.add(fields.values["answer"], message)
    if not answer or (kind != "multiple" and len(answer) > 1):
        number = "at least one answer" if kind == "multiple" else "one answer"
        fields.report.add(fields.node, f"a question of kind {kind} has {number}")
    return ChoiceQuestion(fields.id(), kind, options, answer)


def _command(fields: Fields) -> CommandQuestion:
    fields.expect({"id", "kind", "answer"})
    answers: list[DockerCommand] = []
    lines = fields.texts("answer")
    for line in lines:
        command = read_answer(line)
        if command is None:
            message = f"an answer must be one docker command, not {line!r}"
            fields.report.add(fields.values["answer"], message)
        else:
            answers.append(command)
    if not lines:
        fields.report.add(fields.node, "a question needs an answer")
    return CommandQuestion(fields.id(), tuple(answers), next(iter(lines), ""), lines=lines)


def _engine(fields: Fields) -> EngineQuestion:
    fields.expect({"id", "kind", "run", "options"}, {"setup"})
    setup = fields.texts("setup")
    if any("docker" in line and "quiz-" not in line for line in setup):
        message = "setup may touch only what has a name that begins with quiz-"
        fields.report.add(fields.values["setup"], message)
    return EngineQuestion(fields.id(), setup, fields.text("run"), _patterns(fields))


def _patterns(fields: Fields) -> dict[str, str]:
    node = fields.values.get("options")
    given = None if node is None else Fields.of(node, fields.report)
    patterns = {} if given is None else {name: given.text(name) for name in given.values}
    if not FEWEST_OPTIONS <= len(patterns) <= MOST_OPTIONS:
        fields.report.add(fields.node, f"a question has {FEWEST_OPTIONS} to {MOST_OPTIONS} options")
    for name, pattern in patterns.items():
        try:
            re.compile(pattern)
        except re.error as error:
            where: yaml.Node = fields.values["options"]
            fields.report.add(where, f"{name!r} is no regular expression: {error}")
    return patterns


def _read_prose(
    file: Path, questions: tuple[Question, ...], mistakes: list[Mistake]
) -> Iterator[tuple[str, QuestionText]]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        mistakes.append(Mistake(file, 0, "the file is missing"))
        return
    except UnicodeDecodeError:
        mistakes.append(Mistake(file, 0, "the file is not UTF-8 text"))
        return
    sections = list(cut_at_headings(text))
    mistakes.extend(Mistake(file, line, words) for line, words in _mistakes(sections, questions))
    by_id = {section.id: section for section in sections}
    for question in questions:
        yield question.id, _text(question, by_id)


def _mistakes(
    sections: list[Section], questions: tuple[Question, ...]
) -> Iterator[tuple[int, str]]:
    expected = list(_expected_ids(questions))
    seen: set[str] = set()
    for section in sections:
        if section.id not in expected:
            yield section.line, f"{{#{section.id}}} is not in questions.yaml"
        elif section.id in seen:
            yield section.line, f"{{#{section.id}}} is here twice"
        elif not section.title:
            yield section.line, f"the heading of {{#{section.id}}} has no words"
        elif section.sort in {"option", "answer"} and not section.body:
            yield section.line, f"there is no explanation below {{#{section.id}}}"
        seen.add(section.id)
    yield from (
        (0, f"there is no heading that ends in {{#{m}}}") for m in expected if m not in seen
    )


def _expected_ids(questions: tuple[Question, ...]) -> Iterator[str]:
    yield "questions"
    for question in questions:
        yield f"question-{question.id}"
        yield from (f"option-{question.id}-{option}" for option in question.options)
        if not question.options:
            yield f"answer-{question.id}"


def _text(question: Question, sections: dict[str, Section]) -> QuestionText:
    empty = Section(0, "", "", 0, "")
    asked = sections.get(f"question-{question.id}", empty)
    options = {o: sections.get(f"option-{question.id}-{o}", empty) for o in question.options}
    return QuestionText(
        title=asked.title,
        body=asked.body,
        options={
            name: OptionText(section.title, section.body) for name, section in options.items()
        },
        explanation=sections.get(f"answer-{question.id}", empty).body,
    )
