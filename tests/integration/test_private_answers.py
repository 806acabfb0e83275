"""Who sees an answer: in one's own lab everybody there, in somebody else's lab nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes

FEATURES = ("welcome", "terminal", "files", "visit", "ask")
EPHEMERAL: Final = 64
ASKED: Final[tuple[tuple[str, Mapping[str, Any]], ...]] = (
    ("files", {}),
    ("get", {"file": "a.txt"}),
    ("visit", {"port": 80}),
    ("ask", {"question": "컨테이너를 어떻게 지우나요"}),
)


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage


async def has_lab(person: Person) -> str:
    """Let somebody begin; the id of their lab."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    return str(person.threads()[0]["id"])


async def answer(person: Person, place: str, command: str, options: Mapping[str, Any]) -> Json:
    """Use a command there; what is answered."""
    known = {message["id"] for message in person.replies(place)}
    person.slash(command, place, **options)

    def look() -> Json | None:
        new = (m for m in person.replies(place) if m["id"] not in known)
        return next((m for m in new if m["components"]), None)

    return await person.until(look, 8.0)


async def test_a_guest_gets_their_own_answers_for_themselves(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Also by a bot that has just been started and has not heard of that lab."""
    learner, guest = stage.playground.person("newcomer"), stage.playground.person("instructor")
    lab = await has_lab(learner)
    learner.say(f"<@{guest.user_id}> 여기 보세요", lab)
    for person in (learner, guest):
        sandboxes.files.of[person.user_id]["/root/a.txt"] = b"mine"
    seen_before = learner.replies(lab)
    for _ in range(2):
        for command, options in ASKED:
            told = await answer(guest, lab, command, options)
            assert told["flags"] & EPHEMERAL, command
        assert learner.replies(lab) == seen_before
        await stage.restart()


async def test_in_ones_own_lab_the_answer_is_for_all_who_are_there(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """As what was typed there is; also after a restart."""
    learner = stage.playground.person("newcomer")
    lab = await has_lab(learner)
    sandboxes.files.of[learner.user_id]["/root/a.txt"] = b"mine"
    for _ in range(2):
        for command, options in ASKED:
            told = await answer(learner, lab, command, options)
            assert not told["flags"] & EPHEMERAL, command
        await stage.restart()


async def test_elsewhere_the_answer_is_private(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """In a channel for everybody."""
    learner = stage.playground.person("newcomer")
    sandboxes.files.of[learner.user_id]["/root/a.txt"] = b"mine"
    for command, options in ASKED:
        told = await answer(learner, learner.general, command, options)
        assert told["flags"] & EPHEMERAL, command
