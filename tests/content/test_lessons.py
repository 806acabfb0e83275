"""Every lesson keeps to Discord's limits, speaks both languages alike and gives nothing away."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.checks import judge
from lessons.command_line import simple_commands
from lessons.facts import CommandDone, EngineFacts, Situation
from lessons.languages import LANGUAGES
from lessons.loader import CONTENT, load_catalogue
from lessons.model import Lesson, LessonText
from lessons.solution import read_solution

CATALOGUE = load_catalogue()
LESSONS = pytest.mark.parametrize("lesson", CATALOGUE.lessons, ids=lambda lesson: lesson.id)
IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)

CARD_LIMIT = 4000
"""Characters of text that one Discord message of components may hold."""

CARD_FRAME = 900
"""What else is on a card: the lesson's title, the number of the step, labels and a footer."""

SHOWN_BY_DISCORD = {
    *("paragraph_open", "paragraph_close", "inline", "fence", "bullet_list_open"),
    *("bullet_list_close", "list_item_open", "list_item_close", "ordered_list_open"),
    *("ordered_list_close", "blockquote_open", "blockquote_close"),
}
INLINE_SHOWN_BY_DISCORD = {
    *("text", "code_inline", "strong_open", "strong_close", "em_open", "em_close"),
    *("softbreak", "link_open", "link_close"),
}
SUBTEXT = re.compile(r"^-# ", re.MULTILINE)


def parts(text: LessonText) -> dict[str, str]:
    """Every piece of prose of a lesson, by where it stands."""
    found = {"goal": text.goal, "mistakes": text.mistakes, "summary": text.summary}
    for step_id, step in text.steps.items():
        found[f"step {step_id}"] = step.body
        if step.solution is not None:
            found[f"solution {step_id}"] = step.solution
    for task_id, task in text.tasks.items():
        found |= {f"hint {task_id} {n}": hint for n, hint in enumerate(task.hints)}
        if task.solution is not None:
            found[f"solution {task_id}"] = task.solution
    return found


