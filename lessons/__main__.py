"""`python -m lessons [FOLDER]`: read every lesson and say all that is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

from lessons.loader import AuthoringErrors, load_catalogue


def main(arguments: list[str]) -> int:
    """Exit code 0 when every lesson can be loaded, 1 with a line for each mistake."""
    try:
        catalogue = load_catalogue(Path(arguments[0]) if arguments else None)
    except AuthoringErrors as errors:
        print(errors, file=sys.stderr)  # noqa: T201 - talks to a person at a terminal
        return 1
    for lesson in catalogue.lessons:
        tasks = len(lesson.tasks)
        print(f"{lesson.order:03}-{lesson.id}: {len(lesson.steps)} steps, {tasks} tasks")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
