"""Lessons in chat, as a learner sees them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.features.lessons import _table
from lessons.loader import load_catalogue
from playground.component_fill import walk
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import EngineFacts, Page, PortFact
from sandbox.errors import EngineFailed, ServiceDown
from tests.bot_stage import BotStage, all_text, bot_stage, delete_thread, saying
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge

EPHEMERAL = 64
RUN = "docker run -d -p 80:80 --name hellonginx nginx"
WRONG_RUN = "docker run -d -p 8080:80 --name hellonginx nginx"


@pytest.fixture
def engine() -> FakeSandboxes:
    """An engine that plays the first lesson."""
    sandboxes = FakeSandboxes()
    wrong = PortFact(container_port=80, protocol="tcp", host_ip="0.0.0.0", host_port=8080)
    sandboxes.answer(RUN, "f00\n", then=make_facts(containers=[make_container()]))
    sandboxes.answer(
        WRONG_RUN, "f00\n", then=make_facts(containers=[make_container(ports=[wrong])])
    )
    sandboxes.answer("docker rm -f hellonginx", "hellonginx\n", then=make_facts())
    sandboxes.pages[80] = Page(
        status=200, reason="OK", content_type="text/html", title="Welcome to nginx!"
    )
    return sandboxes


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A playground with the bot in it."""
    async with bot_stage(tmp_path, sandboxes=engine) as opened:
        yield opened
        judge(opened.playground)


class Learner:
    """Somebody in their lab."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.lab = ""

    async def enter(self) -> None:
        """Use /start and go to the lab."""
        self.person.slash("start")
        await saying(self.person, "실습실을 만들었어요")
        self.lab = self.person.threads()[0]["id"]

    async def open_first_lesson(self) -> Json:
        """Press the button of the welcome; the card of the first step."""
        await self.press(await self.sees("어서 오세요"), "첫 강의 열기")
        return await self.sees("단계 1/7")

    async def sees(self, wanted: str) -> Json:
        """The newest message in the lab that says this."""
        return await saying(self.person, wanted, self.lab)

    async def press(self, message: Json, button: str) -> None:
        """Press a button there."""
        await self.person.click(message, button)

    def types(self, line: str) -> None:
        """Write a message in the lab."""
        self.person.say(line, self.lab)

    def count(self, wanted: str) -> int:
        """How many messages in the lab say this."""
        return sum(wanted in all_text(message) for message in self.person.replies(self.lab))


@pytest.fixture
async def learner(stage: BotStage) -> Learner:
    """A newcomer who has just come in."""
    newcomer = Learner(stage.playground.person("newcomer"))
    await newcomer.enter()
    return newcomer


def buttons(message: Json) -> Iterator[dict[str, Any]]:
    """The buttons of a message."""
    return (part for part in walk(message["components"]) if part["type"] == 2)


def button(message: Json, label: str) -> dict[str, Any]:
    """The button of this label."""
    return next(part for part in buttons(message) if part.get("label") == label)


async def test_a_lesson_is_done_by_typing(learner: Learner) -> None:
    """Every task ticks by itself, the page is a press away, and the end is celebrated."""
    await learner.open_first_lesson()
    learner.types("docker version")
    await learner.sees("✅ **클라이언트와 서버의 버전 확인하기**")
    learner.types("docker info")
    await learner.sees("✅ **도커의 상태를 자세히 확인하기**")
    learner.types("docker --help")
    ticked = await learner.sees("✅ **도움말에서 대분류와 소분류 찾아보기**")
    await learner.press(ticked, "다음 단계")
    await learner.sees("단계 4/7")
    learner.types(RUN)
    ticked = await learner.sees("✅ **nginx를 hellonginx라는 이름으로 80번 포트에서 실행하기**")
    await learner.press(ticked, "다음 단계")
    card = await learner.sees("단계 6/7")
    await learner.press(card, "localhost:80 페이지 보기")
    await learner.sees("Welcome to nginx!")
    await learner.sees("✅ **hellonginx의 웹 페이지 보기**")
    learner.types("docker rm -f hellonginx")

    await learner.sees("🎉 첫 번째 컨테이너: nginx 웹 서버 강의를 마쳤어요!")
    learner.person.slash("progress", learner.lab)
    lessons = load_catalogue().lessons
    tasks = sum(len(lesson.tasks) for lesson in lessons)
    await learner.sees(f"강의 1/{len(lessons)} · 과제 6/{tasks}")


async def test_the_card_turns_in_place(learner: Learner) -> None:
    """Next and previous change the card that is there, and stop at both ends."""
    card = await learner.open_first_lesson()
    assert button(card, "이전")["disabled"]

    await learner.press(card, "다음")
    turned = await learner.sees("단계 2/7")
    await learner.press(turned, "이전")
    back = await learner.sees("단계 1/7")

    assert turned["id"] == back["id"] == card["id"]
    assert not button(turned, "이전")["disabled"]


async def test_a_tick_shows_on_the_card(learner: Learner) -> None:
    """The card is brought up to date where it is."""
    card = await learner.open_first_lesson()

    learner.types("docker version")

    ticked = await learner.sees("✅ 클라이언트와 서버의 버전 확인하기")
    assert ticked["id"] == card["id"]


async def test_a_late_tick_does_not_turn_the_card_back(stage: BotStage, learner: Learner) -> None:
    """Who goes on before the card shows the tick stays where they went."""
    card = await learner.open_first_lesson()
    assert stage.bot is not None
    owner = int(learner.person.user_id)
    checked = await stage.bot.classroom.lessons.current(owner)
    assert checked is not None
    await learner.press(card, "다음")
    await learner.sees("단계 2/7")

    speech = await stage.bot.speeches.to_learner(owner)
    await _table.refresh(stage.bot, owner, checked, speech)

    assert (await learner.sees("단계 2/7"))["id"] == card["id"]


async def test_hints_are_private_and_come_one_at_a_time(learner: Learner) -> None:
    """Each press gives one more hint, for the learner's eyes only."""
    card = await learner.open_first_lesson()

    await learner.press(card, "힌트")
    first = await learner.sees("힌트 1/3")
    await learner.press(card, "힌트")
    await learner.sees("힌트 2/3")

    assert first["flags"] & EPHEMERAL