def tokens(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": False}).parse(SUBTEXT.sub("", markdown))


def solution(lesson: Lesson) -> dict[str, list[str]]:
    folder = CONTENT / f"{lesson.order:03}-{lesson.id}"
    return read_solution(folder / "solution.sh", lesson, [])


@LESSONS
@IN_LANGUAGE
def test_a_card_fits_into_one_message(lesson: Lesson, language: str) -> None:
    """Title, goal, body and tasks of every step leave room for the card's own words."""
    text = CATALOGUE.text(lesson, language)
    for step in lesson.steps:
        shown = [text.title, text.goal, text.steps[step.id].title, text.steps[step.id].body]
        shown += [text.tasks[task.id].title for task in step.tasks]
        assert sum(map(len, shown)) + CARD_FRAME <= CARD_LIMIT, step.id


@LESSONS
@IN_LANGUAGE
def test_a_step_is_one_screen_of_a_phone(lesson: Lesson, language: str) -> None:
    """Short enough to read standing up; titles fit on buttons and in lists."""
    text = CATALOGUE.text(lesson, language)
    assert len(text.title) <= 80
    assert len(text.goal) <= 200
    for step in text.steps.values():
        assert len(step.body) <= 1200, step.title
        assert len(step.title) <= 80
        assert len(step.solution or "") <= 1000, step.title
    for task in text.tasks.values():
        assert len(task.title) <= 80
        assert all(len(hint) <= 400 for hint in task.hints), task.title
        assert len(task.solution or "") <= 1000, task.title
    assert len(text.mistakes) <= 1500
    assert len(text.summary) <= 1200


@LESSONS
@IN_LANGUAGE
def test_prose_is_markdown_that_discord_shows(lesson: Lesson, language: str) -> None:
    """No tables, pictures, headings or HTML: Discord would show their marks as text."""
    for where, markdown in parts(CATALOGUE.text(lesson, language)).items():
        for token in tokens(markdown):
            assert token.type in SHOWN_BY_DISCORD, f"{where}: {token.type}"
            for inner in token.children or []:
                assert inner.type in INLINE_SHOWN_BY_DISCORD, f"{where}: {inner.type}"
                assert inner.type != "text" or not re.search(r"[*_`|]{2}|`", inner.content), where
        assert markdown.count("```") % 2 == 0, where


@LESSONS
@IN_LANGUAGE
def test_links_are_whole_and_mention_nobody(lesson: Lesson, language: str) -> None:
    """Links use https and have words; nothing in a lesson calls people."""
    for where, markdown in parts(CATALOGUE.text(lesson, language)).items():
        links = re.findall(r"\[([^\]]*)\]\(([^)]*)\)", markdown)
        assert all(words and link.startswith("https://") for words, link in links), where
        assert not re.search(r"@everyone|@here|<@|<#", markdown), where


@LESSONS
def test_both_languages_say_the_same_in_the_same_shape(lesson: Lesson) -> None:
    """The same hints, list items and code blocks in every part; commands are the same too."""
    korean, english = (CATALOGUE.text(lesson, language) for language in LANGUAGES)
    assert parts(korean).keys() == parts(english).keys()
    for where, markdown in parts(korean).items():
        assert shape(markdown) == shape(parts(english)[where]), where


def shape(markdown: str) -> dict[str, object]:
    found = tokens(markdown)
    return {
        "items": sum(token.type == "list_item_open" for token in found),
        "blocks": [token.content.count("\n") for token in found if token.type == "fence"],
        "options": sorted(set(re.findall(r"`(--?[a-z][a-z-]*)", markdown))),
    }


@LESSONS
def test_each_language_is_written_in_its_own_letters(lesson: Lesson) -> None:
    """A part that was never translated is found."""
    for where, markdown in parts(CATALOGUE.text(lesson, "ko")).items():
        assert re.search(r"[가-힣]", markdown), where
    for where, markdown in parts(CATALOGUE.text(lesson, "en")).items():
        assert not re.search(r"[가-힣]", markdown), where


@LESSONS
@IN_LANGUAGE
def test_hints_never_paste_the_answer(lesson: Lesson, language: str) -> None:
    """No hint holds a command of the solution."""
    text = CATALOGUE.text(lesson, language)
    for task_id, lines in solution(lesson).items():
        for hint in text.tasks[task_id].hints:
            assert not any(line in hint for line in lines), f"{task_id}: {hint}"


@LESSONS
@IN_LANGUAGE
def test_the_solution_shown_is_the_one_that_is_played(lesson: Lesson, language: str) -> None:
    """What the card shows as the solution is what solution.sh types."""
    text = CATALOGUE.text(lesson, language)
    played = solution(lesson)
    for step in lesson.steps:
        for task in step.every_task:
            shown = text.tasks[task.id].solution or text.steps[step.id].solution or ""
            for line in typed(played[task.id]):
                assert line in shown, f"{task.id}: {line}"


@LESSONS
def test_every_line_of_the_solution_is_read_as_a_command(lesson: Lesson) -> None:
    """Our reader of shell lines understands what we ask learners to type."""
    for lines in solution(lesson).values():
        assert all(simple_commands(line) for line in typed(lines))


def typed(lines: list[str]) -> list[str]:
    """Without looks at pages and answers, which no learner types."""
    return [line for line in lines if not line.startswith("!")]


@LESSONS
def test_nothing_passes_before_the_learner_does_anything(lesson: Lesson) -> None:
    """On an empty engine, with no commands, every check of every task fails."""
    nothing = Situation(EngineFacts())
    for task in lesson.every_task:
        for check in task.checks:
            assert not all(found.ok for found in check.judge(nothing)), task.id


@LESSONS
def test_talking_about_the_solution_does_not_pass(lesson: Lesson) -> None:
    """Echoing the commands, or asking for their help, is not doing them."""
    lines = [line for part in solution(lesson).values() for line in part]
    pretended = [f"echo '{line}'" for line in lines] + [f"# {line}" for line in lines]
    situation = Situation(EngineFacts(), tuple(CommandDone(line, 0) for line in pretended))
    for task in lesson.every_task:
        assert not judge(task, situation).passed, task.id


def test_every_folder_is_a_lesson() -> None:
    """No stray folder is left out silently."""
    folders = [path for path in Path(CONTENT).iterdir() if path.is_dir()]
    assert len(folders) == len(CATALOGUE.lessons)
