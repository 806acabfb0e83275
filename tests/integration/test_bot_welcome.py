"""Coming in: /start, /language, /help and /lab, as people see them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, delete_thread, deny_bot, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    """A playground with the bot in it."""
    async with bot_stage(tmp_path) as opened:
        yield opened
        judge(opened.playground)


@pytest.fixture
def newcomer(stage: BotStage) -> Person:
    """Somebody who has never been here, with a Korean Discord."""
    return stage.playground.person("newcomer")


async def enter(person: Person) -> Json:
    """The lab of somebody who uses /start for the first time."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    return person.threads()[0]


async def test_start_makes_a_private_lab_with_a_welcome(stage: BotStage, newcomer: Person) -> None:
    """A newcomer gets a private thread of their own, greeted by name, and is led there."""
    newcomer.slash("start")

    answer = await saying(newcomer, "실습실을 만들었어요")
    (lab,) = newcomer.threads()
    welcome = await saying(newcomer, "어서 오세요", lab["id"])
    assert answer["flags"] & EPHEMERAL
    assert "newcomer" in lab["name"]
    assert "newcomer" in all_text(welcome)
    assert stage.playground.person("stranger").threads() == []


async def test_an_english_discord_is_greeted_in_english(stage: BotStage) -> None:
    """The first words are in the language of the person's Discord."""
    walker = stage.playground.person("walker", locale="en-GB")

    walker.slash("start")

    await saying(walker, "Your lab is ready")
    await saying(walker, "Welcome, walker!", walker.threads()[0]["id"])


async def test_who_began_with_a_message_is_spoken_to_as_their_discord_is(stage: BotStage) -> None:
    """A message has no language; the first interaction has, and messages follow it from then on."""
    walker = stage.playground.person("walker", locale="en-GB")
    dm = walker.dm_id()
    walker.say("docker ps", dm)
    await saying(walker, "종료 코드 0", dm)

    walker.slash("help", dm)
    await saying(walker, "What can I type?", dm)
    await stage.restart()
    walker.say("docker images", dm)

    await saying(walker, "Exit code 0", dm)


async def test_a_second_start_leads_back(newcomer: Person) -> None:
    """There is one lab however often somebody starts, and the way to it is shown again."""
    await enter(newcomer)

    newcomer.slash("start")

    await saying(newcomer, "실습실이 그대로 있어요")
    assert len(newcomer.threads()) == 1


async def test_two_starts_at_once_make_one_lab(newcomer: Person) -> None:
    """An impatient second press finds the lab that the first one makes."""
    newcomer.slash("start")
    newcomer.slash("start")

    await saying(newcomer, "실습실이 그대로 있어요")
    assert len(newcomer.threads()) == 1


async def test_an_archived_lab_is_opened_again(stage: BotStage, newcomer: Person) -> None:
    """Coming back after a long time opens the thread that Discord had put away."""
    lab = await enter(newcomer)
    assert stage.bot is not None
    thread = await stage.bot.fetch_channel(int(lab["id"]))
    assert isinstance(thread, discord.Thread)
    await thread.edit(archived=True)

    newcomer.slash("start")

    await saying(newcomer, "실습실이 그대로 있어요")
    assert not newcomer.threads()[0]["thread_metadata"]["archived"]


async def test_a_deleted_lab_is_made_anew(stage: BotStage, newcomer: Person) -> None:
    """Whoever lost their thread gets another one."""
    lab = await enter(newcomer)
    await delete_thread(stage, lab["id"])

    newcomer.slash("start")

    await newcomer.until(lambda: [t for t in newcomer.threads() if t["id"] != lab["id"]])


async def test_half_a_lab_is_put_away(stage: BotStage, newcomer: Person) -> None:
    """Where the welcome can't be sent, no empty thread is left to the learner; the next one works.

    The bot has no permission but those of the invite link.
    """
    stage.playground.faults.plant(r"POST .*/channels/\d+/messages", "drop")
    newcomer.slash("start")
    await saying(newcomer, "디스코드가 지금 요청을 처리하지 못하고 있어요")
    assert newcomer.threads() == []

    stage.playground.faults.clear()
    lab = await enter(newcomer)

    assert [thread["id"] for thread in newcomer.threads()] == [lab["id"]]


async def test_a_direct_message_is_a_lab_too(newcomer: Person) -> None:
    """In a direct message the welcome stays where it was asked for."""
    channel = newcomer.dm_id()

    newcomer.slash("start", channel)

    welcome = await saying(newcomer, "어서 오세요", channel)
    assert not welcome["flags"] & EPHEMERAL
    assert newcomer.threads() == []


async def test_a_lab_in_a_direct_message_does_not_rule_out_one_in_a_channel(
    newcomer: Person,
) -> None:
    """/start leads back to the direct message, and offers a thread; the thread is the lab then."""
    newcomer.slash("start", newcomer.dm_id())
    await saying(newcomer, "어서 오세요", newcomer.dm_id())

    newcomer.slash("start")
    back = await saying(newcomer, "실습실이 그대로 있어요")
    await newcomer.click(back, "여기에 실습실 만들기")
    await saying(newcomer, "실습실을 만들었어요")
    (lab,) = newcomer.threads()
    newcomer.say("docker ps", lab["id"])

    await saying(newcomer, "종료 코드 0", lab["id"])


