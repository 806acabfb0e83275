"""Challenges as use cases: engines kept, prepared and given back, whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.classroom import Classroom
from bot.errors import HeldBack, LearnerError
from bot.wiring import build_classroom
from db import challenges
from db.challenges import Challenge, Member
from db.engine import Database
from lessons.loader import load_catalogue
from lessons.model import Catalogue
from sandbox.contract import EngineFacts, RunRequest
from sandbox.errors import DiskFull, EngineFailed, NoCapacity
from tests.challenge_lesson import write_lesson
from tests.factories import make_database_url
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.unit.bot.conftest import YUNA, FakeClock

MINHO = YUNA + 1
OWN = make_facts(containers=[make_container("my-own")])
SOLVED = make_facts(containers=[make_container(name) for name in ("port", "name", "page")])
SERVER, CHANNEL = 1, 2


@dataclass(slots=True)
class Field:
    """A classroom with the incident, Yuna and Minho, who have labs and engines."""

    classroom: Classroom
    database: Database
    sandboxes: FakeSandboxes
    clock: FakeClock
    catalogue: Catalogue

    def anew(self) -> Classroom:
        """Another classroom on the same database and engines: as after a sudden end of the bot."""
        self.classroom = build_classroom(
            database=self.database,
            sandboxes=self.sandboxes,
            catalogue=self.catalogue,
            clock=self.clock,
        )
        self.classroom.challenges.engines.place_s = 0.05
        self.classroom.challenges.engines.ask_again_s = 0.01
        return self.classroom

    async def opened(self, *members: int) -> Challenge:
        """A challenge of ten minutes with these members."""
        book = self.classroom.challenges
        made = await book.create(
            server_id=SERVER,
            channel_id=CHANNEL,
            lesson=self.classroom.lessons.get("night"),
            language="ko",
            minutes=10,
            freeze_minutes=2,
        )
        for learner_id in members:
            await book.join(made.id, SERVER, learner_id, "somebody")
        return made

    async def begun(self, *members: int) -> int:
        """The id of a challenge that runs."""
        book = self.classroom.challenges
        number = (await self.opened(*members)).id
        await book.begin(number)
        for learner_id in members:
            assert await book.prepare(number, learner_id)
        await book.count_down(number, 1)
        assert await book.start(number)
        return number

    async def member(self, number: int, learner_id: int = YUNA) -> Member:
        """The member as the database has them."""
        async with self.database.transaction() as session:
            found = await challenges.member(session, number, learner_id)
        assert found is not None
        return found

    async def containers(self, learner_id: int = YUNA) -> list[str]:
        """The names of the containers in somebody's engine."""
        facts = await self.sandboxes.facts(str(learner_id))
        return [container.name for container in facts.containers]

    def solve(self, learner_id: int = YUNA, facts: EngineFacts = SOLVED) -> None:
        """Their engine is as it should be."""
        self.sandboxes.set_facts(str(learner_id), facts)


@pytest.fixture
async def field(tmp_path: Path) -> AsyncIterator[Field]:
    """See `Field`."""
    sandboxes, clock = FakeSandboxes(), FakeClock()
    catalogue = load_catalogue(write_lesson(tmp_path))
    async with Database.open(make_database_url(tmp_path)) as database:
        classroom = build_classroom(
            database=database, sandboxes=sandboxes, catalogue=catalogue, clock=clock
        )
        field = Field(classroom, database, sandboxes, clock, catalogue)
        field.anew()
        for number, learner_id in enumerate((YUNA, MINHO)):
            await classroom.enrol.enrol(learner_id, language="ko", name="somebody")
            await classroom.enrol.move_lab(learner_id, 100 + number)
            sandboxes.known.add(str(learner_id))
            sandboxes.set_facts(str(learner_id), OWN)
        yield field


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


async def test_who_left_in_the_middle_stays_out(field: Field) -> None:
    """Hints and solutions were free meanwhile; in the lobby one may change one's mind."""
    book, number = field.classroom.challenges, (await field.opened(YUNA, MINHO)).id
    await book.leave(number, YUNA)
    await book.join(number, SERVER, YUNA, "somebody")
    await book.begin(number)
    for learner_id in (YUNA, MINHO):
        assert await book.prepare(number, learner_id)
    await book.count_down(number, 1)
    assert await book.start(number)
    await book.leave(number, YUNA)
    assert await book.give_back(number, YUNA) is None
    with pytest.raises(LearnerError, match=r"challenge\.join\.left"):
        await book.join(number, SERVER, YUNA, "somebody")
    assert (await field.member(number)).state == "left"


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


