"""The report of a class: nobody waits for it, and what changes quickly is in it at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.classroom.seeing import KEPT_FOR
from db import classreport
from db.classreport import JudgedCount
from tests.unit.bot.conftest import YUNA, Room

SERVER, MINHO = 2**60 + 100, YUNA + 1


@pytest.fixture
async def class_id(room: Room) -> int:
    """A class with Yuna in it."""
    made = await room.classroom.classes.create(SERVER, "반", created_by=1)
    await join(room, made.id, YUNA)
    return made.id


async def join(room: Room, class_id: int, learner_id: int) -> None:
    """They are in the class."""
    await room.classroom.classes.join(
        SERVER, class_id, learner_id, language="ko", name=f"L{learner_id}"
    )


async def test_who_writes_does_not_wait_for_a_report(
    room: Room, class_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command is written down while the report is still being read."""
    asked, go_on = asyncio.Event(), asyncio.Event()
    judged = classreport.judged

    async def slowly(session: AsyncSession, which: int) -> Sequence[JudgedCount]:
        asked.set()
        await go_on.wait()
        return await judged(session, which)

    monkeypatch.setattr(classreport, "judged", slowly)
    report = asyncio.create_task(room.classroom.sight.report(class_id))
    try:
        async with asyncio.timeout(2):
            await asked.wait()
            await room.ran("docker ps")
        assert not report.done()
    finally:
        go_on.set()
    assert [each.learner_id for each in (await report).pupils] == [YUNA]


async def test_a_report_is_kept_for_a_moment(room: Room, class_id: int) -> None:
    """Its pages are of one report; after half a minute it is made anew."""
    sight = room.classroom.sight
    first = await sight.report(class_id)
    assert await sight.report(class_id) is first
    room.clock.skip(KEPT_FOR)
    again = await sight.report(class_id)
    assert again is not first
    room.clock.skip(-timedelta(hours=1))
    assert await sight.report(class_id) is not again


async def test_who_comes_or_goes_is_seen_at_once(room: Room, class_id: int) -> None:
    """Nobody who left, or deleted their data, is shown for half a minute more."""
    sight, classes = room.classroom.sight, room.classroom.classes
    await sight.report(class_id)
    await join(room, class_id, MINHO)
    assert {each.learner_id for each in (await sight.report(class_id)).pupils} == {YUNA, MINHO}
    await classes.leave(class_id, YUNA)
    assert {each.learner_id for each in (await sight.report(class_id)).pupils} == {MINHO}


async def test_many_who_ask_at_once_are_answered_by_one_report(room: Room, class_id: int) -> None:
    """Of two classes there are two."""
    other = await room.classroom.classes.create(SERVER, "다른 반", created_by=1)
    sight = room.classroom.sight
    found = await asyncio.gather(
        *(sight.report(class_id) for _ in range(5)), sight.report(other.id)
    )
    assert len({id(each) for each in found}) == 2
    assert found[-1].pupils == ()
