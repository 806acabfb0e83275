"""Challenges of a class: opened, joined, begun and ended, and how everybody stands."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from bot.challenge import rules
from bot.challenge.phases import Phase, before
from bot.classroom import challenge_members as members
from bot.classroom.challenge_engines import ChallengeEngines
from bot.classroom.challenge_playing import Playing
from bot.classroom.challenge_views import CLASS, Board, Mine, make_board, make_mine, tasks_of
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.texts import Language
from db import challenges, learners
from db.challenges import Challenge, Member, NewChallenge
from db.engine import Database
from lessons.draws import VARIANTS
from lessons.model import Lesson


class Challenges:
    """What can be done with challenges. All methods raise `DatabaseError`."""

    def __init__(
        self,
        *,
        database: Database,
        library: Library,
        engines: ChallengeEngines,
        clock: Callable[[], datetime],
        dice: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._database = database
        self._library = library
        self._clock = clock
        self._dice = dice
        self.engines = engines
        self._playing = Playing(database=database, engines=engines)

    async def load(self) -> list[int]:
        """Ids of the challenges that go on after a start, with all engines held as they were."""
        async with self._database.transaction() as session:
            await self._playing.load(session)
            return await challenges.unfinished(session)

    def now(self) -> datetime:
        """The time by which challenges go."""
        return self._clock()

    def seconds_until(self, at: datetime) -> float:
        """How long it is until then; nothing for what is past."""
        return max(0.0, (at - self._clock()).total_seconds())

    async def to_show(self, server_id: int, channel_id: int) -> Challenge:
        """The challenge whose board is wanted in this channel of the server.

        That is the one of this channel, else the only one under way, else the last that ended.

        Raises:
            LearnerError: There is none, or several run, and none of them here.
        """
        async with self._database.transaction() as session:
            found = await challenges.open_in_server(session, server_id, CLASS)
            last = await challenges.last_of_server(session, server_id, CLASS)
        here = [each for each in found if each.channel_id == channel_id]
        if here or len(found) == 1:
            return (here or found)[0]
        if found:
            places = " ".join(sorted({f"<#{each.channel_id}>" for each in found}))
            raise LearnerError("challenge.several", places=places)
        if last is None:
            raise LearnerError("challenge.none_open")
        return last

    async def of_server(self, challenge_id: int, server_id: int | None) -> Challenge:
        """The challenge of this id, if it is of this server.

        Raises:
            LearnerError: There is none.
        """
        async with self._database.transaction() as session:
            return await members.must_be_of_server(session, challenge_id, server_id)

    # Its course

    async def create(
        self,
        *,
        server_id: int,
        channel_id: int,
        lesson: Lesson,
        language: Language,
        minutes: int,
        freeze_minutes: int,
    ) -> Challenge:
        """Open a lobby for a challenge of this lesson.

        Raises:
            LearnerError: The lesson has nothing that an engine could show, or there is no engine.
        """
        self._must_have_engine()
        if not tasks_of(lesson):
            raise LearnerError("challenge.no_tasks")
        new = NewChallenge(
            server_id=server_id,
            channel_id=channel_id,
            kind=CLASS,
            lesson_id=lesson.id,
            variant=self._dice(VARIANTS) if lesson.values else 0,
            language=language,
            limit_s=minutes * 60,
            freeze_s=min(freeze_minutes * 60, minutes * 30),
        )
        try:
            async with self._database.transaction() as session:
                return await challenges.create(session, new, self._clock())
        except IntegrityError as exc:
            raise LearnerError("challenge.one_in_channel") from exc

    async def begin(self, challenge_id: int) -> bool:
        """Close the lobby: engines are prepared from now on. False when it was closed already.

        Raises:
            LearnerError: Nobody is in it.
        """
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id, hold=True)
            if challenge is None or challenge.phase != "lobby":
                return False
            if not await members.taking_part(session, challenge_id):
                raise LearnerError("challenge.nobody")
            return await challenges.go_on(
                session, challenge_id, "preparing", after=before("preparing")
            )

    async def count_down(self, challenge_id: int, seconds: float) -> datetime | None:
        """Fix the common start, so many seconds from now; None when it is not time for that."""
        starts_at = self._clock() + timedelta(seconds=seconds)
        async with self._database.transaction() as session:
            gone_on = await challenges.go_on(
                session,
                challenge_id,
                "countdown",
                after=before("countdown"),
                starts_at=starts_at,
            )
        return starts_at if gone_on else None

    async def start(self, challenge_id: int) -> bool:
        """Begin, at the moment that was fixed: from now on engines can be used and tasks count."""
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id, hold=True)
            if challenge is None or challenge.starts_at is None:
                return False
            ends_at = challenge.starts_at + timedelta(seconds=challenge.limit_s)
            begun = await challenges.go_on(
                session, challenge_id, "running", after=before("running"), ends_at=ends_at
            )
            ready = await challenges.members(session, challenge_id)
        if begun:
            for member in ready:
                if member.state == "ready" and member.engine == "kept":
                    self.engines.release(member.learner_id)
        return begun

    async def end(self, challenge_id: int, *, cancel: bool = False) -> bool:
        """End it, or cancel it before it began; all engines are to be given back.

        False when it was over already, or has not begun (and is not to be cancelled).
        """
        phase: Phase = "cancelled" if cancel else "ended"
        async with self._database.transaction() as session:
            over = await challenges.go_on(
                session, challenge_id, phase, after=before(phase), ended_at=self._clock()
            )
            if over:
                await challenges.engines_due(session, challenge_id)
        return over

    async def server_gone(self, server_id: int) -> list[int]:
        """The bot is in this server no more: its challenges and duels are over; which ones.

        What ran has ended, with what was done until now; what had not begun is cancelled.
        """
        async with self._database.transaction() as session:
            found = await challenges.open_in_server(session, server_id)
        for each in found:
            if not await self.end(each.id):
                await self.end(each.id, cancel=True)
        return [each.id for each in found]

    # Who takes part

    async def join(
        self, challenge_id: int, server_id: int | None, learner_id: int, name: str
    ) -> Member:
        """Take somebody in; in the middle of it their engine has to be prepared now.

        Raises:
            LearnerError: It is too late, there is no room, or they are elsewhere.
        """
        self._must_have_engine()
        async with self._database.transaction() as session:
            challenge = await members.must_be_of_server(session, challenge_id, server_id, hold=True)
            if challenge.kind != CLASS:
                raise LearnerError("challenge.gone")
            members.must_be_joinable(challenge, self._clock())
            await members.must_be_free(session, learner_id, challenge_id)
            if challenge.phase != "lobby":
                await members.must_be_new(session, challenge_id, learner_id)
            if len(await members.taking_part(session, challenge_id)) >= rules.MOST_MEMBERS:
                raise LearnerError("challenge.join.full", most=rules.MOST_MEMBERS)
            added = await challenges.add_member(
                session, challenge_id, learner_id, name=name, at=self._clock()
            )
            if not added:
                raise LearnerError("challenge.join.already")
            return await members.must_be_member(session, challenge_id, learner_id)

    async def leave(self, challenge_id: int, learner_id: int, *, state: str = "left") -> Member:
        """Take somebody out; their engine is to be given back when it is the challenge's.

        Raises:
            LearnerError: They are not in it, or it is over: results stay as they are.
        """
        async with self._database.transaction() as session:
            members.must_go_on(await challenges.get(session, challenge_id, hold=True))
            member = await members.must_be_member(session, challenge_id, learner_id)
            engine = "due" if member.engine == "kept" else member.engine
            await challenges.change_member(
                session,
                challenge_id,
                learner_id,
                state=state,
                engine=engine,
                changed_at=self._clock(),
            )
            return await members.must_be_member(session, challenge_id, learner_id, gone=True)

    def forget(self, learner_id: int) -> None:
        """The learner is gone, with all that was kept of them."""
        self._playing.forget(learner_id)

    # Their engines

    def playing(self, learner_id: int) -> int | None:
        """The challenge that this learner's engine belongs to now; None: it is their own."""
        return self._playing.challenge_of(learner_id)

    async def prepare(self, challenge_id: int, learner_id: int) -> bool:
        """Prepare the engine of a member; whether they are ready, see `ChallengeEngines.prepare`.

        Raises:
            LearnerError: They are not in it.
        """
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id)
            member = await members.must_be_member(session, challenge_id, learner_id)
        lesson = self.lesson_of(members.must_go_on(challenge), member)
        return await self._playing.prepare(member, lesson)

    async def may_try_again(self, challenge_id: int, learner_id: int) -> None:
        """Raise `LearnerError` unless the engine of this member may be prepared once more."""
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id)
            member = await members.must_be_member(session, challenge_id, learner_id)
        challenge = members.must_go_on(challenge)
        if member.state != "failed":
            raise LearnerError("challenge.join.already")
        if challenge.phase == "running":
            members.must_be_joinable(challenge, self._clock())

    async def give_back(self, challenge_id: int, learner_id: int) -> str | None:
        """Give the learner's own engine back; why not, see `ChallengeEngines.give_back`."""
        return await self._playing.give_back(challenge_id, learner_id)

    async def let_go(self, challenge_id: int) -> None:
        """It is over, and all are given back: whoever kept their own engine can use it."""
        await self._playing.let_go(challenge_id)

    async def engines_due(self, challenge_id: int) -> list[int]:
        """Whose engines are to be given back, in this challenge."""
        async with self._database.transaction() as session:
            everybody = await challenges.members(session, challenge_id)
        return [m.learner_id for m in everybody if m.engine in ("due", "back")]

    # Where it is shown

    async def place(self, challenge_id: int, channel_id: int, message_id: int | None) -> None:
        """Remember which message is the board."""
        async with self._database.transaction() as session:
            await challenges.place(session, challenge_id, channel_id, message_id)

    async def place_card(
        self, challenge_id: int, learner_id: int, channel_id: int, message_id: int
    ) -> None:
        """Remember which message in the lab is the member's card."""
        async with self._database.transaction() as session:
            await challenges.change_member(
                session,
                challenge_id,
                learner_id,
                card_channel_id=channel_id,
                card_message_id=message_id,
            )

    async def lab_of(self, learner_id: int) -> int | None:
        """The channel that is the learner's lab."""
        async with self._database.transaction() as session:
            learner = await learners.get(session, learner_id)
        return None if learner is None else learner.lab_id

    # How it stands

    async def board(self, challenge_id: int, *, all_seen: bool = False) -> Board | None:
        """How it stands for everybody's eyes: with the freeze, unless `all_seen`."""
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id)
            if challenge is None:
                return None
            everybody = await challenges.members(session, challenge_id)
            stored = await challenges.marks(session, challenge_id)
        lesson = self._lesson(challenge)
        if lesson is None:
            return None
        gathers = challenge.kind == CLASS and challenge.phase == "lobby"
        engines = await self.engines.places() if gathers else None
        return make_board(
            challenge,
            lesson,
            everybody,
            stored,
            now=self._clock(),
            all_seen=all_seen,
            engines=engines,
        )

    async def must_have_board(self, challenge_id: int) -> Board:
        """The same as `board`; `LearnerError` when there is none."""
        board = await self.board(challenge_id)
        if board is None:
            raise LearnerError("challenge.gone")
        return board

    async def mine(self, challenge_id: int, learner_id: int) -> Mine:
        """The challenge as this member sees it.

        Raises:
            LearnerError: They are not in it.
        """
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id)
            member = await members.must_be_member(session, challenge_id, learner_id)
            stored = await challenges.marks(session, challenge_id, learner_id)
        if challenge is None:
            raise LearnerError("challenge.gone")
        return make_mine(challenge, member, self.lesson_of(challenge, member), stored)

    def lesson_of(self, challenge: Challenge, member: Member) -> Lesson:
        """The lesson as this member's engine has it.

        Raises:
            LearnerError: It is no more.
        """
        lesson = self._lesson(challenge)
        if lesson is None:
            raise LearnerError("lesson.gone")
        return lesson.with_faults(member.faults) if member.faults else lesson

    def _lesson(self, challenge: Challenge) -> Lesson | None:
        return self._library.catalogue.get(challenge.lesson_id, challenge.variant)

    def _must_have_engine(self) -> None:
        if not self.engines.has_engine:
            raise LearnerError("engine.absent")
