"""ko.md, en.md → `LessonText`: prose by the ids that its headings end in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lessons.mistakes import Mistake
from lessons.model import Lesson, LessonText, StepText, TaskText

MIN_HINTS = 2

_HEADING = re.compile(r"(?P<marks>#{1,3}) +(?P<title>.*?) *(?:\{#(?P<id>[a-z0-9-]+)\})? *")
_HINT = re.compile(r"(\d+)\. +")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_LEVELS = {"lesson": 1, "goal": 2, "step": 2, "task": 3, "solution": 3, "mistakes": 2, "summary": 2}


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading. `id` is empty when the heading has none."""

    level: int
    id: str
    title: str
    line: int
    body: str

    @property
    def sort(self) -> str:
        """What it is: the first word of its id, as in `step-versions`."""
        return self.id.partition("-")[0]


def read_prose(file: Path, lesson: Lesson, mistakes: list[Mistake]) -> LessonText | None:
    """The text of a lesson in one language; mistakes are added to the list."""
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        mistakes.append(Mistake(file, 0, "the file is missing"))
        return None
    except UnicodeDecodeError:
        mistakes.append(Mistake(file, 0, "the file is not UTF-8 text"))
        return None
    sections = list(cut_at_headings(text))
    mistakes.extend(Mistake(file, line, words) for line, words in _mistakes(sections, lesson))
    return _lesson_text({section.id: section for section in sections}, lesson)


def cut_at_headings(text: str) -> Iterator[Section]:
    """The sections of a text; what looks like a heading inside a code block is none."""
    heading, start, body, fence = _HEADING.fullmatch("# {#}"), 0, list[str](), ""
    for number, line in enumerate(text.splitlines(), start=1):
        found = None if fence else _HEADING.fullmatch(line)
        fence = _fence_after(line, fence)
        if found is None:
            body.append(line)
            continue
        if start or any(part.strip() for part in body):
            yield _section(heading, start, body)
        heading, start, body = found, number, []
    yield _section(heading, start, body)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line, if any."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found.group(1)
    return "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence


def _section(heading: re.Match[str] | None, line: int, body: list[str]) -> Section:
    text = "\n".join(body).strip()
    if heading is None or line == 0:
        return Section(0, "", "", 1, text)
    marks, title = heading["marks"], heading["title"].strip()
    return Section(len(marks), heading["id"] or "", title, line, text)


def _mistakes(sections: list[Section], lesson: Lesson) -> Iterator[tuple[int, str]]:
    expected = list(_expected_ids(lesson))
    seen: set[str] = set()
    for section in sections:
        yield from _section_mistakes(section, expected, seen)
        seen.add(section.id)
    for missing in expected:
        if missing not in seen:
            yield 0, f"there is no heading that ends in {{#{missing}}}"
    order = [section.id for section in sections if section.id in expected]
    if set(order) == set(expected) and len(order) == len(expected) and order != expected:
        wrong = next(a for a, b in zip(order, expected, strict=True) if a != b)
        line = next(section.line for section in sections if section.id == wrong)
        yield line, f"{{#{wrong}}} is not where lesson.yaml has it"


def _expected_ids(lesson: Lesson) -> Iterator[str]:
    yield "lesson"
    yield "goal"
    for step in lesson.steps:
        yield f"step-{step.id}"
        for task in step.every_task:
            yield f"task-{task.id}"
            if step.is_fault(task):
                yield f"solution-{task.id}"
        if step.own_tasks:
            yield f"solution-{step.id}"
    yield "mistakes"
    yield "summary"


def _section_mistakes(
    section: Section, expected: list[str], seen: set[str]
) -> Iterator[tuple[int, str]]:
    if section.level == 0:
        yield section.line, "there is text before the first heading"
        return
    if not section.id:
        yield section.line, f"the heading {section.title!r} has no id such as {{#goal}}"
        return
    if section.id not in expected:
        yield section.line, f"{{#{section.id}}} is not in lesson.yaml"
        return
    if section.id in seen:
        yield section.line, f"{{#{section.id}}} is here twice"
    level = _LEVELS[section.sort]
    if section.level != level:
        yield section.line, f"the heading of {{#{section.id}}} needs {'#' * level}"
    if not section.title:
        yield section.line, f"the heading of {{#{section.id}}} has no words"
    yield from _body_mistakes(section)


def _body_mistakes(section: Section) -> Iterator[tuple[int, str]]:
    if section.sort == "task":
        hints = _hints(section.body)
        if hints is None:
            yield section.line, f"{{#{section.id}}} must hold a numbered list of hints only"
        elif len(hints) < MIN_HINTS:
            yield section.line, f"{{#{section.id}}} needs at least {MIN_HINTS} hints"
    elif section.sort == "lesson" and section.body:
        yield section.line, "text below the lesson's title belongs below {#goal}"
    elif section.sort != "lesson" and not section.body:
        yield section.line, f"there is no text below {{#{section.id}}}"


def _hints(body: str) -> tuple[str, ...] | None:
    """The items of a numbered list; None when there is anything else."""
    hints: list[str] = []
    for line in body.splitlines():
        if _HINT.match(line):
            hints.append(_HINT.sub("", line, count=1))
        elif hints and (line.startswith("   ") or not line.strip()):
            hints[-1] += "\n" + line.strip()
        else:
            return None
    return tuple(hint.strip() for hint in hints)


def _lesson_text(sections: dict[str, Section], lesson: Lesson) -> LessonText:
    def body(section_id: str) -> str:
        section = sections.get(section_id)
        return "" if section is None else section.body

    def title(section_id: str) -> str:
        section = sections.get(section_id)
        return "" if section is None else section.title

    return LessonText(
        title=title("lesson"),
        goal=body("goal"),
        mistakes=body("mistakes"),
        summary=body("summary"),
        steps={
            step.id: StepText(
                title(f"step-{step.id}"),
                body(f"step-{step.id}"),
                body(f"solution-{step.id}") if step.own_tasks else None,
            )
            for step in lesson.steps
        },
        tasks={
            task.id: TaskText(
                title(f"task-{task.id}"),
                _hints(body(f"task-{task.id}")) or (),
                body(f"solution-{task.id}") if lesson.is_fault(task) else None,
            )
            for task in lesson.every_task
        },
    )
