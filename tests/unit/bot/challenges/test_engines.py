"""Engines kept, prepared and given back, whatever goes wrong."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.errors import HeldBack
from db.challenges import Member
from db.errors import DatabaseBusy
from sandbox.contract import RunRequest, SandboxView
from sandbox.errors import DiskFull, EngineFailed, NoCapacity
from tests.unit.bot.challenges.stage import MINHO, Field
from tests.unit.bot.conftest import YUNA


async def test_an_engine_is_kept_reset_prepared_and_given_back(field: Field) -> None:
    """The learner's own disk waits in a snapshot; nobody uses the engine before the start."""
    book = field.classroom.challenges
    number = await field.begun(YUNA)
    assert [s.name for s in await field.sandboxes.snapshots(str(YUNA))] == [f"challenge-{number}"]
    assert await field.containers() == []
    assert book.playing(YUNA) == number
    await book.end(number)
    assert await book.give_back(number, YUNA) is None
    assert await field.containers() == ["my-own"]
    assert await field.sandboxes.snapshots(str(YUNA)) == []
    assert book.playing(YUNA) is None
    assert (await field.member(number)).engine == "own"


async def test_without_a_place_nothing_is_touched(field: Field) -> None:
    """The member is told that the machine is full; their disk is theirs, with no snapshot left."""
    number = (await field.opened(YUNA)).id
    await field.classroom.challenges.begin(number)
    others = {str(each) for each in range(20)}
    field.sandboxes.running |= others
    assert not await field.classroom.challenges.prepare(number, YUNA)
    member = await field.member(number)
    assert (member.state, member.engine) == ("failed", "own")
    assert member.why == "error.sandbox.no_capacity"
    assert await field.sandboxes.snapshots(str(YUNA)) == []
    assert not field.classroom.challenges.engines.holds(YUNA)
    field.sandboxes.running -= others
    await field.sandboxes.close(str(YUNA))
    assert await field.containers() == ["my-own"]


async def test_all_wait_together_for_places(field: Field) -> None:
    """Whoever comes after the others have waited is told at once, and may ask for it again."""
    number = (await field.opened(YUNA, MINHO)).id
    book, asked = field.classroom.challenges, []
    book.engines.place_s = 0.5  # a busy machine is not taken for a time long after
    await book.begin(number)
    others = {str(each) for each in range(20)}
    field.sandboxes.running |= others
    opens = field.sandboxes.open

    async def opened(learner: str) -> SandboxView:
        asked.append(learner)
        return await opens(learner)

    field.sandboxes.open = opened  # type: ignore[method-assign]
    for learner_id in (YUNA, MINHO):
        assert not await book.prepare(number, learner_id)
        assert (await field.member(number, learner_id)).why == "error.sandbox.no_capacity"
    assert asked.count(str(YUNA)) > 1
    assert asked.count(str(MINHO)) == 1
    field.sandboxes.running -= others
    field.sandboxes.places.freed()
    await book.may_try_again(number, MINHO)
    assert await book.prepare(number, MINHO)