@pytest.mark.parametrize("cancel", [False, True])
async def test_who_leaves_after_the_end_changes_nothing(field: Field, *, cancel: bool) -> None:
    """A button that was shown before: the winner stays the winner."""
    book, number = field.classroom.challenges, await field.begun(YUNA, MINHO)
    field.solve()
    await field.classroom.challenge_judging.judge(YUNA)
    await book.end(number, cancel=cancel)
    before = await book.must_have_board(number)
    with pytest.raises(LearnerError, match=r"challenge\.over"):
        await book.leave(number, YUNA)
    assert await book.must_have_board(number) == before
    assert (await field.member(number)).state == "ready"
    with pytest.raises(LearnerError, match=r"challenge\.over"):
        await book.leave(number + 1, YUNA)


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


async def test_a_task_counts_from_when_it_was_done(field: Field) -> None:
    """Not from when it was judged; once; and after the end not at all."""
    number = await field.begun(YUNA, MINHO)
    judging = field.classroom.challenge_judging
    field.solve()
    at = field.clock() + timedelta(seconds=30)
    field.clock.skip(timedelta(minutes=3))
    judged = await judging.judge(YUNA, at)
    assert judged is not None
    assert judged.all_done
    assert len(judged.solved) == 2
    again = await judging.judge(YUNA)
    assert again is not None
    assert not again.solved
    board = await field.classroom.challenges.must_have_board(number)
    assert board.rows[0].who == YUNA
    assert 25 <= board.rows[0].time_s <= 60

    field.solve(MINHO)
    field.clock.skip(timedelta(minutes=10))
    late = await judging.judge(MINHO)
    assert late is not None
    assert not late.solved
    await field.classroom.challenges.end(number)
    assert await judging.judge(MINHO, at) is None


async def test_the_board_stands_still_and_is_revealed(field: Field) -> None:
    """In the last two minutes; whoever did something then sees it on their own card."""
    number = await field.begun(YUNA, MINHO)
    book = field.classroom.challenges
    field.solve()
    field.clock.skip(timedelta(minutes=9))
    await field.classroom.challenge_judging.judge(YUNA)
    board = await book.must_have_board(number)
    assert board.frozen
    assert not any(row.done for row in board.rows)
    assert len((await book.mine(number, YUNA)).own.done) == 2
    await book.end(number)
    board = await book.must_have_board(number)
    assert not board.frozen
    assert [len(row.done) for row in board.rows] == [2, 0]


async def test_who_may_join_and_when(field: Field) -> None:
    """Once, with a lab, in one challenge; while it runs until half of the time."""
    book = field.classroom.challenges
    number = (await field.opened(YUNA)).id
    for learner_id, server, key in (
        (YUNA, SERVER, "challenge.join.already"),
        (MINHO, SERVER + 1, "challenge.gone"),
        (MINHO + 1, SERVER, "challenge.no_lab"),
    ):
        with pytest.raises(LearnerError, match=key):
            await book.join(number, server, learner_id, "x")
    await book.begin(number)
    with pytest.raises(LearnerError, match=r"challenge\.join\.wait"):
        await book.join(number, SERVER, MINHO, "x")
    await book.prepare(number, YUNA)
    await book.count_down(number, 1)
    await book.start(number)
    field.clock.skip(timedelta(minutes=6))
    with pytest.raises(LearnerError, match=r"challenge\.join\.too_late"):
        await book.join(number, SERVER, MINHO, "x")
    await book.end(number)
    with pytest.raises(LearnerError, match=r"challenge\.over"):
        await book.join(number, SERVER, MINHO, "x")


async def test_hints_come_one_by_one_and_the_last_is_free(field: Field) -> None:
    """Of a task of one's own that is open; somebody who is not in it gets none."""
    number = await field.begun(YUNA)
    judging = field.classroom.challenge_judging
    numbers = [(await judging.hint(number, YUNA, "page", "en")).number for _ in range(3)]
    assert numbers == [1, 2, 2]
    mine = await field.classroom.challenges.mine(number, YUNA)
    assert (mine.own.hints, mine.hints) == (2, {"page": 2})
    with pytest.raises(LearnerError, match=r"lesson\.hint\.all_done"):
        await judging.hint(number, YUNA, "nothing", "en")
    with pytest.raises(LearnerError, match=r"challenge\.not_running"):
        await judging.hint(number, MINHO, "page", "en")


async def test_a_second_challenge_in_a_channel_has_to_wait(field: Field) -> None:
    """One board at a time."""
    await field.opened()
    with pytest.raises(LearnerError, match=r"challenge\.one_in_channel"):
        await field.opened()


async def test_whoever_deletes_their_data_leaves_no_gap(field: Field) -> None:
    """The others go on; nothing of the person is judged or given back."""
    number = await field.begun(YUNA, MINHO)
    await field.classroom.privacy.delete(YUNA)
    book = field.classroom.challenges
    assert await field.classroom.challenge_judging.judge(YUNA) is None
    await book.end(number)
    assert await book.engines_due(number) == [MINHO]
    assert await book.give_back(number, YUNA) is None
    board = await book.must_have_board(number)
    assert [row.who for row in board.rows] == [MINHO]
