"""What a sandbox says about files is taken apart with care."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from sandbox import files
from sandbox.contract import FileListRequest
from sandbox.contract.files import MOST_LISTED
from sandbox.errors import Busy, EngineFailed, FileRefused, SandboxGone
from sandbox.files import (
    AT_ONCE,
    LIST_BYTES,
    FileTraffic,
    list_files,
    read_file,
    write_file,
)


class SaidHelper:
    """A program that prints this, and takes input until it has ended."""

    def __init__(self, said: bytes, *, exit_code: int | None = 0, takes: int | None = None) -> None:
        self._said = said
        self._exit_code = exit_code
        self._takes = takes
        self.given = b""
        self.is_closed = False

    async def read(self, most: int = 32_768) -> bytes:
        """Some of it."""
        piece, self._said = self._said[:most][:9000], self._said[:most][9000:] + self._said[most:]
        return piece

    def type(self, data: bytes) -> bool:
        """Take it, or be gone."""
        if self._takes is not None and len(self.given) >= self._takes:
            self.is_closed = True
            raise SandboxGone("a broken pipe")
        self.given += data
        return True

    async def exit_code(self) -> int:
        """How it ended."""
        if self._exit_code is None:
            raise SandboxGone("the sandbox ended")
        return self._exit_code


class SaidShell:
    """Runs one program, whatever the script is."""

    def __init__(self, helper: SaidHelper) -> None:
        self.helper = helper
        self.script = ""

    @asynccontextmanager
    async def run_aside(self, script: str) -> AsyncGenerator[SaidHelper]:
        """Remember the script."""
        self.script = script
        yield self.helper


def shell(said: bytes, **how: int | None) -> SaidShell:
    """A shell in which the next script prints this."""
    return SaidShell(SaidHelper(said, **how))


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    """A body as it arrives."""
    for piece in content:
        yield piece


async def test_content_is_all_that_follows_the_first_line() -> None:
    """Whatever is in it."""
    assert await read_file(shell(b"ok\n\0ok\nrefused missing\n"), "a", most=99) == (
        b"\0ok\nrefused missing\n"
    )
    assert await read_file(shell(b"ok\n"), "a", most=0) == b""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"refused missing\n", "missing"), (b"refused not_a_file\n", "not_a_file"),
        (b"failed head: error writing: No space left on device\n", "disk_full"),
        (b"failed mktemp: '/usr/x': Read-only file system\n", "no_permission"),
        (b"failed mkdir: File name too long", "bad_name"),
    ],
)  # fmt: skip
async def test_refusals_become_reasons(said: bytes, reason: str) -> None:
    """From our own words, and from what tools say."""
    with pytest.raises(FileRefused) as refused:
        await read_file(shell(said), "a", most=9)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "said", [b"", b"o", b"refused", b"refused whatever\n", b"failed\n", b"\xff", b"\0" * 99]
)
async def test_nonsense_is_the_sandboxs_failure(said: bytes) -> None:
    """A shell that was spoiled."""
    with pytest.raises(EngineFailed):
        await read_file(shell(said), "a", most=9)


async def test_a_file_that_grows_meanwhile_is_too_big() -> None:
    """Its size was asked before."""
    with pytest.raises(FileRefused, match="too_big"):
        await read_file(shell(b"ok\n" + b"x" * 100_000), "a", most=99)


async def test_a_part_of_a_file_is_not_given_out() -> None:
    """What can't be read to its end, and a sandbox that ended in the middle."""
    with pytest.raises(FileRefused):
        await read_file(shell(b"ok\npart", exit_code=1), "a", most=99)
    with pytest.raises(SandboxGone):
        await read_file(shell(b"ok\npart", exit_code=None), "a", most=99)


@pytest.mark.parametrize("path", ["-n", "+x", "$(id)", "a'b", "a\nb", "`id`", "; id", "한글"])
async def test_a_path_is_one_word_and_no_option(path: str) -> None:
    """However it is made."""
    used = shell(b"ok\n")
    await read_file(used, path, most=9)

    assert shlex.split(used.script.partition("\nrefuse()")[0]) == [
        "set", "--", f"./{path}", "9", "20"
    ]  # fmt: skip


async def test_a_file_is_given_piece_by_piece() -> None:
    """All of it, and where it went is told."""
    used = shell(b"ok\n/root/a\x1b[31m")
    written = await write_file(used, "a", 5, pieces(b"he", b"", b"llo"))

    assert used.helper.given == b"hello"
    assert (written.path, written.size_bytes) == ("/root/a\ufffd[31m", 5)


async def test_who_takes_no_more_has_said_why() -> None:
    """A full disk, after a part of the file; or the sandbox ended."""
    with pytest.raises(FileRefused, match="disk_full"):
        await write_file(
            shell(b"failed No space left on device", takes=1), "a", 6, pieces(b"one", b"two")
        )
    with pytest.raises(SandboxGone):
        await write_file(shell(b"", takes=0, exit_code=None), "a", 3, pieces(b"one"))


async def test_a_list_is_sorted_repaired_and_bounded() -> None:
    """Names that hold anything, and an entry that was cut off."""
    said = b"ok\n/root/web\0f 5 b\0d 4096 a\0l 1 c\x1b]0;\xff\n\0p 0 d/e f\0f 7 cut"
    listed = await list_files(shell(said), FileListRequest(path="web"))

    assert listed.folder == "/root/web"
    assert [(e.path, e.type, e.size_bytes) for e in listed.entries] == [
        ("a", "folder", 4096), ("b", "file", 5), ("c\ufffd]0;\ufffd\ufffd", "link", 1),
        ("d/e f", "other", 0),
    ]  # fmt: skip
    endless = b"ok\n/\0" + b"f 1 x\0" * LIST_BYTES
    many = await list_files(shell(endless), FileListRequest())
    assert len(many.entries) == MOST_LISTED
    assert many.truncated
    with pytest.raises(EngineFailed):
        await list_files(shell(b"ok\n/\0f minus x\0"), FileListRequest())


async def test_a_learner_whose_sandbox_dawdles_keeps_nobody_else_waiting() -> None:
    """However many files are asked for there, one is on its way."""
    traffic = FileTraffic()
    let_go = asyncio.Event()
    under_way = 0

    async def dawdle() -> None:
        nonlocal under_way
        async with traffic.turn("1"):
            under_way += 1
            await let_go.wait()
            under_way -= 1

    dawdling = [asyncio.create_task(dawdle()) for _ in range(AT_ONCE)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5), traffic.turn("2"):
        assert under_way == 1
    let_go.set()
    await asyncio.gather(*dawdling)


async def test_too_many_at_once_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no failure of their engine, and a new disk would not help."""
    monkeypatch.setattr(files, "TIMEOUT_S", 0.02)
    traffic = FileTraffic()
    async with AsyncExitStack() as stack:
        for number in range(AT_ONCE):
            await stack.enter_async_context(traffic.turn(str(number)))
        for learner in ("0", "9"):
            with pytest.raises(Busy):
                await stack.enter_async_context(traffic.turn(learner))
    async with traffic.turn("0"), traffic.turn("9"):
        pass
