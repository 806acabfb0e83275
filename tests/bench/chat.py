"""How long a learner waits in chat: for the answer to a command, for a letter on a live screen."""

from __future__ import annotations

import asyncio
import json
import re
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
SESSION_GOAL_MS = 400
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
        written, pressed = await _session(person, lab)
    return [
        Figure("docker ps posted → final answer in chat", watch.median_ms, "ms", GOAL_MS),
        Figure("line in a session → screen updated", written.median_ms, "ms", SESSION_GOAL_MS),
        Figure("key in a session → screen updated", pressed.median_ms, "ms", SESSION_GOAL_MS),
    ]


async def _session(person: Person, lab: str) -> tuple[Stopwatch, Stopwatch]:
    """A shell on a live screen: what is written, and what is pressed, until it is seen."""
    written, pressed = Stopwatch(), Stopwatch()
    await person.says_and_sees(lab, "sh", "docent:key:")
    for number in range(ROUNDS):
        await asyncio.sleep(PAUSE_S)
        with written.lap():
            # What the shell prints, not what was typed.
            await person.says_and_sees(lab, f"echo $((1000 + {number}))", f"{1000 + number}\\n")
        await asyncio.sleep(PAUSE_S)
        with pressed.lap():
            await person.presses_and_sees("enter")
    await person.says_and_sees(lab, "exit", "docent:key:", gone=True)
    return written, pressed


class Person:
    """Somebody at the chat page, without the page's pixels."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        socket: aiohttp.ClientWebSocketResponse,
        name: str,
    ) -> None:
        self._name = name
        self._commands: dict[str, str] = {}
        self._session = session
        self._socket = socket
        self._answers: set[str] = set()
        self._screen: dict[str, Any] = {}
        """The message with the live screen, as it was shown last."""

    async def starts(self) -> str:
        """Send `/start`; gives the id of the lab that it made."""
        hello = (await self._until(lambda event: event["t"] == "HELLO"))["d"]
        general = next(channel for channel in hello["channels"] if channel["type"] == 0)
        self._commands = {command["name"]: command["id"] for command in hello["commands"]}
        request = {"name": "start", "type": 1, "options": []}
        request["command_id"] = self._commands["start"]
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

    async def says_and_sees(
        self, channel: str, text: str, wanted: str, *, gone: bool = False
    ) -> None:
        """Post a message and wait for a message of the bot's with what is wanted, or without."""
        message = {"channel_id": channel, "content": text, "nonce": str(time.monotonic_ns())}

        def shows(event: dict[str, Any]) -> bool:
            if not _is_answer(event, channel):
                return False
            self._screen = event["d"]
            return (wanted in json.dumps(event["d"], ensure_ascii=False)) is not gone

        await asyncio.gather(self._post("send", message), self._until(shows))

    async def presses_and_sees(self, key: str) -> None:
        """Press a key under the live screen and wait until the screen is another."""
        before = json.dumps(self._screen["components"])
        ids = re.findall(rf"docent:key:[^\"]+:{key}\b", before)
        pressed = {
            "channel_id": self._screen["channel_id"],
            "message_id": self._screen["id"],
            "component_type": 2,
            "custom_id": ids[0],
            "nonce": str(time.monotonic_ns()),
        }

        def is_another(event: dict[str, Any]) -> bool:
            if not _is_answer(event, self._screen["channel_id"]):
                return False
            self._screen = event["d"]
            return json.dumps(event["d"]["components"]) != before

        await asyncio.gather(self._post("component", pressed), self._until(is_another))

    async def is_offered(self, channel: str) -> None:
        """Begin to type `/lesson` and wait for what is offered: nothing but the bot is asked."""
        nonce = str(time.monotonic_ns())
        request = {
            "channel_id": channel,
            "command_id": self._commands["lesson"],
            "options": [{"type": 3, "name": "name", "value": "", "focused": True}],
            "nonce": nonce,
        }
        await asyncio.gather(
            self._post("autocomplete", request),
            self._until(
                lambda event: event["t"] == "AUTOCOMPLETE" and event["d"]["nonce"] == nonce
            ),
        )

    async def says(self, channel: str, text: str) -> None:
        """Post a message and wait for nothing."""
        message = {"channel_id": channel, "content": text, "nonce": str(time.monotonic_ns())}
        await self._post("send", message)

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
        async with self._session.post(f"/page/api/{action}?as={self._name}", json=body) as response:
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
async def visitor(page: str, name: str = NAME) -> AsyncGenerator[Person, None]:
    """Somebody who has just opened the page at this address."""
    async with (
        aiohttp.ClientSession(page, headers=HEADERS) as session,
        session.ws_connect(f"/page/ws?as={name}&locale=en-US", max_msg_size=0) as socket,
    ):
        yield Person(session, socket, name)
