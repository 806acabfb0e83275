"""A lesson on a card for everybody: whoever presses has it in their own lab, in their language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.ui.layout import note, row
from bot.ui.shared_buttons import open_lesson_for_all
from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from tests.bot_stage import BotStage, bot_stage, delete_thread, deny_bot, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64
FEATURES = ("welcome", "lessons", "classes")
OPEN = "내 실습실에서 열기"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=FakeSandboxes(), features=FEATURES) as opened:
        yield opened
        judge(opened.playground)


async def enter(person: Person) -> str:
    """Use /start; the id of the lab."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    return str(person.threads()[0]["id"])


async def share(person: Person, name: str = "first-container") -> Json:
    """Post the card of a lesson in #general."""
    person.slash("lesson", name=name, share=True)
    return await saying(person, "누르면 각자의 실습실에 열려요")


async def lesson_of(stage: BotStage, person: Person) -> str | None:
    """The lesson that the person is in."""
    assert stage.bot is not None
    at = await stage.bot.classroom.lessons.current(int(person.user_id))
    return None if at is None else at.lesson.id


async def test_each_has_it_in_their_own_lab(stage: BotStage) -> None:
    """In the language of each, with a private way there; also when the bot was restarted."""
    assert stage.bot is not None
    minho, emma = stage.playground.person("minho"), stage.playground.person("emma")
    lab_of_minho, lab_of_emma = await enter(minho), await enter(emma)
    await stage.bot.classroom.enrol.choose_language(int(emma.user_id), "en", name="emma")
    shared = await share(minho)
    assert not shared.get("flags", 0) & EPHEMERAL

    await minho.click(shared, OPEN)
    answer = await saying(minho, "펼쳐 두었어요")
    assert answer["flags"] & EPHEMERAL
    await saying(minho, "단계 1/", lab_of_minho)
    await stage.restart()
    await emma.click(shared, OPEN)

    await saying(emma, "step 1/", lab_of_emma)
    assert await lesson_of(stage, emma) == await lesson_of(stage, minho) == "first-container"


async def test_who_is_new_gets_a_lab_first(stage: BotStage) -> None:
    """As from /start, and the lesson in it."""
    sharer, newcomer = stage.playground.person("minho"), stage.playground.person("newcomer")
    shared = await share(sharer)

    await newcomer.click(shared, OPEN)

    made = await saying(newcomer, "실습실을 만들었어요")
    assert made["flags"] & EPHEMERAL
    await saying(newcomer, "펼쳐 두었어요")
    (lab,) = newcomer.threads()
    await saying(newcomer, "어서 오세요", lab["id"])
    await saying(newcomer, "단계 1/", lab["id"])


async def test_where_no_lab_can_be_made(stage: BotStage) -> None:
    """What is missing is named, with the way out; then the same button opens the lesson."""
    sharer, newcomer = stage.playground.person("minho"), stage.playground.person("newcomer")
    deny_bot(stage.playground.world, newcomer.general, Permission.CREATE_PRIVATE_THREADS)
    shared = await share(sharer)

    await newcomer.click(shared, OPEN)
    refusal = await saying(newcomer, "비공개 스레드 만들기")
    assert await lesson_of(stage, newcomer) is None
    await newcomer.click(refusal, "DM으로 시작하기")
    await saying(newcomer, "어서 오세요", newcomer.dm_id())
    await newcomer.click(shared, OPEN)

    await saying(newcomer, "단계 1/", newcomer.dm_id())


async def test_a_lab_that_was_deleted_is_told(stage: BotStage) -> None:
    """As from /lesson: how to get it back."""
    minho = stage.playground.person("minho")
    lab = await enter(minho)
    shared = await share(minho)
    await delete_thread(stage, lab)

    await minho.click(shared, OPEN)

    await saying(minho, "실습실이 삭제된 것 같아요")


async def test_a_lesson_that_is_gone(stage: BotStage) -> None:
    """Said to whoever presses, who gets no lab for it."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    general = stage.bot.get_partial_messageable(int(newcomer.general))
    sent = await general.send(view=note("x", row(open_lesson_for_all("열기", "of-last-year"))))
    card = await newcomer.until(
        lambda: next((m for m in newcomer.messages() if m["id"] == str(sent.id)), None)
    )

    await newcomer.click(card, "열기")

    answer = await saying(newcomer, "이 강의는 이제 없어요")
    assert answer["flags"] & EPHEMERAL
    assert newcomer.threads() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "어느 강의를 공유할지"),
        ({"name": "  "}, "어느 강의를 공유할지"),
        ({"name": "쿠버네티스"}, "`쿠버네티스` 강의는 없어요"),
    ],
)
async def test_what_can_not_be_shared(stage: BotStage, options: dict[str, Any], said: str) -> None:
    """Nobody else hears of it."""
    minho, other = stage.playground.person("minho"), stage.playground.person("other")
    minho.slash("lesson", share=True, **options)

    answer = await saying(minho, said)

    assert answer["flags"] & EPHEMERAL
    assert other.replies() == []


async def test_there_is_nobody_to_share_with(stage: BotStage) -> None:
    """In one's own lab and in a direct message."""
    minho = stage.playground.person("minho")
    for place in (await enter(minho), minho.dm_id()):
        minho.slash("lesson", place, name="1", share=True)
        await saying(minho, "공유해도 볼 사람이 없어요", place)


async def test_an_announcement_opens_lessons(stage: BotStage) -> None:
    """What a class has to do is a press away for everybody who reads it."""
    teacher, learner = stage.playground.person("instructor"), stage.playground.person("learner")
    lab = await enter(learner)
    teacher.slash("class create", name="도커 입문")
    await saying(teacher, "수업을 만들었어요")
    teacher.slash("class assign", lesson="2", lesson_2="3")
    await teacher.click(await saying(teacher, "수업의 숙제"), "이 채널에 알리기")
    announced = await saying(learner, "버튼을 누르면 각자의 실습실에 열려요")
    assert stage.bot is not None
    desk = stage.bot.classroom.lessons
    lesson = desk.find("3", "ko")

    await learner.click(announced, desk.titled(lesson.id, "ko"))

    await saying(learner, "펼쳐 두었어요")
    await saying(learner, f"강의 3 · {desk.text(lesson, 'ko').title}", lab)
