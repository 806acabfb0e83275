"""Engines for a challenge: everybody gets the same one, and their own back afterwards.

The learner's disk is kept as a snapshot first; then they get an empty one, and the set-up of the
lesson on it. The database says whose disk is where (see `ChallengeMemberRow.engine`), so that
whoever goes on after a sudden end finds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from weakref import WeakValueDictionary

import structlog

from bot.classroom.engines_now import engines_now
from bot.classroom.holding import Holding
from bot.classroom.looking import Looks
from bot.classroom.preparing import SETUP_LIMIT_S
from bot.errors import LearnerError, for_sandbox_error
from db import challenges
from db.challenges import Member
from db.engine import Database
from lessons.model import Lesson, Step
from sandbox.client import Sandboxes
from sandbox.errors import DiskFull, NoCapacity, NoSnapshot, SandboxError, SandboxGone

PLACE_S: Final = 60.0
"""So long all members of a challenge together wait for places; then those without one are told,
and may try again. Who was given a place keeps it: waiting one after the other would take an hour
in a house that is too small."""
ASK_AGAIN_S: Final = 3.0

log = structlog.get_logger(__name__)


class ChallengeEngines:
    """Prepares engines and gives them back; a learner's turn is one thing at a time."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        holding: Holding,
        swapped: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`swapped` is told of each learner whose engine is another one from now on."""
        self._database = database
        self._sandboxes = sandboxes
        self._looks = Looks(sandboxes)
        self._holding = holding
        self._swapped = swapped
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._patience: dict[int, float] = {}
        self.place_s = PLACE_S
        self.ask_again_s = ASK_AGAIN_S

    @property
    def has_engine(self) -> bool:
        """Whether there are engines here at all."""
        return self._sandboxes is not None

    async def places(self) -> int | None:
        """How many engines may run at once, in all the house; None: nobody can tell just now."""
        now = await engines_now(self._sandboxes)
        return None if now is None else now.capacity

    async def prepare(self, member: Member, lesson: Lesson) -> bool:
        """Have the member's engine be as everybody's at the start; whether it is.

        The engine stays held back when it worked; what went wrong is in the member's `why`, as a
        key of the texts, and their own engine is to be given back then.
        """
        async with self._lock(member.learner_id):
            self._holding.hold(member.learner_id)
            # Where the database fails it stays held: whoever goes on with the challenge prepares
            # it again, and whoever ends it lets it go (see `Playing.let_go`).
            why = await self._try(member, lesson)
            ready = await self._note(member, why)
            await self._forget_if_gone(member)
            if not ready and not await self._is_due(member):
                self._holding.release(member.learner_id)
            return ready

    async def run_setup(self, learner_id: int, lesson: Lesson, step: Step) -> bool:
        """Run the set-up of this step; whether it worked. It makes only what is missing.

        Raises:
            SandboxError: The engine can't be asked.
        """
        script = lesson.setup_of(step)
        if script is None:
            return True
        seen = await self._looks.run(learner_id, script, limit_s=SETUP_LIMIT_S)
        if seen.exit_code != 0:
            log.warning(
                "challenge_setup_failed",
                learner=learner_id,
                lesson=lesson.id,
                step=step.id,
                exit_code=seen.exit_code,
                said=seen.text[-500:],
            )
        return seen.exit_code == 0

    async def give_back(self, challenge_id: int, learner_id: int) -> str | None:
        """Give the learner's own engine back, if it is due; why not, as a key of the texts.

        Safe to repeat: it goes on where it was interrupted.
        """
        async with self._lock(learner_id):
            member = await self._member(challenge_id, learner_id)
            if member is None or member.engine not in ("due", "back"):
                return None
            self._holding.hold(learner_id)
            try:
                await self._give_back(member)
            except SandboxError as exc:
                log.warning("engine_not_given_back", learner=learner_id, error=type(exc).__name__)
                return for_sandbox_error(exc).key
            finally:
                self._holding.release(learner_id)
            return None

    def hold(self, learner_id: int) -> None:
        """Hold an engine back: it is ready, and the start has not come."""
        self._holding.hold(learner_id)

    def release(self, learner_id: int) -> None:
        """The start has come."""
        self._holding.release(learner_id)

    def holds(self, learner_id: int) -> bool:
        """Whether this engine is held back."""
        return self._holding.holds(learner_id)

    async def _try(self, member: Member, lesson: Lesson) -> str | None:
        try:
            await self._make(member, lesson)
        except LearnerError as exc:
            return exc.key
        except SandboxError as exc:
            log.warning(
                "challenge_not_prepared",
                learner=member.learner_id,
                error=type(exc).__name__,
                detail=str(exc),
            )
            return for_sandbox_error(exc).key
        return None

    async def _make(self, member: Member, lesson: Lesson) -> None:
        sandboxes = self._engine()
        learner = str(member.learner_id)
        if not await self._begin(member):
            raise LearnerError("challenge.gone")
        now = await self._member(member.challenge_id, member.learner_id)
        if now is not None and now.engine == "own":
            await self._keep(now)
        view = await sandboxes.reset(learner)
        self._swapped(member.learner_id)
        if view.state == "waiting":
            await self._wait_for_place(member)
        step = first_step(lesson)
        if step is not None and not await self.run_setup(member.learner_id, lesson, step):
            raise LearnerError("challenge.why.setup")

    async def _keep(self, member: Member) -> None:
        """Keep the learner's disk, and have a place for what comes: nothing is lost before that."""
        sandboxes = self._engine()
        learner, name = str(member.learner_id), snapshot_name(member.challenge_id)
        try:
            await sandboxes.take_snapshot(learner, name)
            had_disk = True
        except SandboxGone:
            had_disk = False
        try:
            await self._wait_for_place(member)
            await self._must_keep(member, had_disk=had_disk)
        except (LearnerError, SandboxError):
            # After anything else nobody knows whether it is written down that there is a copy:
            # then it stays.
            if had_disk:
                await self._remove_quietly(learner, name)
            raise

    async def _must_keep(self, member: Member, *, had_disk: bool) -> None:
        async with self._database.transaction() as session:
            if not await challenges.keep_engine(session, member, had_disk=had_disk):
                raise LearnerError("challenge.gone")

    async def _wait_for_place(self, member: Member) -> None:
        until: float | None = None
        # Whoever does not ask for a minute loses their place in line.
        while (await self._engine().open(str(member.learner_id))).state == "waiting":
            now = asyncio.get_running_loop().time()
            until = until or self._patience_of(member.challenge_id, now)
            if now >= until:
                raise NoCapacity("no place came free in time")
            await asyncio.sleep(min(self.ask_again_s, until - now))

    def _patience_of(self, challenge_id: int, now: float) -> float:
        """Until when members of this challenge wait; long after that they wait anew."""
        until = self._patience.get(challenge_id)
        if until is None or now > until + self.place_s:
            until = self._patience[challenge_id] = now + self.place_s
        return until

    async def _give_back(self, member: Member) -> None:
        sandboxes = self._engine()
        learner, name = str(member.learner_id), snapshot_name(member.challenge_id)
        if member.engine == "due":
            if member.had_disk:
                await self._restore(learner, name)
            else:
                # They had none: there is nothing but the challenge's.
                await sandboxes.forget(learner)
            self._swapped(member.learner_id)
            await self._change(member, engine="back")
        if member.had_disk:
            await sandboxes.remove_snapshot(learner, name)
        await self._change(member, engine="own")

    async def _restore(self, learner: str, name: str) -> None:
        try:
            await self._engine().restore(learner, name)
        except DiskFull:
            raise
        except NoCapacity:
            # The disk is theirs again; it runs as soon as there is a place.
            return
        except NoSnapshot:
            # Whoever deleted it wanted it gone: there is nothing to go back to.
            log.warning("snapshot_gone", learner=learner, name=name)

    async def _begin(self, member: Member) -> bool:
        async with self._database.transaction() as session:
            now = await challenges.member(session, member.challenge_id, member.learner_id)
            if now is None or not now.takes_part:
                return False
            await challenges.change_member(
                session, member.challenge_id, member.learner_id, state="preparing", why=None
            )
            return True

    async def _note(self, member: Member, why: str | None) -> bool:
        """Write down how it went; whether the member is ready."""
        async with self._database.transaction() as session:
            key = (member.challenge_id, member.learner_id)
            now = await challenges.member(session, *key)
            if now is None or now.state != "preparing":
                return False
            if why is None and now.engine == "kept":
                await challenges.change_member(session, *key, state="ready")
                return True
            engine = "due" if now.engine == "kept" else now.engine
            why = why or "challenge.gone"
            await challenges.change_member(session, *key, state="failed", why=why, engine=engine)
            return False

    async def _is_due(self, member: Member) -> bool:
        now = await self._member(member.challenge_id, member.learner_id)
        return now is not None and now.engine == "due"

    async def _forget_if_gone(self, member: Member) -> None:
        """Have no engine of somebody who deleted their data meanwhile: it was made too late."""
        if self._sandboxes is None:
            return
        if await self._member(member.challenge_id, member.learner_id) is not None:
            return
        try:
            await self._sandboxes.forget(str(member.learner_id))
        except SandboxError as exc:
            log.warning("engine_left", learner=member.learner_id, error=type(exc).__name__)

    async def _member(self, challenge_id: int, learner_id: int) -> Member | None:
        async with self._database.transaction() as session:
            return await challenges.member(session, challenge_id, learner_id)

    async def _change(self, member: Member, *, engine: str) -> None:
        async with self._database.transaction() as session:
            await challenges.change_member(
                session, member.challenge_id, member.learner_id, engine=engine
            )

    async def _remove_quietly(self, learner: str, name: str) -> None:
        try:
            await self._engine().remove_snapshot(learner, name)
        except SandboxError as exc:
            log.warning("snapshot_left", learner=learner, name=name, error=type(exc).__name__)

    def _lock(self, learner_id: int) -> asyncio.Lock:
        return self._locks.setdefault(learner_id, asyncio.Lock())

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes


def snapshot_name(challenge_id: int) -> str:
    """The name of the snapshot that keeps a learner's disk meanwhile."""
    return f"challenge-{challenge_id}"


def first_step(lesson: Lesson) -> Step | None:
    """The step that a challenge begins with: the first one that asks for something."""
    return next((step for step in lesson.steps if step.tasks), None)
