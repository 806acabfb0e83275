"""The way from a sandbox to the package mirrors that an operator allows, measured for each learner.

    program in a build → 192.0.2.1:65002 inside → keeper → packages.sock in the sandbox's own folder
    → here → the proxy, which decides where it goes (`sandbox/image-packages`)

Whose a connection is, is said by the socket that it comes through. Here bytes are counted and held
back; what they mean is the proxy's business. Without allowed names nothing of this is there.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from sandbox.home import Home

LOOK_EVERY_S = 1.0
"""How often it is looked for sandboxes that came or went."""
SOCKET_NAME = "packages.sock"
MOST_CONNECTIONS = 16
"""Of one sandbox at once."""
PIECE_BYTES = 65_536
CONNECT_TIMEOUT_S = 5.0
IDLE_S = 60.0
LONGEST_S = 1800.0
DAY_S = 86_400.0
MIB = 1024 * 1024

log = structlog.get_logger(__name__)

_Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class EgressLimits:
    """What one learner may fetch and send."""

    day_bytes: int
    """In a day, both directions together; the count begins anew with the service."""
    bytes_per_s: int


@dataclass(slots=True)
class Account:
    """What a learner used, by a clock in seconds."""

    limits: EgressLimits
    clock: Callable[[], float]
    used: int = 0
    since: float = field(default=0.0)
    _free_at: float = 0.0

    def has_left(self) -> bool:
        """Whether there is something left of the day."""
        if self.clock() - self.since >= DAY_S:
            self.used, self.since = 0, self.clock()
        return self.used < self.limits.day_bytes

    def take(self, size: int) -> float:
        """Count so many bytes; how long they have to be held back, in seconds.

        Connections of one learner wait in turn: each moves on the time at which the next is free.
        """
        self.used += size
        now = self.clock()
        self._free_at = max(self._free_at, now) + size / self.limits.bytes_per_s
        return max(0.0, self._free_at - now - 1.0)  # a second's worth comes at once


class Egress:
    """Listens in the folder of each sandbox, for as long as the folder is there."""

    def __init__(
        self,
        home: Home,
        limits: EgressLimits,
        *,
        learner_of: Callable[[str], str | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home = home
        self._limits = limits
        self._learner_of = learner_of
        self._clock = clock
        self._servers: dict[str, asyncio.Server] = {}
        self._busy: defaultdict[str, set[asyncio.Task[None]]] = defaultdict(set)
        self._accounts: dict[str, Account] = {}

    @property
    def listening(self) -> set[str]:
        """Sandboxes that have a way."""
        return set(self._servers)

    async def run(self) -> None:
        """Listen wherever there is a sandbox, until cancelled."""
        self._home.egress.mkdir(mode=0o700, exist_ok=True)
        try:
            while True:
                try:
                    await self.look()
                except OSError as exc:  # out of files, say: the next look may find some
                    log.warning("egress_look_failed", reason=str(exc))
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            for sandbox_id in list(self._servers):
                await self._leave(sandbox_id)

    async def look(self) -> None:
        """Begin in new folders, end in those that are gone."""
        folders = {folder.name: folder for folder in self._home.sockets.iterdir()}
        for sandbox_id in self._servers.keys() - folders.keys():
            await self._leave(sandbox_id)
        for sandbox_id, folder in folders.items():
            # The folder of a sandbox's next life has the same name, and no socket; one that is
            # there already may be of a service before us.
            if sandbox_id not in self._servers or not (folder / SOCKET_NAME).exists():
                await self._leave(sandbox_id)
                with suppress(OSError):  # it went meanwhile
                    await self._listen(sandbox_id, folder)

    async def _listen(self, sandbox_id: str, folder: Path) -> None:
        """Make the socket where nobody else writes, then move it to the keeper.

        A keeper that was taken over could put a link in our way: a rename doesn't follow it.
        """
        made = self._home.egress / f"{sandbox_id}.sock"
        made.unlink(missing_ok=True)

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(sandbox_id, reader, writer)

        server = await asyncio.start_unix_server(accept, made, limit=PIECE_BYTES)
        try:
            made.chmod(0o666)  # the keeper is a user of its own
            made.rename(folder / SOCKET_NAME)
        except OSError:
            server.close()
            made.unlink(missing_ok=True)
            raise
        self._servers[sandbox_id] = server

    async def _leave(self, sandbox_id: str) -> None:
        if server := self._servers.pop(sandbox_id, None):
            server.close()
        busy = self._busy.pop(sandbox_id, set())
        for task in busy:
            task.cancel()
        if busy:
            await asyncio.wait(busy)

    async def _serve(
        self, sandbox_id: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection; the boundary: nothing that goes wrong here may reach the service."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 # asyncio calls this in one
        busy = self._busy[sandbox_id]
        busy.add(task)
        try:
            async with asyncio.timeout(LONGEST_S):
                await self._pass_on(sandbox_id, len(busy), (reader, writer))
        except (OSError, TimeoutError) as exc:
            log.info("packages_broken", sandbox=sandbox_id, error=type(exc).__name__)
        finally:
            busy.discard(task)
            writer.close()

    async def _pass_on(self, sandbox_id: str, busy: int, inside: _Stream) -> None:
        learner = self._learner_of(sandbox_id)
        if not learner or busy > MOST_CONNECTIONS:
            await _refuse(inside, "503 too many connections to package mirrors at once")
            return
        account = self._account(learner)
        if not account.has_left():
            await _refuse(inside, "403 what you may fetch from package mirrors in a day is used up")
            return
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                proxy = await asyncio.open_unix_connection(self._home.packages_proxy)
        except (OSError, TimeoutError):
            await _refuse(inside, "502 the way to package mirrors is closed")
            return
        before = account.used
        await _both_ways(account, inside, proxy)
        log.info("packages_fetched", learner=learner, bytes=account.used - before)

    def _account(self, learner: str) -> Account:
        if learner not in self._accounts:
            self._accounts[learner] = Account(self._limits, self._clock, since=self._clock())
        return self._accounts[learner]


async def _both_ways(account: Account, inside: _Stream, proxy: _Stream) -> None:
    """Until both ends have said all, or nothing is left of the day."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pump(account, inside[0], proxy[1]))
            group.create_task(_pump(account, proxy[0], inside[1]))
    except* (OSError, TimeoutError):
        pass  # one end is gone: so is the other, below
    finally:
        proxy[1].close()


async def _pump(account: Account, source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    while True:
        async with asyncio.timeout(IDLE_S):
            piece = await source.read(PIECE_BYTES)
        if not piece:
            break
        await asyncio.sleep(account.take(len(piece)))
        if not account.has_left():
            raise ConnectionAbortedError("nothing is left of the day")
        to.write(piece)
        async with asyncio.timeout(IDLE_S):
            await to.drain()
    if to.can_write_eof():
        to.write_eof()


async def _refuse(inside: _Stream, status: str) -> None:
    """Programs show the words of the status line to whoever reads the build's output.

    The request is read first: closing with something unread would take the answer along.
    """
    reader, writer = inside
    with suppress(TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            await reader.readuntil(b"\r\n\r\n")
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    async with asyncio.timeout(IDLE_S):
        await writer.drain()
