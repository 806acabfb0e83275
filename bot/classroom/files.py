"""A learner's files: read, written, listed and checked in their sandbox, opened when needed."""

from __future__ import annotations

import asyncio
import posixpath
import shlex
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from bot.classroom.looking import Looks
from bot.errors import LearnerError, in_line
from bot.files.compose import compose_problems, yaml_problem
from bot.files.dockerfile import dockerfile_problems
from bot.files.editing import EditedText, digest_of, open_in_form
from bot.files.names import below, is_compose_file, is_dockerfile
from bot.files.problems import Problem
from bot.files.tree import Entry
from bot.terminal.escape import inline_code
from sandbox.client import Sandboxes
from sandbox.contract import FileList
from sandbox.errors import FileRefused, SandboxError, SandboxGone

log = structlog.get_logger(__name__)

LARGEST_FILE_BYTES: Final = 8 * 1024 * 1024
"""Of a file from chat or to it; the service takes no bigger one unless it is told to."""

MOST_CHECKED_BYTES: Final = 32 * 1024
CHECK_LIMIT_S: Final = 10.0
CHECK_WAIT_S: Final = 15.0
"""With the wait for a command of the learner's that runs."""

MOST_SUGGESTED: Final = 25
LONGEST_SUGGESTED: Final = 100

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was written at `path`, links followed; `before` is what it held until then."""

    path: str
    size_bytes: int
    before: bytes | None = None

    @property
    def replaced(self) -> bool:
        """Whether something else was in it before."""
        return bool(self.before)


@dataclass(frozen=True, slots=True)
class Changed:
    """Nothing was written: the file at `path` is not any more as the learner had seen it."""

    path: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong in a file; `possible` is False when it could not be looked at in time."""

    problems: Sequence[Problem] = ()
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Folder:
    """What is in the folder at `path`; `truncated` says that there is more."""

    path: str
    entries: tuple[Entry, ...]
    truncated: bool


