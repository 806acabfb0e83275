"""Every id that travels in a button or a select, used by somebody whom it does not belong to.

What is pressed here was never shown to whoever presses it: custom ids can be made up. A template
that is new has to be added below when it is for everybody; those with an owner are found.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from discord import ui
from hypothesis import Phase, settings, strategies
from sqlalchemy import select

from bot.classroom.quiz_drawing import Wish
from bot.ui.actions import OWNER, Choice, Guarded, OpenChoice
from db import challenges, classes, learners
from db.challenges import NewChallenge
from db.models import Base
from playground.interaction import Request
from playground.interaction_rules import COMPONENT
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.factories import NOON
from tests.fakes.sandboxes import FakeSandboxes
from tests.quiz_story import write_quiz_lesson

OTHER_SERVER = 4_242_424_242
SECRETS = ("저기 반", "비밀 학습자", "비밀 문장", "docker run secret")
OWNER_ID = 7_777_777
THE_FIRST = settings(max_examples=1, phases=[Phase.generate], derandomize=True, database=None)
UNWATCHED = {"learners", "schema", "alembic_version"}
"""Whoever presses may become a learner by it; that is their own doing."""

OF_OTHER_SERVER = {
    "ch-join": ["1"],
    "ch-begin": ["1"],
    "ch-end": ["1"],
    "ch-cancel": ["1"],
    "ch-mine": ["1"],
    "ch-csv": ["1"],
    "duel-yes": ["2"],
    "duel-no": ["2"],
    "duel-side": ["2:1", "2:2"],
    "duel-pick": ["2"],
    "duel-go": ["2"],
    "duel-off": ["2"],
    "help": [f"{deed}:1" for deed in (
        "take", "map", "ps", "logs", "inspect", "file", "fork", "unfork", "suggest", "close"
    )],
    "help-choice": ["logs:1", "inspect:1", "file:1", "suggest:1"],
    "help-queue": [""],
    "follow": ["join:1", "leave:1"],
    "follow-run": ["yes:1:1", "no:1:1", "details:1:1"],
    "quizjoin": ["1"],
    "quizanswer": ["1:1:A"],
    "quizchoose": ["1:1"],
    "quiztype": ["1:1"],
    "quizmine": ["1"],
    "quizmenu": ["1:1"],
    "quizdo": [f"1:1:{deed}" for deed in ("start", "pause", "reveal", "skip", "end", "take_over")],
    "quizcsv": ["1"],
    "lesson-open": ["no-such-lesson"],
    "class-join": ["1"],
    "class-leave": ["1"],
    "board-post": ["1:say:port_taken", "1:thread:port_taken", "1:quiz:port_taken"],
    "board-close": ["1"],
    "board-again": ["1"],
}  # fmt: skip
"""Of each template for everybody: what follows `docent:<what>:v1:`, all of another server.

Lessons are everybody's: the one here is nobody's.
"""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    """A bot that serves two servers: the playground's, and one that nobody here is in."""
    lessons = write_quiz_lesson(tmp_path)
    async with bot_stage(tmp_path, sandboxes=FakeSandboxes(), lessons=lessons) as opened:
        yield opened


def templates(stage: BotStage) -> dict[re.Pattern[str], type[ui.DynamicItem[Any]]]:
    """Every kind of button and select that outlives a restart."""
    assert stage.bot is not None
    found: dict[re.Pattern[str], type[ui.DynamicItem[Any]]]
    found = stage.bot._connection._view_store._dynamic_items
    assert len(found) > 60
    return found


def press(stage: BotStage, person: Person, kind: type[Any], custom: str) -> None:
    """Use a button or a select of this id, as if it stood below a message in the channel."""
    playground = stage.playground
    world = playground.world
    is_select = issubclass(kind, Choice | OpenChoice)
    item: Json = {"type": 3 if is_select else 2, "custom_id": custom, "id": 99}
    item |= {"options": [{"label": "?", "value": "1"}]} if is_select else {"style": 1, "label": "?"}
    data: Json = {"custom_id": custom, "component_type": item["type"], "id": 99}
    data |= {"values": ["1"]} if is_select else {}
    under = next(m for m in person.messages() if m["author"]["id"] == world.app_id)
    rows = [*under["components"], {"type": 1, "id": 98, "components": [item]}]
    channel = world.channel(person.general)
    forged = under | {"components": rows}
    playground.interactions.send(Request(COMPONENT, data, channel, person.user_id, forged))


