"""What may be asked of the sandbox service, by anybody who need not know how it is reached."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sandbox.contract import (
    EngineFacts,
    Expiring,
    FileList,
    FileWritten,
    Health,
    LoadFact,
    Page,
    RunEvent,
    RunRequest,
    SandboxView,
    SeatsRequest,
    SeatsView,
    SessionEvent,
    SessionRequest,
    SessionView,
    SignalName,
    SnapshotFact,
)


class Running(Protocol):
    """A command on its way: iterate over its events; the last one is `Ended` or `RunFailed`."""

    def __aiter__(self) -> AsyncIterator[RunEvent]:
        """The events as they come; raises `ServiceDown` when the service breaks off."""
        ...

    async def cancel(self) -> None:
        """End the command and all it started; the events still end with `Ended`. Repeatable."""
        ...


class Terminal(Protocol):
    """A session that the caller is attached to: iterate over its events, and send it something.

    The last event is `SessionEnded`, `SessionDetached` or `RunFailed`. What is sent after it, or
    to a session that ended meanwhile, does nothing.
    """

    def __aiter__(self) -> AsyncIterator[SessionEvent]:
        """The events as they come; raises `ServiceDown` when the service breaks off."""
        ...

    async def type(self, text: str) -> None:
        """Give it input of any length, control characters included."""
        ...

    async def resize(self, columns: int, rows: int) -> None:
        """Raises `BadRequest` for a size that no terminal of ours has."""
        ...

    async def signal(self, name: SignalName) -> None:
        """A signal to what is in the foreground."""
        ...

    async def detach(self) -> None:
        """Leave it running; the last event is `SessionDetached`."""
        ...


class Sandboxes(Protocol):
    """What the bot can ask of learners' sandboxes. Every call raises `SandboxError` only.

    Commands wait in line when every place is taken, and tell how they stand. What starts a stopped
    sandbox and has to answer within seconds raises `InLine` then: whoever asks again within a
    minute keeps the place in line.
    """

    async def health(self) -> Health:
        """How the service is, whether or not the host's engine answers."""
        ...

    async def open(self, learner: str) -> SandboxView:
        """Start the learner's sandbox, with a new disk if there is none; safe to repeat.

        When every place is taken it does not wait: the answer's state is `waiting`. Whoever asks
        again within a minute keeps the place in line.
        """
        ...

    async def view(self, learner: str) -> SandboxView:
        """How it is, with its timers; nothing is started or thawed for that.

        Raises `SandboxGone` when the learner never had one.
        """
        ...

    async def extend(self, learner: str, minutes: int) -> SandboxView:
        """Keep it running for so long from now, as far as that is allowed.

        Raises `SandboxGone` when it does not run.
        """
        ...

    async def expiring(self) -> list[Expiring]:
        """Disks that nobody used for long, the longest unused first."""
        ...

    async def warned(self, learner: str) -> None:
        """The learner was told that their disk will be deleted; safe to repeat.

        Raises `SandboxGone` when it does not expire any more.
        """
        ...

    async def keep_seats(self, name: str, request: SeatsRequest) -> SeatsView:
        """Keep places for the learners of a class; what it kept before is replaced."""
        ...

    async def seats(self) -> list[SeatsView]:
        """What classes keep now, the first to ask first."""
        ...

    async def give_back_seats(self, name: str) -> None:
        """Keep none for this class any more; safe to repeat."""
        ...

    async def close(self, learner: str) -> None:
        """Stop it and keep the disk; safe to repeat."""
        ...

    async def reset(self, learner: str) -> SandboxView:
        """Throw the disk away and start with a new, empty one.

        When every place is taken, the answer's state is `waiting`, as that of `open`: the old disk
        is gone then, and the new one comes with the start.
        """
        ...

    async def forget(self, learner: str) -> None:
        """Keep nothing of the learner: no sandbox, no disk, no snapshot. Safe to repeat.

        Needs no place, and leaves none taken.
        """
        ...

    async def snapshots(self, learner: str) -> list[SnapshotFact]:
        """The learner's snapshots, the newest first."""
        ...

    async def take_snapshot(self, learner: str, name: str) -> SnapshotFact:
        """Keep the learner's disk as it is now; one of the same name is replaced.

        Raises `TooManySnapshots`, and `SandboxGone` for a learner without a disk.
        """
        ...

    async def remove_snapshot(self, learner: str, name: str) -> None:
        """Forget this one; safe to repeat."""
        ...

    async def restore(self, learner: str, name: str, *, of: str | None = None) -> SandboxView:
        """Give the learner a disk like this snapshot, of theirs or `of` another learner.

        What was on the learner's disk is gone. When every place is taken, the answer's state is
        `waiting`: the disk is there, and the sandbox starts later. Raises `NoSnapshot`.
        """
        ...

    async def facts(self, learner: str, *, usage: bool = False) -> EngineFacts:
        """The state of the learner's engine; a stopped sandbox is started for it.

        With `usage` also what takes room on its disk, which the engine may add up for seconds.
        Raises `SandboxGone` when the learner never had one.
        """
        ...

    async def load(self, learner: str) -> LoadFact:
        """What the learner's engine and containers use; a stopped sandbox is started for it.

        Raises `SandboxGone` when the learner never had one.
        """
        ...

    async def page(self, learner: str, port: int, path: str = "/") -> Page:
        """What a published port answers; a port that answers nothing is a `Page` too.

        Raises `SandboxGone` when the learner never had a sandbox.
        """
        ...

    async def screenshot(
        self,
        learner: str,
        port: int,
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        scale: float = 1,
    ) -> bytes:
        """A PNG of what a published port answers, as a browser shows it.

        Raises `NoPage` where there is none, and `NoBrowser` where the operator wants it small:
        `page` has the text then.
        """
        ...

    async def read_file(self, learner: str, path: str) -> bytes:
        """A file of the learner's; raises `FileRefused` with a reason.

        A relative path begins in the learner's working directory.
        """
        ...

    async def write_file(self, learner: str, path: str, content: bytes) -> FileWritten:
        """Have a file with this content, all of it or nothing; raises `FileRefused`."""
        ...

    async def list_files(self, learner: str, path: str = ".", *, depth: int = 1) -> FileList:
        """What is in a folder of the learner's, so many levels deep; raises `FileRefused`."""
        ...

    def run(self, learner: str, request: RunRequest) -> AbstractAsyncContextManager[Running]:
        """Run a command line, in a sandbox that is opened when needed; leaving cancels it."""
        ...

    def session(
        self, learner: str, name: str, request: SessionRequest
    ) -> AbstractAsyncContextManager[Terminal]:
        """Start a session or attach to one that runs; leaving detaches. See `SessionRequest`."""
        ...

    async def sessions(self, learner: str) -> list[SessionView]:
        """Those that run, the oldest first; none for a learner who never had a sandbox."""
        ...

    async def end_session(self, learner: str, name: str) -> None:
        """End it and all that it started; safe to repeat."""
        ...
