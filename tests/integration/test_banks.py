"""Question banks in chat: uploaded, looked through, published, listed, exported, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from itertools import count

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.banks.limits import MOST_BYTES
from bot.banks.reading import read_bank, read_text
from bot.classroom.banks import _parsed
from db.engine import Database
from db.models import BankRow
from playground.json_types import Json
from playground.person import Person
from playground.world import OWNER_NAME
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.openapi.judge import judge

FEATURES = ("welcome", "banks")
EPHEMERAL = 64
DEFERRED = 6
NUMBERS = count(1)
ELSEWHERE = 4242
TABLE = "문제,보기1,해설1,보기2,정답\n도커는?,플랫폼,맞아요.,가상 머신,1\n둘째 물음?,예,,아니오,2\n"

# One bot for all of them: starting one takes longer than most of these tests.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path_factory.mktemp("stage"), features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
def teacher(stage: BotStage) -> Person:
    """Who manages the server."""
    return stage.playground.person(OWNER_NAME)


@pytest.fixture
def name() -> str:
    """The name of a bank that nobody has used yet."""
    return f"bank-{next(NUMBERS)}"


def upload(person: Person, name: str, content: bytes, file: str = "quiz.csv") -> None:
    """Use /quiz upload."""
    person.slash("quiz upload", files={file: content}, file=0, name=name)


async def preview(person: Person, name: str, content: bytes = TABLE.encode("cp949")) -> Json:
    """The preview of what was uploaded."""
    upload(person, name, content)
    return await saying(person, f"👀 {name}")


async def published(person: Person, name: str, content: bytes = TABLE.encode()) -> Json:
    """A bank that can be chosen."""
    await person.click(await preview(person, name, content), "공개하기")
    return await saying(person, f"**{name}** 문제은행을 공개했어요")


async def exported(person: Person, key: str, form: str) -> bytes:
    """The file that /quiz export gives."""
    person.slash("quiz export", bank=key, format=form)

    def look() -> Json | None:
        wanted = f"{key.replace(':', '-')}.{form}"
        found = (m for m in reversed(person.replies()) if m["attachments"])
        return next((m for m in found if m["attachments"][0]["filename"] == wanted), None)

    message = await person.until(look, 8.0)
    url = message["attachments"][0]["url"]
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.read()


async def offered(person: Person, typed: str) -> list[str]:
    """Keys that /quiz export suggests."""
    return [each["value"] for each in await person.autocomplete("quiz export", "bank", typed)]


async def test_a_table_is_looked_through_and_published(teacher: Person, name: str) -> None:
    """Privately, question by question; then everybody finds it."""
    message = await preview(teacher, name)
    first = all_text(message)
    assert message["flags"] & EPHEMERAL
    assert "문제 1/2" in first
    assert "✅ **A.** 플랫폼\n-# 맞아요." in first
    assert "▫️ **B.** 가상 머신" in first
    assert await offered(teacher, name) == []

    await teacher.click(message, "▶")
    second = await saying(teacher, "문제 2/2")
    assert "둘째 물음?" in all_text(second)
    await teacher.click(second, "공개하기")
    told = all_text(await saying(teacher, f"**{name}** 문제은행을 공개했어요"))
    assert "문제 2개, 1번째 판" in told
    assert len(await offered(teacher, name)) == 1


async def test_the_same_name_again_is_the_next_version(teacher: Person, name: str) -> None:
    """And said so before it is published."""
    await published(teacher, name)
    message = await preview(teacher, name)
    assert "2번째 판이 돼요" in all_text(message)
    await teacher.click(message, "공개하기")
    await saying(teacher, "2번째 판이에요")
    assert len(await offered(teacher, name)) == 1


async def test_a_discarded_preview_publishes_nothing(teacher: Person, name: str) -> None:
    """It is over, and says so."""
    message = await preview(teacher, name)
    await teacher.click(message, "버리기")
    await saying(teacher, "버렸어요")
    assert await offered(teacher, name) == []


async def test_all_mistakes_come_at_once_with_their_lines(teacher: Person, name: str) -> None:
    """In the reader's language; nothing is kept of the file."""
    upload(teacher, name, "문제,보기1,보기2,정답\n,a,b,1\n둘?,a,a,3\n".encode("utf-16"))
    told = all_text(await saying(teacher, "올리지 못했어요"))
    assert "고칠 곳이 3군데" in told
    assert "**2번째 줄:** 문제의 글이 없어요" in told
    assert "**3번째 줄:** 같은 보기가 두 번 나와요: a" in told
    assert "**3번째 줄:** 정답 `3` 값은 보기에 없어요. 보기: 1, 2" in told
    assert await offered(teacher, name) == []


