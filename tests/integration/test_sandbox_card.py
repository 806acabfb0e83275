"""/sandbox: what a learner sees of their machine and does with it, and the word before its end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.features.sandbox._warning import warn_for_ever, warn_round
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import Expiring
from sandbox.errors import ServiceDown, TooManySnapshots
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64
FEATURES = ("welcome", "sandbox", "files")


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


async def card_of(person: Person) -> Json:
    """The person's card."""
    person.slash("sandbox")
    return await saying(person, "내 샌드박스")


async def test_who_has_none_hears_how_to_get_one(stage: BotStage) -> None:
    """Privately, as everything here."""
    card = await card_of(stage.playground.person("newcomer"))

    assert "첫 명령을 입력하면" in all_text(card)
    assert card["flags"] & EPHEMERAL


async def test_the_card_shows_every_deadline(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """As times that Discord counts down."""
    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    text = all_text(await card_of(newcomer))

    assert "🟢" in text
    assert text.count("<t:") == 3
    assert f"<t:{round(time.time() + 600)}"[:10] in text


async def test_a_sandbox_is_kept_on_and_switched_off(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Each press shows how it is then."""
    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    card = await card_of(newcomer)
    await newcomer.click(card, "2시간 더 켜 두기")
    await newcomer.until(lambda: sandboxes.extended)
    assert sandboxes.extended == [(newcomer.user_id, 120)]
    await newcomer.click(card, "끄기")
    off = await saying(newcomer, "꺼져 있어요")

    assert off["id"] == card["id"]
    assert newcomer.user_id not in sandboxes.running


async def test_a_disk_is_saved_and_brought_back(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Going back asks first, since something is lost."""
    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    card = await card_of(newcomer)
    assert "되돌리기" not in str(card["components"])
    await newcomer.click(card, "디스크 저장하기")
    await saying(newcomer, "지금의 디스크를 저장했어요")
    saved = await saying(newcomer, "저장해 둔 디스크가 있어요")
    await newcomer.click(saved, "저장한 디스크로 되돌리기")
    asked = await saying(newcomer, "저장한 디스크로 되돌릴까요?")
    await newcomer.click(asked, "되돌리기")
    await saying(newcomer, "저장한 디스크로 되돌렸어요")

    assert [fact.name for fact in await sandboxes.snapshots(newcomer.user_id)] == ["saved"]


async def test_in_a_full_house_a_learner_keeps_their_place_in_line(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """What they asked for says where they stand; asked again when a place is free, it is done."""
    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    await sandboxes.write_file(newcomer.user_id, "compose.yaml", b"services: {}")
    await sandboxes.close(newcomer.user_id)
    others = {str(number) for number in range(1, sandboxes.places.capacity + 1)}
    sandboxes.running |= others
    newcomer.slash("files")
    told = all_text(await saying(newcomer, "자리가 나기를 기다려야 해요"))
    assert "줄에서 1번째예요" in told
    newcomer.slash("sandbox")
    await saying(newcomer, "⏳ 자리가 나기를 기다리고 있어요")
    sandboxes.running.discard("1")
    assert (await sandboxes.open("99")).state == "waiting", "the place is the newcomer's"
    newcomer.slash("files")
    await saying(newcomer, "compose.yaml")


async def test_a_disk_is_brought_back_without_a_place(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The house is full: it is said that the sandbox starts later."""
    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    await sandboxes.take_snapshot(newcomer.user_id, "saved")
    await sandboxes.close(newcomer.user_id)
    sandboxes.running |= {str(number) for number in range(1, sandboxes.places.capacity + 1)}
    await newcomer.click(await card_of(newcomer), "저장한 디스크로 되돌리기")
    await newcomer.click(await saying(newcomer, "저장한 디스크로 되돌릴까요?"), "되돌리기")
    told = await saying(newcomer, "저장한 디스크로 되돌렸어요")

    assert "자리가 모두 차서" in all_text(told)


async def test_a_failure_leaves_the_card_and_says_why(
    stage: BotStage, sandboxes: FakeSandboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The buttons come back."""

    async def refuse(learner: str, name: str) -> None:
        raise TooManySnapshots("3 are kept")

    newcomer = stage.playground.person("newcomer")
    await sandboxes.open(newcomer.user_id)
    card = await card_of(newcomer)
    monkeypatch.setattr(sandboxes, "take_snapshot", refuse)
    await newcomer.click(card, "디스크 저장하기")
    await saying(newcomer, "저장해 둔 디스크가 너무 많아요")

    again = await saying(newcomer, "내 샌드박스")
    assert "디스크 저장하기" in str(again["components"])


def expiring(person: Person) -> Expiring:
    """This person's disk, which nobody used for two months."""
    return Expiring(learner=person.user_id, unused_days=61, deleted_at=1_800_000_000, warned=False)


async def test_a_learner_is_told_once_before_the_disk_goes(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """In a direct message, with the date and how to keep it."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    newcomer.slash("start")
    await saying(newcomer, "실습실을 만들었어요")
    sandboxes.expires = [expiring(newcomer)]
    await warn_round(stage.bot, {}, pause_s=0)
    await warn_round(stage.bot, {}, pause_s=0)
    letters = [all_text(m) for m in newcomer.replies(newcomer.dm_id())]

    assert len(letters) == 1
    assert "61일 동안" in letters[0]
    assert "<t:1800000000:D>" in letters[0]
    assert [disk.warned for disk in sandboxes.expires] == [True]


async def test_who_cannot_be_told_is_not_warned(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """So nothing is deleted; the others are told all the same."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    stranger = Expiring(learner="99", unused_days=61, deleted_at=1_800_000_000, warned=False)
    sandboxes.expires = [stranger, expiring(newcomer)]
    await warn_round(stage.bot, {}, pause_s=0)

    assert [disk.warned for disk in sandboxes.expires] == [False, True]


async def test_many_who_cannot_be_told_are_in_nobodys_way(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """A round has room for so many; who was tried in an earlier one comes last."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    strangers = [
        Expiring(learner=str(n), unused_days=61, deleted_at=1_800_000_000, warned=False)
        for n in range(90, 95)
    ]
    sandboxes.expires = [*strangers, expiring(newcomer)]
    tried: dict[int, int] = {}
    for _ in range(3):
        await warn_round(stage.bot, tried, pause_s=0, most=2)
    assert sandboxes.expires[-1].warned
    assert set(tried.values()) == {1}
    await warn_round(stage.bot, tried, pause_s=0, most=2)

    assert sorted(tried.values()) == [1, 1, 1, 2, 2]


async def test_a_round_that_fails_is_not_the_last_one(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """A service that is down for an hour costs nobody the warning."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    sandboxes.expires = [expiring(newcomer)]
    sandboxes.down = ServiceDown("no")
    rounds = asyncio.create_task(warn_for_ever(stage.bot, round_s=0.05, first_after_s=0))
    await asyncio.sleep(0.2)
    sandboxes.down = None
    try:
        await newcomer.until(lambda: sandboxes.expires[0].warned)
    finally:
        rounds.cancel()
        await asyncio.wait({rounds})