async def test_an_engine_is_not_held_for_ever_when_the_database_fails(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is prepared again, or let go at the end, whichever comes first."""
    number = (await field.opened(YUNA)).id
    book = field.classroom.challenges
    await book.begin(number)

    async def busy(*_: Any, **__: Any) -> Any:
        raise DatabaseBusy

    with monkeypatch.context() as patch:
        patch.setattr(book.engines, "_must_keep", busy)
        with pytest.raises(DatabaseBusy):
            await book.prepare(number, YUNA)
    assert (await field.member(number)).engine == "own"
    assert book.engines.holds(YUNA)
    await book.end(number, cancel=True)
    assert await book.engines_due(number) == []
    await book.let_go(number)
    assert not book.engines.holds(YUNA)
    assert book.playing(YUNA) is None


async def test_with_too_many_snapshots_nothing_is_touched(field: Field) -> None:
    """The member can make room and try again."""
    for name in ("one", "two", "three"):
        await field.sandboxes.take_snapshot(str(YUNA), name)
    number = (await field.opened(YUNA)).id
    book = field.classroom.challenges
    await book.begin(number)
    assert not await book.prepare(number, YUNA)
    assert (await field.member(number)).why == "error.sandbox.too_many_snapshots"
    assert await field.containers() == ["my-own"]
    await field.sandboxes.remove_snapshot(str(YUNA), "two")
    await book.may_try_again(number, YUNA)
    assert await book.prepare(number, YUNA)


async def test_a_set_up_that_fails_gives_the_engine_back(field: Field) -> None:
    """It is due at once, and comes back as it was."""
    for fault in ("port", "name"):
        field.sandboxes.answer(f"(\necho {fault}\n)", exit_code=1)
    number = (await field.opened(YUNA)).id
    book = field.classroom.challenges
    await book.begin(number)
    assert not await book.prepare(number, YUNA)
    member = await field.member(number)
    assert (member.state, member.why, member.engine) == ("failed", "challenge.why.setup", "due")
    assert await book.give_back(number, YUNA) is None
    assert await field.containers() == ["my-own"]


async def test_who_cancels_while_engines_are_made_loses_none(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends in the middle of the copy of a disk, or of the set-up: the engine comes back."""
    book, number = field.classroom.challenges, (await field.opened(YUNA)).id
    reset = field.sandboxes.reset

    async def cancelled(learner: str) -> Any:
        await book.end(number, cancel=True)
        return await reset(learner)

    monkeypatch.setattr(field.sandboxes, "reset", cancelled)
    await book.begin(number)
    assert not await book.prepare(number, YUNA)
    assert (await field.member(number)).engine == "due"
    with pytest.raises(HeldBack):
        await field.classroom.commands.reset(YUNA)
    assert await book.give_back(number, YUNA) is None
    assert await field.containers() == ["my-own"]


async def test_who_leaves_while_the_disk_is_copied_keeps_it(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not the challenge's yet never becomes it."""
    book, number = field.classroom.challenges, (await field.opened(YUNA)).id
    take = field.sandboxes.take_snapshot

    async def left(learner: str, name: str) -> Any:
        await book.leave(number, YUNA)
        return await take(learner, name)

    monkeypatch.setattr(field.sandboxes, "take_snapshot", left)
    await book.begin(number)
    assert not await book.prepare(number, YUNA)
    assert (await field.member(number)).engine == "own"
    assert await field.containers() == ["my-own"]
    assert await field.sandboxes.snapshots(str(YUNA)) == []


async def test_a_stop_while_the_copy_is_written_down_loses_no_disk(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot ends when the database has it already: the copy is there for the next one."""
    engines, number = field.classroom.challenges.engines, (await field.opened(YUNA)).id
    keep = engines._must_keep

    async def ended(member: Member, *, had_disk: bool) -> None:
        await keep(member, had_disk=had_disk)
        raise asyncio.CancelledError

    monkeypatch.setattr(engines, "_must_keep", ended)
    await field.classroom.challenges.begin(number)
    with pytest.raises(asyncio.CancelledError):
        await field.classroom.challenges.prepare(number, YUNA)
    assert (await field.member(number)).engine == "kept"
    book = field.anew().challenges
    assert await book.prepare(number, YUNA)
    await book.end(number, cancel=True)
    assert await book.give_back(number, YUNA) is None
    assert await field.containers() == ["my-own"]


@pytest.mark.parametrize("call", ["take_snapshot", "open", "reset", "run_setup"])
@pytest.mark.parametrize("late", [False, True])
async def test_who_deletes_their_data_meanwhile_has_no_engine_afterwards(
    field: Field, monkeypatch: pytest.MonkeyPatch, call: str, *, late: bool
) -> None:
    """Whatever is being done for them, before or after it: nothing of it stays."""
    book, number = field.classroom.challenges, (await field.opened(YUNA)).id
    on: Any = book.engines if call == "run_setup" else field.sandboxes
    does = getattr(on, call)

    async def deleted(*args: Any, **values: Any) -> Any:
        if not late:
            await field.classroom.privacy.delete(YUNA)
        try:
            return await does(*args, **values)
        finally:
            if late:
                await field.classroom.privacy.delete(YUNA)

    monkeypatch.setattr(on, call, deleted)
    await book.begin(number)
    assert not await book.prepare(number, YUNA)
    assert str(YUNA) not in field.sandboxes.known
    assert str(YUNA) not in field.sandboxes.running
    assert await field.sandboxes.snapshots(str(YUNA)) == []
    assert not book.engines.holds(YUNA)


async def test_an_engine_made_while_all_is_deleted_goes_too(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the sandbox and the rows: the member was still there when it was made."""
    forget = field.sandboxes.forget

    async def forgotten_and_made(learner: str) -> None:
        await forget(learner)
        monkeypatch.undo()
        await field.sandboxes.open(learner)

    monkeypatch.setattr(field.sandboxes, "forget", forgotten_and_made)
    await field.classroom.privacy.delete(YUNA)
    assert str(YUNA) not in field.sandboxes.known
    assert str(YUNA) not in field.sandboxes.running


@pytest.mark.parametrize("error", [DiskFull("full"), EngineFailed("ill")])
async def test_an_engine_that_can_not_be_given_back_is_tried_again(
    field: Field, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """Until then it is due and its snapshot stays; meanwhile the engine can be used."""
    number = await field.begun(YUNA)
    book, restore = field.classroom.challenges, field.sandboxes.restore

    async def fails(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(field.sandboxes, "restore", fails)
    await book.end(number)
    assert (await book.give_back(number, YUNA) or "").startswith("error.sandbox.")
    assert (await field.member(number)).engine == "due"
    assert not book.engines.holds(YUNA)
    monkeypatch.setattr(field.sandboxes, "restore", restore)
    assert await book.give_back(number, YUNA) is None
    assert await field.containers() == ["my-own"]


async def test_a_disk_that_is_back_without_a_place_is_back(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It runs when there is room; what is done on it meanwhile is not overwritten again."""
    number = await field.begun(YUNA)
    book, restore = field.classroom.challenges, field.sandboxes.restore

    async def no_place(*args: Any, **values: Any) -> Any:
        await restore(*args, **values)
        raise NoCapacity("full")

    monkeypatch.setattr(field.sandboxes, "restore", no_place)
    await book.end(number)
    assert await book.give_back(number, YUNA) is None
    assert (await field.member(number)).engine == "own"


async def test_who_had_no_engine_has_none_afterwards(field: Field) -> None:
    """Nothing of the challenge stays."""
    await field.sandboxes.forget(str(YUNA))
    number = await field.begun(YUNA)
    await field.classroom.challenges.end(number)
    assert await field.classroom.challenges.give_back(number, YUNA) is None
    assert str(YUNA) not in field.sandboxes.known


async def test_after_a_sudden_end_all_is_known(field: Field) -> None:
    """Who plays, whose engine is held, and what has to go on."""
    number = (await field.opened(YUNA, MINHO)).id
    await field.classroom.challenges.begin(number)
    assert await field.classroom.challenges.prepare(number, YUNA)
    book = field.anew().challenges
    assert await book.load() == [number]
    assert book.playing(YUNA) == number
    assert book.playing(MINHO) is None
    with pytest.raises(HeldBack):
        field.classroom.commands._engine().run(str(YUNA), RunRequest(line="ls"))
    assert await book.prepare(number, MINHO)
    await book.count_down(number, 1)
    await book.start(number)
    assert not book.engines.holds(YUNA)
    assert await field.anew().challenges.load() == [number]
    assert not field.classroom.challenges.engines.holds(YUNA)
