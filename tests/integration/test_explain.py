"""/explain and the button under a result: private, and in the learner's language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.classroom.settings import Explanations
from db import history
from db.models import HistoryRow
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, remembered, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64
RUN = "docker run -d -p 80:8080 --name web nginx"


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    features = ("welcome", "terminal", "explain")
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=features) as stage:
        yield stage
        judge(stage.playground)


async def lab_of(person: Person) -> str:
    """The learner's private thread, made by /start."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    (lab,) = person.threads()
    lab_id: str = lab["id"]
    return lab_id


async def result_of(stage: BotStage, person: Person, line: str, lab: str) -> Json:
    """The card of a command that has ended and is in the history."""
    person.say(line, lab)
    result = await saying(person, "종료 코드", lab)
    await remembered(stage, person, line)
    return result


async def test_a_command_is_explained_without_running_it(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Privately; `docker` may be left out; what is wrong comes with what would be right."""
    newcomer = stage.playground.person("newcomer")
    newcomer.slash("explain", command="run -d -p 80:8080 --name web nginx")
    card = await saying(newcomer, "명령 설명")

    said = all_text(card)
    assert card["flags"] & EPHEMERAL
    assert "`-d` — 백그라운드에서 실행하고" in said
    assert "`--name web` — 컨테이너에 이름을 붙여요." in said
    assert "포트의 앞뒤가 바뀐 것 같아요" in said
    assert "`8080:80`" in said
    assert sandboxes.ran == []


async def test_the_button_explains_the_command_of_its_result(stage: BotStage) -> None:
    """To its owner alone, though others have run commands since, and after a restart."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    result = await result_of(stage, newcomer, RUN, lab)
    newcomer.say("docker ps -a", lab)
    await newcomer.until(lambda: len(newcomer.replies(lab)) > 2)

    await stage.restart()
    await newcomer.click(result, "설명")
    card = await saying(newcomer, "명령 설명", lab)

    assert card["flags"] & EPHEMERAL
    assert RUN in all_text(card)
    assert "설명" in str(stage.playground.world.message(lab, result["id"])["components"])


async def test_only_its_owner_may_press(stage: BotStage) -> None:
    """Somebody who was invited to the lab reads so."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    result = await result_of(stage, newcomer, "docker ps", lab)
    assert stage.bot is not None
    other = stage.playground.person("other")
    await stage.bot.http.add_user_to_thread(int(lab), int(other.user_id))

    await other.click(result, "설명")

    await saying(other, "다른 사람", lab)
    assert "명령 설명" not in "".join(all_text(m) for m in other.replies(lab))


async def test_a_command_that_is_forgotten_says_so(stage: BotStage) -> None:
    """Its history was deleted: one sentence, and what works instead."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    result = await result_of(stage, newcomer, "docker ps", lab)
    async with stage.database.transaction() as session:
        await session.execute(delete(HistoryRow))

    await newcomer.click(result, "설명")

    await saying(newcomer, "기록에 없어요", lab)


async def test_without_a_command_the_last_one_is_explained(stage: BotStage) -> None:
    """And who has run none hears so."""
    newcomer = stage.playground.person("newcomer")
    newcomer.slash("explain")
    await saying(newcomer, "아직 실행한 명령이 없어요")

    lab = await lab_of(newcomer)
    await result_of(stage, newcomer, "docker images", lab)
    newcomer.slash("explain", lab)

    assert "docker images" in all_text(await saying(newcomer, "명령 설명", lab))
    async with stage.database.transaction() as session:
        (record,) = await history.recent(session, int(newcomer.user_id), 5)
    assert record.line == "docker images"


async def test_only_docker_commands_have_the_button(stage: BotStage) -> None:
    """`ls` needs none; `docker` within `$(…)` or a list counts where it is a command."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)

    plain = await result_of(stage, newcomer, "ls -l", lab)
    assert "docent:explain:" not in str(plain["components"])
    newcomer.say("sleep 0; docker ps", lab)
    await newcomer.until(lambda: "docent:explain:" in str(newcomer.replies(lab)[-1]["components"]))


async def test_who_wants_no_explanations_has_no_button(stage: BotStage) -> None:
    """None at all, or only after what failed."""
    newcomer = stage.playground.person("newcomer")
    lab = await lab_of(newcomer)
    assert stage.bot is not None

    wanted: dict[Explanations, bool] = {"off": False, "errors": False, "on": True}
    for chosen, shown in wanted.items():
        await stage.bot.classroom.settings.change(
            int(newcomer.user_id), language="ko", name="newcomer", explanations=chosen
        )
        line = f"docker ps --filter name={chosen}"
        newcomer.say(line, lab)
        count = len(newcomer.replies(lab)) + 1
        await newcomer.until(lambda count=count: len(newcomer.replies(lab)) >= count)  # type: ignore[misc] # bound now
        last = newcomer.replies(lab)[-1]
        assert ("docent:explain:" in str(last["components"])) is shown, chosen


async def test_hostile_text_is_explained_like_any_other(stage: BotStage) -> None:
    """As long as Discord lets it be, with mentions, fences and what turns text around."""
    newcomer = stage.playground.person("newcomer")
    text = "docker run --name '@everyone' -e '```\u202e' " + "-p 80:80 " * 400
    newcomer.slash("explain", command=text[:4000])

    said = all_text(await saying(newcomer, "명령 설명"))
    assert len(said) <= 4000
    assert "\u202e" not in said
    assert "너무 길어서" in said


async def test_in_english(stage: BotStage) -> None:
    """Whoever's Discord is English."""
    visitor = stage.playground.person("visitor", locale="en-US")
    visitor.slash("explain", command="docker ps -a | wc -l")

    said = all_text(await saying(visitor, "Command explained"))
    assert "Lists containers" in said
    assert "Counts lines" in said
