"""Challenges in chat: a lobby, the same start, a board, the end, and everybody's engine back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from db.models import ChallengeRow
from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from sandbox.errors import DiskFull
from tests.bot_stage import BotStage, all_text, delete_thread, deny_bot
from tests.challenge_story import (
    SOLVED,
    all_back,
    begun,
    facts_of,
    hurry,
    incident_engine,
    incident_stage,
    lab_of,
    learner,
    opened,
    saying,
    stored,
    until,
)
from tests.fakes.sandboxes import FakeSandboxes

EPHEMERAL = 64
TOO_FEW = "엔진이 모자라요"


@pytest.fixture
def engine() -> FakeSandboxes:
    """Engines in which the set-up of the incident works."""
    return incident_engine()


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot that knows the incident alone, and counts down quickly."""
    async with incident_stage(tmp_path, engine) as at_hand:
        yield at_hand


async def test_a_challenge_from_its_lobby_to_its_end(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """All begin alike; the engine alone says who did what; then everybody has their own again."""
    yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
    instructor, board = await begun(stage, yuna, minho)
    setups = [(who, line) for who, line in engine.ran if line.startswith("(\necho")]
    assert {who for who, _ in setups} == {yuna.user_id, minho.user_id}
    assert len({line for _, line in setups}) == 1  # the same draw for all
    assert await facts_of(engine, yuna) == []

    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab_of(yuna))
    await saying(yuna, "과제를 모두 해냈어요", lab_of(yuna))
    shown = await saying(instructor, "**1위** yuna")
    assert "▫️ minho · 과제 0/2" in all_text(shown)
    assert "⚡ 2" in all_text(shown)
    assert shown["id"] == board["id"]  # one message, edited
    alt = shown["components"][0]["components"][1]["items"][0]["description"]
    assert "1위 yuna, 과제 2/2" in alt

    await instructor.click(shown, "지금 끝내기")
    await saying(instructor, "🏆 1위: **yuna**")
    await all_back(stage)
    assert await facts_of(engine, yuna) == ["my-own"]
    assert await facts_of(engine, minho) == ["my-own"]
    assert await engine.snapshots(yuna.user_id) == []
    await saying(yuna, "쓰던 엔진을 돌려드렸어요", lab_of(yuna))


async def test_all_who_have_done_everything_end_it(stage: BotStage, engine: FakeSandboxes) -> None:
    """Nobody waits for the limit; who had no engine before has none afterwards."""
    yuna = await learner(stage, "yuna", facts=None)
    instructor, _ = await begun(stage, yuna)
    engine.set_facts(yuna.user_id, SOLVED)
    card = await saying(yuna, "나의 도전", lab_of(yuna))
    await yuna.click(card, "확인")
    await saying(instructor, "🏆 1위: **yuna**")
    await all_back(stage)
    assert yuna.user_id not in engine.known


async def test_hints_cost_time_and_are_private(stage: BotStage, engine: FakeSandboxes) -> None:
    """A hint is for one pair of eyes; the board counts it, the second time is another one."""
    yuna = await learner(stage, "yuna")
    instructor, _ = await begun(stage, yuna)
    card = await saying(yuna, "나의 도전", lab_of(yuna))
    await yuna.select(card, "💡 힌트 보기 (하나마다 2분 더하기)", ["page"])
    hint = await saying(yuna, "Look.", lab_of(yuna))
    assert hint["flags"] & EPHEMERAL
    await saying(instructor, "힌트 1개")
    await yuna.select(card, "📖 설명 읽기", ["repair"])
    assert (await saying(yuna, "Find it.", lab_of(yuna)))["flags"] & EPHEMERAL
    await yuna.click(card, "확인")
    told = await saying(yuna, "무엇이 잘못됐는지 찾는 것이 과제예요", lab_of(yuna))
    assert told["flags"] & EPHEMERAL


