"""Files in and out of a sandbox: by programs in it, as the learner, through the learner's own view.

The service opens no path of a learner's. What a learner may spoil (links, devices, pipes that hang,
a shell that lies) costs them their answer and us a bounded time.

What a script says begins with a line: `ok`, `refused REASON` or `failed MESSAGE`.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from typing import Literal, Protocol, get_args
from weakref import WeakValueDictionary

from sandbox.contract import FileEntry, FileList, FileListRequest, FileReason, FileWritten
from sandbox.contract.files import MOST_LISTED
from sandbox.errors import Busy, EngineFailed, FileRefused, SandboxGone

TIMEOUT_S = 30.0
READ_S = 20
LIST_S = 5
LOOK_AGAIN_S = 0.005
PIECE_BYTES = 32_768
ANSWER_BYTES = 8192
"""Of what is said about a file, its path included."""
LIST_BYTES = 512 * 1024
MOST_EXAMINED = 4000
AT_ONCE = 4

_COMMON = r"""
refuse() { printf 'refused %s\n' "$1"; exit 0; }
failed() { printf 'failed %s\n' "$1"; exit 0; }
"""
_READ = r"""
[ -e "$1" ] || refuse missing
[ ! -d "$1" ] || refuse folder
[ -f "$1" ] || refuse not_a_file
[ "$(stat -Lc %s -- "$1")" -le "$2" ] || refuse too_big
printf 'ok\n'
exec timeout "$3" head -c "$(($2 + 1))" -- "$1" 2>/dev/null
"""
# The dots keep newlines at the end of a name. A link is written through, as an editor would.
_WRITE = r"""
umask 022
case $1 in */) refuse folder ;; esac
file=$(readlink -m -- "$1"; echo .)
file=${file%??}
[ ! -d "$file" ] || refuse folder
[ ! -e "$file" ] || [ -f "$file" ] || refuse not_a_file
folder=$(dirname -- "$file"; echo .)
folder=${folder%??}
said=$(mkdir -p -- "$folder" 2>&1) || failed "$said"
fresh=$(mktemp -- "$folder/.docent-XXXXXXXX" 2>&1) || failed "$fresh"
trap 'rm -f -- "$fresh"' EXIT
said=$({ head -c "$2" >"$fresh"; } 2>&1) || failed "$said"
[ "$(stat -c %s -- "$fresh")" = "$2" ] || failed incomplete
chmod --reference="$file" -- "$fresh" 2>/dev/null || chmod 644 -- "$fresh"
said=$(mv -T -- "$fresh" "$file" 2>&1) || failed "$said"
printf 'ok\n%s' "$file"
"""
_LIST = r"""
[ -e "$1" ] || refuse missing
[ -d "$1" ] || refuse not_a_folder
cd -- "$1" 2>/dev/null || refuse no_permission
printf 'ok\n%s\0' "$(pwd -P)"
timeout "$3" find . -mindepth 1 -maxdepth "$2" -printf '%y %s %P\0' 2>/dev/null
"""

_MESSAGES: tuple[tuple[bytes, FileReason], ...] = (
    (b"No space left", "disk_full"),
    (b"quota exceeded", "disk_full"),
    (b"Permission denied", "no_permission"),
    (b"not permitted", "no_permission"),
    (b"Read-only", "no_permission"),
    (b"No such file", "no_permission"),  # in a folder that is there: such as /proc
    (b"Not a directory", "not_a_folder"),
    (b"File exists", "not_a_folder"),
    (b"name too long", "bad_name"),
    (b"symbolic links", "bad_name"),
)
"""What the tools say, in the language that scripts run in."""
_TYPES: dict[bytes, Literal["file", "folder", "link"]] = {
    b"f": "file",
    b"d": "folder",
    b"l": "link",
}


class Helper(Protocol):
    """A program of ours in a sandbox; `sandbox.channel.Channel` is one."""

    @property
    def is_closed(self) -> bool:
        """Whether it ended."""
        ...

    async def read(self, most: int = ...) -> bytes:
        """Some of its output; empty when there is no more."""
        ...

    def type(self, data: bytes) -> bool:
        """Give it input; False when it has to take what it has first."""
        ...

    async def exit_code(self) -> int:
        """How it ended."""
        ...


class Aside(Protocol):
    """Where scripts of ours run; `sandbox.shell.Shell` is one."""

    def run_aside(self, script: str) -> AbstractAsyncContextManager[Helper]:
        """A script of ours, beside the learner's command lines."""
        ...


class FileTraffic:
    """How big a file may be, and a turn for each that is on its way.

    A few are at once, and one of each learner: whose sandbox dawdles keeps nobody else waiting.
    """

    def __init__(self, most_bytes: int = 8 * 1024 * 1024) -> None:
        self.most_bytes = most_bytes
        self._learners: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._turns = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def turn(self, learner: str) -> AsyncGenerator[None]:
        """While one of this learner's is on its way.

        Raises:
            Busy: the others are too slow.
        """
        learners = self._learners.setdefault(learner, asyncio.Lock())  # for who wants it now
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    await stack.enter_async_context(learners)
                    await stack.enter_async_context(self._turns)
            except TimeoutError as exc:
                raise Busy("too many files are on their way") from exc
            yield


