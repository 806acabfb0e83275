"""Raised hands and help: queue, consent, looks, forks, suggestions; and whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.classroom.forks import FIRST, snapshot_of
from bot.errors import LearnerError
from bot.features.hands import _ids
from db import hands
from db.hands import Hand
from db.models import HandRow
from playground.json_types import Json
from playground.permissions import Permission
from playground.person import Person
from tests.bot_stage import (
    BotStage,
    all_text,
    bot_may,
    bot_stage,
    delete_thread,
    deny_bot,
    saying,
    show_to_role,
    staff_channel,
)
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge

FEATURES = ("welcome", "terminal", "privacy", "hands")


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


async def raise_hand(person: Person, sentence: str = "", wanted: str = "번째") -> Json:
    """The person's hand is up; the card that tells them so, and says this."""
    person.slash("hand")
    modal = await person.until(person.modal)
    person.submit_modal(modal, {_ids.SENTENCE: sentence})
    return await saying(person, wanted)


async def take(instructor: Person, learner: Person) -> str:
    """The instructor takes the first hand of the queue; the id of the thread."""
    instructor.slash("hands")
    queue = await saying(instructor, "손을 든 사람")
    hand = queue["components"][0]["components"][-1]["components"][0]["options"][0]["value"]
    await instructor.select(queue, _ids.queue(), [hand])
    await saying(instructor, "도움 스레드를 열었어요")
    thread = await learner.until(
        lambda: next((c for c in learner.threads() if c["name"].startswith("🙋")), None)
    )
    await panel(learner, str(thread["id"]))
    return str(thread["id"])


async def panel(person: Person, thread: str, wanted: str = "님을 도와요") -> Json:
    """The card of the help, when it says this."""
    return await saying(person, wanted, thread)


async def said(person: Person, thread: str, wanted: str) -> Json:
    """What is said in the thread."""
    return await saying(person, wanted, thread)


async def the_hand(stage: BotStage) -> Hand:
    """The newest hand, open or not."""
    async with stage.database.transaction() as session:
        found = [await hands.get(session, number) for number in range(1, 9)]
    return [hand for hand in found if hand is not None][-1]


async def becomes(stage: BotStage, state: str) -> Hand:
    """The newest hand, as soon as it ended so."""
    async with asyncio.timeout(8):
        while (hand := await the_hand(stage)).ended != state:  # noqa: ASYNC110 - by another task
            await asyncio.sleep(0.02)
    return hand


async def acts(stage: BotStage, person: Person) -> list[str]:
    """What instructors did to the person, as the person can read it, the oldest first."""
    assert stage.bot is not None
    found = await stage.bot.classroom.classes.acts_of(int(person.user_id))
    return [each.act for each in reversed(found)]


def people(stage: BotStage) -> tuple[Person, Person]:
    """An instructor and a learner."""
    return stage.playground.person("instructor"), stage.playground.person("newcomer")


async def helped(
    stage: BotStage, sentence: str = "포트가 안 열려요", *, by: Person | None = None
) -> tuple[Person, Person, str]:
    """A help that goes on, of somebody who has an engine: instructor, learner, thread."""
    owner, learner = people(stage)
    instructor = by or owner
    learner.slash("docker", command="ps")
    await saying(learner, "종료 코드 0")
    await raise_hand(learner, sentence)
    return instructor, learner, await take(instructor, learner)


async def allow(learner: Person, thread: str, what: str) -> None:
    """The learner allows it, and the card says so."""
    await learner.click(await panel(learner, thread), f"{what} 허락")
    await learner.until(
        lambda: f"{what} 거두기" in str(learner.messages(thread)) or None  # its button turned
    )


async def test_a_hand_goes_up_and_down(stage: BotStage) -> None:
    """The form says what will be shown; the place and what is known of the wait; down again."""
    _, learner = people(stage)
    learner.slash("hand")
    modal = await learner.until(learner.modal)
    assert "최근 명령 5개" in str(modal)
    learner.submit_modal(modal, {_ids.SENTENCE: "**도와주세요** @everyone"})
    card = await saying(learner, "**1번째**")
    assert "아직 몰라요" in all_text(card)
    assert "@everyone" not in all_text(card)
    assert card["flags"] & 64

    learner.slash("hand")
    again = await saying(learner, "손을 들고 있어요")
    await learner.click(again, "손 내리기")
    await saying(learner, "손을 내렸어요")
    assert (await becomes(stage, "lowered")).taken_at is None


