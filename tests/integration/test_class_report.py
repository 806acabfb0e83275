"""/class report, as an instructor sees it; nobody else does, by whatever id."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.features.class_report import _ids
from bot.pictures.fonts import find_fonts
from bot.pictures.studio import Studio
from bot.texts import Texts
from bot.wiring import now
from db import classes
from playground.json_types import Json
from playground.person import Person
from tests.board_story import heard, press
from tests.bot_stage import BotStage, all_text, bot_stage, put_in_server, saying
from tests.made_class import MadeClass, make_class, plain_errors, plain_heat
from tests.openapi.judge import judge

EPHEMERAL = 64
FEATURES = ("welcome", "class_report")
OTHER_SERVER = 4242
NOT_FOR_YOU = "강사만 쓸 수 있어요"
SAY = Texts.load().for_language("ko")
NO_SUCH_CLASS, NOT_YOURS = SAY("class.unknown"), SAY("error.not_yours")
NEEDS_FONTS = pytest.mark.skipif(
    find_fonts() is None, reason="pictures need Korean letters: apt-get install fonts-nanum"
)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
def instructor(stage: BotStage) -> Person:
    """Who owns the server."""
    return stage.playground.person("instructor")


async def made(
    stage: BotStage, name: str = "화요일 반", *, server_id: int | None = None, learners: int = 12
) -> tuple[int, MadeClass]:
    """A class with made-up learners, of this server unless another is meant."""
    there = make_class(now(), count=learners, first_id=2**60 + (server_id or 0) * 1000)
    if server_id is None:
        put_in_server(stage, *(each["learner_id"] for each in there.members))
    async with stage.database.transaction() as session:
        new = await classes.create(
            session,
            server_id=server_id or int(stage.playground.world.guild_id),
            name=name,
            created_by=1,
            channel_id=None,
            at=now(),
        )
        assert new is not None
        await there.store(session, new.id)
    return new.id, there


def which(name: object) -> dict[str, Any]:
    """The option that names a class."""
    return {"class": str(name)}


async def report_of(person: Person) -> Json:
    """The report that the person is shown."""
    person.slash("class report")
    return await saying(person, "수업 보고서")


async def acts_of(stage: BotStage, learner_id: int) -> list[str]:
    """What instructors did to a learner, the newest first."""
    async with stage.database.transaction() as session:
        return [act.act for act in await classes.acts_of(session, learner_id, 10)]


async def attached(stage: BotStage, message: Json) -> dict[str, bytes]:
    """The files of a message."""
    assert stage.bot is not None
    return {
        file["filename"]: await stage.bot.http.get_from_cdn(file["url"])
        for file in message["attachments"]
    }


@NEEDS_FONTS
async def test_an_instructor_sees_the_class_alone(stage: BotStage, instructor: Person) -> None:
    """As a picture with words; every learner of the class can see that they did."""
    _, there = await made(stage)
    card = await report_of(instructor)
    (picture,) = card["attachments"]

    assert card["flags"] & EPHEMERAL
    assert "학습자 12명" in all_text(card)
    assert "1강: 수업 전체의 진도" in picture["description"]
    for member in there.members:
        assert await acts_of(stage, member["learner_id"]) == ["report"]


async def test_the_tables_have_the_numbers_of_a_plain_recount(
    stage: BotStage, instructor: Person
) -> None:
    """Downloaded from the card, opened as a spreadsheet does; that is recorded as well."""
    _, there = await made(stage)
    await instructor.click(await report_of(instructor), "CSV 파일")
    answer = await saying(instructor, "엑셀에서")
    tables = {
        name: list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
        for name, content in (await attached(stage, answer)).items()
    }
    progress = {
        (int(line["학습자 ID"].lstrip("#")), int(line["강의 번호"])): (
            int(line["끝낸 과제"]),
            int(line["전체 과제"]),
        )
        for line in tables["progress.csv"]
        if line["연 때"]
    }
    numbers = {each.id: n for n, each in enumerate(stage.catalogue.lessons, 1)}

    assert answer["flags"] & EPHEMERAL
    assert progress == {
        (learner_id, numbers[lesson_id]): counts
        for (learner_id, lesson_id), counts in plain_heat(there).items()
    }
    assert {
        line["오류"]: (int(line["학습자 수"]), int(line["횟수"])) for line in tables["errors.csv"]
    } == plain_errors(there)
    assert list(tables) == ["progress.csv", "tasks.csv", "errors.csv", "help.csv"]
    assert await acts_of(stage, there.members[0]["learner_id"]) == ["report_files", "report"]


async def test_the_report_is_turned_in_place(stage: BotStage, instructor: Person) -> None:
    """By buttons that work after a restart; the background that was chosen stays."""
    await made(stage, learners=40)
    card = await report_of(instructor)
    await stage.restart()

    async def turned(label: str, wanted: str) -> Json:
        await instructor.click(card, label)
        found = await saying(instructor, wanted)
        assert found["id"] == card["id"]
        return found

    await turned("도움", "일한 시간에는")
    await turned("오류", "수업에 들어온 때부터")
    await turned("시간", "앞 과제를 끝낸 때")
    await turned("진도", "서버")


async def test_without_letters_there_are_words(stage: BotStage, instructor: Person) -> None:
    """And what to ask the operator for."""
    assert stage.bot is not None
    stage.bot.studio = Studio(lambda: None)
    await made(stage)
    card = await report_of(instructor)

    assert card["attachments"] == []
    assert "fonts-nanum" in all_text(card)
    assert "1강: 수업 전체의 진도" in all_text(card)


async def test_a_learner_is_told_that_it_is_not_for_them(stage: BotStage) -> None:
    """By the command, and by every button that could be made for them; nothing is recorded."""
    class_id, there = await made(stage)
    learner = stage.playground.person("newcomer")
    learner.slash("class report")
    assert (await saying(learner, NOT_FOR_YOU))["flags"] & EPHEMERAL
    own, owners = int(learner.user_id), int(stage.playground.person("instructor").user_id)
    await press(stage, learner, _ids.turn(own, class_id, "tab", "heat", 0, "dark"))
    await heard(learner, NOT_FOR_YOU, 2)
    await press(stage, learner, _ids.files(own, class_id))
    await heard(learner, NOT_FOR_YOU, 3)
    await press(stage, learner, _ids.turn(owners, class_id, "tab", "help", 0, "dark"))
    await heard(learner, NOT_YOURS, 1)
    await press(stage, learner, _ids.files(owners, class_id))
    await heard(learner, NOT_YOURS, 2)
    said = "\n".join(all_text(message) for message in learner.replies())

    assert "수업 보고서" not in said
    assert all(member["name"] not in said for member in there.learners if len(member["name"]) > 1)
    assert await acts_of(stage, there.members[0]["learner_id"]) == []


async def test_a_class_of_another_server_does_not_exist(
    stage: BotStage, instructor: Person
) -> None:
    """Neither by its number, nor by its name, nor by a button."""
    await made(stage, "여기 반")
    class_id, there = await made(stage, "저기 반", server_id=OTHER_SERVER)
    own = int(instructor.user_id)
    instructor.slash("class report", **which(class_id))
    await heard(instructor, NO_SUCH_CLASS, 1)
    instructor.slash("class report", **which("저기 반"))
    await heard(instructor, NO_SUCH_CLASS, 2)
    await press(stage, instructor, _ids.turn(own, class_id, "tab", "help", 0, "dark"))
    await heard(instructor, NO_SUCH_CLASS, 3)
    await press(stage, instructor, _ids.files(own, class_id))
    await heard(instructor, NO_SUCH_CLASS, 4)

    assert not any("저기 반" in all_text(message) for message in instructor.replies())
    assert await acts_of(stage, there.members[0]["learner_id"]) == []
    offered = await instructor.autocomplete("class report", "class", "반")
    assert [each["name"] for each in offered] == ["여기 반"]
    assert await stage.playground.person("newcomer").autocomplete("class report", "class", "") == []


async def test_which_class_is_asked_for(stage: BotStage, instructor: Person) -> None:
    """When there is none, when there are several, and in a direct message."""
    instructor.slash("class report")
    await saying(instructor, SAY("class.none_yet"))
    await made(stage, "하나", learners=0)
    assert "아직 학습자가 없어요" in all_text(await report_of(instructor))
    await made(stage, "둘", learners=0)
    instructor.slash("class report")
    await saying(instructor, SAY("class.which"))
    instructor.slash("class report", **which("둘"))
    await saying(instructor, "수업 보고서: 둘")
    instructor.slash("class report", instructor.dm_id())
    await saying(instructor, "서버 안에서만", instructor.dm_id())
