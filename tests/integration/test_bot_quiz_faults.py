"""A live quiz when something goes wrong: restarts, places and rights that go, other servers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.ui.layout import Card
from bot.ui.layout import text as text_of_card
from db.quizzes import active
from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_may, deny_bot, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.quiz_story import (
    button_for,
    end,
    engine_that_prints,
    goes_on,
    opened,
    presses,
    quiz_stage,
    send_custom_id,
    started,
    thread_of,
)


@pytest.fixture
def engine() -> FakeSandboxes:
    """An engine that doesn't know the answer."""
    return engine_that_prints("neither\n")


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot with a lesson that has one question of each kind."""
    async with quiz_stage(tmp_path, engine) as at_hand:
        yield at_hand


@pytest.fixture
def host(stage: BotStage) -> Person:
    """An instructor."""
    return stage.playground.person("instructor")


async def test_a_new_bot_goes_on_where_the_old_one_was(stage: BotStage, host: Person) -> None:
    """The same question in the same message, with its answers and what was left of the time."""
    minho, jisu = stage.playground.person("minho"), stage.playground.person("jisu")
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    red, blue = (button_for(question, f"the {colour} one") for colour in ("red", "blue"))
    await minho.click(question, red)
    await saying(minho, "답했어요", thread)
    assert stage.bot is not None
    before = await stage.bot.classroom.quizzes.get(1)
    left_before = before.course.remaining_ms(stage.bot.classroom.quizzes.clock())
    await stage.stop()
    # Long ago, as far as the next bot can tell: that is how a death of an hour looks.
    async with stage.database.transaction() as session:
        await session.execute(text("UPDATE quizzes SET ends_at = datetime(ends_at, '-1 hour')"))
        await session.execute(text("UPDATE quizzes SET seen_at = datetime(seen_at, '-1 hour')"))
    bot = await stage.start()
    after = await bot.classroom.quizzes.get(1)
    left_after = after.course.remaining_ms(bot.classroom.quizzes.clock())
    assert left_before - 30_000 < left_after <= left_before + 2000
    await jisu.click(question, blue)
    await saying(jisu, "답했어요", thread)
    await minho.click(question, blue)
    await saying(minho, "이제는 더 바꿀 수 없어요", thread)
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    assert answer["id"] == question["id"]
    assert len([m for m in host.replies(thread) if "Which colour?" in all_text(m)]) == 1
    given = await bot.classroom.quiz_results.of_quiz(await bot.classroom.quizzes.get(1))
    assert [one.answer for one in given.answers_to(0)] == [("blue",), ("blue",)]


async def test_a_message_that_the_old_bot_sent_last_is_found_again(
    stage: BotStage, host: Person
) -> None:
    """Killed between sending the question and remembering where: it is not sent twice."""
    question = await started(host, await opened(host))
    await stage.stop()
    async with stage.database.transaction() as session:
        await session.execute(text("UPDATE quiz_rounds SET message_id = NULL"))
    await stage.start()
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", question["channel_id"])
    assert answer["id"] == question["id"]


async def test_an_engine_that_cannot_tell_costs_nobody_anything(
    stage: BotStage, host: Person
) -> None:
    """The question is skipped with a sentence, at once; nobody waits for the time to be up."""
    minho = stage.playground.person("minho")
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    for title in ("Which letters?", "Water is wet.", "List all containers.", "엔진이 답을"):
        await presses(host, question, "문제 건너뛰기")
        await goes_on(host, question)
        question = await saying(host, title, thread)
    assert "Does it run?" in all_text(question)
    await minho.click(question, "내 결과")
    await saying(minho, "이 퀴즈에 참가하지 않아서", thread)


async def test_a_deleted_thread_ends_the_quiz(stage: BotStage, host: Person) -> None:
    """The host is told, has what was answered, and the channel is free for the next quiz."""
    minho = stage.playground.person("minho")
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    await minho.click(question, button_for(question, "the red one"))
    await saying(minho, "답했어요", thread)
    assert stage.bot is not None
    with bot_may(stage.playground.world, Permission.MANAGE_THREADS):
        await stage.bot.http.delete_channel(int(thread))
    told = await saying(host, "스레드나 채널이 사라져서 퀴즈를 끝냈어요", host.dm_id())
    assert len(told["attachments"]) == 2
    await saying(host, "퀴즈가 열리던 곳이 사라져서 끝났어요.")
    await opened(host)


async def test_a_right_that_is_taken_away_pauses_the_quiz(stage: BotStage, host: Person) -> None:
    """The host is told which; with it back, the quiz goes on, and no answer is lost."""
    minho = stage.playground.person("minho")
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    world = stage.playground.world
    before = [dict(o) for o in world.channel(host.general)["permission_overwrites"]]
    deny_bot(world, host.general, Permission.VIEW_CHANNEL)
    await minho.click(question, button_for(question, "the red one"))
    await saying(minho, "답했어요", thread)
    await saying(host, "퀴즈를 잠시 멈췄어요", host.dm_id())
    assert stage.bot is not None
    live = await stage.bot.classroom.quizzes.get(1)
    assert live.course.paused
    world.channel(host.general)["permission_overwrites"] = before
    await presses(host, question, "계속하기")
    await saying(host, "1명 중 1명", thread)
    await presses(host, question, "정답 보기")
    await saying(host, "Red is right.", thread)


@pytest.mark.parametrize("still_there", [True, False])
async def test_a_quiz_that_nobody_goes_on_with_ends_by_itself(
    stage: BotStage, host: Person, still_there: bool
) -> None:
    """With its results as usual, also where the bot can't see its channel any more."""
    minho = stage.playground.person("minho")
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    await minho.click(question, button_for(question, "the red one"))
    await saying(minho, "답했어요", thread)
    await presses(host, question, "정답 보기")
    answer = await saying(host, "Red is right.", thread)
    await presses(host, answer, "잠시 멈추기")
    if not still_there:
        deny_bot(stage.playground.world, host.general, Permission.VIEW_CHANNEL)
    await stage.stop()
    async with stage.database.transaction() as session:
        await session.execute(
            text("UPDATE quizzes SET paused_at = datetime(paused_at, '-7 hours')")
        )
    await stage.start()
    results = await saying(host, "정리한 결과 파일이에요", host.dm_id())
    assert len(results["attachments"]) == 2
    if still_there:
        over = await saying(host, "🏁 퀴즈가 끝났어요", thread)
        assert "너무 오래 멈춰 있어서 끝났어요" in all_text(over)
    await nothing_goes_on(stage, host)