async def test_the_solution_asks_once(learner: Learner) -> None:
    """The solution is shown after a second yes, privately."""
    card = await learner.open_first_lesson()

    await learner.press(card, "풀이")
    question = await learner.sees("정말 풀이를 볼까요?")
    assert learner.count("### 풀이") == 0
    await learner.press(question, "풀이 보기")

    shown = await learner.sees("### 풀이 · 클라이언트와 서버의 버전")
    assert shown["flags"] & EPHEMERAL


async def test_check_says_what_is_missing(learner: Learner) -> None:
    """Each assertion that does not hold is shown as expected and actual."""
    card = await learner.open_first_lesson()
    for step in range(2, 6):
        await learner.press(card, "다음")
        card = await learner.sees(f"단계 {step}/7")
    learner.types(WRONG_RUN)
    await learner.sees("과제는 아직이에요")

    await learner.press(card, "확인")

    answer = all_text(await learner.sees("아직 남은 것이 있어요"))
    assert "`80 → 80`" in answer
    assert "`8080 → 80`" in answer


async def test_what_is_missing_is_mentioned_once(learner: Learner) -> None:
    """A wrong port gets one line, not one after every further command."""
    card = await learner.open_first_lesson()
    for step in range(2, 6):
        await learner.press(card, "다음")
        card = await learner.sees(f"단계 {step}/7")

    learner.types(WRONG_RUN)
    await learner.sees("과제는 아직이에요")
    learner.types("docker version")
    await learner.sees("✅ **클라이언트와 서버의 버전 확인하기**")

    assert learner.count("과제는 아직이에요") == 1


