"""The button below a command that met an error: it raises the hand, with that as the reason."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.classroom.hands import LONGEST_SENTENCE
from bot.features.hands import _ids
from bot.terminal.error_help import ALL_IDS
from bot.ui.shared_buttons import ask_for_help
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, remembered, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

FEATURES = ("welcome", "terminal", "explain", "privacy", "settings", "classes", "hands")
LINE = "docker run -p 80:80 nginx"
PORT_TAKEN = (
    "docker: Error response from daemon: driver failed programming external connectivity on "
    "endpoint x (abc): Bind for 0.0.0.0:80 failed: port is already allocated.\n"
)
ASK = "도움 청하기"
TAKEN = "포트를 이미 다른 컨테이너가"


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    found = FakeSandboxes()
    found.answer(LINE, PORT_TAKEN, exit_code=125)
    return found


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


async def with_lab(stage: BotStage, name: str = "newcomer") -> tuple[Person, str]:
    """Somebody with a lab, and the lab."""
    person = stage.playground.person(name)
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    return person, str(person.threads()[0]["id"])


async def into_class(stage: BotStage, person: Person) -> None:
    """Put the person into a class of the server."""
    assert stage.bot is not None
    classes, server = stage.bot.classroom.classes, int(stage.playground.world.guild_id)
    made = await classes.create(server, "월요일", created_by=1, channel_id=None)
    await classes.join(server, made.id, int(person.user_id), language="ko", name="새내기")


async def fails(stage: BotStage, person: Person, lab: str, line: str = LINE) -> Json:
    """The person's command met the error, which is in the history; its message."""
    person.say(line, lab)
    shown = await saying(person, "👉", lab)
    await remembered(stage, person, line)
    return shown


async def form_of(person: Person, message: Json) -> tuple[Json, str]:
    """The form that the button opens, and what it says already."""
    await person.click(message, ASK)
    modal = await person.until(person.modal)
    parts = modal["modal"]["components"]
    (field,) = [part["component"] for part in parts if part.get("component") is not None]
    return modal, field["value"]


async def test_the_error_is_the_reason(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Command and error stand in the form, and then in the queue; also after a restart."""
    learner, lab = await with_lab(stage)
    await into_class(stage, learner)
    message = await fails(stage, learner, lab)
    learner.say("docker ps", lab)
    await remembered(stage, learner, "docker ps")
    await stage.restart()

    modal, reason = await form_of(learner, message)
    assert "최근 명령 5개" in str(modal)
    assert LINE in reason
    assert TAKEN in reason
    learner.submit_modal(modal, {_ids.SENTENCE: reason})
    card = await saying(learner, "**1번째**", lab)
    assert card["flags"] & 64
    instructor = stage.playground.person("instructor")
    instructor.slash("hands")
    queue = all_text(await saying(instructor, "손을 든 사람"))
    assert "docker run" in queue

    await learner.click(message, ASK)
    await saying(learner, "손을 들고 있어요", lab)
    assert learner.modal() == modal


async def test_the_form_has_the_learners_own_names(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Never those of an example of the message, which somebody would look for."""
    learner, lab = await with_lab(stage)
    await into_class(stage, learner)
    _, reason = await form_of(learner, await fails(stage, learner, lab))
    assert f"80번 {TAKEN}" in reason
    assert "8080" not in reason


async def test_it_is_there_where_somebody_helps_and_something_failed(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Neither below what went well, nor where nobody instructs, nor where no hand can be raised."""
    learner, lab = await with_lab(stage)
    assert ASK not in str(await fails(stage, learner, lab))
    learner.say(LINE, learner.dm_id())
    await saying(learner, "👉", learner.dm_id())

    await into_class(stage, learner)
    learner.say(LINE, lab)
    await learner.until(lambda: ASK in str(learner.replies(lab)) or None)
    sandboxes.answer("docker ps", "CONTAINER ID\n")
    learner.say("docker ps", lab)
    assert ASK not in str(await saying(learner, "CONTAINER ID", lab))
    learner.say(LINE, learner.dm_id())
    shown = await learner.until(lambda: _errors(learner, learner.dm_id(), 2))
    assert ASK not in str(shown)


def _errors(person: Person, channel_id: str, count: int) -> list[Json] | None:
    found = [m for m in person.replies(channel_id) if "👉" in all_text(m)]
    return found if len(found) == count else None


async def test_with_a_role_of_instructors_nobody_needs_a_class(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Somebody looks after all learners there; a private answer has the button, too."""
    assert stage.bot is not None
    server = int(stage.playground.world.guild_id)
    await stage.bot.classroom.classes.choose_instructor_role(server, 5)
    learner = stage.playground.person("newcomer")
    learner.slash("docker", command=LINE)
    message = await saying(learner, "👉")
    assert message["flags"] & 64
    await remembered(stage, learner, LINE)
    modal, _ = await form_of(learner, message)
    learner.submit_modal(modal, {_ids.SENTENCE: "도와주세요"})
    await saying(learner, "**1번째**")


async def test_a_line_that_is_forgotten_leaves_the_error(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Whoever deleted their data still reads what the message was about, and nothing more."""
    learner, lab = await with_lab(stage)
    await into_class(stage, learner)
    message = await fails(stage, learner, lab)
    assert stage.bot is not None
    await stage.bot.classroom.privacy.delete(int(learner.user_id))
    _, reason = await form_of(learner, message)
    assert TAKEN in reason
    assert "docker run" not in reason


async def test_a_long_line_leaves_room_for_the_error(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Discord takes no more than the field holds."""
    learner, lab = await with_lab(stage)
    await into_class(stage, learner)
    line = LINE + " echo '**@everyone**'" * 40
    sandboxes.answer(line, PORT_TAKEN, exit_code=125)
    _, reason = await form_of(learner, await fails(stage, learner, lab, line))
    assert len(reason) <= LONGEST_SENTENCE
    assert TAKEN in reason


async def test_it_is_the_learners_alone(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """Whoever is in the lab, too, raises no hand with it."""
    learner, lab = await with_lab(stage)
    await into_class(stage, learner)
    message = await fails(stage, learner, lab)
    guest = stage.playground.person("instructor")
    learner.say(f"<@{guest.user_id}> 여기 보세요", lab)
    await guest.until(lambda: guest.messages(lab) or None)
    await guest.click(message, ASK)
    await saying(guest, "버튼", lab)
    assert guest.modal() is None


async def test_custom_ids_have_room(stage: BotStage) -> None:
    """For each error that we know."""
    assert stage.bot is not None
    speech = stage.bot.speeches.in_language("ko")
    for error in ALL_IDS:
        made = ask_for_help(speech, 10**20 - 1, error, LINE).custom_id
        assert made is not None
        assert len(made) <= 100
        assert re.fullmatch(_ids.ERROR, made)