async def test_one_hand_for_each_learner(stage: BotStage) -> None:
    """Two forms that were open at once raise one hand."""
    _, learner = people(stage)
    learner.slash("hand")
    first = await learner.until(learner.modal)
    learner.slash("hand")
    second = await learner.until(lambda: found if (found := learner.modal()) != first else None)
    learner.submit_modal(first, {_ids.SENTENCE: "하나"})
    await saying(learner, "**1번째**")
    learner.submit_modal(second, {_ids.SENTENCE: "둘"})
    await saying(learner, "손을 들고 있어요")
    assert stage.bot is not None
    queue = await stage.bot.classroom.hands.queue(int(stage.playground.world.guild_id))
    assert [hand.sentence for hand in queue] == ["하나"]


async def test_learners_see_no_queue_and_take_nothing(stage: BotStage) -> None:
    """Neither by command nor by a button that they have no business with."""
    instructor, learner = people(stage)
    other = stage.playground.person("neighbour")
    await raise_hand(learner, "비밀이에요")
    other.slash("hands")
    refused = await saying(other, "강사만")
    assert "비밀이에요" not in all_text(refused)

    instructor.slash("hands")
    queue = await saying(instructor, "비밀이에요")
    hand = queue["components"][0]["components"][-1]["components"][0]["options"][0]["value"]
    assert stage.bot is not None
    with pytest.raises(LearnerError):
        await stage.bot.classroom.hands.of(int(hand), int(stage.playground.world.guild_id) + 1)
    with pytest.raises(LearnerError):
        await stage.bot.classroom.hands.take(int(hand), server_id=1, helper_id=2)


async def test_two_helpers_at_once(stage: BotStage) -> None:
    """One gets the hand, the other reads who has it; there is one thread."""
    assert stage.bot is not None
    instructor, learner = people(stage)
    await raise_hand(learner)
    classroom = stage.bot.classroom
    server = int(stage.playground.world.guild_id)
    hand = (await classroom.hands.queue(server))[0]
    both = await asyncio.gather(
        *(classroom.hands.take(hand.id, server_id=server, helper_id=7 + n) for n in range(8))
    )
    winners = [taken for taken in both if taken.won]
    assert len(winners) == 1
    assert {taken.hand.helper_id for taken in both} == {winners[0].hand.helper_id}

    async with stage.database.transaction() as session:
        await hands.give_back(session, hand.id)
    instructor.slash("hands")
    queue = await saying(instructor, "손을 든 사람")
    await classroom.hands.take(hand.id, server_id=server, helper_id=77)
    await instructor.select(queue, _ids.queue(), [str(hand.id)])
    await saying(instructor, "이미 <@77> 강사가 돕고 있어요")
    assert learner.threads() == []


