"""Finding the answer to a question on the host's engine: set-up, command, what it printed."""

from __future__ import annotations

from typing import Final

import structlog

from bot.classroom.cleaning import cleaning_script
from bot.classroom.live_quiz import LiveQuiz
from bot.classroom.looking import Looks
from bot.classroom.quiz_questions import Asked
from bot.classroom.quizzes import Quizzes
from bot.quiz.questions import EngineRun
from bot.terminal.escape import without_sequences
from bot.ui.turns import Turns
from lessons.facts import ProbeSeen
from sandbox.client import Sandboxes
from sandbox.errors import SandboxError

SETUP_LIMIT_S: Final = 60.0
RUN_LIMIT_S: Final = 20.0
QUIZ_NAMES: Final = "quiz-"
MOST_SAID: Final = 1200
"""Letters of the output that are shown."""

log = structlog.get_logger(__name__)


class QuizEngine:
    """Asks engines; it can be asked again, as after a restart: a set-up can run twice."""

    def __init__(self, sandboxes: Sandboxes | None, *, quizzes: Quizzes) -> None:
        self._looks = Looks(sandboxes)
        self._quizzes = quizzes
        self._turns = Turns()

    async def find(self, live: LiveQuiz, asked: Asked) -> bool:
        """Find and remember the answer; False when the engine can't tell."""
        question, host = asked.question, live.kept.host_id
        if question is None or question.engine is None or host is None:
            return False
        try:
            # One question after the other: what the last one left goes before the next begins.
            async with self._turns.of(host):
                seen = await self._look(host, question.engine)
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

    async def _look(self, host: int, engine: EngineRun) -> ProbeSeen:
        """What the command prints; what the question made is gone afterwards."""
        try:
            if engine.setup:
                await self._looks.run(host, "\n".join(engine.setup), limit_s=SETUP_LIMIT_S)
            return await self._looks.run(host, engine.run, limit_s=RUN_LIMIT_S)
        finally:
            await self._clean(host)

    async def _clean(self, host: int) -> None:
        try:
            await self._looks.run(host, cleaning_script(QUIZ_NAMES), limit_s=RUN_LIMIT_S)
        except SandboxError as error:  # the answer counts all the same
            log.warning("quiz_engine_not_cleaned", host=host, error=str(error))