async def test_a_lab_in_a_channel_can_move_to_a_direct_message(newcomer: Person) -> None:
    """The other way round; the old lab says where its commands run now, a second press nothing."""
    lab = await enter(newcomer)
    dm = newcomer.dm_id()
    newcomer.slash("start", dm)
    back = await saying(newcomer, "실습실이 그대로 있어요", dm)

    await newcomer.click(back, "이 DM을 실습실로 쓰기")
    await saying(newcomer, "어서 오세요", dm)
    await saying(newcomer, "실습실을 옮겼어요", lab["id"])
    newcomer.slash("lesson", name="1")

    await saying(newcomer, "펼쳐 두었어요")
    await saying(newcomer, "단계 1/", dm)


async def test_an_impatient_press_moves_the_lab_once(newcomer: Person) -> None:
    """Pressing twice makes one thread."""
    newcomer.slash("start", newcomer.dm_id())
    await saying(newcomer, "어서 오세요", newcomer.dm_id())
    newcomer.slash("start")
    back = await saying(newcomer, "실습실이 그대로 있어요")

    await newcomer.click(back, "여기에 실습실 만들기")
    await newcomer.click(back, "여기에 실습실 만들기")
    await saying(newcomer, "실습실을 만들었어요")
    await newcomer.until(lambda: len(newcomer.replies()) >= 3 or None)

    assert len(newcomer.threads()) == 1


async def test_missing_permissions_are_named_and_there_is_a_way_out(
    stage: BotStage, newcomer: Person
) -> None:
    """Where no lab can be made, the permission is named and the DM becomes the lab."""
    deny_bot(stage.playground.world, newcomer.general, Permission.CREATE_PRIVATE_THREADS)

    newcomer.slash("start")
    refusal = await saying(newcomer, "비공개 스레드 만들기")
    await newcomer.click(refusal, "DM으로 시작하기")

    await saying(newcomer, "어서 오세요", newcomer.dm_id())
    assert "채널 보기" not in all_text(refusal)


async def test_the_chosen_language_stays(stage: BotStage, newcomer: Person) -> None:
    """Whoever chooses English is spoken to in English everywhere, after a restart as well."""
    lab = await enter(newcomer)
    newcomer.slash("language", lab["id"])
    question = await saying(newcomer, "Which language", lab["id"])
    await newcomer.click(question, "English")
    await saying(newcomer, "we speak English", lab["id"])

    await stage.restart()
    newcomer.slash("progress", lab["id"])

    await saying(newcomer, "newcomer's progress", lab["id"])


async def test_help_says_what_can_be_typed(newcomer: Person) -> None:
    """/help works for anybody, before they have started."""
    newcomer.slash("help")

    answer = await saying(newcomer, "무엇을 입력할 수 있나요?")
    assert answer["flags"] & EPHEMERAL
    named = set(re.findall(r"`/([a-z ]+)`", all_text(answer)))
    assert named >= {
        "start",
        "help",
        "settings",
        "privacy",
        "transcript",
        "explain",
        "lesson",
        "progress",
        "ask",
        "docker",
        "lab reset",
        "sandbox",
        "map",
        "stats",
        "edit",
        "get",
        "files",
        "visit",
        "quiz host",
        "quiz practice",
        "class mine",
    }


async def test_a_reset_asks_first(stage: BotStage, newcomer: Person) -> None:
    """A disk is thrown away only after a yes that names what is lost."""
    assert isinstance(stage.sandboxes, FakeSandboxes)
    stage.sandboxes.known.add(newcomer.user_id)
    stage.sandboxes.directories[newcomer.user_id] = "/root/work"
    lab = await enter(newcomer)

    newcomer.slash("lab reset", lab["id"])
    question = await saying(newcomer, "사라져요", lab["id"])
    await newcomer.click(question, "그만두기")
    await saying(newcomer, "아무것도 바꾸지 않았어요", lab["id"])
    assert newcomer.user_id in stage.sandboxes.directories

    newcomer.slash("lab reset", lab["id"])
    question = await saying(newcomer, "사라져요", lab["id"])
    await newcomer.click(question, "새 디스크로 바꾸기")
    await saying(newcomer, "새 디스크가 준비됐어요", lab["id"])
    assert newcomer.user_id not in stage.sandboxes.directories


async def test_a_reset_in_a_full_house_says_when_it_starts(
    stage: BotStage, newcomer: Person
) -> None:
    """The old disk is gone, and the new one comes with a place."""
    assert isinstance(stage.sandboxes, FakeSandboxes)
    stage.sandboxes.known.add(newcomer.user_id)
    others = {str(number) for number in range(1, stage.sandboxes.places.capacity + 1)}
    stage.sandboxes.running |= others
    lab = await enter(newcomer)
    newcomer.slash("lab reset", lab["id"])
    await newcomer.click(await saying(newcomer, "사라져요", lab["id"]), "새 디스크로 바꾸기")
    told = await saying(newcomer, "예전 디스크를 지웠어요", lab["id"])

    assert "자리가 나면 켜져요" in all_text(told)
