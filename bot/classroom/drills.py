"""Two-minute drills: an error that the learner met, made anew in their engine, to be repaired."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.classroom.cleaning import cleaning_script
from bot.classroom.facts import facts_for_checks
from bot.classroom.looking import Looks
from bot.errors import LearnerError
from bot.terminal.escape import without_sequences
from bot.ui.turns import Turns
from db import practice
from db.engine import Database
from db.practice import KeptDrill
from lessons.drills import NAMES, Drill
from lessons.facts import EngineFacts
from sandbox.client import Sandboxes
from sandbox.errors import EngineFailed, SandboxError, SandboxGone

IN_TIME: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(minutes=30)
"""Whoever went away has it cleaned up with their next command after that."""
SETUP_LIMIT_S: Final = 120.0
FAILS_LIMIT_S: Final = 30.0
CLEAN_LIMIT_S: Final = 60.0
FACTS_TIMEOUT_S: Final = 20.0
MOST_SAID: Final = 1_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """A drill that is ready: what the failing line printed; `met` when the learner met it once."""

    drill: Drill
    said: str
    began_at: datetime
    met: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A drill that is over. `took` is the time until it was repaired; None when it was not."""

    drill: Drill
    took: timedelta | None

    @property
    def in_time(self) -> bool:
        """Whether it was repaired within two minutes."""
        return self.took is not None and self.took <= IN_TIME


class Drills:
    """Makes errors, judges repairs, and takes away what it made.

    Methods raise `LearnerError`, `SandboxError` when the engine can't be asked, and
    `DatabaseError`.
    """

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        drills: Sequence[Drill],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._drills = tuple(drills)
        self._clock = clock
        self._looks = Looks(sandboxes)
        self._turns = Turns()

    async def start(self, learner_id: int) -> Begun:
        """Make the error that the learner met last and was not drilled in last.

        One that was under way is ended. Without an error that they met, it is one of all.

        Raises:
            LearnerError: There is no engine here, or the error could not be made.
        """
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        async with self._turns.of(learner_id):
            drill, met = await self._choose(learner_id)
            await self._clean(learner_id)
            ready = await self._looks.run(learner_id, drill.script, limit_s=SETUP_LIMIT_S)
            seen = await self._looks.run(learner_id, drill.fails, limit_s=FAILS_LIMIT_S)
            if ready.exit_code != 0 or seen.exit_code in (0, None):
                log.warning(
                    "drill_failed", learner=learner_id, drill=drill.id, said=ready.text[-500:]
                )
                await self._clean(learner_id)
                raise LearnerError("drill.not_made")
            now = self._clock()
            await self._keep(learner_id, KeptDrill(drill.id, now, None, passed=False))
            said = without_sequences(seen.text).strip()[:MOST_SAID]
            return Begun(drill, said, now, met)

    async def check(self, learner_id: int) -> Ended | None:
        """End the drill when it is repaired or too old; None when it goes on, or there is none."""
        async with self._turns.of(learner_id):
            at = await self._open(learner_id)
            if at is None:
                return None
            kept, drill = at
            now = self._clock()
            facts = await self._facts(learner_id)
            passed = facts is not None and drill.judge(facts).passed
            if not passed and now - kept.began_at < LONGEST:
                return None
            await self._end(learner_id, kept, now, passed=passed)
            return Ended(drill, now - kept.began_at if passed else None)

    async def give_up(self, learner_id: int, drill_id: str) -> Ended:
        """End the drill, to be told how it is repaired.

        Raises:
            LearnerError: It is over already.
        """
        async with self._turns.of(learner_id):
            at = await self._open(learner_id)
            if at is None or at[1].id != drill_id:
                raise LearnerError("drill.over")
            kept, drill = at
            await self._end(learner_id, kept, self._clock(), passed=False)
            return Ended(drill, None)

    async def under_way(self, learner_id: int, drill_id: str) -> Drill:
        """The drill of this id, if the learner is at it.

        Raises:
            LearnerError: It is over.
        """
        at = await self._open(learner_id)
        if at is None or at[1].id != drill_id:
            raise LearnerError("drill.over")
        return at[1]

    async def _choose(self, learner_id: int) -> tuple[Drill, bool]:
        async with self._database.transaction() as session:
            errors = await practice.errors_met(session, learner_id)
            last = await practice.drill_of(session, learner_id)
        by_error = {drill.error: drill for drill in self._drills}
        met = [by_error[error] for error in errors if error in by_error]
        others = [drill for drill in self._drills if drill not in met]
        before = None if last is None else last.drill
        if met:
            return next((drill for drill in met if drill.id != before), met[0]), True
        places = [drill.id for drill in others]
        after = places.index(before) + 1 if before in places else 0
        return others[after % len(others)], False

    async def _open(self, learner_id: int) -> tuple[KeptDrill, Drill] | None:
        async with self._database.transaction() as session:
            kept = await practice.drill_of(session, learner_id)
        if kept is None or kept.ended_at is not None:
            return None
        drill = next((each for each in self._drills if each.id == kept.drill), None)
        return None if drill is None else (kept, drill)

    async def _end(self, learner_id: int, kept: KeptDrill, now: datetime, *, passed: bool) -> None:
        await self._keep(learner_id, replace(kept, ended_at=now, passed=passed))
        try:
            await self._clean(learner_id)
        except SandboxError as error:
            # The next drill cleans up first; what was repaired stays repaired.
            log.warning("drill_not_cleaned", learner=learner_id, error=type(error).__name__)

    async def _keep(self, learner_id: int, kept: KeptDrill) -> None:
        async with self._database.transaction() as session:
            await practice.put_drill(session, learner_id, kept)

    async def _clean(self, learner_id: int) -> None:
        await self._looks.run(learner_id, cleaning_script(NAMES), limit_s=CLEAN_LIMIT_S)

    async def _facts(self, learner_id: int) -> EngineFacts | None:
        """The state of the engine; None where there is none, which has nothing repaired."""
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        try:
            async with asyncio.timeout(FACTS_TIMEOUT_S):
                return facts_for_checks(await self._sandboxes.facts(str(learner_id)))
        except SandboxGone:
            return None
        except TimeoutError as exc:
            raise EngineFailed("the engine's state did not come in time") from exc