async def test_nobody_looks_before_the_start(stage: BotStage, engine: FakeSandboxes) -> None:
    """An engine that is ready can't be used until all begin; then it can."""
    yuna = await learner(stage, "yuna")
    hurry(stage).countdown_s = 600.0
    instructor, board = await opened(stage, yuna)
    await instructor.click(board, "시작 (준비하기)")
    counting = await saying(instructor, "🚦 모두 함께 <t:")
    yuna.say("docker ps -a", lab_of(yuna))
    await saying(yuna, "도전 때문에 엔진을 준비하거나 되돌리고 있어요", lab_of(yuna))
    assert (yuna.user_id, "docker ps -a") not in engine.ran
    await instructor.click(counting, "취소하기")
    await saying(instructor, "취소되었어요")
    await all_back(stage)
    yuna.say("docker ps -a", lab_of(yuna))
    await until(lambda: _ran(engine, yuna, "docker ps -a"))
    assert await facts_of(engine, yuna) == ["my-own"]


async def _ran(engine: FakeSandboxes, person: Person, line: str) -> bool:
    return (person.user_id, line) in engine.ran


async def test_who_can_not_be_prepared_is_told_and_tries_again(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """Their own engine is safe; the others begin; with room they come in late."""
    yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
    for name in ("one", "two", "three"):
        await engine.take_snapshot(minho.user_id, name)
    instructor, board = await begun_by(stage, yuna, minho)
    told = await saying(minho, "도전할 엔진을 준비하지 못했어요", lab_of(minho))
    await saying(yuna, "나의 도전", lab_of(yuna))
    await saying(instructor, "엔진을 준비하지 못한 사람: minho")
    assert await facts_of(engine, minho) == ["my-own"]
    assert len(await engine.snapshots(minho.user_id)) == 3

    await engine.remove_snapshot(minho.user_id, "three")
    await minho.click(told, "다시 시도하기")
    await saying(minho, "나의 도전", lab_of(minho))
    await saying(instructor, "minho · 과제 0/2")
    assert board["id"]


async def test_a_lobby_says_when_there_are_too_few_engines(tmp_path: Path) -> None:
    """Before the start, to everybody, and to the instructor who begins; then it comes true."""
    async with incident_stage(tmp_path, incident_engine(capacity=1)) as stage:
        assert stage.bot is not None
        engines = stage.bot.classroom.challenges.engines
        engines.place_s, engines.ask_again_s = 0.2, 0.05
        yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
        instructor, board = await opened(stage, yuna)
        fits = await saying(instructor, "🙋 참가자 1명")
        assert TOO_FEW not in all_text(fits)
        await minho.click(board, "참가하기")
        crowded = all_text(await saying(instructor, "🙋 참가자 2명"))
        assert TOO_FEW in crowded
        assert "참가자는 2명인데 한꺼번에 켤 수 있는 엔진은 1개" in crowded
        await instructor.click(board, "시작 (준비하기)")
        told = await saying(instructor, "이제 엔진을 준비해요")
        assert told["flags"] & EPHEMERAL
        assert "적어도 1명은 함께 시작하지 못해요" in all_text(told)
        await saying(instructor, "엔진을 준비하지 못한 사람: ")
        await instructor.click(await saying(instructor, "⏱️"), "지금 끝내기")
        await all_back(stage)


async def begun_by(stage: BotStage, *members: Person) -> tuple[Person, Json]:
    """Begun, without waiting for anybody's card."""
    instructor, board = await opened(stage, *members)
    await instructor.click(board, "시작 (준비하기)")
    return instructor, board


async def test_no_solved_disk_is_brought_along(stage: BotStage, engine: FakeSandboxes) -> None:
    """What was saved before can't be gone back to, and nothing overwrites it."""
    yuna = await learner(stage, "yuna")
    lab = lab_of(yuna)
    await begun(stage, yuna)
    before = await engine.snapshots(yuna.user_id)
    yuna.slash("sandbox", lab)
    card = await yuna.until(
        lambda: next((m for m in yuna.replies(lab) if "디스크 저장하기" in str(m)), None)
    )
    await yuna.click(card, "디스크 저장하기")
    await saying(yuna, "도전 중이라 디스크를", lab)
    assert await engine.snapshots(yuna.user_id) == before


async def test_lessons_rest_during_a_challenge(stage: BotStage, engine: FakeSandboxes) -> None:
    """What is done for the challenge ticks no lesson, although it is the same one."""
    yuna = await learner(stage, "yuna")
    lab = lab_of(yuna)
    await yuna.click(await saying(yuna, "어서 오세요", lab), "첫 강의 열기")
    await saying(yuna, "Be quick.", lab)
    instructor, _ = await begun(stage, yuna)
    await yuna.click(await saying(yuna, "Be quick.", lab), "다음")
    card = await saying(yuna, "Find it.", lab)

    async def refused(times: int) -> None:
        def heard() -> bool:
            said = [m for m in yuna.replies(lab) if "강의를 쉬어요" in all_text(m)]
            return len(said) == times

        await yuna.until(heard)

    for times, label in enumerate(("힌트", "풀이", "확인"), start=1):
        await yuna.click(card, label)
        await refused(times)
    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab)
    await saying(yuna, "과제를 모두 해냈어요", lab)
    await saying(instructor, "🏆 1위: **yuna**")
    await all_back(stage)
    assert stage.bot is not None
    at = await stage.bot.classroom.lessons.current(int(yuna.user_id))
    assert at is not None
    assert not at.done


