"""Looking into a learner's engine by a command of ours: what checks and set-ups need."""

from __future__ import annotations

from typing import Final

from lessons.facts import ProbeSeen
from lessons.judging import Look
from sandbox.client import Sandboxes
from sandbox.contract import Ended, Output, RunFailed, RunRequest
from sandbox.errors import ERRORS_BY_CODE, EngineFailed

LOOK_LIMIT_S: Final = 10.0
MOST_SEEN_BYTES: Final = 16_384


class Looks:
    """Runs commands of ours in learners' engines; they leave no trace in a learner's history."""

    def __init__(self, sandboxes: Sandboxes | None) -> None:
        self._sandboxes = sandboxes

    def of(self, learner_id: int) -> Look:
        """How to look into this learner's engine.

        Looking raises `SandboxError` when the engine can't be asked.
        """

        async def look(line: str) -> ProbeSeen:
            return await self.run(learner_id, line, limit_s=LOOK_LIMIT_S)

        return look

    async def run(self, learner_id: int, script: str, *, limit_s: float) -> ProbeSeen:
        """Run a script of ours; what it printed, and its exit code, None at the time limit.

        Raises:
            SandboxError: It could not run.
        """
        if self._sandboxes is None:
            raise EngineFailed("there is no engine here")
        request = RunRequest(
            # A shell of its own: where the learner is must not change.
            line=f"(\n{script}\n)",
            time_limit_s=limit_s,
            output_limit_bytes=MOST_SEEN_BYTES,
        )
        said: list[str] = []
        exit_code: int | None = None
        async with self._sandboxes.run(str(learner_id), request) as running:
            async for event in running:
                match event:
                    case Output(text=text):
                        said.append(text)
                    case Ended(exit_code=code):
                        exit_code = code
                    case RunFailed(error=error, detail=detail):
                        raise ERRORS_BY_CODE.get(error, EngineFailed)(detail)
        return ProbeSeen("".join(said), exit_code)
