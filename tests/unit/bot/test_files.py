"""Files as a use case: where they land, what is refused, what changed meanwhile, what is wrong."""

from __future__ import annotations

import pytest

from bot.classroom.files import LARGEST_FILE_BYTES, Changed, Files, Saved
from bot.classroom.lessons import LessonDesk
from bot.errors import LearnerError
from bot.files.editing import digest_of
from sandbox.errors import EngineFailed, FileRefused
from tests.fakes.files import FakeFiles
from tests.fakes.sandboxes import FakeSandboxes
from tests.unit.bot.conftest import YUNA, Room

ME = str(YUNA)
CHECK = "(\ndocker compose -f /root/compose.yaml config -q\n)"


def files_of(room: Room) -> dict[str, bytes]:
    """What is in Yuna's sandbox."""
    return room.sandboxes.files.of[ME]


async def test_a_file_lands_where_the_learner_is(room: Room) -> None:
    """And is read there again."""
    room.sandboxes.directories[ME] = "/root/app"
    saved = await room.classroom.files.save(YUNA, "web/a.txt", b"hi")

    assert saved == Saved("/root/app/web/a.txt", 2)
    assert files_of(room) == {"/root/app/web/a.txt": b"hi"}
    assert await room.classroom.files.where(YUNA, "web/a.txt") == "/root/app/web/a.txt"
    assert await room.classroom.files.where(YUNA, "../a.txt") == "/root/a.txt"
    assert await room.classroom.files.where(YUNA, "/etc//x") == "/etc/x"
    assert await room.classroom.files.read(YUNA, "web/a.txt") == b"hi"
    assert await room.classroom.files.read(YUNA, "nothing") is None


async def test_what_is_replaced_is_handed_back(room: Room) -> None:
    """Unless it was the same, or empty."""
    files_of(room).update({"/root/a": b"old", "/root/same": b"new", "/root/empty": b""})
    save = room.classroom.files.save

    assert await save(YUNA, "a", b"new") == Saved("/root/a", 3, b"old")
    for path in ("same", "empty"):
        saved = await save(YUNA, path, b"new")
        assert isinstance(saved, Saved)
        assert not saved.replaced


async def test_a_file_that_changed_meanwhile_is_not_written(room: Room) -> None:
    """Nor one that came, or went; but one that is already as it should be."""
    save = room.classroom.files.save
    files_of(room)["/root/a"] = b"theirs"
    assert await save(YUNA, "/root/a", b"mine", seen=digest_of(b"old")) == Changed("/root/a")
    assert await save(YUNA, "/root/a", b"mine", seen=digest_of(None)) == Changed("/root/a")
    assert await save(YUNA, "/root/b", b"mine", seen=digest_of(b"old")) == Changed("/root/b")
    assert files_of(room) == {"/root/a": b"theirs"}
    assert isinstance(await save(YUNA, "/root/a", b"theirs", seen=digest_of(b"old")), Saved)
    assert isinstance(await save(YUNA, "/root/a", b"mine", seen=digest_of(b"theirs")), Saved)
    assert isinstance(await save(YUNA, "/root/b", b"mine", seen=digest_of(None)), Saved)


async def test_refusals_are_sentences(room: Room) -> None:
    """For each reason of the service, in both languages."""
    files_of(room)["/root/folder/x"] = b""
    for work in (
        room.classroom.files.read(YUNA, "folder"),
        room.classroom.files.save(YUNA, "folder", b"x"),
    ):
        with pytest.raises(LearnerError, match=r"files\.refused\.folder"):
            await work
    with pytest.raises(LearnerError, match=r"files\.refused\.not_a_folder"):
        await room.classroom.files.look_into(YUNA, "folder/x", depth=1)
    with pytest.raises(LearnerError, match=r"files\.refused\.missing"):
        await room.classroom.files.look_into(YUNA, "nothing", depth=1)


async def test_the_limit_holds_to_the_byte(room: Room) -> None:
    """Eight MiB land, one byte more does not."""
    await room.classroom.files.save(YUNA, "a", bytes(LARGEST_FILE_BYTES))
    with pytest.raises(LearnerError, match=r"files\.refused\.too_big"):
        await room.classroom.files.save(YUNA, "b", bytes(LARGEST_FILE_BYTES + 1))
    assert list(files_of(room)) == ["/root/a"]


