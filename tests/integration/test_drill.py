"""The drill in chat: an error is made anew, repaired, given up, and cleaned up after."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
import pytest_asyncio

from bot.classroom.cleaning import cleaning_script
from db import history
from db.models import DrillRow
from lessons.drills import Drill, load_drills
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, saying
from tests.factories import NOON
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.shared_stage import stage_for_module

NUMBERS = count(1)
DRILLS = {drill.id: drill for drill in load_drills()}
TAKEN, PAUSED = DRILLS["name-taken"], DRILLS["paused"]
SAID = 'Error response from daemon: Conflict. The container name "/drill-web" is already in use'
REPAIRED = make_facts(containers=[make_container("drill-web")])

stage = stage_for_module("welcome", "terminal", "drill", "practice")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def sandboxes() -> FakeSandboxes:
    sandboxes = FakeSandboxes(capacity=200)
    for drill in DRILLS.values():
        sandboxes.answer(f"(\n{drill.fails}\n)", f"{SAID}\n", exit_code=125)
    sandboxes.answer("docker rm drill-web", "drill-web\n", then=make_facts())
    sandboxes.answer("docker run -d --name drill-web nginx", "abc\n", then=REPAIRED)
    return sandboxes


@pytest_asyncio.fixture(loop_scope="module")
async def learner(stage: BotStage) -> Person:
    """Somebody who met an error once."""
    person = stage.playground.person(f"drills-{next(NUMBERS)}")
    await meets(stage, person, "name_taken")
    return person


async def meets(stage: BotStage, person: Person, error: str) -> None:
    """As if a command of the person's had met this error."""
    assert stage.bot is not None
    user_id = int(person.user_id)
    enrol = stage.bot.classroom.enrol
    if await enrol.learner(user_id) is None:
        await enrol.enrol(user_id, language="ko", name="x")
    async with stage.database.transaction() as session:
        await history.record(
            session, user_id, line="docker x", exit_code=1, took_ms=1, at=NOON, error=error
        )


async def begin(person: Person, drill: Drill) -> Json:
    """The card of a drill, in direct messages."""
    person.slash("quiz drill", person.dm_id())
    return await saying(person, f"$ {drill.fails}", person.dm_id())


def cleaned(sandboxes: FakeSandboxes, person: Person) -> int:
    """How often what was made was taken away."""
    line = f"(\n{cleaning_script('drill-')}\n)"
    return sandboxes.ran.count((person.user_id, line))


async def test_an_error_that_was_met_is_made_and_repaired(
    learner: Person, sandboxes: FakeSandboxes
) -> None:
    """The card shows what it prints; a command that repairs it ends the drill, others don't."""
    dm = learner.dm_id()
    card = all_text(await begin(learner, TAKEN))
    assert "전에 만났던" not in card
    assert "전에 만난 오류를" in card
    assert SAID in card
    assert "`nginx` 이미지로 `drill-web` 컨테이너를" in card
    assert cleaned(sandboxes, learner) == 1

    learner.say("docker rm drill-web", dm)
    await saying(learner, "종료 코드 0", dm)
    learner.say("docker run -d --name drill-web nginx", dm)
    told = all_text(await saying(learner, "만에 고쳤어요", dm))
    assert "2분 안에 해냈어요" in told
    assert cleaned(sandboxes, learner) == 2
    assert sum("만에 고쳤어요" in all_text(m) for m in learner.replies(dm)) == 1


async def test_after_two_minutes_it_counts_all_the_same(stage: BotStage, learner: Person) -> None:
    """Only not as in time."""
    dm = learner.dm_id()
    await begin(learner, TAKEN)
    await _ago(stage, learner, timedelta(minutes=5))
    learner.say("docker run -d --name drill-web nginx", dm)
    told = all_text(await saying(learner, "만에 고쳤어요", dm))
    assert "2분 안에 해냈어요" not in told


async def test_what_nobody_ends_is_cleaned_up(
    stage: BotStage, learner: Person, sandboxes: FakeSandboxes
) -> None:
    """With the next command after half an hour."""
    dm = learner.dm_id()
    await begin(learner, TAKEN)
    await _ago(stage, learner, timedelta(minutes=31))
    learner.say("docker ps", dm)
    await saying(learner, "이번에는 여기까지예요", dm)
    assert cleaned(sandboxes, learner) == 2


async def test_a_hint_and_the_way_to_repair_it(
    stage: BotStage, learner: Person, sandboxes: FakeSandboxes
) -> None:
    """Also after a restart; once given up, it is over."""
    dm = learner.dm_id()
    card = await begin(learner, TAKEN)
    await stage.restart()
    await learner.click(card, "힌트")
    await saying(learner, "이 이름을 쓰는 컨테이너가 이미 있어요", dm)
    await learner.click(card, "포기하고 풀이 보기")
    told = all_text(await saying(learner, "이렇게 고칠 수 있어요", dm))
    assert "docker rm drill-web\ndocker run -d --name drill-web nginx" in told
    assert cleaned(sandboxes, learner) == 2


async def test_the_next_drill_is_another_error(stage: BotStage, learner: Person) -> None:
    """The latest that was met comes first, and not the same twice."""
    await meets(stage, learner, "paused_before_exec")
    await begin(learner, PAUSED)
    await begin(learner, TAKEN)


async def test_a_newcomer_gets_one_that_everybody_meets(stage: BotStage) -> None:
    """Nobody has to fail first."""
    person = stage.playground.person(f"drills-{next(NUMBERS)}")
    card = all_text(await begin(person, next(iter(DRILLS.values()))))
    assert "아직 만난 오류가 없어서" in card


async def test_practice_leads_to_a_drill(learner: Person) -> None:
    """By the button at its end."""
    dm = learner.dm_id()
    learner.slash("quiz practice", dm)
    await learner.click(await saying(learner, "1번째 문제", dm), "그만하기")
    await learner.click(await saying(learner, "이번 연습은 여기까지예요", dm), "2분 오류 고치기")
    await saying(learner, f"$ {TAKEN.fails}", dm)


async def test_an_error_that_can_t_be_made_leaves_nothing(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The learner is told, and no drill is under way."""
    person = stage.playground.person(f"drills-{next(NUMBERS)}")
    await meets(stage, person, "still_running")
    sandboxes.answer("(\ndocker rm drill-old\n)", "drill-old\n")
    person.slash("quiz drill", person.dm_id())
    await saying(person, "오류를 만들지 못했어요", person.dm_id())
    assert cleaned(sandboxes, person) == 2
    async with stage.database.transaction() as session:
        assert await session.get(DrillRow, int(person.user_id)) is None


async def _ago(stage: BotStage, person: Person, time: timedelta) -> None:
    async with stage.database.transaction() as session:
        row = await session.get_one(DrillRow, int(person.user_id))
        row.began_at -= time