async def test_more_mistakes_than_a_card_holds_come_as_a_file(teacher: Person, name: str) -> None:
    """The first of them are on the card all the same."""
    upload(teacher, name, b"question,option1,option2,answer\n" + b"q,a,a,9\n" * 100)
    told = await saying(teacher, "고칠 곳이 200군데")
    assert "2번째 줄" in all_text(told)
    assert told["attachments"][0]["filename"] == "mistakes.txt"


@pytest.mark.parametrize(
    ("file", "content", "wanted"),
    [
        ("quiz.xlsx", b"PK\x03\x04", "엑셀 파일은 CSV로"),
        ("quiz.csv", b"x" * (MOST_BYTES + 1), "256KiB까지"),
        ("quiz.csv", b"\x81\xff\xfe\xfd\n", "글자를 읽을 수 없어요"),
        ("quiz.yaml", b"questions: []\n", "문제가 하나도 없어요"),
        ("quiz.yaml", b"a: [b\n", "YAML 문법에 맞지 않아요"),
    ],
)
async def test_a_file_that_is_no_bank_is_refused(
    teacher: Person, name: str, file: str, content: bytes, wanted: str
) -> None:
    """With what to do about it."""
    upload(teacher, name, content, file)
    await saying(teacher, wanted)


async def test_hostile_words_stay_words(teacher: Person, name: str) -> None:
    """Mistakes repeat what somebody wrote: without mentions and Markdown of theirs."""
    upload(teacher, name, b"question,option1,option2,answer,`@everyone`<@1>\nq,a,b,@everyone\n")
    told = all_text(await saying(teacher, "올리지 못했어요"))
    assert "@everyone" not in told
    assert "<@1>" not in told


@pytest.mark.parametrize("form", ["yaml", "csv"])
async def test_any_bank_comes_as_a_file_and_goes_back(
    teacher: Person, name: str, form: str
) -> None:
    """One of the server's and a lesson's; what comes out can be uploaded."""
    await published(teacher, name)
    (key,) = await offered(teacher, name)
    content = await exported(teacher, key, form)
    own = read_bank(f"x.{form}", content, "ko")
    assert own.mistakes == ()
    assert own.bank == read_text("csv", TABLE, "ko").bank
    lesson = await exported(teacher, "lesson:cli", form)
    assert read_bank(f"x.{form}", lesson, "ko").mistakes == ()
    await published(teacher, f"{name}-again", lesson if form == "csv" else TABLE.encode())


async def test_a_bank_is_deleted_after_a_question(teacher: Person, name: str) -> None:
    """And only then; from then on nobody finds it."""
    await published(teacher, name)
    (key,) = await offered(teacher, name)
    teacher.slash("quiz banks")
    listed = await saying(teacher, f"**{name}** · 문제 2개")
    await teacher.select(listed, "지울 문제은행 고르기", [key.removeprefix("bank:")])
    asked = await saying(teacher, f"**{name}** 문제은행을 지울까요?")
    await teacher.click(asked, "그대로 두기")
    listed = await saying(teacher, f"**{name}** · 문제 2개")
    await teacher.select(listed, "지울 문제은행 고르기", [key.removeprefix("bank:")])
    await teacher.click(await saying(teacher, f"**{name}** 문제은행을 지울까요?"), "지우기")
    await saying(teacher, f"**{name}** 문제은행을 지웠어요")
    assert await offered(teacher, name) == []
    teacher.slash("quiz export", bank=key, format="csv")
    await saying(teacher, "그 문제은행은 이제 없어요")


async def test_buttons_work_after_a_restart(stage: BotStage, teacher: Person, name: str) -> None:
    """What was uploaded before is kept."""
    message = await preview(teacher, name)
    await stage.restart()
    await teacher.click(message, "공개하기")
    await saying(teacher, f"**{name}** 문제은행을 공개했어요")


async def test_a_learner_can_do_nothing_of_it(stage: BotStage) -> None:
    """Neither see, nor upload, nor have anything exported."""
    learner = stage.playground.person(f"learner-{next(NUMBERS)}")
    learner.slash("quiz banks")
    learner.slash("quiz export", bank="lesson:cli")
    learner.slash("quiz upload", files={"quiz.csv": TABLE.encode()}, file=0)

    def refused() -> bool:
        said = [all_text(message) for message in learner.replies()]
        return len(said) == 3 and all("강사" in each for each in said)

    await learner.until(refused, 8.0)
    assert await learner.autocomplete("quiz export", "bank", "") == []


