"""Follow-me: a line of the instructor's on the engines of those who opted in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.commands import Commands, Ended
from bot.classroom.follow_lines import Shown, checked, end_of
from bot.classroom.outcomes import Tally, tally
from bot.classroom.troubles import Troubles
from bot.errors import LearnerError
from bot.terminal.error_help import ErrorHelp
from db import following
from db.engine import Database
from db.errors import DatabaseError
from db.following import Follow, Follower, FollowRun, Outcome
from sandbox.errors import SandboxError

__all__ = ["Follow", "FollowRun", "Follower", "Following", "Shown"]

log = structlog.get_logger(__name__)

AT_ONCE: Final = 6
"""Engines that run a line at the same time: the others wait, and learners type meanwhile."""

OVER_AFTER: Final = timedelta(hours=12)


class Following:
    """What can be done with follow-me. Methods raise `DatabaseError`, too.

    Whoever asks names their server: what belongs to another one does not exist there.
    """

    def __init__(
        self,
        *,
        database: Database,
        commands: Commands,
        troubles: Troubles,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._commands = commands
        self._troubles = troubles
        self._clock = clock

    async def start(
        self, *, server_id: int, channel_id: int, instructor_id: int
    ) -> tuple[Follow, bool]:
        """The follow-me of this channel, and whether it began just now."""
        async with self._database.transaction() as session:
            return await following.start(
                session,
                server_id=server_id,
                channel_id=channel_id,
                instructor_id=instructor_id,
                at=self._clock(),
            )

    async def here(self, channel_id: int, server_id: int) -> Follow:
        """The follow-me that is open in this channel.

        Raises:
            LearnerError: There is none.
        """
        async with self._database.transaction() as session:
            found = await following.in_channel(session, channel_id)
        if found is None or found.server_id != server_id:
            raise LearnerError("follow.none_here")
        return found

    async def of(self, follow_id: int, server_id: int | None) -> Follow:
        """This one, while it is open.

        Raises:
            LearnerError: It is over, or there is none of this id in this server.
        """
        async with self._database.transaction() as session:
            found = await following.get(session, follow_id)
        if found is None or found.server_id != server_id or found.ended_at is not None:
            raise LearnerError("follow.over")
        return found

    async def keep_card(self, follow: Follow, message_id: int) -> None:
        """Remember where its card is."""
        async with self._database.transaction() as session:
            await following.keep_card(session, follow.id, message_id)

    async def end(self, follow: Follow) -> bool:
        """Nobody follows any more; False when it was over before."""
        async with self._database.transaction() as session:
            return await following.end(session, follow.id, self._clock())

    async def overdue(self) -> list[Follow]:
        """Those that somebody forgot to end."""
        async with self._database.transaction() as session:
            return await following.started_before(session, self._clock() - OVER_AFTER)

    async def all_open(self) -> list[Follow]:
        """Those that go on, in all servers."""
        async with self._database.transaction() as session:
            return await following.started_before(session, self._clock())

    async def join(self, follow: Follow, learner_id: int) -> bool:
        """Opt in; False for somebody who had."""
        async with self._database.transaction() as session:
            return await following.join(session, follow.id, learner_id, self._clock())

    async def leave(self, follow: Follow, learner_id: int) -> bool:
        """Opt out; False for somebody who did not follow."""
        async with self._database.transaction() as session:
            return await following.leave(session, follow.id, learner_id)

    async def count(self, follow: Follow) -> int:
        """How many follow."""
        async with self._database.transaction() as session:
            return await following.count(session, follow.id)

    async def followers(self, follow: Follow) -> tuple[Follower, ...]:
        """Who follows."""
        async with self._database.transaction() as session:
            return tuple(await following.followers(session, follow.id))

    async def ask(
        self, follow: Follow, instructor_id: int, typed: str, *, gone: Collection[int] = ()
    ) -> tuple[FollowRun, int]:
        """Keep a line until the instructor says yes; the run, and on how many engines it would be.

        `gone` have left the server: they follow no more, and the run counts them as left out.

        Raises:
            LearnerError: It is no line that can be run for others, or nobody follows.
        """
        line = checked(typed)
        async with self._database.transaction() as session:
            await _let_go(session, follow, gone)
        async with self._database.transaction() as session:
            engines = await following.count(session, follow.id)
            if engines == 0:
                raise LearnerError("follow.all_left" if gone else "follow.nobody")
            run_id = await following.ask(
                session, follow.id, instructor_id=instructor_id, line=line, at=self._clock()
            )
            await _note_left(session, run_id, gone)
            run = await following.run(session, run_id)
        if run is None:
            raise LearnerError("follow.over")
        return run, engines

    async def let_go(self, run: FollowRun, gone: Collection[int]) -> None:
        """These have left the server: they follow no more, and this run counts them as left out."""
        async with self._database.transaction() as session:
            await _let_go(session, run.follow, gone)
            now = await following.run(session, run.id)
            if now is not None and now.state == "asked":
                await _note_left(session, run.id, gone)

    async def run_of(self, run_id: int, server_id: int | None) -> FollowRun:
        """This run.

        Raises:
            LearnerError: There is none of this id in this server.
        """
        async with self._database.transaction() as session:
            run = await following.run(session, run_id)
        if run is None or run.follow.server_id != server_id:
            raise LearnerError("follow.over")
        return run

    async def cancel(self, run: FollowRun) -> bool:
        """The instructor said no; False when it runs already."""
        async with self._database.transaction() as session:
            return await following.move(session, run.id, "asked", "cancelled")

    async def begin(self, run: FollowRun) -> tuple[Follower, ...]:
        """The instructor said yes: for whom it runs now.

        Raises:
            LearnerError: Somebody said so before, the follow-me is over, or nobody follows.
        """
        async with self._database.transaction() as session:
            now = await following.run(session, run.id)
            if now is None or now.follow.ended_at is not None:
                raise LearnerError("follow.over")
            if not await following.move(session, run.id, "asked", "running"):
                raise LearnerError("follow.asked_before")
            found = await following.followers(session, run.follow.id)
            outcomes = await following.outcomes(session, run.id)
            for each in found:
                await following.note(session, run.id, each.learner_id, outcome="pending")
        if not found:
            await self._finish(run)
            raise LearnerError("follow.all_left" if outcomes else "follow.nobody")
        return tuple(found)

    async def keep_run_card(self, run: FollowRun, message_id: int) -> None:
        """Remember where the card of this run is."""
        async with self._database.transaction() as session:
            await following.keep_run_card(session, run.id, message_id)

    async def perform(
        self, run: FollowRun, followers: tuple[Follower, ...]
    ) -> AsyncIterator[Shown]:
        """Run the line for each of them, some at once; what came out, as it comes.

        Who opted out before it was their turn is left out.
        """
        room = asyncio.Semaphore(AT_ONCE)

        async def one(follower: Follower) -> Shown | None:
            async with room:
                try:
                    return await self._for(run, follower)
                except DatabaseError as exc:
                    log.warning("follow_not_noted", learner=follower.learner_id, error=str(exc))
                    return Shown(follower, "absent", failure=exc)

        tasks = [asyncio.create_task(one(each), name="follow") for each in followers]
        try:
            for done in asyncio.as_completed(tasks):
                shown = await done
                if shown is not None:
                    yield shown
        finally:
            # Who stops listening ends what runs; the next start writes it down as broken off.
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        await self._finish(run)

    async def tally(self, run: FollowRun) -> Tally:
        """What came out so far."""
        async with self._database.transaction() as session:
            return tally(await following.outcomes(session, run.id))

    async def ended(self, follow: Follow) -> Follow:
        """A follow-me as it is now, over or not."""
        async with self._database.transaction() as session:
            return await following.get(session, follow.id) or follow

    async def running(self) -> list[int]:
        """Ids of the runs that go on, or went on when the bot was killed."""
        async with self._database.transaction() as session:
            return await following.runs_in(session, "running")

    async def break_off(self, run_id: int) -> FollowRun | None:
        """Nobody goes on with this run: what is not known of it never will be. Safe to repeat.

        The run as it is now; None when it came to its end.
        """
        async with self._database.transaction() as session:
            if await following.move(session, run_id, "running", "broken"):
                await following.break_off(session, run_id)
            run = await following.run(session, run_id)
        return run if run is not None and run.state == "broken" else None

    async def _finish(self, run: FollowRun) -> None:
        async with self._database.transaction() as session:
            await following.break_off(session, run.id)
            await following.move(session, run.id, "running", "done")

    async def _for(self, run: FollowRun, follower: Follower) -> Shown | None:
        learner_id = follower.learner_id
        async with self._database.transaction() as session:
            wanted = await following.follows(session, run.follow.id, learner_id)
        if not wanted:
            return None
        shown = await self._run(run, follower)
        ended = shown.ended
        async with self._database.transaction() as session:
            await following.note(
                session,
                run.id,
                learner_id,
                outcome=shown.outcome,
                exit_code=None if ended is None else ended.exit_code,
                error=None if shown.help is None else shown.help.id,
                took_ms=0 if ended is None else ended.took_ms,
            )
        return shown

    async def _run(self, run: FollowRun, follower: Follower) -> Shown:
        """Like a command of the learner's own, with their limits and in their history."""
        learner_id = follower.learner_id
        printed: list[str] = []
        ended: Ended | None = None
        help: ErrorHelp | None = None
        try:
            async with self._commands.run(learner_id, run.line) as command:
                ended = await end_of(command, printed)
                said = "".join(printed)
                help = await self._troubles.explain(learner_id, run.line, said, ended.exit_code)
                command.error = None if help is None else help.id
        except DatabaseError as exc:
            if ended is None:
                return Shown(follower, "absent", failure=exc)
            log.warning("command_not_recorded", learner=learner_id, error=str(exc))
        except (LearnerError, SandboxError, TimeoutError) as exc:
            return Shown(follower, "absent", failure=exc)
        if ended is None:
            return Shown(follower, "absent")
        outcome: Outcome = "ok" if ended.exit_code == 0 else "failed"
        return Shown(follower, outcome, ended, "".join(printed), help)


async def _let_go(session: AsyncSession, follow: Follow, gone: Collection[int]) -> None:
    for learner_id in gone:
        await following.leave(session, follow.id, learner_id)


async def _note_left(session: AsyncSession, run_id: int, gone: Collection[int]) -> None:
    for learner_id in gone:
        await following.note(session, run_id, learner_id, outcome="left")