async def test_a_card_that_discord_refuses_holds_up_no_quiz(
    stage: BotStage, host: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It pauses and says so, the next question comes, and it can be ended with its results."""
    minho = stage.playground.person("minho")

    def too_long(*_: object, **__: object) -> Card:
        return Card(text_of_card("x" * 4001))

    # A bot that ends forgets the modules of its features: those of this one are looked for now.
    for module, card in (("_answer_card", "answer_card"), ("_cards", "final_card")):
        monkeypatch.setattr(sys.modules[f"bot.features.quiz.{module}"], card, too_long)
    question = await started(host, await opened(host))
    thread = question["channel_id"]
    await minho.click(question, button_for(question, "the red one"))
    await saying(minho, "답했어요", thread)
    await presses(host, question, "정답 보기")
    await saying(host, "카드를 받아 주지 않아서", host.dm_id())
    assert stage.bot is not None
    assert (await stage.bot.classroom.quizzes.get(1)).course.paused
    await goes_on(host, question)
    await end(host, await saying(host, "Which letters?", thread))
    results = await saying(host, "정리한 결과 파일이에요", host.dm_id())
    assert len(results["attachments"]) == 2
    await nothing_goes_on(stage, host)


async def nothing_goes_on(stage: BotStage, host: Person) -> None:
    """Wait until the channel is free again: that is written after the host was told."""
    assert stage.bot is not None
    async with asyncio.timeout(8.0):
        while await stage.bot.classroom.quizzes.at_place(int(host.general)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_quiz_needs_rights_and_says_which(stage: BotStage, host: Person) -> None:
    """Nothing is half opened; the channel stays free."""
    deny_bot(stage.playground.world, host.general, Permission.CREATE_PUBLIC_THREADS)
    host.slash("quiz host", questions="lesson:night")
    await saying(host, "권한이 더 있어야 해요: 공개 스레드 만들기")
    host.slash("quiz host", host.channel_id("classroom"), questions="lesson:night")
    await saying(host, "대기실이 열려 있어요", host.channel_id("classroom"))


async def test_a_host_who_leaves_is_replaced(stage: BotStage, host: Person) -> None:
    """Any other instructor can press everything, and may take over as host."""
    lobby = await opened(host)
    other = stage.playground.person("colleague")
    world = stage.playground.world
    world.member(other.user_id)["roles"].append(world.instructors)
    question = await started(other, lobby)
    await presses(other, question, "진행 넘겨받기")
    await saying(other, f"<@{other.user_id}>")
    await presses(other, question, "잠시 멈추기")
    await saying(other, "⏸️ 잠시 멈췄어요. 남은 시간은", question["channel_id"])
    await presses(other, question, "15초 더 주기")
    await presses(other, question, "계속하기")
    await saying(other, "⏳ 마감", question["channel_id"])


async def test_a_quiz_of_another_server_is_none(stage: BotStage, host: Person) -> None:
    """Every id that travels in a button is answered as if there were no such quiz."""
    question = await started(host, await opened(host))
    assert stage.bot is not None
    async with stage.database.transaction() as session:
        await session.execute(text("UPDATE quizzes SET server_id = 4711"))
    for number, what in enumerate(IDS, start=1):
        send_custom_id(stage, host, question, f"docent:{what}")
        await host.until(partial(refused_so_often, host, question["channel_id"], number))
    live = await stage.bot.classroom.quizzes.get(1)
    assert not live.course.paused
    assert live.course.position == 0


def refused_so_often(host: Person, thread: str, times: int) -> bool:
    """Whether so many presses were answered as if there was no such quiz."""
    wanted = "그 퀴즈나 문제가 이 서버에 없어요"
    return len([m for m in host.replies(thread) if wanted in all_text(m)]) == times


IDS = (
    "quizjoin:v1:1",
    "quizanswer:v1:1:1:A",
    "quiztype:v1:1:1",
    "quizmine:v1:1",
    "quizmenu:v1:1:1",
    "quizdo:v1:1:1:pause",
    "quizdo:v1:1:1:reveal",
    "quizdo:v1:1:1:skip",
    "quizdo:v1:1:1:end",
    "quizdo:v1:1:1:take_over",
    "quizcsv:v1:1",
)
"""Every id that travels in a button of a quiz; selects and forms are answered like buttons."""


async def test_a_quiz_whose_card_was_deleted_can_still_be_led(
    stage: BotStage, host: Person
) -> None:
    """Whoever asks for a quiz in the same channel gets the buttons of that one."""
    lobby = await opened(host)
    assert stage.bot is not None
    await stage.bot.http.delete_message(int(lobby["channel_id"]), int(lobby["id"]))
    host.slash("quiz host", questions="lesson:night")
    await saying(host, "이 채널에서는 이미 퀴즈가 열려 있어요")

    def panels() -> list[Json]:
        return [m for m in host.replies() if "대기실이 열려 있어요" in all_text(m)]

    _, second = await host.until(lambda: panels() if len(panels()) > 1 else None)
    await host.click(second, "시작")
    await saying(host, "Which colour?", thread_of(host))


@pytest.mark.parametrize("still", [True, False])
async def test_results_go_to_instructors_alone(
    stage: BotStage, host: Person, *, still: bool
) -> None:
    """Whoever opened it and is none any more when it ends gets nothing; others have the button."""
    minho, opener = stage.playground.person("minho"), stage.playground.person("colleague")
    world = stage.playground.world
    world.member(opener.user_id)["roles"].append(world.instructors)
    question = await started(opener, await opened(opener))
    await minho.click(question, button_for(question, "the red one"))
    await saying(minho, "답했어요", question["channel_id"])
    if not still:
        world.member(opener.user_id)["roles"].remove(world.instructors)
    await end(host, question)
    over = await saying(host, "🏁 퀴즈가 끝났어요", question["channel_id"])
    await until_free(stage)
    assert ("learners.csv" in str(opener.replies(opener.dm_id()))) is still
    await host.click(over, "결과 파일")
    await host.until(lambda: "learners.csv" in str(host.replies(question["channel_id"])))


async def test_a_lobby_without_a_place_is_over(stage: BotStage, host: Person) -> None:
    """The bot was killed before there was a thread: nobody joins or starts what was posted."""
    lobby = await opened(host)
    await stage.stop()
    async with stage.database.transaction() as session:
        await session.execute(text("UPDATE quizzes SET thread_id = NULL"))
    await stage.start()
    await until_free(stage)
    minho = stage.playground.person("minho")
    await minho.click(lobby, "참가하기")
    await saying(minho, "이 퀴즈는 끝나서 더는 참가할 수 없어요")


async def until_free(stage: BotStage) -> None:
    """Wait until no channel is occupied by a quiz."""
    async with asyncio.timeout(20):
        while True:
            async with stage.database.transaction() as session:
                if await active(session) == []:
                    return
            await asyncio.sleep(0.02)