async def told(person: Person, before: set[str]) -> str:
    """What the person is answered, beyond these messages."""

    def look() -> str | None:
        new = (all_text(m) for m in person.replies() if m["id"] not in before)
        return next((said for said in new if said), None)

    return await person.until(look, 20.0)


def ids(person: Person) -> set[str]:
    """The messages that are there already."""
    return {message["id"] for message in person.replies()}


async def rows(stage: BotStage) -> dict[str, list[Any]]:
    """All that the database holds of what an instructor or a class could change."""
    found: dict[str, list[Any]] = {}
    async with stage.database.transaction() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in UNWATCHED:
                lines = await session.execute(select(table))
                found[table.name] = sorted(map(repr, lines))
    return found


async def test_what_belongs_to_one_learner_is_nobody_elses(stage: BotStage) -> None:
    """Each button and select with an owner says so, and does nothing."""
    person = stage.playground.person("minho")
    person.slash("help")
    await told(person, set())
    before = await rows(stage)
    pressed = 0
    for pattern, kind in templates(stage).items():
        if OWNER not in pattern.pattern:
            continue
        assert issubclass(kind, Guarded)
        there = ids(person)
        press(stage, person, kind, an_id(pattern.pattern.replace(OWNER, str(OWNER_ID))))
        assert "다른 학습자의 것이에요" in await told(person, there), pattern.pattern
        pressed += 1
    assert pressed > 40
    assert await rows(stage) == before


@cache
def an_id(pattern: str) -> str:
    """A short id that fits: the first that is tried, since to look for a shorter one takes long."""
    fits = strategies.from_regex(
        pattern, fullmatch=True, alphabet=strategies.characters(codec="ascii")
    )
    return hypothesis.find(fits, lambda _: True, settings=THE_FIRST)


@pytest.mark.parametrize("who", ["minho", "instructor"])
async def test_what_is_another_servers_does_not_exist_here(stage: BotStage, who: str) -> None:
    """Neither for a learner nor for an instructor: nothing is told of it, and nothing changes."""
    person = stage.playground.person(who)
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    await another_server(stage)
    before = await rows(stage)
    everything = templates(stage)
    unnamed = {pattern.pattern for pattern in everything if OWNER not in pattern.pattern}
    for what, endings in OF_OTHER_SERVER.items():
        for ending in endings:
            custom = ":".join(filter(None, ("docent", what, "v1", ending)))
            ((pattern, kind),) = (
                (each, kind) for each, kind in everything.items() if each.fullmatch(custom)
            )
            unnamed.discard(pattern.pattern)
            there = ids(person)
            press(stage, person, kind, custom)
            said = await told(person, there)
            assert not any(secret in said for secret in SECRETS), (custom, said)
    assert unnamed == set()
    assert await rows(stage) == before


async def another_server(stage: BotStage) -> None:
    """One of each kind in another server, all with the number 1; the duel has 2."""
    assert stage.bot is not None
    classroom = stage.bot.classroom
    channel: dict[str, int] = {"server_id": OTHER_SERVER, "channel_id": 55}
    async with stage.database.transaction() as session:
        await learners.enrol(session, OWNER_ID, language="ko", name="비밀 학습자")
        made = await classes.create(
            session, server_id=OTHER_SERVER, name="저기 반", created_by=1, channel_id=None, at=NOON
        )
        assert made is not None
        await classes.join(session, made.id, OWNER_ID, NOON)
    await classroom.quizzes.open(
        Wish(
            server_id=OTHER_SERVER,
            channel_id=55,
            host_id=OWNER_ID,
            language="ko",
            keys=["lesson:night"],
            count=3,
            seconds=60,
            shuffled=False,
            practice=False,
        )
    )
    async with stage.database.transaction() as session:
        for kind in ("class", "duel"):
            new = NewChallenge(
                **channel,
                kind=kind,
                lesson_id="night",
                variant=0,
                language="ko",
                limit_s=600,
                freeze_s=0,
                faults_each=1,
            )
            opened = await challenges.create(session, new, NOON)
            await challenges.add_member(
                session, opened.id, OWNER_ID, name="비밀 학습자", at=NOON, side=1, captain=True
            )
    await classroom.hands.raise_hand(OWNER_ID, **channel, sentence="비밀 문장")
    follow, _ = await classroom.following.start(**channel, instructor_id=OWNER_ID)
    await classroom.following.join(follow, OWNER_ID)
    await classroom.following.ask(follow, OWNER_ID, "docker run secret")
