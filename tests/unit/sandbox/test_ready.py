"""Waiting for an engine that starts, against a server that plays the sandbox."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncssh
import pytest

from sandbox.inside import SshInside
from sandbox.shell import Key
from tests.unit.sandbox.test_shell import Sandbox, listening

PONG = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
NO_SUCH_COMMAND = 64


class Starting(Sandbox):
    """Its engine answers after a moment; an older image does not know how to wait for that."""

    def __init__(self, *, older: bool) -> None:
        super().__init__()
        self._older = older

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        """Be the engine, or what it always is."""
        if not (process.command or "").startswith(":docent-engine"):
            await super().serve(process)
            return
        self.commands.append(process.command or "")
        if self._older and process.command == ":docent-engine-soon":
            process.exit(NO_SUCH_COMMAND)
            return
        await process.stdin.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.05)
        process.stdout.write(PONG)
        await asyncio.Event().wait()


@pytest.mark.parametrize("older", [False, True], ids=("this image", "an older image"))
async def test_an_engine_that_starts_is_waited_for(tmp_path: Path, older: bool) -> None:
    """Meanwhile a shell comes for the first line; later streams wait for nothing."""
    key = Key.load_or_make(tmp_path / "key")
    starting = Starting(older=older)
    async with listening(tmp_path, key, starting), asyncio.timeout(5):
        inside = SshInside(tmp_path, key)
        await inside.wait_until_ready()
        async with inside.run("ls") as program:
            assert await program.read() == b"ran ls"
        await inside.close()

    engine = [name for name in starting.commands if name.startswith(":docent-engine")]
    assert engine == [":docent-engine-soon", ":docent-engine"][: 1 + older]
    assert starting.commands.count(":docent-wait") == 1
    assert starting.lines == [b"ls"]