async def test_a_help_from_end_to_end(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """The card shows the learner's state; closing ends it, and its length makes an estimate."""
    instructor, learner = people(stage)
    sandboxes.set_facts(learner.user_id, make_facts(containers=[make_container("web")]))
    line = "docker run -p 80:80 nginx"
    sandboxes.answer(
        line,
        "docker: Error response from daemon: driver failed programming external connectivity on "
        "endpoint x (abc): Bind for 0.0.0.0:80 failed: port is already allocated.\n",
        exit_code=125,
    )
    learner.slash("docker", command="run -p 80:80 nginx")
    await saying(learner, "종료 코드 125")
    await raise_hand(learner, "포트가 안 열려요")
    thread = await take(instructor, learner)
    shown = all_text(await panel(instructor, thread))
    for wanted in ("포트가 안 열려요", "`web`", f"❌ `{line}` (125)", "마지막 오류", "👉"):
        assert wanted in shown, wanted
    assert {p.user_id for p in (instructor, learner)} <= set(_members(stage, thread))

    learner.slash("hand")
    await saying(learner, "지금 도움을 받고 있어요")
    await instructor.click(await panel(instructor, thread), "도움 끝내기")
    await said(learner, thread, "🏁 도움이 끝났어요")
    hand = await becomes(stage, "helped")
    assert hand.helper_id == int(instructor.user_id)
    assert "help_took" in await acts(stage, learner)
    card = await saying(learner, "이 도움은 끝났어요", thread)
    assert line not in all_text(card)

    await raise_hand(learner, "또 막혔어요", "곧 차례가")


def _members(stage: BotStage, thread: str) -> list[str]:
    return [str(user) for user in stage.playground.world.thread_members[thread]]


async def test_looks_need_consent(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """None before the learner said yes, none after they took it back; each is written down."""
    instructor, learner, thread = await helped(stage)
    sandboxes.set_facts(learner.user_id, make_facts(containers=[make_container("web")]))
    assert "docent:help:v1:map" not in str(await panel(instructor, thread))
    hand = await the_hand(stage)
    assert stage.bot is not None
    with pytest.raises(LearnerError):
        await stage.bot.classroom.help_looks.look(hand, "ps")

    await instructor.click(await panel(instructor, thread), "보기 허락")
    await saying(instructor, "다른 학습자의", thread)
    await allow(learner, thread, "보기")
    sandboxes.answer("(\ndocker ps -a\n)", "CONTAINER ID   IMAGE\n")
    await instructor.click(await panel(instructor, thread), "컨테이너")
    await said(learner, thread, "CONTAINER ID   IMAGE")

    sandboxes.answer("(\ndocker logs --tail 50 web 2>&1\n)", "listening\n```\n@everyone\n")
    await instructor.click(await panel(instructor, thread), "로그")
    choose = await saying(instructor, "어느 컨테이너를 볼까요?", thread)
    await instructor.select(choose, "어느 컨테이너를 볼까요?", ["web"])
    await said(learner, thread, "listening")

    sandboxes.files.of.setdefault(learner.user_id, {})["/root/Dockerfile"] = b"FROM nginx\n"
    await instructor.click(await panel(instructor, thread), "파일")
    choose = await saying(instructor, "어느 파일을 볼까요?", thread)
    await instructor.select(choose, "어느 파일을 볼까요?", ["Dockerfile"])
    await said(learner, thread, "FROM nginx")
    assert await acts(stage, learner) == ["help_took", *["help_looked"] * 3]

    await learner.click(await panel(learner, thread), "보기 거두기")
    await learner.until(lambda: "보기 허락" in str(learner.messages(thread)) or None)
    with pytest.raises(LearnerError):
        await stage.bot.classroom.help_looks.look(await the_hand(stage), "ps")
    assert all(learner.user_id != who or "rm" not in line for who, line in sandboxes.ran)


@pytest.mark.parametrize("name", ["web; rm -rf /", "../web", "$(id)", "other"])
async def test_only_names_that_exist_are_looked_at(
    stage: BotStage, sandboxes: FakeSandboxes, name: str
) -> None:
    """A name that is none of the learner's containers, or files, reaches no engine."""
    _, learner, thread = await helped(stage)
    sandboxes.set_facts(learner.user_id, make_facts(containers=[make_container("web")]))
    await allow(learner, thread, "보기")
    hand = await the_hand(stage)
    assert stage.bot is not None
    before = list(sandboxes.ran)
    for kind in ("logs", "inspect", "file"):
        with pytest.raises(LearnerError):
            await stage.bot.classroom.help_looks.look(hand, kind, name)
    assert sandboxes.ran == before


async def test_a_fork_and_a_suggestion(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """The helper's commands run on the fork alone; the fix is shown, and typed by nobody."""
    instructor, learner, thread = await helped(stage)
    facts = make_facts(containers=[make_container("web")])
    sandboxes.set_facts(learner.user_id, facts)
    instructor.say("docker ps", thread)
    await said(instructor, thread, "지금은 포크가 없어요")
    await allow(learner, thread, "포크")
    await instructor.click(await panel(instructor, thread), "포크 만들기")
    await said(learner, thread, "포크를 만들었어요")
    fork = str(FIRST + (await the_hand(stage)).id)
    assert fork in sandboxes.running
    assert await sandboxes.facts(fork) == facts
    assert await sandboxes.snapshots(learner.user_id) == []

    sandboxes.answer("docker rm -f web", "web\n")
    sandboxes.answer("docker bad", "no\n", exit_code=1)
    ran_by_learner = [line for who, line in sandboxes.ran if who == learner.user_id]
    instructor.say("docker bad", thread)
    await said(instructor, thread, "종료 코드 1")
    instructor.say("docker rm -f web", thread)
    await said(instructor, thread, "종료 코드 0")
    learner.say("docker ps", thread)
    await said(learner, thread, "내 실습실에 입력해")
    instructor.say("고쳐 볼게요", thread)
    instructor.say("vi Dockerfile", thread)
    await said(instructor, thread, "편집기나 계속되는 명령")
    assert [line for who, line in sandboxes.ran if who == fork] == [
        "docker bad",
        "docker rm -f web",
    ]
    assert not [line for who, line in sandboxes.ran if who == instructor.user_id]

    await instructor.click(await panel(instructor, thread), "제안하기")
    choose = await saying(instructor, "제안할 명령을 골라", thread)
    options = _options(choose)
    await instructor.select(choose, "포크에서 실행한 명령", [options["docker rm -f web"]])
    card = await said(learner, thread, "이렇게 해 보세요")
    assert "docker rm -f web" in all_text(card)
    assert "docker bad" not in all_text(card)
    assert [line for who, line in sandboxes.ran if who == learner.user_id] == ran_by_learner
    assert await acts(stage, learner) == ["help_took", "help_forked", "help_suggested"]

    await instructor.click(await panel(instructor, thread), "도움 끝내기")
    await becomes(stage, "helped")
    await said(learner, thread, "🏁")
    assert fork not in sandboxes.known


def _options(message: Json) -> dict[str, str]:
    found: dict[str, str] = {}

    def look(component: Json) -> None:
        for option in component.get("options") or []:
            found[option["label"]] = option["value"]
        for inner in component.get("components") or []:
            look(inner)

    look(message)
    return found


async def test_a_fork_outlives_a_restart_and_ends_after_its_hour(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The same fork goes on with another bot; when its hour is over it is thrown away."""
    instructor, learner, thread = await helped(stage)
    await allow(learner, thread, "포크")
    await instructor.click(await panel(instructor, thread), "포크 만들기")
    await said(learner, thread, "포크를 만들었어요")
    hand = await the_hand(stage)
    fork = str(FIRST + hand.id)
    await stage.restart()
    sandboxes.answer("docker images", "REPOSITORY\n")
    instructor.say("docker images", thread)
    await said(instructor, thread, "REPOSITORY")
    assert fork in sandboxes.known

    async with stage.database.transaction() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(update(HandRow).values(fork_until=past))
    await stage.restart()
    await said(learner, thread, "한 시간이 지나")
    assert fork not in sandboxes.known
    await instructor.click(await panel(instructor, thread), "도움 끝내기")
    await becomes(stage, "helped")


async def test_a_fork_that_was_left_half_made_is_cleared_away(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """A bot that was killed while it made one: neither snapshot nor fork is left."""
    _, learner, thread = await helped(stage)
    await allow(learner, thread, "포크")
    hand = await the_hand(stage)
    await stage.stop()
    async with stage.database.transaction() as session:
        assert await hands.begin_fork(session, hand.id, datetime.now(UTC) + timedelta(hours=1))
    await sandboxes.take_snapshot(learner.user_id, snapshot_of(hand))
    await stage.start()
    async with asyncio.timeout(8):
        while (await the_hand(stage)).fork_until is not None:  # noqa: ASYNC110 - another task
            await asyncio.sleep(0.02)
    assert await sandboxes.snapshots(learner.user_id) == []


async def test_withdrawing_the_fork_throws_it_away(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """The learner has the last word on their disk."""
    instructor, learner, thread = await helped(stage)
    await allow(learner, thread, "포크")
    await instructor.click(await panel(instructor, thread), "포크 만들기")
    await said(learner, thread, "포크를 만들었어요")
    await learner.click(await panel(learner, thread), "포크 거두기")
    await said(learner, thread, "허락을 거두어")
    assert str(FIRST + (await the_hand(stage)).id) not in sandboxes.known


async def delete_everything(learner: Person) -> None:
    """The learner deletes all that is kept of them, with the buttons of /privacy."""
    learner.slash("privacy")
    await learner.click(await saying(learner, "저장된 내 정보"), "모두 지우기")
    await learner.click(await saying(learner, "정말 모두 지울까요?"), "모두 지우기")
    await saying(learner, "모두 지웠어요")


def own_words(stage: BotStage, person: Person, thread: str) -> list[Json]:
    """What the bot itself wrote in the thread, without what Discord says of who came in."""
    bot_id = stage.playground.world.app_id
    there = person.messages(thread)
    own = [m for m in there if m["author"]["id"] == bot_id and m["type"] in (0, 19)]
    # Private answers are in nobody's thread, but on one person's screen until they look away.
    return [m for m in own if not m["flags"] & 64]


async def only_gone(stage: BotStage, person: Person, thread: str) -> Json:
    """The card that says that the learner deleted everything, as soon as nothing else is there."""

    def look() -> Json | None:
        words = own_words(stage, person, thread)
        alone = len(words) == 1 and "자기 정보를 지워서" in all_text(words[0])
        away = stage.playground.world.channel(thread)["thread_metadata"]["archived"]
        return words[0] if alone and away else None

    return await person.until(look, 8.0)


async def secrets_shown(stage: BotStage, sandboxes: FakeSandboxes) -> tuple[Person, Person, str]:
    """A help with a fork, in whose thread logs and an output of the fork are shown."""
    instructor, learner, thread = await helped(stage, "비밀이에요")
    sandboxes.set_facts(learner.user_id, make_facts(containers=[make_container("web")]))
    await allow(learner, thread, "보기")
    sandboxes.answer("(\ndocker ps -a\n)", "PASSWORD=pw1\n")
    await instructor.click(await panel(instructor, thread), "컨테이너")
    await said(learner, thread, "PASSWORD=pw1")
    await allow(learner, thread, "포크")
    await instructor.click(await panel(instructor, thread), "포크 만들기")
    await said(learner, thread, "포크를 만들었어요")
    sandboxes.answer("docker logs web", "PASSWORD=pw2\n")
    instructor.say("docker logs web", thread)
    await said(instructor, thread, "PASSWORD=pw2")
    return instructor, learner, thread


@pytest.mark.parametrize("over", [False, True])
async def test_a_learner_who_deletes_their_data(
    stage: BotStage, sandboxes: FakeSandboxes, *, over: bool
) -> None:
    """No row, no fork, and no word of theirs in what we wrote, also where the help was over."""
    instructor, learner, thread = await secrets_shown(stage, sandboxes)
    fork = str(FIRST + (await the_hand(stage)).id)
    card = await panel(instructor, thread)
    if over:
        await instructor.click(card, "도움 끝내기")
        await becomes(stage, "helped")
        await instructor.until(
            lambda: stage.playground.world.channel(thread)["thread_metadata"]["archived"] or None
        )
    await delete_everything(learner)
    assert fork not in sandboxes.known
    gone = await only_gone(stage, instructor, thread)
    assert gone["id"] == card["id"]
    seen = str(own_words(stage, instructor, thread))
    assert "비밀이에요" not in seen
    assert "PASSWORD" not in seen
    name = stage.playground.world.channel(thread)["name"]
    assert name == "🙋 도움 · 지워짐"


async def test_the_whole_thread_goes_where_we_may_delete_it(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """With the permission to manage threads nothing is left, of the helper's words neither."""
    instructor, learner, thread = await secrets_shown(stage, sandboxes)
    with bot_may(stage.playground.world, Permission.MANAGE_THREADS):
        await delete_everything(learner)
        await instructor.until(
            lambda: thread not in [each["id"] for each in stage.playground.world.threads()] or None
        )


async def test_who_is_no_instructor_any_more_types_for_nothing(
    stage: BotStage, sandboxes: FakeSandboxes
) -> None:
    """Each line is judged; they read it once, and go on when they are one again."""
    world, helper = stage.playground.world, stage.playground.person("assistant")
    roles = world.member(helper.user_id)["roles"]
    roles.append(world.instructors)
    instructor, learner, thread = await helped(stage, by=helper)
    sandboxes.set_facts(learner.user_id, make_facts(containers=[make_container("web")]))
    await allow(learner, thread, "포크")
    await instructor.click(await panel(instructor, thread), "포크 만들기")
    await said(learner, thread, "포크를 만들었어요")
    roles.clear()
    instructor.say("docker ps", thread)
    await said(instructor, thread, "강사가 아니라서")
    instructor.say("docker ps -a", thread)

    roles.append(world.instructors)
    sandboxes.answer("docker images", "REPOSITORY\n")
    instructor.say("docker images", thread)
    await said(instructor, thread, "REPOSITORY")
    fork = str(FIRST + (await the_hand(stage)).id)
    assert [line for who, line in sandboxes.ran if who == fork] == ["docker images"]
    told = [m for m in instructor.replies(thread) if "강사가 아니라서" in all_text(m)]
    assert len(told) == 1


async def test_a_deleted_thread_ends_the_help(stage: BotStage, sandboxes: FakeSandboxes) -> None:
    """With its fork; the learner can raise a hand again."""
    instructor, learner, thread = await helped(stage)
    await allow(learner, thread, "포크")
    await instructor.click(await panel(instructor, thread), "포크 만들기")
    await said(learner, thread, "포크를 만들었어요")
    await delete_thread(stage, thread)
    hand = await becomes(stage, "gone")
    async with asyncio.timeout(8):
        while str(FIRST + hand.id) in sandboxes.known:  # noqa: ASYNC110 - by another task
            await asyncio.sleep(0.02)
    await raise_hand(learner)


async def test_who_left_the_server_is_not_helped(stage: BotStage) -> None:
    """Whoever takes the hand of somebody who is gone reads why, and the hand is down."""
    instructor, learner = people(stage)
    await raise_hand(learner)
    instructor.slash("hands")
    queue = await saying(instructor, "손을 든 사람")
    stage.playground.world.leave(learner.user_id)
    await instructor.select(queue, _ids.queue(), [str((await the_hand(stage)).id)])
    await saying(instructor, "서버를 떠났거나")
    await becomes(stage, "gone")


async def test_without_the_permission_for_threads_the_hand_stays_up(stage: BotStage) -> None:
    """The helper reads what is missing, and the learner keeps their place."""
    instructor, learner = people(stage)
    await raise_hand(learner)
    general = learner.general
    deny_bot(stage.playground.world, general, Permission.CREATE_PRIVATE_THREADS)
    instructor.slash("hands")
    queue = await saying(instructor, "손을 든 사람")
    hand = await the_hand(stage)
    await instructor.select(queue, _ids.queue(), [str(hand.id)])
    await saying(instructor, "비공개 스레드를 만들 권한이")
    assert (await the_hand(stage)).waits


async def test_a_hand_goes_down_by_itself(stage: BotStage) -> None:
    """After some hours that nobody came."""
    _, learner = people(stage)
    await raise_hand(learner)
    async with stage.database.transaction() as session:
        long_ago = datetime.now(UTC) - timedelta(hours=4)
        await session.execute(update(HandRow).values(raised_at=long_ago))
    await stage.restart()
    await becomes(stage, "expired")


async def test_instructors_are_told_in_their_channel(stage: BotStage) -> None:
    """A class with a channel for its instructors has the hand there, with the button to help."""
    assert stage.bot is not None
    instructor, learner = people(stage)
    server = int(stage.playground.world.guild_id)
    classes = stage.bot.classroom.classes
    rooms = [staff_channel(stage, name) for name in ("staff-1", "staff-2")]
    for name, room in zip(("월요일", "화요일"), rooms, strict=True):
        made = await classes.create(server, name, created_by=1, channel_id=int(room))
        await classes.join(server, made.id, int(learner.user_id), language="ko", name="새내기")
    await raise_hand(learner, "도와주세요")
    notice = await saying(instructor, "손을 들었어요.", rooms[0])
    await saying(instructor, "손을 들었어요.", rooms[1])
    await instructor.click(notice, "도와주기")
    await saying(instructor, "도움 스레드를 열었어요", rooms[0])
    for room in rooms:
        await saying(instructor, "강사가 돕고 있어요", room)

    other = stage.playground.person("neighbour")
    await raise_hand(other)
    shown = [m for room in rooms for m in instructor.replies(room)]
    assert sum("님이" in all_text(m) for m in shown) == 2


async def test_what_a_hand_says_is_not_told_to_learners(stage: BotStage) -> None:
    """A channel that everybody sees, or the class by its role, gets no notice of it."""
    instructor, learner = people(stage)
    staff = staff_channel(stage, "staff")
    role_id = await show_to_role(stage, staff, "수요일 반", learner)
    assert stage.bot is not None
    classes, server = stage.bot.classroom.classes, int(stage.playground.world.guild_id)
    for name, room in (("월요일", instructor.general), ("수요일", staff)):
        made = await classes.create(server, name, created_by=1, channel_id=int(room))
        await classes.join(server, made.id, int(learner.user_id), language="ko", name="새내기")
        if room == staff:
            await classes.choose_join_role(server, made.id, int(role_id))
    await raise_hand(learner, "비밀이에요")

    assert instructor.replies(staff) == []
    assert instructor.replies() == []
    assert (await the_hand(stage)).notices == ()