async def test_buttons_work_after_a_restart(stage: BotStage, learner: Learner) -> None:
    """A card from before the bot was restarted is as good as a new one."""
    card = await learner.open_first_lesson()
    await stage.restart()

    await learner.press(card, "다음")
    turned = await learner.sees("단계 2/7")
    await learner.press(turned, "힌트")
    await learner.sees("힌트 1/3")
    learner.types("docker info")

    updated = await learner.sees("✅ 도커의 상태를 자세히 확인하기")
    assert updated["id"] == card["id"]


async def test_a_card_belongs_to_its_learner(stage: BotStage, learner: Learner) -> None:
    """Somebody else who presses a button changes nothing and is told so."""
    card = await learner.open_first_lesson()
    instructor = stage.playground.person("instructor")

    await instructor.click(card, "다음")

    await saying(instructor, "다른 학습자의 것", learner.lab)
    assert learner.count("단계 1/7") == 1


async def test_opening_again_moves_the_card_down(stage: BotStage, learner: Learner) -> None:
    """There is one live card: the one before points to it."""
    old = await learner.open_first_lesson()

    learner.person.slash("lesson", learner.lab, name="nginx")

    moved = await learner.sees("카드는 아래로 옮겼어요")
    new = await learner.sees("단계 1/7")
    guild = stage.playground.world.guild_id
    url = f"https://discord.com/channels/{guild}/{learner.lab}/{new['id']}"
    assert button(moved, "지금 카드 보기")["url"] == url
    assert new["id"] != old["id"]
    assert not new["flags"] & EPHEMERAL


async def test_lessons_are_listed_and_suggested(learner: Learner) -> None:
    """/lesson alone lists them; the option suggests them while typing."""
    learner.person.slash("lesson", learner.lab)
    listed = await learner.sees("강의 목록")
    await learner.press(listed, "“첫 번째 컨테이너: nginx 웹 서버” 열기")
    await learner.sees("단계 1/7")

    choices = await learner.person.autocomplete("lesson", "name", "컨테", learner.lab)

    assert "first-container" in [choice["value"] for choice in choices]


async def test_an_unknown_lesson_is_named(learner: Learner) -> None:
    """A lesson that doesn't exist is answered with a sentence, for the learner only."""
    learner.person.slash("lesson", learner.lab, name="쿠버네티스")

    answer = await learner.sees("`쿠버네티스` 강의는 없어요")
    assert answer["flags"] & EPHEMERAL


async def test_a_lesson_from_elsewhere_opens_in_the_lab(stage: BotStage, learner: Learner) -> None:
    """/lesson in a public channel shows nothing there but the way to the lab."""
    learner.person.slash("lesson", learner.person.general, name="first-container")

    answer = await saying(learner.person, "펼쳐 두었어요")
    card = await learner.sees("단계 1/7")
    guild = stage.playground.world.guild_id
    url = f"https://discord.com/channels/{guild}/{learner.lab}/{card['id']}"
    assert button(answer, "지금 카드 보기")["url"] == url
    assert answer["flags"] & EPHEMERAL


async def test_the_way_on_leads_to_the_lab_from_elsewhere(learner: Learner) -> None:
    """A task done by /docker in a public channel is told there, and goes on in the lab."""
    await learner.open_first_lesson()
    learner.person.slash("docker", learner.person.general, command="version")
    ticked = await saying(learner.person, "과제를 해냈어요")

    await learner.press(ticked, "다음 단계")

    await saying(learner.person, "펼쳐 두었어요")
    card = await learner.sees("단계 2/7")
    assert ticked["flags"] & EPHEMERAL
    assert not card["flags"] & EPHEMERAL


