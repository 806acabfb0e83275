"""Finding the answer to a question on the host's engine: set-up, command, what it printed."""

from __future__ import annotations

from typing import Final

import structlog

from bot.classroom.looking import Looks
from bot.classroom.quizzes import Asked, LiveQuiz, Quizzes
from bot.terminal.escape import without_sequences
from sandbox.client import Sandboxes
from sandbox.errors import SandboxError

SETUP_LIMIT_S: Final = 60.0
RUN_LIMIT_S: Final = 20.0
MOST_SAID: Final = 1200
"""Letters of the output that are shown."""

log = structlog.get_logger(__name__)


class QuizEngine:
    """Asks engines; it can be asked again, as after a restart: a set-up can run twice."""

    def __init__(self, sandboxes: Sandboxes | None, *, quizzes: Quizzes) -> None:
        self._looks = Looks(sandboxes)
        self._quizzes = quizzes

    async def find(self, live: LiveQuiz, asked: Asked) -> bool:
        """Find and remember the answer; False when the engine can't tell."""
        question, host = asked.question, live.kept.host_id
        if question is None or question.engine is None or host is None:
            return False
        try:
            if question.engine.setup:
                script = "\n".join(question.engine.setup)
                await self._looks.run(host, script, limit_s=SETUP_LIMIT_S)
            seen = await self._looks.run(host, question.engine.run, limit_s=RUN_LIMIT_S)
        except SandboxError as error:
            log.warning("quiz_engine_failed", quiz=live.id, ref=question.ref, error=str(error))
            return False
        found = question.answer_from(seen.text)
        if found is None:
            log.warning("quiz_engine_undecided", quiz=live.id, ref=question.ref)
            return False
        said = without_sequences(seen.text).strip()[:MOST_SAID]
        await self._quizzes.set_found(live.id, asked.round.position, found, said)
        return True
