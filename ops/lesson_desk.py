"""`./docent lessons`: what an author of lessons needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.diagrams import Diagram
from lessons.loader import CONTENT, AuthoringErrors, load_catalogue
from lessons.model import Catalogue, Lesson
from ops import lesson_skeleton
from ops.drawing import draw
from ops.errors import OpsError
from ops.progress import Progress
from ops.testing import run_tests

ON_ENGINES = "tests/trials"
_NAME = re.compile(r"(?P<order>[0-9]{3})-(?P<id>[a-z0-9]+(-[a-z0-9]+)*)")


def make_new(name: str | None) -> int:
    """Begin a lesson: a folder whose files can be read, to be written over.

    Raises:
        OpsError: the name is not `NUMBER-NAME`, or taken.
    """
    found = _NAME.fullmatch(name or "")
    if found is None:
        raise OpsError("Say the number and the name of the lesson, as in 145-backups.")
    taken = next(CONTENT.glob(f"{found['order']}-*"), None) or next(
        CONTENT.glob(f"[0-9][0-9][0-9]-{found['id']}"), None
    )
    if taken is not None:
        raise OpsError(f"{taken.name} has this number or this name already.")
    folder = CONTENT / found[0]
    folder.mkdir()
    for file, text in lesson_skeleton.files(order=int(found["order"]), lesson_id=found["id"]):
        (folder / file).write_text(text, encoding="utf-8")
    print(f"{folder} can be read and played. Write over it, and watch it in chat meanwhile:")
    print("  ./docent lessons preview")
    print(f"  ./docent lessons verify {found['id']}")
    return 0


def verify(lesson_id: str | None, progress: Progress) -> int:
    """Name every mistake; without any, play the lesson (default: all) on a real engine.

    Raises:
        OpsError: the lessons have mistakes, or there is no such lesson.
    """
    catalogue = _catalogue()
    chosen = [_lesson(catalogue, lesson_id)] if lesson_id else list(catalogue.lessons)
    for lesson in chosen:
        size = f"{len(lesson.steps)} steps, {len(lesson.tasks)} tasks"
        print(f"{lesson.order:03}-{lesson.id}: {size}, no mistake in its files")
    only = ["-k", " or ".join(lesson.id for lesson in chosen)] if lesson_id else []
    return run_tests(["tests/content", ON_ENGINES, *only], progress)


def draw_all() -> int:
    """Draw what is out of date.

    Raises:
        OpsError: the lessons have mistakes, or a picture can't be drawn.
    """
    drawn = [picture for diagram in _diagrams(_catalogue()) for picture in draw(diagram)]
    for picture in drawn:
        print(picture)
    print(f"{len(drawn)} pictures drawn; all others are up to date.")
    return 0


def _catalogue() -> Catalogue:
    try:
        return load_catalogue()
    except AuthoringErrors as exc:
        raise OpsError(f"The lessons have mistakes.\n{exc}") from exc


def _lesson(catalogue: Catalogue, name: str) -> Lesson:
    lesson = catalogue.get(name.partition("-")[2] if _NAME.fullmatch(name) else name)
    if lesson is None:
        known = ", ".join(lesson.id for lesson in catalogue.lessons)
        raise OpsError(f"There is no lesson {name}. There are: {known}.")
    return lesson


def _diagrams(catalogue: Catalogue) -> Iterator[Diagram]:
    for lesson in catalogue.lessons:
        for step in lesson.steps:
            if step.diagram is not None:
                yield step.diagram
