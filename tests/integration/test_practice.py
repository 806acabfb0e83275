"""Practice in chat: every kind of question, right and wrong, back again after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from textwrap import dedent

import pytest
from sqlalchemy import select, update

from bot.banks.reading import read_text
from db.models import PracticeCardRow, PracticeRunRow
from db.practice import boxes, put_box
from playground.component_fill import walk
from playground.json_types import Json
from playground.person import Person
from tests.bot_stage import BotStage, all_text, saying
from tests.factories import NOON
from tests.fakes.sandboxes import FakeSandboxes
from tests.shared_stage import stage_for_module

EPHEMERAL = 64
NUMBERS = count(1)
BANK = dedent(
    """
    questions:
      - id: one
        kind: single
        options: [good, bad]
        answer: [good]
        ko: { title: 하나만 고르면?, options: { good: { text: 좋은 것, why: 좋으니까요. },
              bad: { text: 나쁜 것, why: 나쁘니까요. } } }
    """
)
MANY = dedent(
    """
    questions:
      - id: all
        kind: multiple
        options: [a, b, c]
        answer: [a, b]
        ko: { title: 모두 고르면?, options: { a: 가나, b: 다라, c: 마바 } }
    """
)
TYPED = dedent(
    """
    questions:
      - id: type
        kind: command
        answer: [docker ps -a]
        ko: { title: 모두 보려면?, why: "`-a` 옵션이 있어야 해요." }
    """
)
ENGINE = dedent(
    """
    questions:
      - id: run
        kind: engine
        setup: [docker rm -f quiz-web]
        run: docker ps -q
        options: { none: ^0, some: "^[1-9]" }
        ko: { title: 몇 개일까요?, options: { none: 없어요, some: 있어요 } }
    """
)

ENGINE_HEAD = "\nquestions:\n"
LESSON = "lesson:virtualization"
RUN = "docker inspect -f '{{.State.ExitCode}}' quiz-one"

stage = stage_for_module("welcome", "practice", "progress")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes(capacity=200)


@pytest.fixture
def person(stage: BotStage) -> Person:
    """Somebody whom nobody has met before."""
    return stage.playground.person(f"practises-{next(NUMBERS)}")


async def bank(stage: BotStage, content: str, server_id: int | None = None) -> str:
    """The key of a bank that was published with these questions."""
    assert stage.bot is not None
    banks = stage.bot.classroom.banks
    here = server_id or int(stage.playground.world.guild_id)
    read = read_text("yaml", content, "ko")
    assert read.mistakes == ()
    draft = await banks.keep_draft(here, f"b{next(NUMBERS)}", read.bank)
    return f"bank:{(await banks.publish(here, draft.id)).id}"


def practise(person: Person, deck: str, channel_id: str | None = None) -> None:
    """Use /quiz practice."""
    options: dict[str, object] = {"from": deck}
    person.slash("quiz practice", channel_id, **options)  # type: ignore[arg-type] # no files


async def begin(person: Person, deck: str, wanted: str) -> Json:
    """The first question."""
    practise(person, deck)
    return await saying(person, wanted)


def letter(message: Json, words: str) -> str:
    """The letter of the option with these words."""
    line = next(line for line in all_text(message).splitlines() if line.endswith(words))
    return line[2]


def told(person: Person, wanted: str, least: int = 0) -> int:
    """How often something was said to the person; 0 while it was not often enough."""
    times = sum(wanted in all_text(message) for message in person.replies())
    return times if times >= least else 0


async def later(stage: BotStage, person: Person, time: timedelta) -> None:
    """As if so much time had gone by since the answers."""
    async with stage.database.transaction() as session:
        mine = PracticeCardRow.learner_id == int(person.user_id)
        for row in await session.scalars(select(PracticeCardRow).where(mine)):
            row.due_at -= time


async def box(stage: BotStage, person: Person) -> tuple[int, int, int]:
    """Box, right and wrong answers of the only question."""
    async with stage.database.transaction() as session:
        mine = PracticeCardRow.learner_id == int(person.user_id)
        row = (await session.scalars(select(PracticeCardRow).where(mine))).one()
        return row.box, row.right, row.wrong


async def test_a_wrong_answer_is_explained_and_comes_back(stage: BotStage, person: Person) -> None:
    """With the reason of what was chosen and of what is right; after its time it is asked again."""
    question = await begin(person, await bank(stage, BANK), "하나만 고르면?")
    assert question["flags"] & EPHEMERAL
    assert "새 문제" in all_text(question)
    await person.click(question, letter(question, "나쁜 것"))
    judged = await saying(person, "틀렸어요")
    told = all_text(judged)
    assert "나쁜 것 ← 내가 고른 답\n-# 나쁘니까요." in told
    assert "좋은 것\n-# 좋으니까요." in told
    assert await box(stage, person) == (1, 0, 1)

    await person.click(judged, "다음 문제")
    nothing = await saying(person, "지금은 더 볼 문제가 없어요")
    await later(stage, person, timedelta(minutes=11))
    await person.click(nothing, "다시 확인하기")
    again = await saying(person, "다시 나온 문제")
    await person.click(again, letter(again, "좋은 것"))
    judged = await saying(person, "맞았어요")
    assert await box(stage, person) == (2, 1, 1)
    await person.click(judged, "그만하기")
    await saying(person, "2문제 중 1문제를 맞혔어요")


async def test_all_that_is_right_has_to_be_chosen(stage: BotStage, person: Person) -> None:
    """In a select; half of it is wrong."""
    question = await begin(person, await bank(stage, MANY), "모두 고르면?")
    select = next(part for part in walk(question["components"]) if part["type"] == 3)
    values = {option["label"][3:]: option["value"] for option in select["options"]}
    await person.select(question, "맞는 것을 모두 고르기", [values["가나"]])
    told = all_text(await saying(person, "틀렸어요"))
    assert "다라" in told
    assert "마바" not in told.split("틀렸어요")[1]


async def test_a_command_is_judged_by_its_meaning(stage: BotStage, person: Person) -> None:
    """Typed in a form; hostile lines stay lines."""
    key = await bank(stage, TYPED)
    question = await begin(person, key, "모두 보려면?")
    await person.click(question, "명령 입력하기")
    form = await person.until(person.modal, 8.0)
    person.submit_modal(form, {"line": "docker ls `@everyone`"})
    judged = await saying(person, "틀렸어요")
    assert "`-a` 옵션이 있어야 해요." in all_text(judged)
    await person.click(judged, "다음 문제")
    nothing = await saying(person, "지금은 더 볼 문제가 없어요")
    await later(stage, person, timedelta(minutes=11))
    await person.click(nothing, "다시 확인하기")
    again = await saying(person, "다시 나온 문제")
    before = form["interaction_id"]
    await person.click(again, "명령 입력하기")
    form = await person.until(
        lambda: shown if (shown := person.modal()) and shown["interaction_id"] != before else None,
        8.0,
    )
    person.submit_modal(form, {"line": "docker container ls --all"})
    await saying(person, "맞았어요")


async def engine_question(stage: BotStage, person: Person) -> Json:
    """A lesson's question for an engine; the others of the lesson were answered just now."""
    await begin(person, LESSON, "새 문제")
    async with stage.database.transaction() as session:
        for question in stage.catalogue.questions["virtualization"].questions:
            if question.id != "exit-code":
                key, due_at = f"{LESSON}/{question.id}", datetime.now(UTC) + timedelta(days=2)
                learner = int(person.user_id)
                await put_box(session, learner, key, box=3, due_at=due_at, right=True)
        mine = PracticeRunRow.learner_id == int(person.user_id)
        await session.execute(update(PracticeRunRow).where(mine).values(answered=True))
    return await begin(person, LESSON, "종료 코드는 얼마일까요?")


