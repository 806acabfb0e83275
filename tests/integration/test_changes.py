"""The card of what a command changed: after the command, before a tick, for its learner alone."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.json_types import Json
from playground.person import Person
from sandbox.contract import EngineFacts, EventFact
from sandbox.errors import ServiceDown
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge

CHANGED = "이 명령으로 바뀐 것"


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes) as stage:
        yield stage
        judge(stage.playground)


def started(name: str = "web") -> EngineFacts:
    """An engine in which a container was just started."""
    now = time.time()
    events = [
        EventFact(at=now, type="container", action=action, name=name)
        for action in ("create", "start")
    ]
    return make_facts(containers=[make_container(name)], events=events)


async def lab_of(person: Person) -> str:
    """The person's lab."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    return str(person.threads()[-1]["id"])


def cards(person: Person, lab: str) -> list[Json]:
    """The cards of changes there."""
    return [message for message in person.replies(lab) if CHANGED in all_text(message)]


async def test_a_change_is_told_after_the_command(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Once; a command that only looks changes nothing."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    sandboxes.answer("docker run -d nginx", "f" * 64 + "\n", then=started())
    newcomer.say("docker run -d nginx", lab)
    card = await saying(newcomer, CHANGED, lab)
    newcomer.say("docker ps", lab)
    await newcomer.until(lambda: len(sandboxes.ran) == 2)
    newcomer.say("docker start web", lab)
    await newcomer.until(lambda: len(sandboxes.ran) == 3)

    assert "`web` 컨테이너: 없음 → **실행 중**" in all_text(card)
    assert [each["id"] for each in cards(newcomer, lab)] == [card["id"]]


async def test_its_buttons_run_commands_that_look(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """In the lab, after a restart as well; for nobody else."""
    newcomer, instructor = (stage.playground.person(n) for n in ("newcomer", "instructor"))
    lab = await lab_of(newcomer)
    sandboxes.answer("docker run -d nginx", then=started())
    newcomer.say("docker run -d nginx", lab)
    card = await saying(newcomer, CHANGED, lab)
    await stage.restart()
    await instructor.click(card, "web 로그")
    await saying(instructor, "다른 학습자의 것", lab)
    await newcomer.click(card, "web 로그")
    await newcomer.until(lambda: len(sandboxes.ran) == 2)
    await newcomer.click(card, "web 자세히")
    await newcomer.until(lambda: len(sandboxes.ran) == 3)

    assert sandboxes.ran[1:] == [
        (newcomer.user_id, "docker logs --tail 50 web"),
        (newcomer.user_id, "docker inspect web"),
    ]


async def test_the_card_comes_before_the_tick(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """The last message is the way on, every time."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    newcomer.slash("lesson", lab, name="first-container")
    await newcomer.until(lambda: len(newcomer.replies(lab)) == 2)
    sandboxes.slow_s = 0.05
    line = "docker run --name hellonginx -d -p 80:80 nginx"
    sandboxes.answer(line, then=started("hellonginx"))
    newcomer.say(line, lab)
    await saying(newcomer, CHANGED, lab)
    await newcomer.until(lambda: "✅" in all_text(newcomer.replies(lab)[-1]))
    order = [CHANGED in all_text(each) for each in newcomer.replies(lab)]

    assert order.count(True) == 1
    assert order.index(True) < len(order) - 1


async def test_who_does_not_want_it_is_not_told(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Off in /settings; compact is one line without buttons."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    settings = stage.bot.classroom.settings
    learner = int(newcomer.user_id)
    await settings.change(learner, language="ko", name="n", changes=False)
    sandboxes.answer("docker run -d nginx", then=started())
    newcomer.say("docker run -d nginx", lab)
    await newcomer.until(lambda: len(newcomer.replies(lab)) == 2)
    await settings.change(learner, language="ko", name="n", changes=True, compact=True)
    sandboxes.answer("docker run -d httpd", then=started("other"))
    newcomer.say("docker run -d httpd", lab)
    card = await saying(newcomer, CHANGED, lab)

    assert all_text(card) == f"-# {CHANGED} `other` → 실행 중"
    assert len(cards(newcomer, lab)) == 1


async def test_a_long_output_is_shorter_for_who_wants_little(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The whole of it is in the file."""
    assert stage.bot is not None
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    await stage.bot.classroom.settings.change(
        int(newcomer.user_id), language="ko", name="n", compact=True
    )
    sandboxes.answer("docker ps", "".join(f"line {n}\n" for n in range(20)))
    newcomer.say("docker ps", lab)
    answer = await saying(newcomer, "line 19", lab)

    assert all_text(answer).count("line ") == 9
    assert answer["attachments"][0]["filename"] == "output.txt"


async def test_trouble_with_the_engine_is_not_told_twice(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The command's own result stands; that nobody could compare is nobody's business."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    sandboxes.answer("docker run -d nginx", "fine\n", then=started())
    real = sandboxes.view

    async def down(learner: str) -> object:
        raise ServiceDown("no")

    sandboxes.view = down  # type: ignore[method-assign, assignment] # for this test
    newcomer.say("docker run -d nginx", lab)
    await saying(newcomer, "fine", lab)
    newcomer.say("docker ps", lab)
    await newcomer.until(lambda: len(sandboxes.ran) == 2)
    sandboxes.view = real  # type: ignore[method-assign] # as it was

    assert cards(newcomer, lab) == []
