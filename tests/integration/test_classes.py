"""/class as instructors and learners meet it in chat: who may do what, and what everybody sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import select, update

from bot.classroom.assignments import Assignments, Reminder
from bot.classroom.classes import SchoolClass
from bot.features.classes._cards import ask_close, created_card, invitation, setup_card
from bot.features.classes._rosters import roster_page
from bot.texts import Texts
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, note, row
from db.models import AssignmentRow, ClassMemberRow, ReminderRow
from playground import objects
from playground.json_types import Json
from playground.permissions import EVERYONE
from playground.person import Person
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

if TYPE_CHECKING:
    from bot.features.classes._cog import ClassesCog

EPHEMERAL = 64
FEATURES = ("welcome", "lessons", "settings", "privacy", "classes")
ELSEWHERE = 2**60 + 200
"""Another server."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=FakeSandboxes(), features=FEATURES) as stage:
        cog(stage).rounds.pause_s = 0.0
        yield stage
        judge(stage.playground)


def cog(stage: BotStage) -> ClassesCog:
    """The feature."""
    assert stage.bot is not None
    # A bot that ends forgets the modules of its features: the next one's class is another.
    return cast("ClassesCog", stage.bot.get_cog("Classes"))


def people(stage: BotStage) -> tuple[Person, Person]:
    """An instructor, who manages the server, and a learner."""
    return stage.playground.person("instructor"), stage.playground.person("learner")


async def make_class(stage: BotStage, name: str = "도커 입문", server_id: int = 0) -> SchoolClass:
    """A class, made by nobody who is there."""
    assert stage.bot is not None
    server = server_id or int(stage.playground.world.guild_id)
    return await stage.bot.classroom.classes.create(server, name, created_by=1)


async def join(stage: BotStage, school_class: SchoolClass, *persons: Person) -> None:
    """They are in it."""
    assert stage.bot is not None
    for person in persons:
        await stage.bot.classroom.classes.join(
            school_class.server_id,
            school_class.id,
            int(person.user_id),
            language="ko",
            name=person.user_id,
        )


async def members(stage: BotStage, school_class: SchoolClass) -> list[str]:
    """Who is in it."""
    assert stage.bot is not None
    found = await stage.bot.classroom.classes.members(school_class.id)
    return [str(member.learner_id) for member in found]


async def post(stage: BotStage, card: Card, person: Person) -> Json:
    """A card in #general, as this person sees it."""
    assert stage.bot is not None
    general = stage.bot.get_partial_messageable(int(person.general))
    sent = await general.send(view=card)
    return await person.until(
        lambda: next((m for m in person.messages() if m["id"] == str(sent.id)), None)
    )


async def give_role(stage: BotStage, name: str, *persons: Person) -> str:
    """A role without any permission of its own, and the bot knows it: it starts anew."""
    world = stage.playground.world
    role_id = str(world.ids.next())
    world.roles[role_id] = objects.role(role_id, name, 3, EVERYONE)
    for person in persons:
        world.member(person.user_id)["roles"].append(role_id)
    await stage.restart()
    cog(stage).rounds.pause_s = 0.0
    return role_id


async def acts_of(stage: BotStage, learner: Person) -> list[str]:
    """What instructors did to the learner, newest first."""
    assert stage.bot is not None
    return [act.act for act in await stage.bot.classroom.classes.acts_of(int(learner.user_id))]


async def test_a_channel_for_all_is_none_for_instructors(stage: BotStage) -> None:
    """Names of learners would be posted there: no class is made with it."""
    teacher, _ = people(stage)
    teacher.slash("class create", name="도커", channel=teacher.general)
    await saying(teacher, "학습자도 볼 수 있어요")
    assert stage.bot is not None
    server = int(stage.playground.world.guild_id)
    assert await stage.bot.classroom.classes.of_server(server) == ()


