"""Questions in chat, as a learner asks them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.component_fill import walk
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, remembered, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

EPHEMERAL = 64
FAILED = "docker exec web bahs"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    """A playground with the bot in it, and an engine where one command fails."""
    sandboxes = FakeSandboxes()
    sandboxes.answer(FAILED, "executable file not found in $PATH\n", exit_code=127)
    async with bot_stage(tmp_path, sandboxes=sandboxes) as opened:
        yield opened
        judge(opened.playground)


@pytest.fixture
async def learner(stage: BotStage) -> Person:
    """A newcomer who has come in."""
    person = stage.playground.person("newcomer")
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    return person


def lab(person: Person) -> str:
    """The person's lab."""
    return str(person.threads()[0]["id"])


def ask(person: Person, question: str, channel_id: str | None = None) -> None:
    """Use /ask there."""
    person.slash("ask", channel_id, question=question)


def labels(message: Json) -> list[str]:
    """The labels of its buttons."""
    return [part["label"] for part in walk(message["components"]) if part["type"] == 2]


async def test_a_question_leads_into_the_lesson(learner: Person) -> None:
    """The answer in the lab is a card, and its button opens the step there."""
    ask(learner, "tmpfs가 뭐예요?", lab(learner))

    answer = await saying(learner, "메모리에만 있는 저장 공간이에요", lab(learner))
    assert "tmpfs가 뭐예요?" in all_text(answer)
    assert not answer["flags"] & EPHEMERAL
    await learner.click(answer, "강의의 이 단계 열기")

    card = await saying(learner, "메모리에만 두기: tmpfs", lab(learner))
    assert "단계" in all_text(card)


async def test_elsewhere_only_the_learner_sees_the_answer(learner: Person) -> None:
    """A question among others is nobody else's business."""
    ask(learner, "what is a volume")

    answer = await saying(learner, "도커가 맡아 두는 저장 공간이에요")
    assert answer["flags"] & EPHEMERAL


async def test_another_passage_is_a_press_away(stage: BotStage, learner: Person) -> None:
    """Its button works after a restart, too, and only for who asked."""
    ask(learner, "컨테이너를 어떻게 지우나요", lab(learner))
    answer = await saying(learner, "`docker rm -f web`", lab(learner))
    other = labels(answer)[1]
    assert other == "컨테이너 지우기: docker rm"

    await stage.restart()
    await learner.click(answer, other)

    shown = await saying(learner, f"### {other}", lab(learner))
    assert shown["flags"] & EPHEMERAL


async def test_nothing_fits_is_said(learner: Person) -> None:
    """With places to begin, and no answer made up."""
    ask(learner, "내일 서울 날씨 어때?", lab(learner))

    answer = await saying(learner, "딱 맞는 답을 찾지 못했어요", lab(learner))
    assert labels(answer)


async def test_why_does_it_fail_is_about_what_just_failed(stage: BotStage, learner: Person) -> None:
    """The command and its exit code are in the answer."""
    learner.say(FAILED, lab(learner))
    await saying(learner, "종료 코드 127", lab(learner))
    await remembered(stage, learner, FAILED)

    ask(learner, "이거 왜 안돼요ㅠㅠ", lab(learner))

    answer = await saying(learner, "컨테이너 안에 그런 명령이 없어요", lab(learner))
    assert f"조금 전에 실패한 `{FAILED}` 명령(종료 코드 127)" in all_text(answer)


async def test_a_pasted_error_is_explained_with_its_names(learner: Person) -> None:
    """In one line, as Discord sends it, with the way into the lesson where it is taught."""
    ask(
        learner,
        "docker run --name web7 nginx docker: Error response from daemon: Conflict. The container "
        'name "/web7" is already in use by container "3f2a". See \'docker run --help\'. 뭐예요?',
        lab(learner),
    )

    answer = await saying(learner, "`web7` 이름을 이미 다른 컨테이너가 쓰고 있어요", lab(learner))
    assert "오류 설명" in all_text(answer)
    assert labels(answer)[0] == "강의의 이 단계 열기"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("?!", "질문을 낱말로 적어 주세요"),
        ("@everyone **`컨테이너`** ```\n# 삭제 " * 60, "docker rm"),
        ("\u202e컨\u200b테이너 삭제\u0000", "docker rm"),
        ("가" * 4000, "딱 맞는 답을 찾지 못했어요"),
    ],
)
async def test_hostile_questions_get_an_answer(learner: Person, question: str, said: str) -> None:
    """Nothing in a question breaks the card or leaves its line."""
    ask(learner, question[:4000], lab(learner))

    answer = await saying(learner, said, lab(learner))
    lines = [one for one in all_text(answer).splitlines() if "@everyone" in one]
    assert all(one.startswith("-# ") for one in lines)
