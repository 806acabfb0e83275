"""Who is an instructor, and classes as instructors and learners use them."""

from __future__ import annotations

import pytest

from bot.classroom.classes import LONGEST_NAME, Classes, tidy_name
from bot.errors import LearnerError
from tests.unit.bot.conftest import YUNA, Room

SERVER, OTHER, TEACHER = 2**60 + 100, 2**60 + 200, 2**60 + 300


@pytest.fixture
def classes(room: Room) -> Classes:
    """The use cases."""
    return room.classroom.classes


async def refused(work: object, key: str) -> None:
    """It raises `LearnerError` with this key."""
    with pytest.raises(LearnerError) as caught:
        await work  # type: ignore[misc] # an awaitable
    assert caught.value.key == key


async def test_who_is_an_instructor(classes: Classes) -> None:
    """Who manages the server always; others by the role, in the server where it was chosen."""
    assert await classes.is_instructor(SERVER, manages=True, role_ids=())
    assert not await classes.is_instructor(SERVER, manages=False, role_ids=(1, 2))
    await classes.choose_instructor_role(SERVER, 2)
    assert await classes.is_instructor(SERVER, manages=False, role_ids=(1, 2))
    assert not await classes.is_instructor(SERVER, manages=False, role_ids=(1,))
    assert not await classes.is_instructor(OTHER, manages=False, role_ids=(1, 2))
    await classes.choose_instructor_role(SERVER, None)
    assert not await classes.is_instructor(SERVER, manages=False, role_ids=(1, 2))


async def test_a_class_of_another_server_is_unknown(classes: Classes) -> None:
    """Its number in an option or a button leads nowhere, and tells nothing."""
    made = await classes.create(SERVER, "Docker", created_by=TEACHER)
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    for class_id in (made.id, made.id + 1):
        await refused(classes.get(OTHER, class_id), "class.unknown")
        await refused(
            classes.join(OTHER, class_id, YUNA, language="ko", name="Yuna"), "class.unknown"
        )
        await refused(classes.remove(OTHER, class_id, YUNA, instructor_id=1), "class.unknown")
        await refused(classes.close(OTHER, class_id, instructor_id=1), "class.unknown")
        await refused(classes.choose_channel(OTHER, class_id, 5), "class.unknown")
    assert await classes.of_server(OTHER) == ()
    assert [member.learner_id for member in await classes.members(made.id)] == [YUNA]


async def test_names(classes: Classes) -> None:
    """One open class of a name, whichever way it is typed; not empty, not endless."""
    made = await classes.create(SERVER, "  도커\n입문 ", created_by=TEACHER, channel_id=9)
    assert (made.name, made.channel_id) == ("도커 입문", 9)
    await refused(classes.create(SERVER, "도커 입문", created_by=TEACHER), "class.name_taken")
    await classes.create(SERVER, "Night", created_by=TEACHER)
    await refused(classes.create(SERVER, "NIGHT", created_by=TEACHER), "class.name_taken")
    await refused(classes.create(SERVER, " \u200b\n", created_by=TEACHER), "class.name_empty")
    await refused(
        classes.create(SERVER, "x" * (LONGEST_NAME + 1), created_by=TEACHER), "class.name_long"
    )
    assert tidy_name("x" * LONGEST_NAME) == "x" * LONGEST_NAME


async def test_joining_enrols(classes: Classes, room: Room) -> None:
    """Somebody who never typed /start may join; twice is once."""
    made = await classes.create(SERVER, "Docker", created_by=TEACHER)
    for new in (True, False):
        joined = await classes.join(SERVER, made.id, 77, language="en", name="Minho")
        assert joined == (made, new)
    assert [member.name for member in await classes.members(made.id)] == ["Minho"]
    assert await classes.sizes(SERVER) == {made.id: 1}
    assert (await room.classroom.enrol.learner(77)) is not None


async def test_leaving(classes: Classes) -> None:
    """By themselves nothing is written down; out is out."""
    made = await classes.create(SERVER, "Docker", created_by=TEACHER)
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    assert await classes.leave(made.id, YUNA) == made
    await refused(classes.leave(made.id, YUNA), "class.not_in_it")
    await refused(classes.leave(made.id + 1, YUNA), "class.not_in_it")
    assert await classes.of_learner(YUNA) == ()
    assert await classes.acts_of(YUNA) == ()


async def test_the_learner_sees_who_removed_them(classes: Classes) -> None:
    """And who closed a class that they were in."""
    made = await classes.create(SERVER, "Docker", created_by=TEACHER)
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    await classes.remove(SERVER, made.id, YUNA, instructor_id=TEACHER)
    await refused(
        classes.remove(SERVER, made.id, YUNA, instructor_id=TEACHER), "class.nobody_there"
    )
    await classes.join(SERVER, made.id, YUNA, language="ko", name="Yuna")
    await classes.close(SERVER, made.id, instructor_id=TEACHER)
    await refused(classes.get(SERVER, made.id), "class.unknown")
    await refused(classes.join(SERVER, made.id, 5, language="ko", name="N"), "class.unknown")
    found = await classes.acts_of(YUNA)
    assert [(each.act, each.detail, each.instructor_id) for each in found] == [
        ("closed", "Docker", TEACHER),
        ("removed", "Docker", TEACHER),
    ]


async def test_acts_go_with_the_learner(classes: Classes, room: Room) -> None:
    """/privacy counts what instructors did, hands it out, and deletes it."""
    await classes.record_act(SERVER, TEACHER, YUNA, "removed", "Docker")
    kept = await room.classroom.privacy.kept(YUNA)
    assert kept.rows["instructor_acts"] == 1
    assert "removed" in (await room.classroom.privacy.export(YUNA)).decode()
    await room.classroom.privacy.delete(YUNA)
    await classes.record_act(SERVER, TEACHER, YUNA, "removed", "Docker")
    assert await classes.acts_of(YUNA) == ()
