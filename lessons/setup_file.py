"""setup.sh: what prepares a learner's engine for a step; safe to run again.

    # step: repair
    docker inspect night-web >/dev/null 2>&1 || docker run -d --name night-web nginx

A part is a script for `sh`. It touches what has the lesson's own names, and nothing else. Files
that several steps need are made by one part, `# step: file up logs`: whoever opens a later step on
a fresh disk has them, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lessons.draws import drawn_names
from lessons.mistakes import Mistake
from lessons.model import Lesson

LONGEST_SETUP = 12_000
"""It has to fit into one command line of the sandbox service."""
_MARK = "# step: "


def read_setup(file: Path, lesson: Lesson, mistakes: list[Mistake]) -> dict[str, str]:
    """The script for each step that has one; mistakes are added to the list. The file may lack."""
    if not file.exists():
        return {}
    parts: dict[str, list[str]] = {}
    current: list[list[str]] = []
    known = {step.id for step in lesson.steps}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(_MARK):
            current = []
            for step_id in line.removeprefix(_MARK).split():
                if step_id not in known or step_id in parts:
                    message = f"{step_id!r} is no step or is here twice"
                    mistakes.append(Mistake(file, number, message))
                current.append(parts.setdefault(step_id, []))
        elif current:
            for part in current:
                part.append(line)
        elif line.strip() and not line.startswith("#"):
            mistakes.append(Mistake(file, number, f"this is before the first `{_MARK}ID`"))
    scripts = {step_id: "\n".join(lines).strip() for step_id, lines in parts.items()}
    mistakes.extend(_mistakes(file, lesson, scripts))
    return scripts


def _mistakes(file: Path, lesson: Lesson, scripts: dict[str, str]) -> Iterator[Mistake]:
    drawn = lesson.values.keys()
    for step_id, script in scripts.items():
        if not script:
            yield Mistake(file, 0, f"there is nothing for the step {step_id!r}")
        if len(script.encode()) > LONGEST_SETUP:
            yield Mistake(file, 0, f"{step_id!r} has more than {LONGEST_SETUP} bytes")
        for name in sorted(drawn_names(script) - drawn):
            yield Mistake(file, 0, f"nothing is drawn under the name {name!r}")