async def test_a_class_from_its_beginning_to_its_end(stage: BotStage) -> None:
    """Made, joined with a press, given lessons, seen by its instructor, left, closed."""
    teacher, learner = people(stage)
    teacher.slash("class create", name="도커 *입문*")
    made = await saying(teacher, "수업을 만들었어요")
    assert made["flags"] & EPHEMERAL
    await teacher.click(made, "여기에 초대장 올리기")
    invited = await saying(learner, "참여하기** 버튼을 누르면")
    assert not invited.get("flags", 0) & EPHEMERAL
    await learner.click(invited, "참여하기")
    joined = await saying(learner, "수업에 참여했어요")
    assert joined["flags"] & EPHEMERAL
    await learner.click(invited, "참여하기")
    await saying(learner, "수업에 이미 참여하고 있어요")

    teacher.slash("class assign", lesson="2", due="내일 오후 6시", lesson_2="3")
    assigned = await saying(teacher, "수업의 숙제")
    assert "**2. " in all_text(assigned)
    assert "Asia/Seoul" in all_text(assigned)
    await teacher.click(assigned, "이 채널에 알리기")
    await saying(learner, "· 숙제")
    learner.slash("class mine")
    mine = await saying(learner, "내 수업")
    assert mine["flags"] & EPHEMERAL
    assert all_text(mine).count("⬜") == 2
    assert "숙제를 냈어요" in all_text(mine)

    teacher.slash("class roster")
    roster = await saying(teacher, "나에게만 보여요")
    assert roster["flags"] & EPHEMERAL
    assert f"<@{learner.user_id}> · 숙제 0/2" in all_text(roster)
    assert await acts_of(stage, learner) == ["roster", "assigned"]
    learner.slash("class leave")
    await saying(learner, "수업에서 나왔어요")
    await teacher.click(roster, "1 / 1")
    await teacher.until(lambda: "아직 아무도 없어요" in all_text(teacher.replies()[-1]) or None)
    await learner.click(invited, "참여하기")
    await saying(learner, "수업에 참여했어요")
    teacher.slash("class close")
    asked = await saying(teacher, "수업을 닫을까요?")
    await teacher.click(asked, "수업 닫기")
    await saying(teacher, "수업을 닫았어요")
    await learner.click(invited, "참여하기")
    await saying(learner, "이미 닫혔어요")
    learner.slash("class mine")
    await saying(learner, "참여한 수업이 없어요")
    assert "수업을 닫았어요" in all_text(learner.replies()[-1])


LEARNERS_TRY: list[tuple[str, dict[str, Any]]] = [
    ("class create", {"name": "내 수업"}),
    ("class invite", {}),
    ("class roster", {}),
    ("class remove", {"learner": "x"}),
    ("class close", {}),
    ("class assign", {"lesson": "1"}),
    ("class withdraw", {"lesson": "1"}),
    ("class seats", {}),
]


async def test_learners_can_do_nothing_of_it(stage: BotStage) -> None:
    """No command, no suggestion; in a direct message not even an instructor."""
    assert stage.bot is not None
    teacher, learner = people(stage)
    made = await make_class(stage)
    await join(stage, made, learner)
    for number, (command, options) in enumerate(LEARNERS_TRY, start=1):
        learner.slash(command, **options)
        await hears(learner, "강사만 쓸 수 있어요", number)
        teacher.slash(command, teacher.dm_id(), **options)
        await hears(teacher, "서버 안에서만", number, teacher.dm_id())
    learner.slash("class setup")
    await saying(learner, "서버 관리 권한이 있는 사람만")
    for command, option in (
        ("class roster", "class"),
        ("class remove", "learner"),
        ("class withdraw", "lesson"),
    ):
        assert await learner.autocomplete(command, option, "") == []
        assert await teacher.autocomplete("class roster", "class", "") != []
    assert await members(stage, made) == [learner.user_id]


async def until_acknowledged(person: Person, count: int) -> None:
    """Wait until the bot has answered so many commands and buttons, or asked time for them."""

    def look() -> bool | None:
        states = [f["d"]["state"] for f in person.frames if f["t"] == "INTERACTION"]
        return states.count("acknowledged") == count or None

    await person.until(look)


