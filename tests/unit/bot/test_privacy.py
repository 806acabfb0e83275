"""All that is kept of a learner: handed out, and deleted with the sandbox."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.texts import LANGUAGES, Texts
from db import history
from sandbox.errors import SandboxError, SandboxGone, ServiceDown
from tests.unit.bot.conftest import YUNA, Room

MINHO = YUNA + 1


async def exported(room: Room, learner_id: int = YUNA) -> dict[str, Any]:
    """What the file says."""
    found: dict[str, Any] = json.loads(await room.classroom.privacy.export(learner_id))
    return found


async def test_the_file_has_what_was_done_and_chosen(room: Room) -> None:
    """Rows of every table, and how the sandbox is; nothing is started for that."""
    await room.ran("docker run 안녕 ``` @everyone")
    await room.classroom.settings.change(YUNA, language="ko", name="Yuna", explanations="off")
    await room.sandboxes.take_snapshot(str(YUNA), "saved")
    found = await exported(room)

    assert found["tables"]["learners"][0]["name"] == "Yuna"
    assert found["tables"]["history"][0]["line"] == "docker run 안녕 ``` @everyone"
    assert found["tables"]["settings"][0]["explanations"] == "off"
    assert found["sandbox"]["state"] == "stopped"
    assert [kept["name"] for kept in found["sandbox"]["snapshots"]] == ["saved"]
    assert room.sandboxes.running == set()


async def test_nothing_of_others_is_in_the_file(room: Room) -> None:
    """Neither their rows nor their sandbox."""
    await room.classroom.enrol.enrol(MINHO, language="ko", name="Minho")
    await room.ran("docker run mine")
    found = await room.classroom.privacy.export(MINHO)

    assert b"mine" not in found
    assert str(YUNA).encode() not in found


async def test_the_rest_is_handed_out_while_the_service_is_down(room: Room) -> None:
    """And the file says that the sandbox could not be asked."""
    room.sandboxes.down = ServiceDown("no")

    found = await exported(room)
    kept = await room.classroom.privacy.kept(YUNA)

    assert found["sandbox"] is None
    assert found["tables"]["learners"]
    assert kept.has_sandbox is None
    assert not kept.nothing


async def test_of_a_stranger_nothing_is_kept(room: Room) -> None:
    """And asking changes nothing about that."""
    assert (await room.classroom.privacy.kept(5)).nothing
    assert not any((await exported(room, 5))["tables"].values())


async def test_deleting_leaves_nothing(room: Room) -> None:
    """Rows, disk, snapshots and what was remembered of the language; others keep theirs."""
    privacy = room.classroom.privacy
    await room.ran("docker ps")
    await room.classroom.settings.change(YUNA, language="ko", name="Yuna", compact=True)
    await room.sandboxes.open(str(YUNA))
    await room.sandboxes.take_snapshot(str(YUNA), "saved")
    await room.classroom.enrol.enrol(MINHO, language="en", name="Minho")
    await room.sandboxes.open(str(MINHO))
    for _ in range(2):
        await privacy.delete(YUNA)

    assert (await privacy.kept(YUNA)).nothing
    assert room.sandboxes.running == {str(MINHO)}
    with pytest.raises(SandboxGone):
        await room.sandboxes.view(str(YUNA))
    assert room.classroom.enrol.known_language(YUNA) is None
    assert not (await room.classroom.settings.of(YUNA)).compact
    assert await room.classroom.enrol.learner(MINHO) is not None


async def test_rows_stay_until_the_sandbox_is_gone(room: Room) -> None:
    """So that whoever sees a failure can press again, and nothing is left that nobody owns."""
    room.sandboxes.down = ServiceDown("no")
    with pytest.raises(SandboxError):
        await room.classroom.privacy.delete(YUNA)
    room.sandboxes.down = None

    assert await room.classroom.enrol.learner(YUNA) is not None


async def test_a_command_that_ends_after_the_deletion_is_not_kept(room: Room) -> None:
    """Nor is it a failure: there is nobody whose history it could be in."""
    await room.classroom.privacy.delete(YUNA)
    async with room.classroom.commands.run(YUNA, "docker ps") as running:
        async for _ in running:
            pass

    async with room.database.transaction() as session:
        assert await history.recent(session, YUNA, 10) == []


async def test_every_table_has_a_name_for_people(room: Room, texts: Texts) -> None:
    """The card names what is kept, so a new table needs a name in both languages."""
    for table in (await room.classroom.privacy.kept(YUNA)).rows:
        for language in LANGUAGES:
            assert f"privacy.kept.{table}" in texts.for_language(language), table
