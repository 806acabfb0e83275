"""What can be an answer: passages out of lessons and glossary, and where each leads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lessons.glossary_file import Entry
from lessons.model import Catalogue, Lesson, LessonText, Step

LANGUAGES: Final = ("ko", "en")

_SORT_OF_ENTRIES: Final = {"terms": "term", "commands": "command", "errors": "error"}
_DRAWN = re.compile(r"\{\{[a-z]+\}\}")
_BULLET = re.compile(r"^- ", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?P<title>.+?)\*\* *(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a lesson; without a step, the lesson."""

    lesson_id: str
    step_id: str | None = None


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage in one language, in Discord's Markdown; `context` is the lesson that it is from."""

    title: str
    body: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that can be an answer. `id` reads `<sort>:<name>`, as in `step:data/volume`.

    Sorts are `term`, `command`, `error`, `step`, `mistake` and `lesson`, `reference` for what a
    command is said to do elsewhere, `option`, and `problem` for the errors that error help knows.
    `also` are words that lead here and are shown nowhere, such as the tasks of a step.
    """

    id: str
    texts: Mapping[str, PassageText]
    place: Place | None = None
    also: str = ""
    names: tuple[str, ...] = ()
    """What else it is called; its titles are names by themselves."""
    line: str | None = None
    """The command line that it is about, for a command."""
    searched: bool = True
    """Whether it answers questions; one that does not is shown by its id."""

    @property
    def sort(self) -> str:
        """What kind of passage it is: the first word of its id."""
        return self.id.partition(":")[0]


def passages_of(catalogue: Catalogue, glossary: Iterable[Entry]) -> tuple[Passage, ...]:
    """Everything that lessons and glossary can answer with."""
    found = [_of_entry(entry, catalogue) for entry in glossary]
    common = _common_titles(catalogue)
    for lesson in catalogue.lessons:
        texts = {language: catalogue.texts[lesson.id, language] for language in LANGUAGES}
        found.append(_of_lesson(lesson, texts))
        found += _of_mistakes(lesson, texts)
        if (
            lesson.faults is None
        ):  # what is broken there, and how it is mended, is the learner's part
            found += [_of_step(lesson, step, texts, common) for step in lesson.steps]
    return tuple(found)


def _of_entry(entry: Entry, catalogue: Catalogue) -> Passage:
    sort = _SORT_OF_ENTRIES[entry.sort]
    texts = {
        language: PassageText(prose.name, prose.text) for language, prose in entry.texts.items()
    }
    known = catalogue.get(entry.lesson_id) is not None
    return Passage(
        id=f"{sort}:{entry.id}",
        texts=texts,
        place=Place(entry.lesson_id, entry.step_id) if known else None,
        names=(entry.id.replace("-", " "), *entry.asked),
        line=entry.texts["en"].name.partition(",")[0] if sort == "command" else None,
    )


def _of_lesson(lesson: Lesson, texts: Mapping[str, LessonText]) -> Passage:
    return Passage(
        id=f"lesson:{lesson.id}",
        texts={
            language: PassageText(prose.title, _shown(prose.summary))
            for language, prose in texts.items()
        },
        place=Place(lesson.id),
        also="\n".join(prose.goal for prose in texts.values()),
    )


def _of_mistakes(lesson: Lesson, texts: Mapping[str, LessonText]) -> Iterator[Passage]:
    """Each typical mistake by itself; those of both languages belong together by their order."""
    bullets = {language: _bullets(prose.mistakes) for language, prose in texts.items()}
    for number, pair in enumerate(zip(*bullets.values(), strict=False), start=1):
        yield Passage(
            id=f"mistake:{lesson.id}/{number}",
            texts={
                language: PassageText(title, _shown(body), texts[language].title)
                for language, (title, body) in zip(bullets, pair, strict=True)
            },
            place=Place(lesson.id),
        )


def _bullets(text: str) -> list[tuple[str, str]]:
    """The bold beginning of each item of a list, and the rest of it."""
    found = []
    for item in _BULLET.split(text):
        bold = _BOLD.match(item.strip())
        if bold is not None:
            found.append((_shown(bold["title"]), bold["rest"].strip()))
    return found


def _of_step(
    lesson: Lesson, step: Step, texts: Mapping[str, LessonText], common: frozenset[str]
) -> Passage:
    def title(prose: LessonText) -> str:
        own = prose.steps[step.id].title
        return f"{prose.title}: {own}" if own in common else own

    tasks = (prose.tasks[task.id].title for prose in texts.values() for task in step.own_tasks)
    return Passage(
        id=f"step:{lesson.id}/{step.id}",
        texts={
            language: PassageText(title(prose), _shown(prose.steps[step.id].body), prose.title)
            for language, prose in texts.items()
        },
        place=Place(lesson.id, step.id),
        also=_shown("\n".join(tasks)),
    )


def _common_titles(catalogue: Catalogue) -> frozenset[str]:
    """Titles that several steps have, and that tell them apart only with their lesson's."""
    counted = Counter(
        step.title for prose in catalogue.texts.values() for step in prose.steps.values()
    )
    return frozenset(title for title, count in counted.items() if count > 1)


def _shown(text: str) -> str:
    """Without what is drawn for each attempt: this text is nobody's."""
    return _DRAWN.sub("…", text)
