"""Places that are kept for a class while it has a lesson, with engines that run already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.classroom.classes import SchoolClass, required
from bot.classroom.seat_bounds import AHEAD, most_at_once, most_for_class, most_for_classes
from bot.errors import LearnerError
from db import assignments, classes
from db.assignments import SeatsPlan
from db.engine import Database
from sandbox.client import Sandboxes
from sandbox.contract import SeatsRequest, SeatsView
from sandbox.errors import SandboxError

__all__ = ["AHEAD", "ClassSeats", "Seating", "SeatsPlan"]

LONGEST: Final = timedelta(hours=12)
MOST_SEATS: Final = 500
MOST_LEARNERS: Final = 1000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seating:
    """What a class wants, and what it has now: None while its time has not come.

    `capacity` places are there in all, `running` of them are taken; None when nobody can say.
    """

    school_class: SchoolClass
    plan: SeatsPlan
    members: int
    view: SeatsView | None
    capacity: int | None
    running: int | None


class ClassSeats:
    """Seats of classes. Methods raise `DatabaseError` and `SandboxError`."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._sandboxes = sandboxes
        self._clock = clock

    async def plan(
        self,
        server_id: int,
        class_id: int,
        *,
        begins_at: datetime,
        lasts: timedelta,
        seats: int | None,
        warm: int | None,
    ) -> Seating:
        """Keep places for the class's next lesson, in place of what it wanted before.

        Without a number there is one for each member, as far as there are places for classes at
        that time, and an engine runs in each of them. They are kept from a quarter of an hour
        before the lesson until its end.

        Raises:
            LearnerError: There is no such open class in this server, it has no members and no
                number was given, it would last too long, it may not keep so many, or there is no
                sandbox service.
        """
        if self._sandboxes is None:
            raise LearnerError("error.sandbox.service_down")
        if lasts > LONGEST:
            raise LearnerError("class.seats.long", hours=LONGEST // timedelta(hours=1))
        capacity = (await self._sandboxes.health()).capacity
        ends_at = begins_at + lasts
        async with self._database.transaction() as session:
            required(await classes.get(session, class_id), server_id)
            members = len(await classes.members(session, class_id))
            others = await assignments.seats_between(
                session, class_id, begins_at - AHEAD, ends_at + AHEAD
            )
            free = most_for_classes(capacity) - most_at_once(others, begins_at, ends_at)
            wanted = _bounded(seats, members=members, free=max(0, free), capacity=capacity)
            plan = SeatsPlan(
                class_id,
                begins_at,
                ends_at,
                wanted,
                wanted if warm is None else min(warm, wanted),
            )
            await assignments.plan_seats(session, plan)
        if not self._has_come(plan):
            # Those of the plan before may be kept just now, which nobody will use.
            await self._sandboxes.give_back_seats(_name(class_id))
        return await self._seating(server_id, class_id)

    async def of(self, server_id: int, class_id: int) -> Seating | None:
        """What the class has; None when it wants no places, or its lesson is over.

        Raises:
            LearnerError: There is no such open class in this server.
        """
        async with self._database.transaction() as session:
            required(await classes.get(session, class_id), server_id)
            plan = await assignments.seats_of(session, class_id)
        if plan is None or plan.ends_at <= self._clock():
            return None
        return await self._seating(server_id, class_id)

    async def give_back(self, server_id: int, class_id: int) -> SchoolClass:
        """The class wants no places any more.

        Raises:
            LearnerError: There is no such open class in this server.
        """
        async with self._database.transaction() as session:
            found = required(await classes.get(session, class_id), server_id)
            await assignments.drop_seats(session, class_id)
        if self._sandboxes is not None:
            await self._sandboxes.give_back_seats(_name(class_id))
        return found

    async def class_closed(self, class_id: int) -> None:
        """Nobody needs its places any more; the service forgets by itself what it can't hear."""
        async with self._database.transaction() as session:
            planned = await assignments.drop_seats(session, class_id)
        if not planned or self._sandboxes is None:
            return
        try:
            await self._sandboxes.give_back_seats(_name(class_id))
        except SandboxError as exc:
            log.info("seats_not_given_back", class_id=class_id, error=exc.code)

    async def keep_up(self) -> int:
        """Ask the service for what lessons want now; how many lessons these are.

        Who joined meanwhile counts; what is over is forgotten, here and by the service itself.
        One class that is refused doesn't keep the others from their places.
        """
        now, kept = self._clock(), 0
        async with self._database.transaction() as session:
            plans = await assignments.seats_before(session, now + AHEAD)
            for plan in plans:
                if plan.ends_at <= now:
                    await assignments.drop_seats(session, plan.class_id)
        plans = [plan for plan in plans if plan.ends_at > now]
        if not plans or self._sandboxes is None:
            return 0
        try:
            capacity = (await self._sandboxes.health()).capacity
        except SandboxError as exc:
            log.info("no_seats_kept", classes=len(plans), error=exc.code)
            return 0
        for plan in plans:
            try:
                kept += await self._keep(plan, capacity) is not None
            except SandboxError as exc:
                log.info("seats_not_kept", class_id=plan.class_id, error=exc.code)
        return kept

    async def _seating(self, server_id: int, class_id: int) -> Seating:
        async with self._database.transaction() as session:
            found = required(await classes.get(session, class_id), server_id)
            plan = await assignments.seats_of(session, class_id)
            members = await classes.members(session, class_id)
        if plan is None or self._sandboxes is None:
            raise LearnerError("class.seats.none")
        health = await self._sandboxes.health()
        view = await self._keep(plan, health.capacity) if self._has_come(plan) else None
        if view is not None:  # engines may have been started for it
            health = await self._sandboxes.health()
        return Seating(found, plan, len(members), view, health.capacity, health.running)

    def _has_come(self, plan: SeatsPlan) -> bool:
        return plan.begins_at - AHEAD <= self._clock()

    async def _keep(self, plan: SeatsPlan, capacity: int) -> SeatsView | None:
        """Keep them as far as the class may: it has other learners by now, or there is less room.

        Of two who asked at the same moment, and together for too much, the later one gets less.
        """
        if self._sandboxes is None:
            return None
        async with self._database.transaction() as session:
            members = await classes.members(session, plan.class_id)
            now = await assignments.seats_before(session, plan.begins_at)
        order = (plan.begins_at, plan.class_id)
        taken = sum(
            each.seats
            for each in now
            if each.ends_at > self._clock() and (each.begins_at, each.class_id) < order
        )
        free = max(0, most_for_classes(capacity) - taken)
        seats = min(plan.seats, most_for_class(len(members)), free)
        request = SeatsRequest(
            learners=[str(member.learner_id) for member in members[:MOST_LEARNERS]],
            seats=seats,
            warm=min(plan.warm, seats),
            until=plan.ends_at.timestamp(),
        )
        return await self._sandboxes.keep_seats(_name(plan.class_id), request)


def _bounded(seats: int | None, *, members: int, free: int, capacity: int) -> int:
    """How many places a class keeps that wants so many; raises `LearnerError` where it may not."""
    wanted = min(members if seats is None else seats, MOST_SEATS)
    if not wanted:
        raise LearnerError("class.seats.nobody")
    most = most_for_class(members)
    if wanted > most:
        raise LearnerError("class.seats.most", members=members, most=most)
    share = most_for_classes(capacity)
    if not free:
        raise LearnerError("class.seats.none_left", share=share)
    if seats is not None and wanted > free:
        raise LearnerError("class.seats.full", free=free, share=share, total=capacity)
    return min(wanted, free)


def _name(class_id: int) -> str:
    return f"class-{class_id}"
