"""Files → lessons. Every mistake of an author is reported at once, with file and line.

A lesson is a folder `<order>-<id>`, for example `080-first-container`, with

- `lesson.yaml`: id, order, version, minutes, requires, and steps with their tasks and checks;
- `ko.md`, `en.md`: the prose, its parts found by the ids that headings end in:

      # Title of the lesson {#lesson}
      ## Any words {#goal}
      ## Title of a step {#step-ID}
      ### Title of a task {#task-ID}
      1. first hint
      2. second hint
      ### Any words {#solution-ID of the step}
      ## Any words {#mistakes}
      ## Any words {#summary}

  A heading without an id is a mistake, so that a slip of a translator never hides text;
- `solution.sh`: what a learner may type, a part for each task after a line `# task: ID`;
- `trials.yaml`: other right ways, and near misses that have to fail;
- `questions.yaml`, `questions.ko.md`, `questions.en.md`: the question bank;
- `diagrams.yaml`, its `.svg` files and the pictures made of them, if there are any;
- `setup.sh`, if the lesson needs one: what prepares the engine, a part for each step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lessons.diagrams import read_diagrams
from lessons.languages import LANGUAGES
from lessons.lesson_file import read_lesson
from lessons.mistakes import AuthoringErrors, Mistake
from lessons.model import Catalogue, Lesson, LessonText
from lessons.prose import read_prose
from lessons.question_file import read_questions
from lessons.questions import QuestionBank
from lessons.setup_file import read_setup
from lessons.solution import read_solution
from lessons.trials import read_trials

CONTENT = Path(__file__).parent / "content"

__all__ = ["CONTENT", "AuthoringErrors", "Mistake", "load_catalogue"]

_FOLDER = re.compile(r"(?P<order>\d{3})-(?P<id>[a-z0-9]+(-[a-z0-9]+)*)")


@dataclass(slots=True)
class _Found:
    """What was read so far."""

    lessons: dict[str, Lesson] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    texts: dict[tuple[str, str], LessonText] = field(default_factory=dict)
    questions: dict[str, QuestionBank] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Every lesson below `path`, by default those that come with Docent.

    Raises:
        AuthoringErrors: Something is wrong with one of them; nothing is loaded.
    """
    root = CONTENT if path is None else path
    found = _Found()
    for folder in _folders(root, found.mistakes):
        _read_folder(folder, found)
    found.mistakes.extend(_mistakes_between(found))
    if found.mistakes:
        raise AuthoringErrors(tuple(sorted(found.mistakes)))
    lessons = sorted(found.lessons.values(), key=lambda lesson: lesson.order)
    return Catalogue(tuple(lessons), found.texts, found.questions)


def _folders(root: Path, mistakes: list[Mistake]) -> list[Path]:
    if not root.is_dir():
        mistakes.append(Mistake(root, 0, "there is no such folder"))
        return []
    folders = sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))
    if not folders:
        mistakes.append(Mistake(root, 0, "there is no lesson in this folder"))
    return folders


def _read_folder(folder: Path, found: _Found) -> None:
    lesson = read_lesson(folder / "lesson.yaml", found.mistakes)
    if lesson is None:
        return
    found.mistakes.extend(_folder_mistakes(folder, lesson))
    if lesson.id in found.lessons:
        other = found.files[lesson.id].parent.name
        message = f"the lesson {lesson.id!r} is in {other} already; ids must differ"
        found.mistakes.append(Mistake(folder / "lesson.yaml", 0, message))
        return
    setup = read_setup(folder / "setup.sh", lesson, found.mistakes)
    diagrams = read_diagrams(folder, {step.id for step in lesson.steps}, found.mistakes)
    steps = tuple(
        replace(step, setup=setup.get(step.id), diagram=diagrams.get(step.id))
        for step in lesson.steps
    )
    found.lessons[lesson.id] = lesson = replace(lesson, steps=steps)
    found.files[lesson.id] = folder / "lesson.yaml"
    for language in LANGUAGES:
        text = read_prose(folder / f"{language}.md", lesson, found.mistakes)
        if text is not None:
            found.texts[lesson.id, language] = text
    read_solution(folder / "solution.sh", lesson, found.mistakes)
    read_trials(folder / "trials.yaml", lesson, found.mistakes)
    found.questions[lesson.id] = read_questions(folder, found.mistakes)


def _folder_mistakes(folder: Path, lesson: Lesson) -> Iterator[Mistake]:
    expected = f"{lesson.order:03}-{lesson.id}"
    if not _FOLDER.fullmatch(folder.name) or folder.name != expected:
        yield Mistake(folder / "lesson.yaml", 0, f"the folder should be called {expected}")


def _mistakes_between(found: _Found) -> Iterator[Mistake]:
    orders: dict[int, str] = {}
    for lesson in found.lessons.values():
        file = found.files[lesson.id]
        other = orders.setdefault(lesson.order, lesson.id)
        if other != lesson.id:
            yield Mistake(file, 0, f"order {lesson.order} is taken by the lesson {other!r}")
        for required in lesson.requires:
            before = found.lessons.get(required)
            if before is None:
                yield Mistake(file, 0, f"requires the lesson {required!r}, which does not exist")
            elif before.order >= lesson.order:
                yield Mistake(file, 0, f"requires the lesson {required!r}, which comes later")
