"""solution.sh: what a learner may type to do every task; tests play it on a real engine."""

from __future__ import annotations

from pathlib import Path

from lessons.draws import fill
from lessons.mistakes import Mistake
from lessons.model import Lesson

_MARK = "# task: "


def read_solution(file: Path, lesson: Lesson, mistakes: list[Mistake]) -> dict[str, list[str]]:
    """The lines to type for each task, in the order of the tasks; mistakes are added to the list.

    A line `# look: PORT` stands for the learner looking at the page of that port.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        mistakes.append(Mistake(file, 0, "the file is missing"))
        return {}
    parts: dict[str, list[str]] = {}
    current: list[str] | None = None
    known = {task.id for task in lesson.every_task}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(_MARK):
            task_id = line.removeprefix(_MARK).strip()
            if task_id not in known or task_id in parts:
                mistakes.append(Mistake(file, number, f"{task_id!r} is no task or is here twice"))
            current = parts.setdefault(task_id, [])
        elif current is not None and line.strip():
            current.append(fill(line, lesson.values))
    mistakes.extend(
        Mistake(file, 0, f"there is nothing for the task {task.id!r}")
        for task in lesson.every_task
        if not parts.get(task.id)
    )
    return parts