async def test_an_engine_question_is_run_on_one_s_own_engine(
    stage: BotStage, person: Person, sandboxes: FakeSandboxes
) -> None:
    """After it was said what will be run; what it made is taken away."""
    sandboxes.answer(f"(\n{RUN}\n)", "137\n")
    question = await engine_question(stage, person)
    assert f"docker kill quiz-one\n{RUN}" in all_text(question)
    await person.click(question, letter(question, "137"))
    told = all_text(await saying(person, "맞았어요"))
    assert f"$ {RUN}\n137" in told
    ran = [line for learner, line in sandboxes.ran if learner == person.user_id]
    assert ran[0].startswith("(\ndocker rm -f quiz-one\n")
    assert 'grep "^quiz-"' in ran[2]


async def test_what_an_engine_leaves_open_is_not_counted(
    stage: BotStage, person: Person, sandboxes: FakeSandboxes
) -> None:
    """Neither right nor wrong."""
    sandboxes.answer(f"(\n{RUN}\n)", "Cannot connect\n")
    question = await engine_question(stage, person)
    await person.click(question, letter(question, "137"))
    await saying(person, "이 문제는 세지 않을게요")
    async with stage.database.transaction() as session:
        assert f"{LESSON}/exit-code" not in await boxes(session, int(person.user_id))


