"""The result of a challenge as a file: for instructors alone, and members can see who has it."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest

from db import classes
from playground.json_types import Json
from tests.bot_stage import BotStage, all_text
from tests.challenge_story import (
    SOLVED,
    all_back,
    begun,
    incident_engine,
    incident_stage,
    lab_of,
    learner,
    opened,
    saying,
)
from tests.fakes.sandboxes import FakeSandboxes

EPHEMERAL = 64


@pytest.fixture
def engine() -> FakeSandboxes:
    """Engines in which the set-up of the incident works."""
    return incident_engine()


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot that knows the incident alone, and counts down quickly."""
    async with incident_stage(tmp_path, engine) as at_hand:
        yield at_hand


async def lines_of(stage: BotStage, message: Json) -> list[dict[str, str]]:
    """The one file of a message as a spreadsheet opens it."""
    assert stage.bot is not None
    (file,) = message["attachments"]
    content = await stage.bot.http.get_from_cdn(file["url"])
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


async def acts_of(stage: BotStage, learner_id: str) -> list[str]:
    """What instructors did to somebody, newest first."""
    async with stage.database.transaction() as session:
        return [act.act for act in await classes.acts_of(session, int(learner_id), 10)]


async def test_the_result_is_below_the_last_board(stage: BotStage, engine: FakeSandboxes) -> None:
    """Instructors get it, as often as they like; who is in it is told once."""
    yuna, minho = await learner(stage, "yuna"), await learner(stage, "minho")
    instructor, _ = await begun(stage, yuna, minho)
    engine.set_facts(yuna.user_id, SOLVED)
    yuna.say("docker ps", lab_of(yuna))
    shown = await saying(instructor, "**1위** yuna")
    await instructor.click(shown, "지금 끝내기")
    ended = await saying(instructor, "🏆 1위: **yuna**")
    await all_back(stage)
    await instructor.click(ended, "결과 파일")
    answer = await saying(instructor, "도전의 결과 파일이에요")
    assert answer["flags"] & EPHEMERAL
    first, second = await lines_of(stage, answer)
    assert (first["순위"], first["이름"], first["해낸 과제 수"]) == ("1", "yuna", "2")
    assert first["학습자 ID"] == f"#{yuna.user_id}"
    assert (second["순위"], second["이름"], second["해낸 과제 수"]) == ("", "minho", "0")
    await instructor.click(ended, "결과 파일")
    await instructor.until(
        lambda: sum("도전의 결과 파일이에요" in all_text(m) for m in instructor.replies()) == 2
    )
    for person in (yuna, minho):
        assert (await acts_of(stage, person.user_id)).count("challenge_files") == 1
    minho.slash("class mine")
    assert "도전의 결과를 CSV 파일로 받았어요" in all_text(await saying(minho, "강사가 한 일"))
    await minho.click(ended, "결과 파일")
    await saying(minho, "강사만 쓸 수 있어요")
    assert "도전의 결과 파일이에요" not in str([all_text(m) for m in minho.replies()])


async def test_show_offers_what_came_out_until_now(stage: BotStage) -> None:
    """While it runs, in the answer that the instructor alone reads; a lobby has no result."""
    yuna = await learner(stage, "yuna")
    instructor, board = await opened(stage, yuna)
    assert "결과 파일" not in str(board["components"])
    await instructor.click(board, "시작 (준비하기)")
    await saying(yuna, "나의 도전", lab_of(yuna))
    instructor.slash("challenge show")
    answer = await saying(instructor, "순위표를 이 채널에 띄웠어요")
    assert answer["flags"] & EPHEMERAL
    await instructor.click(answer, "결과 파일")
    (line,) = await lines_of(stage, await saying(instructor, "도전의 결과 파일이에요"))
    assert (line["이름"], line["전체 과제 수"], line["비고"]) == ("yuna", "2", "")
