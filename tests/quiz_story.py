"""What tests of quizzes share: a lesson with a question of each kind, and a host who presses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from playground.component_fill import walk
from playground.interaction import Request
from playground.interaction_rules import COMPONENT
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.challenge_lesson import FILES
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

SETUP = "(\ndocker run -d --name quiz-x nginx\n)"
RUN = "(\ndocker ps --filter name=quiz-x\n)"
QUESTIONS = """\
questions:
  - { id: one, kind: single, options: [red, blue, green], answer: [red] }
  - { id: many, kind: multiple, options: [a, b, c], answer: [a, c] }
  - { id: truth, kind: true_false, answer: ["true"] }
  - { id: line, kind: command, answer: [docker ps -a] }
  - id: engine
    kind: engine
    setup: [docker run -d --name quiz-x nginx]
    run: docker ps --filter name=quiz-x
    options: { up: ^Up, gone: ^$ }
"""
PROSE = """\
# Q {#questions}
## Which colour? {#question-one}
### the red one {#option-one-red}
Red is right.
### the blue one {#option-one-blue}
Blue is wrong.
### the green one {#option-one-green}
Green is wrong.
## Which letters? {#question-many}
### letter `a` {#option-many-a}
Right.
### letter `b` {#option-many-b}
Wrong.
### letter `c` {#option-many-c}
Right.
## Water is wet. {#question-truth}
### True {#option-truth-true}
It is.
### False {#option-truth-false}
It is.
## List all containers. {#question-line}
### Answer {#answer-line}
`docker ps -a` lists all.
## Does it run? {#question-engine}
### it runs {#option-engine-up}
It does.
### it is gone {#option-engine-gone}
It isn't.
"""


def write_quiz_lesson(folder: Path, questions: str = QUESTIONS, prose: str = PROSE) -> Path:
    """A folder of lessons with this one in it."""
    lesson = folder / "lessons" / "010-night"
    lesson.mkdir(parents=True)
    changed = {"questions.yaml": questions, "questions.ko.md": prose, "questions.en.md": prose}
    for name, text in (FILES | changed).items():
        (lesson / name).write_text(text, encoding="utf-8")
    return lesson.parent


def engine_that_prints(printed: str) -> FakeSandboxes:
    """The host's engine, which prints this for the question that an engine answers."""
    sandboxes = FakeSandboxes()
    sandboxes.answer(SETUP, "abc\n")
    sandboxes.answer(RUN, printed)
    return sandboxes


@asynccontextmanager
async def quiz_stage(folder: Path, engine: FakeSandboxes) -> AsyncIterator[BotStage]:
    """A bot with this lesson alone; in the end all that was said to Discord is judged."""
    lessons = write_quiz_lesson(folder)
    async with bot_stage(folder, sandboxes=engine, lessons=lessons) as stage:
        yield stage
        judge(stage.playground)


async def opened(host: Person, **options: object) -> Json:
    """A quiz in its lobby; gives the card in the channel."""
    chosen: dict[str, Any] = {"questions": "lesson:night", "order": "written", "seconds": 300}
    chosen |= options
    host.slash("quiz host", **chosen)
    await saying(host, "대기실이 열려 있어요")
    return await saying(host, "참가자 0명")


async def presses(host: Person, where: Json, deed: str) -> None:
    """Press something on a fresh panel of the host's, and wait until it was done."""
    panel = await panel_of(host, where)
    await host.click(panel, deed)

    def done() -> bool:
        """The panel shows what can be done then."""
        replies = host.replies(panel["channel_id"])
        return any(m["id"] == panel["id"] and m["edited_timestamp"] for m in replies)

    await host.until(done)


async def goes_on(host: Person, where: Json) -> None:
    """Have the next question asked; on a slow machine it came by itself meanwhile."""
    panel = await panel_of(host, where)
    with suppress(LookupError):
        pressed = await host.click(panel, "다음으로")
        await host.until(lambda: pressed.acknowledged)


async def panel_of(host: Person, where: Json) -> Json:
    """The panel behind the button under this message, in whose place a new one comes."""
    before = {m["id"] for m in host.replies(where["channel_id"])}
    await host.click(where, "진행")

    def look() -> Json | None:
        new = [m for m in host.replies(where["channel_id"]) if m["id"] not in before]
        return next((m for m in new if "### ⚙️ 진행" in all_text(m)), None)

    return await host.until(look)


def thread_of(host: Person) -> str:
    """The thread of the quiz."""
    return str(host.threads()[-1]["id"])


def button_for(message: Json, option: str) -> str:
    """The letter of this option, which stands somewhere else in every quiz."""
    lines = all_text(message).splitlines()
    return next(line.split("**")[1] for line in lines if line.endswith(option))


async def started(host: Person, lobby: Json) -> Json:
    """The first question."""
    await presses(host, lobby, "시작")
    return await saying(host, "Which colour?", thread_of(host))


def custom_id(message: Json, label: str) -> str:
    """The custom id of the button with this label."""
    return str(next(c["custom_id"] for c in walk(message["components"]) if c.get("label") == label))


def press_anyway(stage: BotStage, person: Person, message: Json, label: str) -> None:
    """Press a button that is gone, or on somebody else's private card.

    No client of Discord's does that; one that was tampered with could.
    """
    send_custom_id(stage, person, message, custom_id(message, label))


def send_custom_id(stage: BotStage, person: Person, message: Json, custom: str) -> None:
    """Press what has this custom id, whether or not there is such a button."""
    playground = stage.playground
    channel = playground.world.channel(message["channel_id"])
    data = {"custom_id": custom, "component_type": 2, "id": 99}
    forged = {"type": 2, "style": 1, "label": "?", "custom_id": custom, "id": 99}
    row = {"type": 1, "id": 98, "components": [forged]}
    message = message | {"components": [*message["components"], row]}
    playground.interactions.send(Request(COMPONENT, data, channel, person.user_id, message))


async def end(host: Person, where: Json) -> None:
    """End the quiz, and mean it."""
    await presses(host, where, "퀴즈 끝내기")
    await host.click(await saying(host, "정말 끝낼까요?", where["channel_id"]), "끝내기")
