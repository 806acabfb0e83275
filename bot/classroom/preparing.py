"""Preparing a learner's engine for a step of a lesson: files, images, things to repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog

from bot.classroom.looking import Looks
from bot.classroom.open_lessons import OpenLesson
from bot.errors import LearnerError
from sandbox.client import Sandboxes

SETUP_LIMIT_S: Final = 120.0
"""Several images may have to come first, through a slow line or to a busy machine."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """How preparing went: whether anything was made, and whether all of it worked."""

    made_something: bool
    worked: bool


class Preparing:
    """Runs the set-up of steps. It may run again: a set-up makes only what is missing."""

    def __init__(self, sandboxes: Sandboxes | None) -> None:
        self._has_engine = sandboxes is not None
        self._looks = Looks(sandboxes)

    @staticmethod
    def is_needed(at: OpenLesson) -> bool:
        """Whether the open step has a set-up and anything left to do."""
        return at.step.setup is not None and not at.step_done

    async def prepare(self, learner_id: int, at: OpenLesson) -> Prepared:
        """Run the set-up of the open step; what it prints says that it made something.

        Raises:
            LearnerError: There is no engine here.
            SandboxError: The engine can't be asked.
        """
        script = at.lesson.setup_of(at.step)
        if script is None:
            return Prepared(made_something=False, worked=True)
        if not self._has_engine:
            raise LearnerError("engine.absent")
        seen = await self._looks.run(learner_id, script, limit_s=SETUP_LIMIT_S)
        if seen.exit_code != 0:
            log.warning(
                "setup_failed",
                learner=learner_id,
                lesson=at.lesson.id,
                step=at.step.id,
                exit_code=seen.exit_code,
                said=seen.text[-500:],
            )
        return Prepared(bool(seen.text.strip()), seen.exit_code == 0)