async def test_who_has_no_sandbox_gets_one(room: Room) -> None:
    """And hears it when all places are taken."""
    sandboxes = FakeSandboxes(capacity=1)
    files = Files(sandboxes)
    await files.save(77, "a", b"x")
    assert sandboxes.files.of["77"] == {"/root/a": b"x"}
    with pytest.raises(LearnerError, match=r"error\.sandbox\.in_line") as caught:
        await files.save(78, "a", b"x")
    assert caught.value.values == {"place": 1}
    await sandboxes.close("77")
    await files.save(78, "a", b"x")
    with pytest.raises(LearnerError, match=r"engine\.absent"):
        await Files(None).save(77, "a", b"x")


async def test_paths_are_suggested_by_their_beginning(room: Room) -> None:
    """With folders to go on in; nothing when the sandbox does not answer."""
    files_of(room).update(
        {f"/root/{name}": b"" for name in ("Dockerfile", ".env", "web/index.html", "x" * 120)}
    )
    suggest = room.classroom.files.suggest

    assert await suggest(YUNA, "", folders=False) == [
        "Dockerfile", "web/index.html", "web/", ".env",
    ]  # fmt: skip
    assert await suggest(YUNA, "dock", folders=False) == ["Dockerfile"]
    assert await suggest(YUNA, "web/i", folders=False) == ["web/index.html"]
    assert await suggest(YUNA, "/root/we", folders=True) == ["/root/web/"]
    assert await suggest(YUNA, "nowhere/x", folders=False) == []
    assert await suggest(99, "", folders=False) == []
    room.sandboxes.down = EngineFailed()
    assert await suggest(YUNA, "", folders=False) == []


async def test_many_files_are_not_too_many_suggestions(room: Room) -> None:
    """Discord takes 25."""
    files_of(room).update({f"/root/{n}": b"" for n in range(60)})
    assert len(await room.classroom.files.suggest(YUNA, "", folders=False)) == 25


async def test_a_dockerfile_is_checked_and_other_files_are_not(room: Room) -> None:
    """By name."""
    check = room.classroom.files.check
    found = await check(YUNA, "/root/Dockerfile", b"FROM a\nRNU x\n")
    assert found is not None
    assert [problem.line for problem in found.problems] == [2]
    assert await check(YUNA, "/root/a.txt", b"RNU x\n") is None
    assert await check(YUNA, "/root/Dockerfile", b"x" * 40_000) is None


async def test_a_compose_file_is_asked_of_compose(room: Room) -> None:
    """Only when it is YAML at all; what was said gets its lines."""
    check = room.classroom.files.check
    content = b"services:\n  web:\n    imag: nginx\n"
    said = "validating /root/compose.yaml: services.web Additional property imag is not allowed\n"
    room.sandboxes.answer(CHECK, said, exit_code=1)
    found = await check(YUNA, "/root/compose.yaml", content)
    assert found is not None
    assert [problem.line for problem in found.problems] == [3]

    room.sandboxes.answer(CHECK, exit_code=0)
    found = await check(YUNA, "/root/compose.yaml", content)
    assert found is not None
    assert found.possible
    assert not found.problems

    before = len(room.sandboxes.ran)
    found = await check(YUNA, "/root/compose.yaml", b"a: [")
    assert found is not None
    assert found.problems
    assert len(room.sandboxes.ran) == before


async def test_a_check_that_does_not_end_is_given_up(room: Room) -> None:
    """The file is saved all the same."""
    room.sandboxes.answer(CHECK, exit_code=None, limit="time")
    found = await room.classroom.files.check(YUNA, "/root/compose.yaml", b"services: {}\n")
    assert found is not None
    assert not found.possible


async def test_looks_of_ours_are_not_in_the_history(room: Room) -> None:
    """A check is no command of the learner's."""
    room.sandboxes.answer(CHECK, exit_code=0)
    await room.classroom.files.check(YUNA, "/root/compose.yaml", b"services: {}\n")
    assert isinstance(room.classroom.lessons, LessonDesk)
    assert room.sandboxes.ran == [(ME, CHECK)]


async def test_all_reasons_have_a_sentence(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the contract."""
    reasons = ("missing", "folder", "not_a_folder", "not_a_file", "too_big", "disk_full",
               "no_permission", "bad_name")  # fmt: skip
    for reason in reasons:

        def refuse(*_: object, reason: str = reason) -> None:
            raise FileRefused(reason)

        monkeypatch.setattr(FakeFiles, "write", refuse)
        with pytest.raises(LearnerError, match=rf"files\.refused\.{reason}"):
            await room.classroom.files.save(YUNA, "a", b"x")
