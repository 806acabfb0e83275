"""Values for tests, complete and ordinary; a test names only what it is about."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from db.migrate import migrate
from lessons.command_checks import Command
from lessons.facts import Container, EngineFacts, Image, PublishedPort
from lessons.model import Catalogue, Lesson, LessonText, Step, StepText, Task, TaskText
from lessons.running_checks import ContainerRunning

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_lesson(
    lesson_id: str = "sample",
    *,
    order: int = 10,
    version: int = 1,
    requires: Sequence[str] = (),
    steps: Sequence[Step] | None = None,
) -> Lesson:
    """A lesson; by default with a step of two tasks (`list`, `web`) and one that asks nothing."""
    return Lesson(
        id=lesson_id,
        order=order,
        version=version,
        minutes=5,
        requires=tuple(requires),
        steps=tuple(steps) if steps is not None else _sample_steps(),
    )


def _sample_steps() -> tuple[Step, ...]:
    listing = Task("list", (Command.from_fields({"is": "docker ps"}),))
    web = Task("web", (ContainerRunning("web", image="nginx", publishes=(8080, 80)),))
    return Step("first", (listing, web)), Step("last", ())


def make_lesson_text(lesson: Lesson, *, title: str = "Sample lesson") -> LessonText:
    """A text that fits the lesson, with two hints for each task."""
    return LessonText(
        title=title,
        goal="You can do the sample.",
        mistakes="None.",
        summary="All of it.",
        steps={
            step.id: StepText(
                f"Step {step.id}", f"Body of {step.id}", "Do it." if step.tasks else None
            )
            for step in lesson.steps
        },
        tasks={
            task.id: TaskText(f"Task {task.id}", ("Look here.", "Use that."))
            for task in lesson.tasks
        },
    )


def make_catalogue(*lessons: Lesson) -> Catalogue:
    """A catalogue of these lessons, or of one sample lesson, in both languages."""
    chosen = lessons or (make_lesson(),)
    texts = {
        (lesson.id, language): make_lesson_text(lesson, title=f"{lesson.id} ({language})")
        for lesson in chosen
        for language in ("ko", "en")
    }
    return Catalogue(tuple(sorted(chosen, key=lambda lesson: lesson.order)), texts)


def make_container(
    name: str = "hellonginx",
    *,
    image: str = "nginx",
    status: str = "running",
    publishes: Sequence[tuple[int, int]] = ((80, 80),),
    exit_code: int = 0,
    oom_killed: bool = False,
) -> Container:
    """A container; `publishes` are pairs of host port and container port."""
    return Container(
        name=name,
        image=image,
        status=status,
        exit_code=exit_code,
        oom_killed=oom_killed,
        ports=tuple(
            PublishedPort(container_port=inside, host_port=host) for host, inside in publishes
        ),
    )


def make_facts(*containers: Container, images: Sequence[Image] = ()) -> EngineFacts:
    """The facts of an engine with these containers."""
    return EngineFacts(containers=containers, images=tuple(images))


def make_database_url(folder: Path) -> str:
    """The URL of a new SQLite database in this folder, with all migrations done."""
    file = folder / "docent.sqlite3"
    shutil.copy(_migrated_file(), file)
    return f"sqlite+aiosqlite:///{file}"


@cache
def _migrated_file() -> Path:
    """One migrated database for the whole run: copying it is a hundred times faster."""
    folder = Path(tempfile.mkdtemp(prefix="docent-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "migrated.sqlite3"
    # In a thread, because a test may have an event loop running here.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(migrate, f"sqlite+aiosqlite:///{file}").result()
    return file
