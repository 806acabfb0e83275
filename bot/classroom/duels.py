"""Duels: proposed, accepted or declined, with faults that each side chooses for the other."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from bot.challenge import rules
from bot.challenge.phases import before
from bot.classroom import challenge_members as members
from bot.classroom.challenge_views import DUEL
from bot.classroom.challenges import Challenges
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.texts import Language
from db import challenges, duels, learners
from db.challenges import Challenge, Member, NewChallenge
from db.engine import Database
from lessons.draws import VARIANTS
from lessons.model import Lesson

PROPOSER: Final = 1
"""The side of whoever proposed it; the other one is 2."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A duel that somebody proposes: to people, or to whoever has a role.

    `mates` are with the proposer, or everybody with the role `own_role` may be.
    """

    server_id: int
    channel_id: int
    language: Language
    proposer: tuple[int, str]
    opponents: Sequence[tuple[int, str]] = ()
    mates: Sequence[tuple[int, str]] = ()
    own_role: int | None = None
    other_role: int | None = None
    faults: int = rules.FAULTS_OF_A_DUEL


class Duels:
    """What can be done with duels before they begin; then they are challenges like others."""

    def __init__(
        self,
        *,
        database: Database,
        book: Challenges,
        library: Library,
        clock: Callable[[], datetime],
        dice: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._database = database
        self._book = book
        self._library = library
        self._clock = clock
        self._dice = dice

    def lesson(self) -> Lesson:
        """The lesson whose catalogue of faults duels are about.

        Raises:
            LearnerError: No lesson has one.
        """
        found = [lesson for lesson in self._library.catalogue.lessons if lesson.faults is not None]
        if not found:
            raise LearnerError("duel.no_faults")
        return found[-1]

    async def propose(self, proposal: Proposal) -> Challenge:
        """Open a duel, and invite those who are named.

        Raises:
            LearnerError: Sides are not equal, somebody can't be asked, or it is too much of it.
        """
        if not self._book.engines.has_engine:
            raise LearnerError("engine.absent")
        lesson = self.lesson()
        by_role = proposal.other_role is not None
        _must_be_sides(proposal, by_role=by_role)
        new = NewChallenge(
            server_id=proposal.server_id,
            channel_id=proposal.channel_id,
            kind=DUEL,
            lesson_id=lesson.id,
            variant=self._dice(VARIANTS),
            language=proposal.language,
            limit_s=rules.MINUTES_OF_A_DUEL * 60,
            freeze_s=0,
            faults_each=proposal.faults,
            role_a=proposal.own_role,
            role_b=proposal.other_role,
        )
        now = self._clock()
        async with self._database.transaction() as session:
            await self._must_be_welcome(session, proposal)
            challenge = await challenges.create(session, new, now)
            for side, people in ((1, [proposal.proposer, *proposal.mates]),
                                 (2, proposal.opponents)):  # fmt: skip
                for number, (learner_id, name) in enumerate(people):
                    await challenges.add_member(
                        session,
                        challenge.id,
                        learner_id,
                        name=name,
                        at=now,
                        side=side,
                        captain=number == 0,
                        state="joined" if learner_id == proposal.proposer[0] else "invited",
                    )
        return challenge

    async def accept(self, challenge_id: int, server_id: int | None, learner_id: int) -> Member:
        """Whoever was invited takes part.

        Raises:
            LearnerError: They were not invited, it is over, or they are elsewhere.
        """
        async with self._database.transaction() as session:
            challenge = await self._lobby(session, challenge_id, server_id)
            member = await challenges.member(session, challenge_id, learner_id)
            if member is None or member.state != "invited":
                raise LearnerError("duel.not_invited")
            await members.must_be_free(session, learner_id, challenge.id)
            await challenges.change_member(
                session, challenge_id, learner_id, state="joined", changed_at=self._clock()
            )
            return member

    async def decline(self, challenge_id: int, server_id: int | None, learner_id: int) -> Member:
        """Whoever was invited does not want to: the duel does not take place.

        Raises:
            LearnerError: They were not invited.
        """
        async with self._database.transaction() as session:
            await self._lobby(session, challenge_id, server_id)
            member = await challenges.member(session, challenge_id, learner_id)
            if member is None or member.state != "invited":
                raise LearnerError("duel.not_invited")
            await challenges.change_member(
                session, challenge_id, learner_id, state="declined", changed_at=self._clock()
            )
        await self._book.end(challenge_id, cancel=True)
        return member

    async def join_side(
        self,
        challenge_id: int,
        server_id: int | None,
        learner_id: int,
        name: str,
        *,
        side: int,
        roles: Sequence[int],
    ) -> None:
        """Somebody with the role of a side takes part; the first one is its captain.

        Raises:
            LearnerError: They do not have the role, the side is full, or they are elsewhere.
        """
        async with self._database.transaction() as session:
            challenge = await self._lobby(session, challenge_id, server_id)
            role = challenge.role_a if side == PROPOSER else challenge.role_b
            if role is None or role not in roles:
                raise LearnerError("duel.not_your_side")
            await members.must_be_free(session, learner_id, challenge_id)
            there = await challenges.members(session, challenge_id)
            mates = [member for member in there if member.takes_part and member.side == side]
            if len(mates) >= rules.MOST_OF_A_SIDE:
                raise LearnerError("duel.side_full", most=rules.MOST_OF_A_SIDE)
            added = await challenges.add_member(
                session,
                challenge_id,
                learner_id,
                name=name,
                at=self._clock(),
                side=side,
                captain=not mates,
            )
            if not added:
                raise LearnerError("challenge.join.already")

    async def choose(
        self, challenge_id: int, server_id: int | None, learner_id: int, faults: Sequence[str]
    ) -> None:
        """A captain chooses what is broken on the other side.

        Raises:
            LearnerError: They are no captain, the other side has none, or the number is wrong.
        """
        async with self._database.transaction() as session:
            challenge = await self._lobby(session, challenge_id, server_id)
            there = await challenges.members(session, challenge_id)
            chooser = next((m for m in there if m.learner_id == learner_id), None)
            if chooser is None or not chooser.captain or chooser.state != "joined":
                raise LearnerError("duel.not_captain")
            other = next(
                (m for m in there if m.captain and m.side != chooser.side and m.takes_part), None
            )
            if other is None:
                raise LearnerError("duel.nobody_there")
            catalogue = self.lesson().faults
            known = () if catalogue is None else catalogue.ids
            wanted = [fault for fault in known if fault in faults]
            if len(wanted) != challenge.faults_each or len(wanted) != len(set(faults)):
                raise LearnerError("duel.wrong_number", n=challenge.faults_each)
            await challenges.change_member(session, challenge_id, other.learner_id, faults=wanted)

    async def chosen_by(self, challenge_id: int) -> frozenset[int]:
        """The sides that have chosen what is broken on the other one."""
        async with self._database.transaction() as session:
            there = await challenges.members(session, challenge_id)
        return frozenset(3 - m.side for m in there if m.captain and m.takes_part and m.faults)

    async def why_not(self, challenge_id: int) -> str | None:
        """Why it can't begin yet, see the function of this name."""
        async with self._database.transaction() as session:
            there = await challenges.members(session, challenge_id)
        return why_not([member for member in there if member.takes_part])

    async def begin(self, challenge_id: int) -> bool:
        """Go on to preparing, when everything is there; whether it does.

        Everybody of a side gets the faults that were chosen for it.
        """
        async with self._database.transaction() as session:
            challenge = await challenges.get(session, challenge_id, hold=True)
            if challenge is None or challenge.phase != "lobby":
                return False
            there = [m for m in await challenges.members(session, challenge_id) if m.takes_part]
            if why_not(there) is not None:
                return False
            chosen = {member.side: member.faults for member in there if member.captain}
            for member in there:
                await challenges.change_member(
                    session,
                    challenge_id,
                    member.learner_id,
                    faults=list(chosen[member.side]),
                )
            return await challenges.go_on(
                session, challenge_id, "preparing", after=before("preparing")
            )

    async def _lobby(
        self, session: AsyncSession, challenge_id: int, server_id: int | None
    ) -> Challenge:
        challenge = await members.must_be_of_server(session, challenge_id, server_id, hold=True)
        if challenge.kind != DUEL:
            raise LearnerError("challenge.gone")
        if challenge.phase != "lobby":
            raise LearnerError("duel.begun")
        return challenge

    async def _must_be_welcome(self, session: AsyncSession, proposal: Proposal) -> None:
        proposer, now = proposal.proposer[0], self._clock()
        await members.must_be_free(session, proposer, 0)
        since = now - rules.INVITATIONS_WITHIN
        if await duels.proposed_since(session, proposer, since) >= rules.INVITATIONS:
            raise LearnerError("duel.too_many", most=rules.INVITATIONS)
        asked = [learner_id for learner_id, _ in [*proposal.opponents, *proposal.mates]]
        names = dict([*proposal.opponents, *proposal.mates])
        for learner_id in asked:
            learner = await learners.get(session, learner_id)
            if learner is None or learner.lab_id is None:
                raise LearnerError("duel.they_have_no_lab", name=names[learner_id])
            if await challenges.busy_with(session, learner_id) is not None:
                raise LearnerError("duel.they_are_busy", name=names[learner_id])
        if await duels.asked_of(session, asked):
            raise LearnerError("duel.asked_already")
        peace = now - rules.PEACE_AFTER_NO
        if await duels.declined(session, proposer, asked, peace):
            raise LearnerError("duel.declined_lately")


def why_not(there: Sequence[Member]) -> str | None:
    """Why a duel of these people can't begin yet, as a key of the texts; None: it can."""
    if any(member.state == "invited" for member in there):
        return "duel.waits.answers"
    sides = [[member for member in there if member.side == side] for side in (1, 2)]
    if not all(sides) or len(sides[0]) != len(sides[1]):
        return "duel.waits.sides"
    captains = [member for member in there if member.captain]
    if {member.side for member in captains if member.faults} != {1, 2}:
        return "duel.waits.faults"
    return None


def _must_be_sides(proposal: Proposal, *, by_role: bool) -> None:
    everybody = [proposal.proposer, *proposal.mates, *proposal.opponents]
    if len({learner_id for learner_id, _ in everybody}) != len(everybody):
        raise LearnerError("duel.twice")
    if by_role:
        if proposal.own_role is None or proposal.own_role == proposal.other_role:
            raise LearnerError("duel.two_roles")
        return
    if not proposal.opponents:
        raise LearnerError("duel.nobody")
    if len(proposal.opponents) != 1 + len(proposal.mates):
        raise LearnerError("duel.uneven")