async def test_to_judge_may_take_its_time(stage: BotStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord waits three seconds for an answer, and so may the database: we ask for time first."""
    assert stage.bot is not None
    teacher, _ = people(stage)
    made = await make_class(stage)
    card = created_card(made, Texts.load().for_language("ko"), owner=int(teacher.user_id))
    message = await post(stage, card, teacher)
    go_on = asyncio.Event()

    async def slowly(*_: object, **__: object) -> bool:
        await go_on.wait()
        return False

    monkeypatch.setattr(type(stage.bot.classroom.classes), "is_instructor", slowly)
    for number, (command, options) in enumerate(LEARNERS_TRY, start=1):
        teacher.slash(command, **options)
        await until_acknowledged(teacher, number)
    pressed = asyncio.create_task(teacher.click(message, "여기에 초대장 올리기"))
    await until_acknowledged(teacher, len(LEARNERS_TRY) + 1)
    assert heard(teacher, "강사만 쓸 수 있어요") == 0
    go_on.set()
    await pressed
    await hears(teacher, "강사만 쓸 수 있어요", len(LEARNERS_TRY) + 1)
    refused = [m for m in teacher.replies() if "강사만 쓸 수 있어요" in all_text(m)]
    assert all(m["flags"] & EPHEMERAL for m in refused)


def heard(person: Person, wanted: str, channel_id: str | None = None) -> int:
    """How many of the bot's messages say this."""
    return sum(wanted in all_text(message) for message in person.replies(channel_id))


async def hears(person: Person, wanted: str, count: int, channel_id: str | None = None) -> None:
    """Wait until so many of the bot's messages say this."""
    await person.until(lambda: heard(person, wanted, channel_id) == count or None)


def named(school_class: str) -> dict[str, Any]:
    """The option of a command that names a class; its name is a word of Python's."""
    return {"class": school_class}


async def test_a_role_makes_an_instructor(stage: BotStage) -> None:
    """As long as it is the chosen one; it makes nobody one who names others."""
    teacher, helper = people(stage)
    role_id = await give_role(stage, "조교", helper)
    await make_class(stage)
    helper.slash("class roster")
    await saying(helper, "강사만 쓸 수 있어요")
    teacher.slash("class setup", role=role_id, time_zone="Asia/Tokyo")
    card = await saying(teacher, "이 서버의 강사")
    assert f"<@&{role_id}>" in all_text(card)
    assert "Asia/Tokyo" in all_text(card)
    helper.slash("class roster")
    await saying(helper, "👥")
    helper.slash("class setup", role=role_id)
    await saying(helper, "서버 관리 권한이 있는 사람만")
    await teacher.click(card, "역할 없애기")
    await saying(teacher, "아직 정하지 않았어요")
    helper.slash("class roster")
    await hears(helper, "강사만 쓸 수 있어요", 2)
    teacher.slash("class setup", role=stage.playground.world.guild_id)
    await saying(teacher, "@everyone 역할은")
    teacher.slash("class setup", time_zone="Seoul")
    await saying(teacher, "`Asia/Seoul`")


async def test_a_class_for_a_role(stage: BotStage) -> None:
    """Only who has it joins, with the card or without; others hear why."""
    teacher, learner = people(stage)
    stranger = stage.playground.person("newcomer")
    role_id = await give_role(stage, "1기", learner)
    made = await make_class(stage)
    teacher.slash("class invite", role=role_id)
    invited = await saying(stranger, "참여하기** 버튼을 누르면")
    await stranger.click(invited, "참여하기")
    await saying(stranger, "역할이 있는 사람만 참여할 수 있어요")
    stranger.slash("class join")
    await saying(stranger, "참여할 수 있는 수업이 없어요")
    learner.slash("class join")
    await saying(learner, "수업에 참여했어요")
    assert await members(stage, made) == [learner.user_id]


async def test_what_belongs_to_another_server(stage: BotStage) -> None:
    """Cards and options with the number of its class are answered as if there was none."""
    assert stage.bot is not None
    teacher, learner = people(stage)
    await make_class(stage)
    other = await make_class(stage, "남의 수업", ELSEWHERE)
    speech, owner = stage.bot.speeches.in_language("ko"), int(teacher.user_id)
    await join(stage, other, learner)
    cards = [
        (invitation(other, speech), "참여하기"),
        (created_card(other, speech, owner=owner), "여기에 초대장 올리기"),
        (ask_close(other, speech, owner=owner, members=1), "수업 닫기"),
        (await roster_page(stage.bot, other, speech, owner=owner, page=0), "1 / 1"),
        (_button(owner, "class-seats", str(other.id), "look"), "x"),
        (_button(owner, "class-seats", str(other.id), "back"), "x"),
        (_button(owner, "class-post", str(other.id), "tasks"), "x"),
    ]
    for number, (card, label) in enumerate(cards, start=1):
        await teacher.click(await post(stage, card, teacher), label)
        await hears(teacher, "그런 수업이 없거나", number)
    seen = len(cards)
    for command, options in LEARNERS_TRY[1:]:
        teacher.slash(command, **options, **named(f"#{other.id}"))
        seen += 1
        await hears(teacher, "그런 수업이 없거나", seen)
    assert await members(stage, other) == [learner.user_id]
    (own,) = await teacher.autocomplete("class roster", "class", "")
    assert own["name"] == "도커 입문"


def _button(owner: int, what: str, *more: str) -> Card:
    return note("x", row(button("x", custom_id(what, owner, *more))))


async def test_buttons_judge_who_presses(stage: BotStage) -> None:
    """A card of an instructor's that stands for all to see is of no use to others, nor to who was
    one when it was made."""
    assert stage.bot is not None
    teacher, learner = people(stage)
    made = await make_class(stage)
    await join(stage, made, learner)
    speech = stage.bot.speeches.in_language("ko")
    for owner in (int(teacher.user_id), int(learner.user_id)):
        cards = [
            (setup_card(speech, owner=owner, role_id=5, zone=None), "역할 없애기"),
            (created_card(made, speech, owner=owner), "여기에 초대장 올리기"),
            (ask_close(made, speech, owner=owner, members=1), "수업 닫기"),
            (await roster_page(stage.bot, made, speech, owner=owner, page=0), "1 / 1"),
            (_button(owner, "class-seats", str(made.id), "back"), "x"),
        ]
        for card, label in cards:
            before = refused(learner)
            await learner.click(await post(stage, card, learner), label)
            await learner.until(partial(refused_more_than, learner, before))
    assert await members(stage, made) == [learner.user_id]
    assert heard(learner, "참여하기** 버튼을 누르면") == 0


def refused(person: Person) -> int:
    """How often they heard that they may not."""
    wanted = ("다른 학습자의 것", "강사만 쓸 수 있어요", "서버 관리 권한이 있는 사람만")
    return sum(heard(person, each) for each in wanted)


def refused_more_than(person: Person, count: int) -> bool:
    """Whether they heard it again."""
    return refused(person) > count


async def test_a_learner_is_removed_and_can_see_by_whom(stage: BotStage) -> None:
    """By a suggestion of the roster; afterwards they may leave nothing any more."""
    teacher, learner = people(stage)
    made = await make_class(stage)
    await join(stage, made, learner)
    (choice,) = await teacher.autocomplete("class remove", "learner", "")
    assert choice["value"] == learner.user_id
    teacher.slash("class remove", learner=choice["value"])
    await saying(teacher, "수업에서 내보냈어요")
    teacher.slash("class remove", learner=choice["value"])
    await saying(teacher, "그 사람은 이 수업에 없어요")
    learner.slash("class mine")
    await saying(learner, f"<@{teacher.user_id}> 강사가")
    await learner.click(learner.replies()[-1], "모두 보기")
    await saying(learner, "나와 관련해 강사가 한 일\n")
    await learner.click(learner.replies()[-1], "내 수업으로")
    await saying(learner, "참여한 수업이 없어요")


async def test_deleted_data_are_out_of_every_roster(stage: BotStage) -> None:
    """With /privacy; what instructors did is deleted as well."""
    teacher, learner = people(stage)
    made = await make_class(stage)
    await join(stage, made, learner)
    learner.slash("privacy")
    card = await saying(learner, "참여한 수업 1개")
    await learner.click(card, "모두 지우기")
    await learner.click(await saying(learner, "정말 모두 지울까요?"), "모두 지우기")
    await saying(learner, "모두 지웠어요")
    teacher.slash("class roster")
    await saying(teacher, "아직 아무도 없어요")
    assert await members(stage, made) == []


async def test_due_dates_while_they_are_typed(stage: BotStage) -> None:
    """How they are understood is suggested, and what is refused says why; nothing is assigned."""
    teacher, _ = people(stage)
    made = await make_class(stage)
    (choice,) = await teacher.autocomplete("class assign", "due", "내일 오후 6시", lesson="1")
    assert choice["name"].startswith("내일 오후 6시 → ")
    assert choice["name"].endswith("오후 6:00")
    examples = await teacher.autocomplete("class assign", "due", "", lesson="1")
    assert len(examples) >= 4
    teacher.slash("class assign", lesson="1", due="언젠가")
    await saying(teacher, "언제인지 알아듣지 못했어요")
    teacher.slash("class assign", lesson="1", due="2020-01-01")
    await saying(teacher, "이미 지났어요")
    teacher.slash("class assign", lesson="1", due="3000-01-01")
    await saying(teacher, "너무 멀어요")
    teacher.slash("class assign", lesson="zzzzzz", due="내일")
    await teacher.until(lambda: heard(teacher, "zzzzzz") or None)
    assert stage.bot is not None
    assert await stage.bot.classroom.assignments.of_class(made.id) == ()
    teacher.slash("class assign", lesson="1", due=choice["value"])
    await saying(teacher, "수업의 숙제")


async def test_several_classes(stage: BotStage) -> None:
    """Then one has to be named; with none there is a way to make one."""
    teacher, _ = people(stage)
    teacher.slash("class roster")
    await saying(teacher, "아직 수업이 없어요")
    await make_class(stage, "아침반")
    await make_class(stage, "저녁반")
    teacher.slash("class roster")
    await saying(teacher, "어느 수업인지 골라 주세요")
    teacher.slash("class roster", **named("저녁반"))
    await saying(teacher, "저녁반 · 0명")
    (choice,) = await teacher.autocomplete("class roster", "class", "아침")
    await make_class(stage, choice["value"].strip("#"))  # a name that is a number is no number
    teacher.slash("class roster", **named(choice["value"]))
    await saying(teacher, "아침반 · 0명")


async def test_places_for_a_lesson(stage: BotStage) -> None:
    """Now, later, looked at again, given back."""
    teacher, learner = people(stage)
    made = await make_class(stage)
    teacher.slash("class seats")
    await saying(teacher, "잡아 둔 자리가 없어요")
    teacher.slash("class seats", begins="지금")
    await saying(teacher, "수업에 아직 아무도 없어요")
    await join(stage, made, learner)
    first, *_ = await teacher.autocomplete("class seats", "begins", "")
    teacher.slash("class seats", begins=first["value"], minutes=60)
    card = await saying(teacher, "1개 가운데 1개")
    assert card["flags"] & EPHEMERAL
    await teacher.click(card, "돌려주기")
    await saying(teacher, "지정석을 돌려주었어요")
    teacher.slash("class seats", begins="내일 오후 7시", seats=500)
    await saying(teacher, "학습자는 1명이라서 지정석을 6개까지")
    teacher.slash("class seats", begins="내일 오후 7시", seats=6)
    await saying(teacher, "**신청한 자리:** 6개")


async def test_the_time_zone_is_a_setting(stage: BotStage) -> None:
    """By select or by name; nonsense is refused."""
    assert stage.bot is not None
    _, learner = people(stage)
    settings = stage.bot.classroom.settings
    learner.slash("settings")
    card = await saying(learner, "시간대")
    await learner.select(card, f"docent:set-zone:v1:{learner.user_id}", ["Asia/Tokyo"])
    async with asyncio.timeout(8):
        while (await settings.of(int(learner.user_id))).zone != "Asia/Tokyo":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    learner.slash("settings", time_zone="america/new york")
    async with asyncio.timeout(8):
        while (await settings.of(int(learner.user_id))).zone != "America/New_York":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    learner.slash("settings", time_zone="Nowhere")
    await saying(learner, "그런 시간대는 없어요")
    assert (await learner.autocomplete("settings", "time_zone", "seo"))[0]["value"] == "Asia/Seoul"


async def due_soon(stage: BotStage, school_class: SchoolClass) -> None:
    """The first lesson is due in half an hour, and everybody has known it for long; it is noon."""
    assert stage.bot is not None
    lesson = stage.catalogue.lessons[0].id
    now = datetime.now(UTC)
    await stage.bot.classroom.assignments.assign(
        school_class.server_id,
        school_class.id,
        [lesson],
        now + timedelta(minutes=30),
        instructor_id=1,
    )
    long_ago = now - timedelta(days=3)
    async with stage.database.transaction() as session:
        await session.execute(update(AssignmentRow).values(changed_at=long_ago))
        await session.execute(update(ClassMemberRow).values(joined_at=long_ago))


async def at_noon(stage: BotStage, person: Person) -> None:
    """Where this person is it is about noon, whenever the test runs."""
    assert stage.bot is not None
    ahead = 13 - datetime.now(UTC).hour
    zone = f"Etc/GMT{-ahead:+d}"  # these names count the other way round
    await stage.bot.classroom.settings.change(
        int(person.user_id), language="ko", name="L", zone=zone
    )


async def outcomes(stage: BotStage) -> list[tuple[str, str]]:
    """Which reminders were begun, and how they went."""
    async with stage.database.transaction() as session:
        rows = await session.scalars(select(ReminderRow).order_by(ReminderRow.learner_id))
        return [(str(row.learner_id), row.outcome) for row in rows]


async def test_reminders_come_once(stage: BotStage, monkeypatch: pytest.MonkeyPatch) -> None:
    """By direct message, from two rounds that found the same, and not again after a restart."""
    assert stage.bot is not None
    _, learner = people(stage)
    made = await make_class(stage)
    await at_noon(stage, learner)
    await join(stage, made, learner)
    await due_soon(stage, made)
    rounds, assignments = cog(stage).rounds, stage.bot.classroom.assignments
    found = await assignments.reminders()
    assert len(found) == 1

    async def the_same(_: Assignments) -> tuple[Reminder, ...]:
        return found

    monkeypatch.setattr(type(assignments), "reminders", the_same)
    await asyncio.gather(rounds.remind(), rounds.remind())
    await saying(learner, "마감이에요", learner.dm_id())
    monkeypatch.undo()
    await stage.restart()
    await cog(stage).rounds.remind()
    assert heard(learner, "마감이에요", learner.dm_id()) == 1
    assert await outcomes(stage) == [(learner.user_id, "sent")]


async def test_who_can_not_be_written_to_is_noted(stage: BotStage) -> None:
    """And not tried again; the others get theirs."""
    assert stage.bot is not None
    _, learner = people(stage)
    made = await make_class(stage)
    await at_noon(stage, learner)
    await join(stage, made, learner)
    gone = 5
    zone = (await stage.bot.classroom.settings.of(int(learner.user_id))).zone
    await stage.bot.classroom.settings.change(gone, language="ko", name="Gone", zone=zone)
    await stage.bot.classroom.classes.join(
        made.server_id, made.id, gone, language="ko", name="Gone"
    )
    await due_soon(stage, made)
    for _ in range(2):
        await cog(stage).rounds.remind()
    await saying(learner, "마감이에요", learner.dm_id())
    assert await outcomes(stage) == [(str(gone), "closed"), (learner.user_id, "sent")]


async def test_a_bot_that_dies_in_the_middle_reminds_nobody_twice(
    stage: BotStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was written down before it was sent: whoever comes next leaves it."""
    assert stage.bot is not None
    _, learner = people(stage)
    made = await make_class(stage)
    await at_noon(stage, learner)
    await join(stage, made, learner)
    await due_soon(stage, made)

    async def die(*_: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(stage.bot.classroom.assignments.__class__, "ended", die)
    with pytest.raises(asyncio.CancelledError):
        await cog(stage).rounds.remind()
    monkeypatch.undo()
    await stage.restart()
    await cog(stage).rounds.remind()
    assert heard(learner, "마감이에요", learner.dm_id()) == 1
    assert await outcomes(stage) == [(learner.user_id, "begun")]
