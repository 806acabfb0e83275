"""lesson.yaml → `Lesson`: ids, order and checks, with the line of each mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lessons.checks import AnyOf
from lessons.draws import Draw, Values, drawn_names, fill
from lessons.kinds import KINDS
from lessons.mistakes import Mistake
from lessons.model import FAULTS, Check, Faults, Lesson, Step, Task
from lessons.yaml_file import Fields, Report, meant, read_root

Recipe = Callable[[Values], Check]
"""Makes a check of what was drawn."""


def read_lesson(file: Path, mistakes: list[Mistake]) -> Lesson | None:
    """The lesson, or None when it is too broken to go on; mistakes are added to the list."""
    root = read_root(file, mistakes)
    if root is None:
        return None
    fields = Fields.of(root, Report(file, mistakes))
    if fields is None:
        return None
    lesson = _lesson(fields)
    _check_task_ids(lesson, fields)
    return lesson


def _lesson(fields: Fields) -> Lesson:
    fields.expect({"id", "order", "version", "minutes", "steps"}, {"requires", "start", "draws"})
    lesson_id, draws = fields.id(), _draws(fields)
    values = {draw.name: draw.value(lesson_id, 0) for draw in draws}
    lesson = Lesson(
        id=lesson_id,
        order=fields.number("order", 1, 999),
        version=fields.number("version", 1, 9999),
        minutes=fields.number("minutes", 1, 240),
        requires=tuple(str(node.value) for node in fields.items("requires")),
        steps=fields.each("steps", lambda step: _step(step, values)),
        start=fields.yes("start"),
        draws=draws,
    )
    if not lesson.steps and "steps" in fields.values:
        fields.report.add(fields.values["steps"], "a lesson needs at least one step")
    _check_unique(fields, "step", [step.id for step in lesson.steps])
    _check_unique(fields, "task", [task.id for task in lesson.every_task])
    _check_faults(lesson, fields)
    return lesson.at(0)


def _draws(fields: Fields) -> tuple[Draw, ...]:
    node = fields.values.get("draws")
    drawn = None if node is None else Fields.of(node, fields.report)
    return () if drawn is None else tuple(_each_draw(drawn))


def _each_draw(drawn: Fields) -> Iterator[Draw]:
    for name, node in drawn.values.items():
        if name == FAULTS:
            drawn.report.add(node, f"{FAULTS!r} is what a catalogue of faults draws")
            continue
        try:
            yield Draw.read(name, drawn.text(name))
        except ValueError as error:
            drawn.report.add(node, str(error))


def _step(fields: Fields, values: Values) -> Step:
    fields.expect({"id"}, {"tasks", "faults", "at_once"})
    return Step(
        fields.id(),
        fields.each("tasks", lambda task: read_task(task, values)),
        faults=_faults(fields, values),
    )


def _faults(fields: Fields, values: Values) -> Faults | None:
    catalogue = fields.each("faults", lambda fault: read_task(fault, values))
    if not catalogue:
        if "at_once" in fields.values:
            fields.report.add(fields.values["at_once"], "'at_once' is for a step with 'faults'")
        return None
    if "at_once" not in fields.values:
        fields.report.add(fields.values["faults"], "'at_once' is missing: how many are drawn?")
    return Faults(fields.number("at_once", 1, len(catalogue)), catalogue)


def read_task(fields: Fields, values: Values) -> Task:
    """A task with its checks, as an attempt that drew these values has it."""
    fields.expect({"id", "checks"}, {"look_twice"})
    recipes = fields.each("checks", lambda check: _check(check, values))

    def recipe(drawn: Values) -> tuple[Check, ...]:
        return tuple(make(drawn) for make in recipes)

    task = Task(fields.id(), recipe(values), fields.yes("look_twice"), recipe)
    if not task.checks and not fields.items("checks"):
        fields.report.add(fields.node, f"the task {task.id!r} has no checks")
    return task


def _check(fields: Fields, drawn: Values) -> Recipe | None:
    name = fields.text("kind")
    if "kind" not in fields.values:
        fields.report.add(fields.node, "a check needs its 'kind'")
        return None
    if name == AnyOf.kind:
        return _any_of(fields, drawn)
    kind = KINDS.get(name)
    if kind is None:
        message = f"unknown kind of check {name!r}{meant(name, {*KINDS, AnyOf.kind})}"
        fields.report.add(fields.values["kind"], message)
        return None
    fields.expect({"kind", *kind.REQUIRED}, kind.OPTIONAL)
    values = {key: fields.text(key) for key in fields.values if key != "kind"}
    if not all(values.get(key) for key in kind.REQUIRED):
        return None
    places = {name for text in values.values() for name in drawn_names(text)}
    for unknown in sorted(places - drawn.keys()):
        fields.report.add(fields.node, f"nothing is drawn under the name {unknown!r}")

    def recipe(drawn: Values) -> Check:
        return kind.from_fields({key: fill(text, drawn) for key, text in values.items()})

    try:
        recipe(drawn)
    except ValueError as error:
        fields.report.add(fields.node, str(error))
        return None
    return recipe


def _any_of(fields: Fields, drawn: Values) -> Recipe | None:
    fields.expect({"kind", "checks"})
    recipes = fields.each("checks", lambda check: _check(check, drawn))
    if len(fields.items("checks")) < 2:  # noqa: PLR2004 - a choice has two sides
        fields.report.add(fields.node, "any_of needs at least two checks to choose from")
    if not recipes:
        return None
    return lambda values: AnyOf(tuple(make(values) for make in recipes))


def _check_unique(fields: Fields, what: str, ids: Sequence[str]) -> None:
    for twice in sorted({item for item in ids if item and ids.count(item) > 1}):
        fields.report.add(fields.node, f"the {what} id {twice!r} is used twice")


def _check_faults(lesson: Lesson, fields: Fields) -> None:
    with_faults = [step for step in lesson.steps if step.faults is not None]
    for step in with_faults[1:]:
        fields.report.add(fields.node, f"faults are in one step only; {step.id!r} is one too many")
    ids = {step.id for step in lesson.steps}
    for fault in with_faults[0].every_task if with_faults else ():
        if fault.id in ids:
            message = f"{fault.id!r} is a step and a task; beside faults they need other ids"
            fields.report.add(fields.node, message)


def _check_task_ids(lesson: Lesson, fields: Fields) -> None:
    """A check that comes after another task needs that task to exist, and before it."""
    seen: set[str] = set()
    for task in lesson.every_task:
        for check in task.checks:
            if check.after is not None and check.after not in seen:
                fields.report.add(
                    fields.node,
                    f"the task {task.id!r} comes after {check.after!r}, which is no earlier task",
                )
        seen.add(task.id)