async def test_another_server_s_ids_mean_nothing(
    stage: BotStage, teacher: Person, name: str
) -> None:
    """A draft's buttons, a bank in the select, a key that is typed: as if it did not exist."""
    waiting = await preview(teacher, name)
    await _move_to(stage, name, ELSEWHERE)
    for number, label in enumerate(("공개하기", "버리기", "▶"), start=1):
        await teacher.click(waiting, label)
        await _said(teacher, "이 미리 보기는 끝났어요", number)
    other = f"{name}-b"
    await published(teacher, other)
    (key,) = await offered(teacher, other)
    teacher.slash("quiz banks")
    listed = await saying(teacher, f"**{other}** · 문제 2개")
    await teacher.select(listed, "지울 문제은행 고르기", [key.removeprefix("bank:")])
    asked = await saying(teacher, f"**{other}** 문제은행을 지울까요?")
    await _move_to(stage, other, ELSEWHERE)
    assert await offered(teacher, other) == []
    await teacher.click(asked, "지우기")
    await saying(teacher, "그 문제은행은 이제 없어요")
    before = _times(teacher, "그 문제은행은 이제 없어요")
    teacher.slash("quiz export", bank=key, format="csv")
    await _said(teacher, "그 문제은행은 이제 없어요", before + 1)
    assert stage.bot is not None
    banks = stage.bot.classroom.banks
    here = int(stage.playground.world.guild_id)
    assert await banks.questions(here, key) == ()
    assert await banks.question(here, f"{key}:1/q1") is None
    there = await banks.question(ELSEWHERE, f"{key}:1/q1")
    assert there is not None
    assert there.text("en").title == "도커는?"


async def _said(person: Person, wanted: str, times: int) -> None:
    await person.until(lambda: _times(person, wanted) == times, 8.0)


def _times(person: Person, wanted: str) -> int:
    return sum(wanted in all_text(message) for message in person.replies())


async def _move_to(stage: BotStage, name: str, server_id: int) -> None:
    """As if the bank had been made in another server."""
    async with stage.database.transaction() as session:
        await session.execute(
            update(BankRow).where(BankRow.name == name).values(server_id=server_id)
        )


async def test_buttons_answer_before_they_ask_the_database(
    stage: BotStage, teacher: Person, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the database and a large bank take, Discord has its answer in time."""
    gate, opened = asyncio.Event(), Database.transaction

    @asynccontextmanager
    async def held(database: Database) -> AsyncIterator[AsyncSession]:
        await gate.wait()
        async with opened(database) as session:
            yield session

    def answers() -> list[int]:
        sent = [each for each in stage.playground.traffic.exchanges if "/callback" in each.path]
        return [each.request["type"] for each in sent if isinstance(each.request, dict)]

    async def while_held(press: Coroutine[object, object, object], wanted: str) -> Json:
        before = len(answers())
        gate.clear()
        pressing = asyncio.create_task(press)
        await teacher.until(lambda: answers()[before:] or None, 8.0)
        assert answers()[before:] == [DEFERRED]
        gate.set()
        await pressing
        return await saying(teacher, wanted)

    gate.set()
    monkeypatch.setattr(Database, "transaction", held)
    shown = await preview(teacher, name)
    shown = await while_held(teacher.click(shown, "▶"), "문제 2/2")
    await while_held(teacher.click(shown, "공개하기"), f"**{name}** 문제은행을 공개했어요")
    (key,) = await offered(teacher, name)
    teacher.slash("quiz banks")
    shown = await saying(teacher, f"**{name}** · 문제 2개")
    pick = teacher.select(shown, "지울 문제은행 고르기", [key.removeprefix("bank:")])
    shown = await while_held(pick, f"**{name}** 문제은행을 지울까요?")
    await while_held(teacher.click(shown, "지우기"), f"**{name}** 문제은행을 지웠어요")


async def test_few_banks_are_kept_in_memory(stage: BotStage, teacher: Person, name: str) -> None:
    """A large one takes a megabyte; all come all the same."""
    assert stage.bot is not None
    banks, here = stage.bot.classroom.banks, int(stage.playground.world.guild_id)
    for number in range(6):
        await published(teacher, f"{name}-{number}", TABLE.replace("둘째", f"{number}째").encode())
        (key,) = await offered(teacher, f"{name}-{number}")
        assert len(await banks.questions(here, key)) == 2
    assert _parsed.cache_info().currsize <= 4
