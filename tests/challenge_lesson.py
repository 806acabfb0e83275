"""A small incident, as a lesson or a challenge: two faults of which one is drawn, and a page."""

from __future__ import annotations

from pathlib import Path

LESSON = """\
id: night
order: 10
version: 1
minutes: 5
start: true
steps:
  - id: rules
  - id: repair
    at_once: 1
    faults:
      - id: port
        checks:
          - { kind: container, name: port, status: running }
      - id: name
        checks:
          - { kind: container, name: name, status: running }
    tasks:
      - id: page
        checks:
          - { kind: container, name: page, status: running }
"""
PROSE = """\
# Night {#lesson}
## Goal {#goal}
Repair it.
## Rules {#step-rules}
Be quick.
## Repair {#step-repair}
Find it.
### Alert of a port {#task-port}
1. Look.
2. Look again.
### Solution {#solution-port}
Mend the port.
### Alert of a name {#task-name}
1. Look.
2. Look again.
### Solution {#solution-name}
Mend the name.
### The page {#task-page}
1. Look.
2. Look again.
### Solution {#solution-repair}
Look at it.
## Mistakes {#mistakes}
None.
## Summary {#summary}
Repaired.
"""
SOLUTION = "".join(f"# task: {task}\ndocker ps\n" for task in ("port", "name", "page"))
FILES = {
    "lesson.yaml": LESSON,
    "ko.md": PROSE,
    "en.md": PROSE,
    "setup.sh": "# step: repair\necho {{faults}}\n",
    "solution.sh": SOLUTION,
    "trials.yaml": "ways: []\nmisses: []\n",
    "questions.yaml": "questions: []\n",
    "questions.ko.md": "# Q {#questions}\n",
    "questions.en.md": "# Q {#questions}\n",
}


def write_lesson(folder: Path) -> Path:
    """Put the lesson into a folder of lessons there, and return that."""
    lesson = folder / "lessons" / "010-night"
    lesson.mkdir(parents=True)
    for name, text in FILES.items():
        (lesson / name).write_text(text)
    return lesson.parent
