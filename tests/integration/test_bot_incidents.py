"""An incident in chat: what the card counts, what hints and solutions cost, how it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.challenge_lesson import write_lesson
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge


@pytest.fixture
def engine() -> FakeSandboxes:
    """An engine in which either fault can be set up."""
    sandboxes = FakeSandboxes()
    for fault in ("port", "name"):
        sandboxes.answer(f"(\necho {fault}\n)", f"{fault}\n")
    return sandboxes


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot that teaches this lesson alone."""
    async with bot_stage(tmp_path, sandboxes=engine, lessons=write_lesson(tmp_path)) as opened:
        yield opened
        judge(opened.playground)


@pytest.fixture
async def person(stage: BotStage) -> Person:
    """A newcomer at the rules of the incident."""
    newcomer = stage.playground.person("newcomer")
    newcomer.slash("start")
    await saying(newcomer, "실습실을 만들었어요")
    return newcomer


async def test_an_incident_from_its_rules_to_its_score(
    person: Person, engine: FakeSandboxes
) -> None:
    """The card counts time and hints; the causes stay untold; the end says the score."""
    lab = person.threads()[0]["id"]

    async def sees(wanted: str) -> Json:
        return await saying(person, wanted, lab)

    await person.click(await sees("어서 오세요"), "첫 강의 열기")
    rules = await sees("Be quick.")
    assert "<t:" not in all_text(rules)
    await person.click(rules, "다음")
    card = await sees("쓴 힌트: 0개")
    assert "⏱️ 시작: <t:" in all_text(card)
    await sees("필요한 것을 엔진에 준비해 두었어요")
    fault = "port" if "Alert of a port" in all_text(card) else "name"
    other = {"port": "name", "name": "port"}[fault]
    assert f"Alert of a {other}" not in all_text(card)
    assert [line for _, line in engine.ran] == [f"(\necho {fault}\n)"]

    await person.click(card, "확인")
    told = await sees("무엇이 잘못됐는지 찾는 것이 과제예요")
    assert f"`{fault}`" not in all_text(told)
    await person.click(card, "힌트")
    card = await sees("쓴 힌트: 1개")
    await person.click(card, "풀이")
    await person.click(await sees("그 고장의 힌트를 모두 쓴 것으로 셈해요"), "풀이 보기")
    await sees(f"Mend the {fault}.")
    card = await sees("쓴 힌트: 2개")

    learner = engine.ran[0][0]
    containers = [make_container(name) for name in (fault, "page")]
    engine.set_facts(learner, make_facts(containers=containers))
    await person.click(card, "확인")
    end = await sees("### 🏁 900점")
    assert "힌트 2개에 100점 = **900점**" in all_text(end)
    await sees("-# 🏁 900점 · 쓴 힌트: 2개")
    person.slash("progress")
    await saying(person, "최고 900점")
