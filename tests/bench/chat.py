"""How long a learner waits in chat: from posting `docker ps` to seeing its final answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.bench.figures import Figure, Stopwatch
from tests.bench.stage import Stage

ROUNDS = 15
GOAL_MS = 250
PAUSE_S = 1.2
"""Between two commands: nobody types faster, and Discord would slow the bot down if they did."""
ANSWER_LIMIT_S = 20
NAME = "bencher"
LOADING = 1 << 7
"""Flag of a message that says "thinking"."""
HEADERS = {"X-Requested-With": "docent-page"}


async def measure(stage: Stage) -> list[Figure]:
    """A person in their lab, over what the chat page itself uses; the sandbox is warm."""
    watch = Stopwatch()
    async with visitor(stage.plan.page) as person:
        lab = await person.starts()
        for number in range(ROUNDS + 2):
            with (watch if number >= 2 else Stopwatch()).lap():
                await person.says_and_waits(lab, "docker ps", "CONTAINER ID")
            await asyncio.sleep(PAUSE_S)
    return [Figure("docker ps posted → final answer in chat", watch.median_ms, "ms", GOAL_MS)]


class Person:
    """Somebody at the chat page, without the page's pixels."""

    def __init__(
        self, session: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        self._session = session
        self._socket = socket
        self._answers: set[str] = set()

    async def starts(self) -> str:
        """Send `/start`; gives the id of the lab that it made."""
        hello = (await self._until(lambda event: event["t"] == "HELLO"))["d"]
        general = next(channel for channel in hello["channels"] if channel["type"] == 0)
        command = next(command for command in hello["commands"] if command["name"] == "start")
        request = {"command_id": command["id"], "name": "start", "type": 1, "options": []}
        await self._post("command", {"channel_id": general["id"], **request})
        thread = await self._until(lambda event: event["t"] == "THREAD_CREATE")
        lab: str = thread["d"]["id"]
        # The lab counts once `/start` has been answered: nobody types before they see it.
        await self._until(lambda event: _is_answer(event, general["id"]))
        await self.says_and_waits(lab, "docker ps", "CONTAINER ID")
        return lab

    async def says_and_waits(self, channel: str, text: str, answer: str) -> None:
        """Post a message and wait for the bot's message that holds the final `answer`."""
        message = {"channel_id": channel, "content": text, "nonce": str(time.monotonic_ns())}
        _, _ = await asyncio.gather(
            self._post("send", message),
            self._until(lambda event: self._is_new_answer(event, channel, answer)),
        )

    def _is_new_answer(self, event: dict[str, Any], channel: str, answer: str) -> bool:
        """A message of the bot's with the answer, and no button that ends a running command."""
        if event["t"] not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
            return False
        message = event["d"]
        shown = json.dumps(message, ensure_ascii=False)
        from_bot = message["channel_id"] == channel and bool(message["author"].get("bot"))
        if not from_bot or answer not in shown or "cancel" in shown:
            return False
        is_new = message["id"] not in self._answers  # edits of earlier answers don't count
        self._answers.add(message["id"])
        return is_new

    async def _post(self, action: str, body: dict[str, Any]) -> None:
        async with self._session.post(f"/page/api/{action}?as={NAME}", json=body) as response:
            if response.status != 200:
                raise RuntimeError(f"{action}: {response.status} {await response.text()}")

    async def _until(self, matches: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            while True:
                event: dict[str, Any] = json.loads(await self._socket.receive_str())
                if matches(event):
                    return event


def _is_answer(event: dict[str, Any], channel: str) -> bool:
    """The bot's message in a channel, no longer "thinking"."""
    if event["t"] not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
        return False
    message = event["d"]
    is_loading = bool(message.get("flags", 0) & LOADING)
    return (
        message["channel_id"] == channel and bool(message["author"].get("bot")) and not is_loading
    )


@asynccontextmanager
async def visitor(page: str) -> AsyncGenerator[Person, None]:
    """Somebody who has just opened the page at this address."""
    async with (
        aiohttp.ClientSession(page, headers=HEADERS) as session,
        session.ws_connect(f"/page/ws?as={NAME}&locale=en-US", max_msg_size=0) as socket,
    ):
        yield Person(session, socket)
