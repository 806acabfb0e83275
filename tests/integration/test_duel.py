"""Duels in chat: proposed, answered, broken by the other side, won by who repairs first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from playground import objects
from playground.json_types import Json
from playground.person import Person
from playground.snowflakes import named
from tests.bot_stage import BotStage, all_text
from tests.challenge_story import (
    SOLVED,
    all_back,
    facts_of,
    hurry,
    incident_engine,
    incident_stage,
    lab_of,
    learner,
    saying,
    stored,
    until,
)
from tests.fakes.sandboxes import FakeSandboxes


@pytest.fixture
def engine() -> FakeSandboxes:
    """Engines in which the set-up of each fault works."""
    return incident_engine()


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot that knows the incident alone, and counts down quickly."""
    async with incident_stage(tmp_path, engine) as at_hand:
        yield at_hand


async def two(stage: BotStage) -> tuple[Person, Person]:
    """Two learners with labs and engines."""
    return await learner(stage, "yuna"), await learner(stage, "minho")


async def proposed(yuna: Person, minho: Person, **more: Any) -> Json:
    """Yuna's duel with Minho, as everybody sees it."""
    yuna.slash("duel", opponent=minho.user_id, faults=1, **more)
    return await saying(yuna, "## ⚔️ 대결 신청")


async def chose(person: Person, board: Json, fault: str) -> None:
    """The person chose this fault for the other side."""
    before = [m["id"] for m in person.replies()]
    await person.click(board, "상대에게 낼 고장 고르기")
    card = await person.until(
        lambda: next(
            (
                m
                for m in person.replies()
                if m["id"] not in before and "고장을 1개 골라" in all_text(m)
            ),
            None,
        )
    )
    assert card["flags"] & 64
    await person.select(card, "고장 1개 고르기", [fault])
    await saying(person, "골랐어요")