async def test_uploaded_commands_never_run_on_a_learner_s_engine(
    stage: BotStage, person: Person, sandboxes: FakeSandboxes
) -> None:
    """They are left out; one that was open when this was not so yet is not asked any more."""
    practise(person, await bank(stage, ENGINE))
    await saying(person, "엔진에서 확인하는 문제뿐이어서")
    key = await bank(stage, f"{BANK}{ENGINE.removeprefix(ENGINE_HEAD)}")
    question = await begin(person, key, "하나만 고르면?")
    chosen = letter(question, "좋은 것")
    async with stage.database.transaction() as session:
        mine = PracticeRunRow.learner_id == int(person.user_id)
        await session.execute(update(PracticeRunRow).where(mine).values(ref=f"{key}:1/run"))
    await person.click(question, chosen)
    await saying(person, "이 문제는 이제 없어요")
    assert not [line for learner, line in sandboxes.ran if learner == person.user_id]


async def test_practice_goes_on_after_a_restart(stage: BotStage, person: Person) -> None:
    """With the same question and the same letters."""
    question = await begin(person, await bank(stage, BANK), "하나만 고르면?")
    chosen = letter(question, "좋은 것")
    await stage.restart()
    await person.click(question, chosen)
    await saying(person, "맞았어요")


async def test_a_question_is_answered_once(stage: BotStage, person: Person) -> None:
    """A button of a question that is over, or of an older one, says so and counts nothing."""
    question = await begin(person, await bank(stage, BANK), "하나만 고르면?")
    chosen = letter(question, "좋은 것")
    async with stage.database.transaction() as session:
        mine = PracticeRunRow.learner_id == int(person.user_id)
        await session.execute(update(PracticeRunRow).where(mine).values(answered=True))
    await person.click(question, chosen)
    await saying(person, "이 문제는 이미 끝났어요")
    key = await bank(stage, MANY)
    await begin(person, key, "모두 고르면?")
    for label in (chosen, "그만하기"):
        before = told(person, "이 문제는 이미 끝났어요")
        await person.click(question, label)
        await person.until(partial(told, person, "이 문제는 이미 끝났어요", before + 1), 8.0)
    async with stage.database.transaction() as session:
        mine = PracticeCardRow.learner_id == int(person.user_id)
        assert (await session.scalars(select(PracticeCardRow).where(mine))).all() == []


async def test_banks_of_another_server_are_unknown(stage: BotStage, person: Person) -> None:
    """By their keys, in a server and in direct messages; a run of elsewhere doesn't go on here."""
    elsewhere = await bank(stage, BANK, server_id=4242)
    practise(person, elsewhere)
    await saying(person, "그런 강의나 문제은행은 여기에 없어요")
    here = await bank(stage, BANK)
    practise(person, here, person.dm_id())
    await saying(person, "그런 강의나 문제은행은 여기에 없어요", person.dm_id())
    choices = await person.autocomplete("quiz practice", "from", "bank:")
    assert elsewhere not in [choice["value"] for choice in choices]
    question = await begin(person, here, "하나만 고르면?")
    async with stage.database.transaction() as session:
        mine = PracticeRunRow.learner_id == int(person.user_id)
        await session.execute(update(PracticeRunRow).where(mine).values(server_id=4242))
    await person.click(question, letter(question, "좋은 것"))
    await saying(person, "이 문제는 이미 끝났어요")


async def test_without_a_choice_lessons_are_asked_and_progress_says_what_is_due(
    stage: BotStage, person: Person
) -> None:
    """For a newcomer the first lesson; what was wrong there is counted when its time comes."""
    person.slash("quiz practice")
    question = await saying(person, "1번째 문제 · 새 문제")
    async with stage.database.transaction() as session:
        row = await session.get_one(PracticeRunRow, int(person.user_id))
        assert row.deck == "mine"
        assert row.ref is not None
        assert row.ref.startswith("lesson:")
        session.add(
            PracticeCardRow(
                learner_id=int(person.user_id), question="lesson:cli/x", box=1,
                due_at=NOON, right=0, wrong=1,
            )
        )  # fmt: skip
    assert question["flags"] & EPHEMERAL
    person.slash("progress")
    await saying(person, "다시 볼 문제가 1개 있어요")
