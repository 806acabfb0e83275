"""/settings and /privacy: chosen, handed out and deleted by oneself, and by nobody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.classroom.settings import LearnerSettings
from bot.features.privacy._card import ask_delete, privacy_card
from bot.features.settings._card import settings_card
from db import history
from playground.json_types import Json
from playground.person import Person
from sandbox.errors import ServiceDown
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64
FEATURES = ("welcome", "terminal", "settings", "privacy", "transcript")


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


async def card_of(person: Person, command: str, wanted: str) -> Json:
    """The person's card."""
    person.slash(command)
    return await saying(person, wanted)


async def ran(stage: BotStage, person: Person, *lines: str) -> None:
    """The person has run these commands, and they are in the history."""
    for number, line in enumerate(lines, start=1):
        person.slash("docker", command=line)
        async with asyncio.timeout(10):
            while await recorded(stage, person) < number:  # noqa: ASYNC110 - by another task
                await asyncio.sleep(0.02)


async def recorded(stage: BotStage, person: Person) -> int:
    """How many commands of the person are in the history."""
    async with stage.database.transaction() as session:
        return len(await history.recent(session, int(person.user_id), 100))


def labels(card: Json) -> list[str]:
    """What is on the buttons of a card."""
    found: list[str] = []

    def look(components: list[Any]) -> None:
        for component in components:
            if component.get("label"):
                found.append(component["label"])
            look(component.get("components") or [])

    look(card["components"])
    return found


async def test_a_setting_is_chosen_and_stays(stage: BotStage) -> None:
    """The card shows it at once, and another bot knows it."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    card = await card_of(newcomer, "settings", "내 설정")
    assert card["flags"] & EPHEMERAL
    await newcomer.click(card, "오류일 때만")
    await newcomer.until(lambda: "✓ 오류일 때만" in labels(newcomer.replies()[-1]))
    await newcomer.click(card, "짧게")
    await newcomer.until(lambda: "✓ 짧게" in labels(newcomer.replies()[-1]))
    bot = await stage.restart()
    settings = await bot.classroom.settings.of(int(newcomer.user_id))

    assert (settings.explanations, settings.changes, settings.compact) == ("errors", True, True)


async def test_the_language_is_a_setting(stage: BotStage) -> None:
    """The card answers in the language that was chosen."""
    newcomer = stage.playground.person("newcomer")
    card = await card_of(newcomer, "settings", "내 설정")
    await newcomer.click(card, "English")

    assert (await saying(newcomer, "My settings"))["id"] == card["id"]


async def test_all_that_is_kept_is_handed_out_as_a_file(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """With the odd line that was typed, whole."""
    newcomer = stage.playground.person("newcomer")
    line = "docker run 안녕 @everyone"
    await ran(stage, newcomer, line)
    card = await card_of(newcomer, "privacy", "저장된 내 정보")
    assert "페이지 1개" in all_text(card)
    await newcomer.click(card, "JSON 파일로 받기")
    answer = await saying(newcomer, "나에게만 보여요")
    [file] = answer["attachments"]
    assert stage.bot is not None
    content = json.loads(await stage.bot.http.get_from_cdn(file["url"]))

    assert answer["flags"] & EPHEMERAL
    assert content["tables"]["history"][0]["line"] == line
    assert content["sandbox"]["state"] == "running"


async def test_a_transcript_is_a_file(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """With the commands of this person alone; who did nothing hears so."""
    newcomer, other = stage.playground.person("newcomer"), stage.playground.person("learner")
    other.slash("transcript")
    await saying(other, "그동안의 기록이 없어요")
    sandboxes.answer("docker nope", "no such command", exit_code=1)
    await ran(stage, newcomer, "ps", "nope")
    newcomer.slash("transcript", since="all")
    answer = await saying(newcomer, "명령 2개 (실패 1개)")
    [file] = answer["attachments"]
    assert stage.bot is not None
    text = (await stage.bot.http.get_from_cdn(file["url"])).decode()

    assert answer["flags"] & EPHEMERAL
    assert file["filename"].endswith(".md")
    assert text.index("$ docker ps") < text.index("$ docker nope") < text.index("```", -4)
    assert "종료 코드 1" in text


async def test_everything_is_deleted_after_a_question(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Not at the first press; then the sandbox as well, and the next card says so."""
    newcomer = stage.playground.person("newcomer")
    await ran(stage, newcomer, "ps")
    card = await card_of(newcomer, "privacy", "저장된 내 정보")
    await newcomer.click(card, "모두 지우기")
    await saying(newcomer, "정말 모두 지울까요?")
    assert sandboxes.running == {newcomer.user_id}
    await newcomer.click(card, "모두 지우기")
    await saying(newcomer, "모두 지웠어요")

    assert sandboxes.running == set()
    assert newcomer.user_id not in sandboxes.known
    await card_of(newcomer, "privacy", "저장된 것이 없어요")


async def test_a_deletion_that_fails_can_be_repeated(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Nothing is half gone in secret: it is said, and the button is there again."""
    newcomer = stage.playground.person("newcomer")
    await ran(stage, newcomer, "ps")
    card = await card_of(newcomer, "privacy", "저장된 내 정보")
    await newcomer.click(card, "모두 지우기")
    await saying(newcomer, "정말 모두 지울까요?")
    sandboxes.down = ServiceDown("no")
    await newcomer.click(card, "모두 지우기")
    await saying(newcomer, "실습 서비스에 연결할 수 없어요")
    sandboxes.down = None
    await saying(newcomer, "정말 모두 지울까요?")
    await newcomer.click(card, "모두 지우기")
    await saying(newcomer, "모두 지웠어요")


@pytest.mark.parametrize("label", ["✓ 항상", "짧게", "English", "JSON 파일로 받기", "모두 지우기"])
async def test_nobody_presses_the_button_of_another(
    stage: BotStage, sandboxes: FakeSandboxes, label: str
) -> None:
    """Even where a card stands for all to see, others get nothing but a refusal."""
    assert stage.bot is not None
    newcomer, other = stage.playground.person("newcomer"), stage.playground.person("learner")
    await ran(stage, newcomer, "ps")
    owner = int(newcomer.user_id)
    speech = stage.bot.speeches.in_language("ko")
    general = stage.bot.get_partial_messageable(int(newcomer.general))
    kept = await stage.bot.classroom.privacy.kept(owner)
    await general.send(view=settings_card(LearnerSettings(), speech, owner=owner))
    await general.send(view=privacy_card(kept, speech, owner=owner))
    await general.send(view=ask_delete(speech, owner=owner))
    cards = [m for m in other.replies() if label in labels(m)]
    for card in cards:
        await other.click(card, label)
    await other.until(lambda: len(refusals(other)) == len(cards))

    assert cards
    assert not any(m.get("attachments") for m in other.replies())
    assert newcomer.user_id in sandboxes.known
    assert await stage.bot.classroom.settings.of(owner) == LearnerSettings()
    assert await stage.bot.classroom.privacy.kept(owner) == kept


def refusals(person: Person) -> list[Json]:
    """What told the person that a button is not theirs."""
    return [m for m in person.replies() if "다른 학습자의 것" in all_text(m)]