async def test_a_duel_from_its_proposal_to_its_winner(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """Each side has what the other chose; the first to repair all of it wins; engines come back."""
    yuna, minho = await two(stage)
    board = await proposed(yuna, minho)
    assert f"<@{minho.user_id}>" in all_text(board)
    await minho.click(board, "받아들이기")
    await saying(minho, "받아들였어요")
    await chose(yuna, board, "port")
    await chose(minho, board, "name")
    card = await saying(minho, "나의 도전", lab_of(minho))
    assert "Alert of a port" in all_text(card)
    assert "Alert of a name" not in all_text(card)
    assert "Alert of a name" in all_text(await saying(yuna, "나의 도전", lab_of(yuna)))
    ran = {(who, line) for who, line in engine.ran if line.startswith("(\necho")}
    assert ran == {(minho.user_id, "(\necho port\n)"), (yuna.user_id, "(\necho name\n)")}

    engine.set_facts(minho.user_id, SOLVED)
    minho.say("docker ps", lab_of(minho))
    await saying(minho, "과제를 모두 해냈어요", lab_of(minho))
    ended = await saying(yuna, "🏆 이긴 쪽: **minho**")
    assert "Alert" not in all_text(ended)
    await all_back(stage)
    assert await facts_of(engine, yuna) == await facts_of(engine, minho) == ["my-own"]


async def test_a_learner_may_decline_and_is_left_in_peace(stage: BotStage) -> None:
    """The duel does not take place, and the same person can't ask again at once."""
    yuna, minho = await two(stage)
    board = await proposed(yuna, minho)
    await yuna.click(board, "받아들이기")
    await saying(yuna, "초대를 받지 않았거나")
    await minho.click(board, "사양하기")
    await saying(minho, "사양했어요")
    await saying(yuna, "취소되었어요")
    yuna.slash("duel", opponent=minho.user_id)
    await saying(yuna, "방금 사양했어요")
    challenge, _ = await stored(stage)
    assert challenge.phase == "cancelled"


async def test_one_invitation_at_a_time(stage: BotStage) -> None:
    """Nobody is asked while they have not answered, and nobody duels themselves or twice."""
    yuna, minho = await two(stage)
    sora = await learner(stage, "sora")
    await proposed(yuna, minho)
    sora.slash("duel", opponent=minho.user_id)
    await saying(sora, "다른 대결 신청에 답하지 않고")
    sora.slash("duel", opponent=sora.user_id)
    await saying(sora, "자기 자신을 골랐어요")
    yuna.slash("duel", opponent=sora.user_id)
    await saying(yuna, "다른 도전이나 대결에 참가하고 있어요")
    sora.slash("duel", opponent=yuna.user_id)
    await saying(sora, "지금 다른 도전에 참가하고")


async def test_whoever_proposes_too_often_has_to_wait(stage: BotStage) -> None:
    """Three within ten minutes, called off or not."""
    yuna, minho = await two(stage)
    for number in range(1, 4):
        yuna.slash("duel", opponent=minho.user_id)

        async def there(number: int = number) -> bool:
            try:
                return (await stored(stage, number))[0].message_id is not None
            except AssertionError:
                return False

        await until(there)
        board = await yuna.until(
            lambda: next(
                (m for m in reversed(yuna.replies()) if "## ⚔️ 대결 신청" in all_text(m)), None
            )
        )
        await minho.click(board, "신청 거두기")
        await saying(minho, "신청한 사람만")
        await yuna.click(board, "신청 거두기")

        async def gone(number: int = number) -> bool:
            return (await stored(stage, number))[0].phase == "cancelled"

        await until(gone)
    yuna.slash("duel", opponent=minho.user_id)
    await saying(yuna, "10분에 3번까지")


async def test_only_captains_choose_and_only_for_the_other_side(stage: BotStage) -> None:
    """Somebody who looks on is no captain; a select of somebody else's is refused by its owner."""
    yuna, minho = await two(stage)
    sora = await learner(stage, "sora")
    board = await proposed(yuna, minho)
    await sora.click(board, "상대에게 낼 고장 고르기")
    await saying(sora, "대표만")
    await sora.click(board, "사양하기")
    await saying(sora, "초대를 받지 않았거나")
    # Minho has not accepted: what he would choose does not count yet.
    await minho.click(board, "상대에게 낼 고장 고르기")
    card = await saying(minho, "고장을 1개 골라")
    await minho.select(card, "고장 1개 고르기", ["name"])
    await saying(minho, "대표만")
    _, there = await stored(stage)
    assert not any(member.faults for member in there.values())


async def test_a_duel_goes_on_after_the_bot_was_killed(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """What was chosen, who accepted and what was repaired is still known."""
    yuna, minho = await two(stage)
    board = await proposed(yuna, minho)
    await minho.click(board, "받아들이기")
    await saying(minho, "받아들였어요")
    await chose(yuna, board, "port")
    await stage.restart()
    hurry(stage)
    await chose(minho, board, "name")
    await saying(yuna, "나의 도전", lab_of(yuna))
    await stage.restart()
    hurry(stage)
    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab_of(yuna))
    await saying(minho, "🏆 이긴 쪽: **yuna**")
    await all_back(stage)


async def test_whoever_gives_up_has_lost(stage: BotStage, engine: FakeSandboxes) -> None:
    """The side that is left wins, although it repaired nothing."""
    yuna, minho = await two(stage)
    board = await proposed(yuna, minho)
    await minho.click(board, "받아들이기")
    await saying(minho, "받아들였어요")
    await chose(yuna, board, "port")
    await chose(minho, board, "name")
    card = await saying(yuna, "나의 도전", lab_of(yuna))
    await yuna.click(card, "그만두기")
    await yuna.click(await saying(yuna, "정말 그만둘까요?", lab_of(yuna)), "네, 그만둘게요")
    await saying(minho, "🏆 이긴 쪽: **minho**")
    await all_back(stage)
    assert await facts_of(engine, yuna) == ["my-own"]


async def test_a_duel_of_roles_is_begun_by_its_proposer(
    stage: BotStage, engine: FakeSandboxes
) -> None:
    """Who has the role of a side may join it; both sides have to be equal; then it begins."""
    world = stage.playground.world
    red, blue = named("role", "Red"), named("role", "Blue")
    for role_id, name in ((red, "Red"), (blue, "Blue")):
        world.roles[role_id] = objects.role(role_id, name, 3, 0)
    await stage.restart()  # the bot hears of roles when it comes
    hurry(stage)
    yuna, minho = await two(stage)
    yuna.slash("duel", opponent=blue, team=red, faults=1)
    await saying(yuna, "그 편의 역할이 없어요")
    world.member(yuna.user_id)["roles"] = [red]
    yuna.slash("duel", opponent=blue, team=red, faults=1)
    board = await saying(yuna, "## ⚔️ 대결 신청")
    await minho.click(board, "2번 편에 들어가기")
    await saying(minho, "그 편의 역할이 없어요")
    await yuna.click(board, "시작 (준비하기)")
    await saying(yuna, "양쪽의 사람 수가 같아야")
    world.member(minho.user_id)["roles"] = [blue]
    await minho.click(board, "2번 편에 들어가기")
    await saying(minho, "그 편에 들어갔어요")
    await minho.click(board, "시작 (준비하기)")
    await saying(minho, "신청한 사람만")
    await chose(yuna, board, "port")
    await chose(minho, board, "name")
    await yuna.click(board, "시작 (준비하기)")
    await saying(yuna, "나의 도전", lab_of(yuna))
    engine.set_facts(minho.user_id, SOLVED)
    minho.say("docker ps", lab_of(minho))
    await saying(yuna, "🏆 이긴 쪽: **minho**")
    await all_back(stage)
