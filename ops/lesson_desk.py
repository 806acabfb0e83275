"""`./docent lessons`: what an author of lessons needs."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.diagrams import Diagram
from lessons.loader import AuthoringErrors, load_catalogue
from lessons.model import Catalogue
from ops.drawing import draw
from ops.errors import OpsError


def draw_diagrams() -> int:
    """Draw what is out of date; how many pictures.

    Raises:
        OpsError: the lessons have mistakes, or a picture can't be drawn.
    """
    drawn = [picture for diagram in _diagrams(_catalogue()) for picture in draw(diagram)]
    for picture in drawn:
        print(picture)
    return len(drawn)


def _catalogue() -> Catalogue:
    try:
        return load_catalogue()
    except AuthoringErrors as exc:
        raise OpsError(f"The lessons have mistakes.\n{exc}") from exc


def _diagrams(catalogue: Catalogue) -> Iterator[Diagram]:
    for lesson in catalogue.lessons:
        for step in lesson.steps:
            if step.diagram is not None:
                yield step.diagram
