"""trials.yaml: other right ways through a lesson, and near misses that have to fail.

    ways:
      - name: long options
        lines: [docker version --format json, "!look 80"]
    misses:
      - name: wrong port
        task: run
        finding: port_other       # the mistake that the learner has to hear of; may be left out
        lines: [docker run -d -p 8080:80 --name hellonginx nginx]

The lines of a way do every task of the lesson; those of a miss leave its task open on an engine
without containers. In a lesson with faults a way names those that it repairs, `faults: [a, b]`, and
the miss of a fault is tried where that alone is broken.

A line that begins with `!` is no plain command:

- `!look PORT` looks at a page;
- `!for SECONDS LINE` runs a line and lets it run for so long only;
- `!unseen LINE` runs a line, and nobody had looked at what was before it;
- `!answer TASK TEXT` answers a task; `!look-up TASK LINE` answers it with what the line prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lessons.draws import Values, fill
from lessons.mistakes import Mistake
from lessons.model import Lesson
from lessons.yaml_file import Fields, Report, meant, read_root


@dataclass(frozen=True, slots=True)
class Way:
    """Lines that do the whole lesson, when these faults are what is broken."""

    name: str
    lines: tuple[str, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """Lines after which a task is still open; `finding` is the key that names the mistake."""

    name: str
    task: str
    finding: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trials:
    """All that a lesson's checks are tried with besides its solution."""

    ways: tuple[Way, ...] = ()
    misses: tuple[Miss, ...] = ()


def read_trials(file: Path, lesson: Lesson, mistakes: list[Mistake]) -> Trials:
    """The trials of a lesson; mistakes are added to the list."""
    root = read_root(file, mistakes)
    fields = None if root is None else Fields.of(root, Report(file, mistakes))
    if fields is None:
        return Trials()
    fields.expect({"ways", "misses"})
    return Trials(
        ways=fields.each("ways", lambda entry: _way(entry, lesson)),
        misses=fields.each("misses", lambda entry: _miss(entry, lesson)),
    )


def _way(fields: Fields, lesson: Lesson) -> Way:
    known = () if lesson.faults is None else lesson.faults.ids
    fields.expect({"name", "lines"} | ({"faults"} if known else set()))
    faults = fields.texts("faults")
    for fault in faults:
        if fault not in known:
            fields.report.add(fields.values["faults"], f"no fault {fault!r}{meant(fault, known)}")
    return Way(fields.text("name"), _lines(fields, lesson.values), faults)


def _lines(fields: Fields, values: Values) -> tuple[str, ...]:
    return tuple(fill(line, values) for line in fields.texts("lines"))


def _miss(fields: Fields, lesson: Lesson) -> Miss:
    fields.expect({"name", "task", "lines"}, {"finding"})
    miss = Miss(
        name=fields.text("name"),
        task=fields.text("task"),
        finding=fields.text("finding") or None,
        lines=_lines(fields, lesson.values),
    )
    tasks = {task.id: task for task in lesson.every_task}
    if miss.task and miss.task not in tasks:
        fields.report.add(fields.values["task"], f"no task {miss.task!r}{meant(miss.task, tasks)}")
    elif miss.finding is not None:
        keys = {key for check in tasks[miss.task].checks for key in check.finding_keys}
        if miss.finding not in keys:
            message = f"the task never finds {miss.finding!r}{meant(miss.finding, keys)}"
            fields.report.add(fields.values["finding"], message)
    return miss