async def test_it_goes_on_after_the_bot_was_killed(stage: BotStage, engine: FakeSandboxes) -> None:
    """Members, solved tasks, the board's message and engines to give back are all still known."""
    yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
    instructor, board = await begun(stage, yuna, minho)
    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab_of(yuna))
    await saying(instructor, "**1위** yuna")
    await stage.restart()
    hurry(stage)
    engine.set_facts(minho.user_id, SOLVED)
    minho.say("docker ps", lab_of(minho))
    await saying(minho, "과제를 모두 해냈어요", lab_of(minho))
    ended = await saying(instructor, "🏆 1위")
    assert ended["id"] == board["id"]
    assert "⚡ 2" in all_text(ended)
    await all_back(stage)
    assert await facts_of(engine, yuna) == await facts_of(engine, minho) == ["my-own"]


async def test_engines_come_back_although_the_bot_was_killed_at_the_end(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """A full disk keeps one away; the learner is told; the next bot tries again."""
    yuna = await learner(stage, "yuna")
    instructor, board = await begun(stage, yuna)
    restore = engine.restore

    async def full(*_: Any, **__: Any) -> Any:
        raise DiskFull("no room")

    engine.restore = full  # type: ignore[method-assign]
    shown = await saying(instructor, "⏱️")
    await instructor.click(shown, "지금 끝내기")
    await saying(yuna, "엔진을 아직 돌려드리지 못했어요", lab_of(yuna))
    _, there = await stored(stage)
    assert there[yuna.user_id].engine == "due"
    assert len(await engine.snapshots(yuna.user_id)) == 1
    await stage.stop()
    engine.restore = restore  # type: ignore[method-assign]
    await stage.start()
    await all_back(stage)
    assert await facts_of(engine, yuna) == ["my-own"]
    assert board["id"]


async def test_learners_neither_open_nor_begin_nor_end_challenges(stage: BotStage) -> None:
    """Each command and each button of an instructor's is judged when it is used."""
    yuna = await learner(stage, "yuna")
    yuna.slash("challenge start")
    await saying(yuna, "강사만")
    _, board = await opened(stage)
    for label in ("시작 (준비하기)", "취소하기"):
        before = len(yuna.replies())
        await yuna.click(board, label)
        refused = await yuna.until(lambda: _newer(yuna, before))  # noqa: B023 - awaited at once
        assert "강사만" in all_text(refused)
    challenge, _ = await stored(stage)
    assert challenge.phase == "lobby"


def _newer(person: Person, before: int) -> Json | None:
    said = person.replies()
    return said[-1] if len(said) > before and all_text(said[-1]) else None


async def test_ids_of_another_server_are_unknown(stage: BotStage) -> None:
    """Neither instructor nor learner reaches a challenge of another server by its id."""
    assert stage.bot is not None
    yuna = await learner(stage, "yuna")
    instructor, board = await opened(stage)
    async with stage.database.transaction() as session:
        row = await session.get(ChallengeRow, 1)
        assert row is not None
        row.server_id = 4242
    for person, label in ((yuna, "참가하기"), (instructor, "시작 (준비하기)")):
        await person.click(board, label)
        await saying(person, "그런 도전은 없어요")
    challenge, there = await stored(stage)
    assert challenge.phase == "lobby"
    assert not there


async def test_a_challenge_of_nobody_does_not_begin(stage: BotStage) -> None:
    """It says so, and waits on."""
    instructor, board = await opened(stage)
    await instructor.click(board, "시작 (준비하기)")
    await saying(instructor, "참가한 사람이 없어요")
    assert (await stored(stage))[0].phase == "lobby"


async def test_a_board_that_was_deleted_is_posted_again_by_show(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """Its thread goes in the middle: the challenge goes on, and `show` brings another one."""
    yuna = await learner(stage, "yuna")
    instructor = stage.playground.person("instructor")
    instructor.slash("start")
    await saying(instructor, "실습실을 만들었어요")
    thread = str(instructor.threads()[-1]["id"])
    instructor.slash("challenge start", thread, minutes=10)
    await saying(instructor, "도전의 대기실을 열었어요", thread)
    assert stage.bot is not None
    await stage.bot.classroom.challenges.join(
        1, int(stage.playground.world.guild_id), int(yuna.user_id), "yuna"
    )
    await delete_thread(stage, thread)
    await stage.bot.classroom.challenges.begin(1)
    hurry(stage).drive(1)
    await saying(yuna, "나의 도전", lab_of(yuna))
    instructor.slash("challenge show")
    await saying(instructor, "yuna · 과제 0/2")
    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab_of(yuna))
    await saying(instructor, "🏆 1위: **yuna**")
    await all_back(stage)


async def test_without_permission_there_is_no_challenge(stage: BotStage) -> None:
    """Where the bot may not write the instructor is told, and nothing is left open."""
    instructor = stage.playground.person("instructor")
    deny_bot(stage.playground.world, instructor.general, Permission.SEND_MESSAGES)
    instructor.slash("challenge start")
    await saying(instructor, "권한")

    async def is_over() -> bool:
        return (await stored(stage))[0].phase == "cancelled"

    await until(is_over)


async def test_whoever_leaves_gets_their_engine_back_at_once(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """After a question; they are off the board, and the others go on."""
    yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
    instructor, _ = await begun(stage, yuna, minho)
    card = await saying(yuna, "나의 도전", lab_of(yuna))
    await yuna.click(card, "그만두기")
    await yuna.click(await saying(yuna, "정말 그만둘까요?", lab_of(yuna)), "네, 그만둘게요")
    await saying(yuna, "그만두었어요", lab_of(yuna))

    async def back() -> bool:
        return (await stored(stage))[1][yuna.user_id].engine == "own"

    await until(back)
    assert await facts_of(engine, yuna) == ["my-own"]
    assert (await stored(stage))[0].phase == "running"
    await instructor.until(
        lambda: next((m for m in instructor.replies() if "도전하는 사람 1명" in all_text(m)), None)
    )


async def test_nobody_leaves_what_is_over(stage: BotStage, engine: FakeSandboxes) -> None:
    """Neither with a question that was asked before the end, nor with an old card."""
    yuna = await learner(stage, "yuna")
    instructor, _ = await begun(stage, yuna)
    card = await saying(yuna, "나의 도전", lab_of(yuna))
    await yuna.click(card, "그만두기")
    asked = await saying(yuna, "정말 그만둘까요?", lab_of(yuna))
    await instructor.click(await saying(instructor, "도전하는 사람 1명"), "지금 끝내기")
    await all_back(stage)
    await yuna.click(asked, "네, 그만둘게요")
    await saying(yuna, "이미 끝난 도전이에요", lab_of(yuna))
    assert (await stored(stage))[1][yuna.user_id].state == "ready"
    assert await facts_of(engine, yuna) == ["my-own"]


async def test_another_person_can_not_use_a_members_card(stage: BotStage) -> None:
    """The custom ids of a card belong to its owner."""
    yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
    await begun(stage, yuna)
    card = await saying(yuna, "나의 도전", lab_of(yuna))
    assert stage.bot is not None
    components = str(card["components"])
    for what in ("ch-check", "ch-prep", "ch-leave", "ch-hint", "ch-brief"):
        assert f"docent:{what}:v1:{yuna.user_id}:1" in components
        assert minho.user_id not in components


async def test_the_result_is_painted_when_discord_was_ill_at_the_end(stage: BotStage) -> None:
    """Nobody has to press anything for it."""
    yuna = await learner(stage, "yuna")
    instructor, board = await begun(stage, yuna)
    shown = await saying(instructor, "도전하는 사람 1명")
    stage.playground.faults.plant(f"PATCH .*/messages/{board['id']}", "drop", times=2)
    await instructor.click(shown, "지금 끝내기")
    ended = await saying(instructor, "🏁 끝났어요")
    assert ended["id"] == board["id"]