async def test_a_card_in_an_archived_lab_is_kept_up_to_date(
    stage: BotStage, learner: Learner
) -> None:
    """A tick earned elsewhere reaches the card even when Discord has put the lab away."""
    await learner.open_first_lesson()
    assert stage.bot is not None
    lab = await stage.bot.fetch_channel(int(learner.lab))
    assert isinstance(lab, discord.Thread)
    await lab.edit(archived=True)

    learner.person.slash("docker", learner.person.general, command="version")

    await saying(learner.person, "과제를 해냈어요")
    await learner.sees("✅ 클라이언트와 서버의 버전 확인하기")


async def test_a_deleted_lab_is_named_so(stage: BotStage, learner: Learner) -> None:
    """Whoever opens a lesson after losing the thread is told how to get it back."""
    await delete_thread(stage, learner.lab)

    learner.person.slash("lesson", learner.person.general, name="first-container")

    await saying(learner.person, "실습실이 삭제된 것 같아요")


async def test_a_deleted_card_does_no_harm(stage: BotStage, learner: Learner) -> None:
    """Ticks are told as ever when the card's message is gone."""
    card = await learner.open_first_lesson()
    assert stage.bot is not None
    await stage.bot.http.delete_message(int(learner.lab), int(card["id"]))

    learner.types("docker version")

    await learner.sees("✅ **클라이언트와 서버의 버전 확인하기**")


async def test_without_a_lab_there_is_a_way_to_one(stage: BotStage) -> None:
    """Who has not started is told how to."""
    stranger = stage.playground.person("stranger")

    stranger.slash("lesson", stranger.general, name="first-container")

    await saying(stranger, "아직 실습실이 없어요")


async def test_a_direct_message_needs_no_start(stage: BotStage) -> None:
    """In a direct message a lesson can be opened at once."""
    direct = stage.playground.person("direct")

    direct.slash("lesson", direct.dm_id(), name="first-container")

    await saying(direct, "단계 1/7", direct.dm_id())


async def test_a_card_speaks_the_language_that_is_chosen(learner: Learner) -> None:
    """Changing the language changes the card that is open."""
    await learner.open_first_lesson()
    learner.person.slash("language", learner.lab)

    await learner.press(await learner.sees("Which language"), "English")

    await learner.sees("step 1/7")


async def test_a_failing_check_never_costs_a_result(
    engine: FakeSandboxes, learner: Learner
) -> None:
    """When the state can't be read, the output stands, it is said, and the button helps later."""
    card = await learner.open_first_lesson()
    engine.answer("docker version", "Version: 26.1.5\n")
    reading = engine.facts

    async def fail(learner: str, *, usage: bool = False) -> EngineFacts:
        raise EngineFailed("no answer")

    engine.facts = fail  # type: ignore[method-assign]
    learner.types("docker version")
    await learner.sees("26.1.5")
    await learner.sees("과제를 확인하지 못했어요")

    engine.facts = reading  # type: ignore[method-assign]
    await learner.press(card, "확인")

    await learner.sees("이 단계의 과제를 모두 마쳤어요")


async def test_a_service_that_is_down_is_explained(engine: FakeSandboxes, learner: Learner) -> None:
    """Check says what is wrong and what to do, and works again afterwards."""
    card = await learner.open_first_lesson()
    engine.down = ServiceDown("refused")
    await learner.press(card, "확인")
    await learner.sees("실습 서비스에 연결할 수 없어요")

    engine.down = None
    await learner.press(card, "확인")

    await learner.sees("아직 남은 것이 있어요")


async def test_without_an_engine_lessons_can_be_read(tmp_path: Path) -> None:
    """Where there is no engine, cards turn, and a check says why there is nothing to check."""
    async with bot_stage(tmp_path, without_engine=True) as stage:
        learner = Learner(stage.playground.person("author"))
        await learner.enter()
        card = await learner.open_first_lesson()

        await learner.press(card, "확인")
        await learner.sees("도커 엔진 없이 강의만 볼 수 있어요")
        await learner.press(card, "다음")

        await learner.sees("단계 2/7")
