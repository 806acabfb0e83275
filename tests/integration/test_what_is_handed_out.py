"""What instructors are given about learners: each learner in it can see that, once for each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.wiring import now
from db import classes, learners
from db.classes import InstructorAct
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, put_in_server, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge
from tests.quiz_story import button_for, end, opened, presses, started, write_quiz_lesson

FEATURES = ("welcome", "classes", "class_report", "quiz")
YUNA, LATER = 2**60 + 1, 2**60 + 2


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    lessons = write_quiz_lesson(tmp_path)
    async with bot_stage(
        tmp_path, sandboxes=FakeSandboxes(), features=FEATURES, lessons=lessons
    ) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
def instructor(stage: BotStage) -> Person:
    """Who owns the server."""
    return stage.playground.person("instructor")


async def acts_of(stage: BotStage, learner_id: int) -> list[InstructorAct]:
    """What instructors did to a learner, the newest first."""
    async with stage.database.transaction() as session:
        return await classes.acts_of(session, learner_id, 20)


async def told(stage: BotStage, learner_id: int, *acts: str) -> list[InstructorAct]:
    """What instructors did to a learner, as soon as it is this, the newest first."""
    async with asyncio.timeout(8):
        while True:
            found = await acts_of(stage, learner_id)
            if [each.act for each in found] == list(acts):
                return found
            await asyncio.sleep(0.02)


async def heard(person: Person, wanted: str, times: int, channel_id: str | None = None) -> None:
    """Wait until the person was told this so many times."""
    await person.until(
        lambda: sum(wanted in all_text(m) for m in person.replies(channel_id)) == times
    )


async def join(stage: BotStage, class_id: int, learner_id: int) -> None:
    """This learner of the server is in the class."""
    put_in_server(stage, learner_id)
    async with stage.database.transaction() as session:
        await learners.enrol(session, learner_id, language="ko", name=f"L{learner_id}")
        await classes.join(session, class_id, learner_id, now())


async def a_class(stage: BotStage) -> int:
    """A class with Yuna in it."""
    async with stage.database.transaction() as session:
        made = await classes.create(
            session, server_id=int(stage.playground.world.guild_id), name="화요일 반",
            created_by=1, channel_id=None, at=now(),
        )  # fmt: skip
        assert made is not None
    await join(stage, made.id, YUNA)
    return made.id


async def over(stage: BotStage, host: Person, person: Person) -> Json:
    """The last card of a quiz in which this person has answered; the host has the results."""
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    await person.click(question, button_for(question, "the red one"))
    await saying(person, "답했어요", thread)
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    await end(host, answer)
    final = await saying(host, "🏁 퀴즈가 끝났어요", thread)
    await saying(host, "퀴즈가 끝났어요", host.dm_id())
    return final


async def channel_is_free(stage: BotStage, host: Person) -> None:
    """Wait until another quiz may be held: that is written after the host was told."""
    assert stage.bot is not None
    async with asyncio.timeout(8):
        while await stage.bot.classroom.quizzes.at_place(int(host.general)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_results_of_a_quiz_are_told_once(stage: BotStage, instructor: Person) -> None:
    """The host gets them at the end; to press for them, also after a restart, tells nothing new."""
    minho, jisu = stage.playground.person("minho"), stage.playground.person("jisu")
    final = await over(stage, instructor, minho)
    [act] = await told(stage, int(minho.user_id), "quiz_files")
    assert act.instructor_id == int(instructor.user_id)
    assert act.detail.startswith("#1 ")

    await instructor.click(final, "결과 파일")
    await heard(instructor, "결과 파일이에요. 엑셀에서", 1, final["channel_id"])
    await stage.restart()
    await instructor.click(final, "결과 파일")
    await heard(instructor, "결과 파일이에요. 엑셀에서", 2, final["channel_id"])
    assert await acts_of(stage, int(minho.user_id)) == [act]

    minho.slash("class mine")
    mine = all_text(await saying(minho, "강사가 한 일"))
    assert f"<@{instructor.user_id}> 강사가" in mine
    assert "퀴즈의 결과를 CSV 파일로 받았어요. 내가 낸 답도 들어 있어요" in mine
    assert await acts_of(stage, int(jisu.user_id)) == []


async def test_each_quiz_is_told(stage: BotStage, instructor: Person) -> None:
    """Of the same questions, held twice."""
    minho = stage.playground.person("minho")
    for wanted in (["#1"], ["#2", "#1"]):
        await over(stage, instructor, minho)
        found = await told(stage, int(minho.user_id), *["quiz_files"] * len(wanted))
        assert [each.detail.split()[0] for each in found] == wanted
        await channel_is_free(stage, instructor)


async def test_a_learner_does_not_get_the_results(stage: BotStage, instructor: Person) -> None:
    """And nothing is written down."""
    minho = stage.playground.person("minho")
    final = await over(stage, instructor, minho)
    await told(stage, int(minho.user_id), "quiz_files")
    await minho.click(final, "결과 파일")
    await saying(minho, "강사만 쓸 수 있어요", final["channel_id"])
    assert len(await acts_of(stage, int(minho.user_id))) == 1


async def test_tables_of_a_report_are_told_once(stage: BotStage, instructor: Person) -> None:
    """However often the button of the same report is pressed."""
    await a_class(stage)
    instructor.slash("class report")
    card = await saying(instructor, "수업 보고서")
    await instructor.click(card, "CSV 파일")
    await heard(instructor, "엑셀에서", 1)
    await stage.restart()
    await instructor.click(card, "CSV 파일")
    await heard(instructor, "엑셀에서", 2)
    await told(stage, YUNA, "report_files", "report")


async def test_who_joined_since_the_report_was_opened_is_told(
    stage: BotStage, instructor: Person
) -> None:
    """When another page of it is shown: they are on it. The others are not told again."""
    class_id = await a_class(stage)
    instructor.slash("class report")
    card = await saying(instructor, "수업 보고서")
    await join(stage, class_id, LATER)
    assert await acts_of(stage, LATER) == []
    await instructor.click(card, "도움")
    await saying(instructor, "일한 시간에는")
    await instructor.click(card, "오류")
    await saying(instructor, "수업에 들어온 때부터")
    await told(stage, LATER, "report")
    await told(stage, YUNA, "report")


async def test_who_joined_since_the_roster_was_opened_is_told(
    stage: BotStage, instructor: Person
) -> None:
    """In the same way."""
    class_id = await a_class(stage)
    instructor.slash("class roster")
    card = await saying(instructor, "명단")
    await join(stage, class_id, LATER)
    await instructor.click(card, "1 / 1")
    await saying(instructor, f"L{LATER}")
    await told(stage, LATER, "roster")
    await told(stage, YUNA, "roster")
