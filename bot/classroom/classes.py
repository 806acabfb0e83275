"""Who is an instructor in a server; its classes and who is in them; what instructors did."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final

from bot.classroom.boards import tell_of_board
from bot.errors import LearnerError
from bot.schedule.zones import checked_zone
from bot.texts import Language
from db import boards, classes, learners
from db.classes import InstructorAct, Member, SchoolClass
from db.engine import Database

__all__ = ["Classes", "InstructorAct", "Member", "SchoolClass"]

LONGEST_NAME: Final = 60
MOST_CLASSES: Final = 100
"""Open classes in one server."""
MOST_MEMBERS: Final = 1000
"""In one class: as many as the sandbox service keeps seats for."""
ACTS_SHOWN: Final = 500


class Classes:
    """Instructors and classes. Methods raise `DatabaseError` when the database can't be used.

    What a server asks for is looked up in that server: a class of another one is unknown to it.
    """

    def __init__(self, *, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def is_instructor(
        self, server_id: int, *, manages: bool, role_ids: Collection[int]
    ) -> bool:
        """Whether somebody who manages the server, or has these roles there, is an instructor."""
        if manages:
            return True
        role_id = await self.instructor_role(server_id)
        return role_id is not None and role_id in role_ids

    async def instructor_role(self, server_id: int) -> int | None:
        """The role that was chosen for instructors, if one was."""
        async with self._database.transaction() as session:
            return await classes.instructor_role(session, server_id)

    async def choose_instructor_role(self, server_id: int, role_id: int | None) -> None:
        """Whoever has this role is an instructor from now on; None: only who manages the server."""
        async with self._database.transaction() as session:
            await classes.set_instructor_role(session, server_id, role_id)

    async def server_zone(self, server_id: int) -> str | None:
        """The time zone that was chosen for the server, if one was."""
        async with self._database.transaction() as session:
            return await classes.zone(session, server_id)

    async def choose_server_zone(self, server_id: int, name: str) -> str:
        """Instructors of the server say in this time zone when something is due; its right name.

        Raises:
            LearnerError: There is no such time zone.
        """
        zone = checked_zone(name)
        async with self._database.transaction() as session:
            await classes.set_zone(session, server_id, zone)
        return zone

    async def create(
        self, server_id: int, name: str, *, created_by: int, channel_id: int | None = None
    ) -> SchoolClass:
        """A new class of the server.

        Raises:
            LearnerError: The name is empty, too long or taken, or there are too many classes.
        """
        tidy = tidy_name(name)
        async with self._database.transaction() as session:
            there = await classes.of_server(session, server_id)
            if len(there) >= MOST_CLASSES:
                raise LearnerError("class.too_many", most=MOST_CLASSES)
            if any(each.name.casefold() == tidy.casefold() for each in there):
                raise LearnerError("class.name_taken", name=tidy)
            made = await classes.create(
                session,
                server_id=server_id,
                name=tidy,
                created_by=created_by,
                channel_id=channel_id,
                at=self._clock(),
            )
        if made is None:  # somebody else made it just now
            raise LearnerError("class.name_taken", name=tidy)
        return made

    async def get(self, server_id: int, class_id: int) -> SchoolClass:
        """The open class of this server.

        Raises:
            LearnerError: There is none, it is another server's, or it was closed.
        """
        async with self._database.transaction() as session:
            found = await classes.get(session, class_id)
        return required(found, server_id)

    async def of_server(self, server_id: int) -> tuple[SchoolClass, ...]:
        """The server's open classes, by name."""
        async with self._database.transaction() as session:
            return tuple(await classes.of_server(session, server_id))

    async def of_learner(self, learner_id: int) -> tuple[SchoolClass, ...]:
        """The open classes that the learner is in, of all servers."""
        async with self._database.transaction() as session:
            return tuple(await classes.of_learner(session, learner_id))

    async def look_after(self, server_id: int, learner_id: int) -> bool:
        """Whether somebody may be expected to help this learner in this server.

        They are in an open class there, or a role of instructors was chosen.
        """
        async with self._database.transaction() as session:
            theirs = await classes.of_learner(session, learner_id)
            if any(each.server_id == server_id for each in theirs):
                return True
            return await classes.instructor_role(session, server_id) is not None

    async def members(self, class_id: int) -> tuple[Member, ...]:
        """Who is in the class, by name. Whether the asker may see it was judged by `get`."""
        async with self._database.transaction() as session:
            return tuple(await classes.members(session, class_id))

    async def sizes(self, server_id: int) -> dict[int, int]:
        """How many are in each open class of the server; an empty class is left out."""
        async with self._database.transaction() as session:
            return await classes.sizes(session, server_id)

    async def choose_join_role(
        self, server_id: int, class_id: int, role_id: int | None
    ) -> SchoolClass:
        """Only who has this role may join from now on; None: whoever sees an invitation.

        Raises:
            LearnerError: There is no such open class in this server.
        """
        async with self._database.transaction() as session:
            required(await classes.get(session, class_id), server_id)
            await classes.set_join_role(session, class_id, role_id)
        return await self.get(server_id, class_id)

    async def for_roles(self, server_id: int, role_ids: Collection[int]) -> tuple[SchoolClass, ...]:
        """Open classes of the server that somebody may join because of one of their roles."""
        there = await self.of_server(server_id)
        return tuple(each for each in there if each.join_role_id in role_ids)

    async def join(
        self,
        server_id: int,
        class_id: int,
        learner_id: int,
        *,
        language: Language,
        name: str,
        role_ids: Collection[int] = (),
    ) -> tuple[SchoolClass, bool]:
        """Put the learner into the class, enrolled if they were not; False: they were in it.

        Where a board of the class is open, they can see who opened it: it shows them, too.

        Raises:
            LearnerError: There is no such open class in this server, it is full, or only for a
                role that they don't have.
        """
        async with self._database.transaction() as session:
            joined = required(await classes.get(session, class_id), server_id)
            role_id = joined.join_role_id
            if role_id is not None and role_id not in role_ids:
                raise LearnerError("class.join.role", role=f"<@&{role_id}>")
            if (await classes.sizes(session, server_id)).get(class_id, 0) >= MOST_MEMBERS:
                raise LearnerError("class.join.full", most=MOST_MEMBERS)
            if await learners.get(session, learner_id) is None:
                await learners.enrol(session, learner_id, language=language, name=name)
            now = self._clock()
            new = await classes.join(session, class_id, learner_id, now)
            board = await boards.running_of(session, class_id) if new else None
            if board is not None and now < board.until:
                await tell_of_board(session, board, [learner_id], now)
        return joined, new

    async def leave(self, class_id: int, learner_id: int) -> SchoolClass:
        """Take the learner out of a class that they are in, on their own wish.

        Raises:
            LearnerError: They are not in it.
        """
        async with self._database.transaction() as session:
            found = await classes.get(session, class_id)
            if found is None or not await classes.leave(session, class_id, learner_id):
                raise LearnerError("class.not_in_it")
        return found

    async def remove(
        self, server_id: int, class_id: int, learner_id: int, *, instructor_id: int
    ) -> SchoolClass:
        """Take a learner out of the class, for an instructor; the learner can see who did it.

        Raises:
            LearnerError: There is no such open class in this server, or they are not in it.
        """
        async with self._database.transaction() as session:
            found = required(await classes.get(session, class_id), server_id)
            if not await classes.leave(session, class_id, learner_id):
                raise LearnerError("class.nobody_there")
            await classes.record_acts(
                session,
                server_id=server_id,
                instructor_id=instructor_id,
                learner_ids=[learner_id],
                act="removed",
                detail=found.name,
                at=self._clock(),
            )
        return found

    async def close(self, server_id: int, class_id: int, *, instructor_id: int) -> SchoolClass:
        """Close the class for good; all who were in it can see who did it.

        Raises:
            LearnerError: There is no such open class in this server.
        """
        async with self._database.transaction() as session:
            found = required(await classes.get(session, class_id), server_id)
            in_it = await classes.members(session, class_id)
            at = self._clock()
            await classes.close(session, class_id, at)
            await classes.record_acts(
                session,
                server_id=server_id,
                instructor_id=instructor_id,
                learner_ids=[member.learner_id for member in in_it],
                act="closed",
                detail=found.name,
                at=at,
            )
        return found

    async def choose_channel(
        self, server_id: int, class_id: int, channel_id: int | None
    ) -> SchoolClass:
        """This is the channel of the class's instructors.

        Raises:
            LearnerError: There is no such open class in this server.
        """
        async with self._database.transaction() as session:
            required(await classes.get(session, class_id), server_id)
            await classes.set_channel(session, class_id, channel_id)
        return await self.get(server_id, class_id)

    async def record_act(
        self, server_id: int, instructor_id: int, learner_id: int, act: str, detail: str = ""
    ) -> None:
        """Write down what an instructor did to a learner, for the learner to see.

        `act` is a word such as `removed`; the text `class.act.<act>` says it to the learner, with
        the placeholders `who` and `detail`.
        """
        await self.record_acts(server_id, instructor_id, [learner_id], act, detail)

    async def record_acts(
        self,
        server_id: int,
        instructor_id: int,
        learner_ids: Sequence[int],
        act: str,
        detail: str = "",
        *,
        since: datetime | None = None,
    ) -> None:
        """The same for many learners at once: see `record_act`.

        With `since` nobody is told twice what they were told since then.
        """
        async with self._database.transaction() as session:
            await classes.record_acts(
                session,
                server_id=server_id,
                instructor_id=instructor_id,
                learner_ids=learner_ids,
                act=act,
                detail=detail,
                at=self._clock(),
                since=since,
            )

    async def acts_of(self, learner_id: int, limit: int = ACTS_SHOWN) -> tuple[InstructorAct, ...]:
        """The newest of what instructors did to the learner, newest first."""
        async with self._database.transaction() as session:
            return tuple(await classes.acts_of(session, learner_id, limit))


def tidy_name(name: str) -> str:
    """A class's name as it is kept: one line, one way to write each letter.

    Raises:
        LearnerError: Nothing is left of it, or it is too long.
    """
    shown = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", name))
    tidy = " ".join(shown.split())
    if not tidy:
        raise LearnerError("class.name_empty")
    if len(tidy) > LONGEST_NAME:
        raise LearnerError("class.name_long", most=LONGEST_NAME)
    return tidy


def required(found: SchoolClass | None, server_id: int) -> SchoolClass:
    """This class, if it is an open one of this server.

    Raises:
        LearnerError: It isn't, whyever: nobody learns of classes of other servers.
    """
    if found is None or found.server_id != server_id or found.closed_at is not None:
        raise LearnerError("class.unknown")
    return found