async def read_file(shell: Aside, path: str, *, most: int) -> bytes:
    """The content of a file of the learner's.

    Raises:
        FileRefused: there is no such file, or it is too big.
        EngineFailed: the sandbox does not answer in time, or nonsense.
        SandboxGone: the sandbox ended.
    """
    async with _helper(shell, _READ, path, most, READ_S) as helper:
        content = _content(await _read_all(helper, most + ANSWER_BYTES))
        if len(content) > most:  # it grew, or says that it is empty, like those of /proc
            raise FileRefused("too_big")
        if await helper.exit_code() != 0:
            raise FileRefused("no_permission")
        return content


async def write_file(
    shell: Aside, path: str, size: int, pieces: AsyncIterable[bytes]
) -> FileWritten:
    """Have a file with this content, all of it or nothing; folders on the way are made.

    Args:
        shell: Where to.
        path: Of the learner's.
        size: Of the content; what goes beyond is left out.
        pieces: The content.

    Raises:
        FileRefused: it can't be written there, or the learner's disk is full.
        EngineFailed: the sandbox does not take it in time, or answers nonsense.
        SandboxGone: the sandbox ended.
    """
    async with _helper(shell, _WRITE, path, size) as helper:
        with suppress(SandboxGone):  # it takes no more: the answer says why, if there is one
            async for piece in pieces:
                await _give(helper, piece)
        said = await _read_all(helper, ANSWER_BYTES)
        if not said:
            await helper.exit_code()
        written = _content(said)
        return FileWritten(path=_repaired(written), size_bytes=size)


async def list_files(shell: Aside, asked: FileListRequest) -> FileList:
    """What is in a folder of the learner's. Raises as `read_file` does."""
    async with _helper(shell, _LIST, asked.path, asked.depth, LIST_S) as helper:
        said = await _read_all(helper, LIST_BYTES)
        folder, *items = _content(said).split(b"\0")
        del items[-1:]  # empty, or cut off
        entries = sorted(map(_entry, items[:MOST_EXAMINED]), key=lambda entry: entry.path)
        return FileList(
            folder=_repaired(folder),
            entries=entries[:MOST_LISTED],
            truncated=len(said) >= LIST_BYTES or len(items) > MOST_LISTED,
        )


@asynccontextmanager
async def _helper(shell: Aside, script: str, path: str, *arguments: int) -> AsyncGenerator[Helper]:
    # A path that begins with a dash or a plus would be an option to some tools.
    shown = path if path.startswith("/") else f"./{path}"
    given = " ".join([shlex.quote(shown), *map(str, arguments)])
    try:
        async with (
            asyncio.timeout(TIMEOUT_S),
            shell.run_aside(f"set -- {given}\n{_COMMON}{script}") as helper,
        ):
            yield helper
    except TimeoutError as exc:
        raise EngineFailed("the sandbox does not answer in time") from exc


async def _give(helper: Helper, piece: bytes) -> None:
    """As fast as it takes it. One that ended has said why."""
    for start in range(0, len(piece), PIECE_BYTES):
        some = piece[start : start + PIECE_BYTES]
        while not helper.is_closed and not helper.type(some):  # noqa: ASYNC110 # it has no event
            await asyncio.sleep(LOOK_AGAIN_S)


async def _read_all(helper: Helper, most: int) -> bytes:
    said = bytearray()
    while len(said) < most and (piece := await helper.read(most - len(said))):
        said += piece
    return bytes(said)


def _content(said: bytes) -> bytes:
    """What comes after `ok`."""
    head, _, rest = said.partition(b"\n")
    if head == b"ok":
        return rest
    raise FileRefused(_reason(said))


def _reason(answer: bytes) -> FileReason:
    kind, _, what = answer.rstrip(b"\n").partition(b" ")
    reason = what.decode("ascii", errors="replace")
    for known in get_args(FileReason):
        if kind == b"refused" and reason == known:
            return known  # type: ignore[no-any-return] # one of the Literal's
    for message, meaning in _MESSAGES:
        if kind == b"failed" and message in what:
            return meaning
    raise EngineFailed("the sandbox's answer about a file makes no sense")


def _entry(item: bytes) -> FileEntry:
    kind, _, rest = item.partition(b" ")
    size, _, path = rest.partition(b" ")
    if not (size.isdigit() and len(size) <= len("1152921504606846976")):
        raise EngineFailed("the sandbox's list of files makes no sense")
    return FileEntry(path=_repaired(path), type=_TYPES.get(kind, "other"), size_bytes=int(size))


def _repaired(name: bytes) -> str:
    """A name that can be shown: of 4,096 bytes at most, which is the longest of a path."""
    text = name[:4096].decode(errors="replace")
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