class Files:
    """Files of learners. Methods raise `SandboxError`; LearnerError for what is refused."""

    def __init__(self, sandboxes: Sandboxes | None) -> None:
        self._sandboxes = sandboxes
        self._looks = Looks(sandboxes)

    async def where(self, learner_id: int, path: str) -> str:
        """The path from the root: a relative one begins where the learner is."""
        if path.startswith("/"):
            return below("/", path)
        return below((await self._list(learner_id, ".", depth=1)).folder, path)

    async def read(self, learner_id: int, path: str) -> bytes | None:
        """The content; None when there is no such file.

        Raises:
            LearnerError: It is no file, too big, or not the learner's to read.
        """
        sandboxes = self._engine()
        try:
            return await self._opened(
                learner_id, lambda: sandboxes.read_file(str(learner_id), path)
            )
        except FileRefused as exc:
            if exc.reason == "missing":
                return None
            raise refusal(exc, path) from exc

    async def open_in_form(self, learner_id: int, path: str) -> tuple[str, EditedText]:
        """The path from the root, and the text to edit.

        Raises:
            LearnerError: As `read`; or no form can show it.
        """
        whole = await self.where(learner_id, path)
        return whole, open_in_form(whole, await self.read(learner_id, whole))

    async def save(
        self, learner_id: int, path: str, content: bytes, *, seen: str | None = None
    ) -> Saved | Changed:
        """Write a file, folders on the way included.

        Args:
            learner_id: Whose.
            path: Where; a relative one begins where the learner is.
            content: All of it.
            seen: The digest of the file as the learner saw it; None to write in any case.

        Raises:
            LearnerError: It can't be written there.
        """
        if len(content) > LARGEST_FILE_BYTES:
            raise refused("too_big", path)
        sandboxes = self._engine()
        before = await self._before(learner_id, path)
        if seen is not None and digest_of(before) not in (seen, digest_of(content)):
            return Changed(path)
        try:
            written = await self._opened(
                learner_id, lambda: sandboxes.write_file(str(learner_id), path, content)
            )
        except FileRefused as exc:
            raise refusal(exc, path) from exc
        return Saved(written.path, written.size_bytes, None if before == content else before)

    async def look_into(self, learner_id: int, path: str, *, depth: int) -> Folder:
        """What is in a folder.

        Raises:
            LearnerError: There is no such folder.
        """
        try:
            found = await self._list(learner_id, path, depth=depth)
        except FileRefused as exc:
            raise refusal(exc, path) from exc
        return Folder(found.folder, tuple(_entries(found)), found.truncated)

    async def check(self, learner_id: int, path: str, content: bytes) -> Checked | None:
        """What is wrong in a Dockerfile or a compose file that was saved; None for other files."""
        if not (is_dockerfile(path) or is_compose_file(path)) or len(content) > MOST_CHECKED_BYTES:
            return None
        text = content.decode("utf-8", "replace")
        if is_dockerfile(path):
            return Checked(await asyncio.to_thread(dockerfile_problems, text))
        # Beside the loop: a file of a learner's may be made to be slow to read.
        if (problem := await asyncio.to_thread(yaml_problem, text)) is not None:
            return Checked([problem])
        return await self._ask_compose(learner_id, path, text)

    async def suggest(self, learner_id: int, typed: str, *, folders: bool) -> list[str]:
        """Paths that begin as what was typed so far; `folders` to offer only those.

        Raises nothing but what stops the caller: without an answer there is nothing to offer.
        """
        if self._sandboxes is None:
            return []
        folder, _, begun = typed.rpartition("/")
        given = f"{folder}/" if "/" in typed else ""
        try:
            found = await self._sandboxes.list_files(
                str(learner_id), given or ".", depth=1 if typed else 2
            )
        except SandboxError as exc:
            log.info("no_suggestions", error=type(exc).__name__)
            return []
        names = [
            entry.path + ("/" if entry.kind == "folder" else "")
            for entry in _entries(found)
            if entry.kind == "folder" or not folders
        ]
        fitting = [name for name in names if name.lower().startswith(begun.lower())]
        ordered = sorted(fitting, key=lambda name: (_is_hidden(name), name.endswith("/"), name))
        shown = [given + name for name in ordered if len(given + name) <= LONGEST_SUGGESTED]
        return shown[:MOST_SUGGESTED]

    async def _ask_compose(self, learner_id: int, path: str, text: str) -> Checked:
        script = f"docker compose -f {shlex.quote(path)} config -q"
        try:
            async with asyncio.timeout(CHECK_WAIT_S):
                seen = await self._looks.run(learner_id, script, limit_s=CHECK_LIMIT_S)
        except (SandboxError, TimeoutError) as exc:
            log.info("not_checked", error=type(exc).__name__)
            return Checked(possible=False)
        if seen.exit_code is None:
            return Checked(possible=False)
        if seen.exit_code == 0:
            return Checked()
        return Checked(await asyncio.to_thread(compose_problems, text, seen.text))

    async def _before(self, learner_id: int, path: str) -> bytes | None:
        """What is there now. What can't be read is not kept: the write says what is wrong."""
        try:
            return await self.read(learner_id, path)
        except LearnerError:
            return None

    async def _list(self, learner_id: int, path: str, *, depth: int) -> FileList:
        sandboxes = self._engine()
        return await self._opened(
            learner_id, lambda: sandboxes.list_files(str(learner_id), path, depth=depth)
        )

    async def _opened(self, learner_id: int, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Ask for a file; a learner who never had a sandbox gets one."""
        try:
            return await ask()
        except SandboxGone:
            view = await self._engine().open(str(learner_id))
            if view.state == "waiting":
                raise in_line(view.place or 1, view.estimate_s) from None
            return await ask()

    def _engine(self) -> Sandboxes:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        return self._sandboxes


def refusal(error: FileRefused, path: str) -> LearnerError:
    """What the service's refusal means to the learner."""
    return refused(error.reason, path)


def refused(reason: str, path: str) -> LearnerError:
    """A refusal for one of the contract's reasons."""
    return LearnerError(f"files.refused.{reason}", path=inline_code(path, longest=100))


def _entries(found: FileList) -> list[Entry]:
    return [Entry(each.path, each.type, each.size_bytes) for each in found.entries]


def _is_hidden(name: str) -> bool:
    return posixpath.basename(name.rstrip("/")).startswith(".")
