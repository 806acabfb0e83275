"""drills.yaml: errors that are made anew, to be repaired in two minutes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lessons.checks import judge
from lessons.facts import EngineFacts, Situation
from lessons.lesson_file import read_task
from lessons.mistakes import AuthoringErrors, Mistake
from lessons.model import Task, Verdict
from lessons.yaml_file import Fields, Report, read_root

DRILLS: Final = Path(__file__).parent / "drills.yaml"
NAMES: Final = "drill-"
"""What every name of a drill begins with."""
MET: Final = "met"
"""Stands for the moment when the error was met: what has to be gone was there then."""


@dataclass(frozen=True, slots=True)
class Drill:
    """An error that can be made anew: `setup` prepares it, the line `fails` meets it.

    `error` is the id of the known error; `solution` is one way to repair it.
    """

    error: str
    images: tuple[str, ...]
    setup: str
    fails: str
    task: Task
    solution: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its name."""
        return self.task.id

    @property
    def script(self) -> str:
        """What prepares an engine for it; ends with a failure when that is not possible."""
        pulls = (
            f"docker image inspect {image} >/dev/null 2>&1 || docker pull -q {image}"
            for image in self.images
        )
        return "\n".join(["set -e", *pulls, self.setup])

    def judge(self, facts: EngineFacts) -> Verdict:
        """Whether it is repaired, by the state of the engine alone."""
        return judge(self.task, Situation(facts, done=frozenset({MET})))


def load_drills(file: Path = DRILLS) -> tuple[Drill, ...]:
    """Every drill.

    Raises:
        AuthoringErrors: Something is wrong with one of them.
    """
    mistakes: list[Mistake] = []
    root = read_root(file, mistakes)
    fields = None if root is None else Fields.of(root, Report(file, mistakes))
    drills = () if fields is None else fields.each("drills", _drill)
    if mistakes:
        raise AuthoringErrors(tuple(sorted(mistakes)))
    return drills


def _drill(fields: Fields) -> Drill | None:
    fields.expect({"error", "images", "setup", "fails", "task", "solution"})
    node = fields.values.get("task")
    inner = None if node is None else Fields.of(node, fields.report)
    if inner is None:
        return None
    drill = Drill(
        error=fields.text("error"),
        images=fields.texts("images"),
        setup=fields.text("setup"),
        fails=fields.text("fails"),
        task=read_task(inner, {}),
        solution=fields.texts("solution"),
    )
    if NAMES not in drill.fails:
        fields.report.add(fields.node, f"a drill has names that begin with {NAMES}")
    return drill
