"""A person in the chat, for tests: the same deeds as on the page, and what the page would show."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from playground import objects
from playground.actions import Actions
from playground.command_rules import MESSAGE, SUB_COMMAND, SUB_COMMAND_GROUP, USER
from playground.commands import Commands
from playground.component_fill import walk
from playground.component_kinds import ACTION_ROW, LABEL
from playground.events import Event, Events
from playground.interaction import Interaction
from playground.json_types import Json, JsonList
from playground.page_view import PageView
from playground.traffic import Traffic
from playground.uploads import Upload
from playground.world import World

T = TypeVar("T")
KEPT_FRAMES = 2000
# A bot hears of its own message before it has the answer to its own request, and knows its
# buttons only then. People are slower than this; a test has to be told.
CLICKABLE_AFTER_S = 0.1
_POLL_S = 0.05  # what a test waits for may also be no doing of the playground


class Person:
    """Someone who chats. Channels are named by id; `None` means #general."""

    def __init__(
        self,
        user_id: str,
        world: World,
        events: Events,
        actions: Actions,
        commands: Commands,
        traffic: Traffic,
    ) -> None:
        self.user_id = user_id
        self._world = world
        self._actions = actions
        self._commands = commands
        self._view = PageView(world, actions, commands, user_id)
        self._bell = asyncio.Event()
        self._changed_at: dict[str, float] = {}
        self.frames: deque[Json] = deque(maxlen=KEPT_FRAMES)
        events.listen(self._hear)
        traffic.watch(self._bell.set)

    def _hear(self, event: Event) -> None:
        frame = self._view.frame(event)
        if frame is None:
            return
        if frame["t"] in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            self._changed_at[frame["d"]["id"]] = time.monotonic()
        # Frozen as a page would have it: the message in the guild goes on changing.
        self.frames.append({"t": frame["t"], "d": dict(frame["d"])})
        self._bell.set()

    # What there is to see

    @property
    def general(self) -> str:
        """The id of #general."""
        return self.channel_id("general")

    def channel_id(self, name: str) -> str:
        """Return the id of the visible channel or thread of this name (the newest one)."""
        return str(next(c["id"] for c in reversed(self.channels()) if c.get("name") == name))

    def channels(self) -> JsonList:
        """Return all channels, threads and direct messages in this person's list."""
        channels: JsonList = self._view.hello(bot_online=True)["d"]["channels"]
        return channels

    def threads(self) -> JsonList:
        """Return the threads in this person's list."""
        return [c for c in self.channels() if c["type"] in objects.THREAD_TYPES]

    def dm_id(self) -> str:
        """Return the id of the direct-message channel with the bot."""
        return str(self._actions.open_dm(self.user_id)["id"])

    def messages(self, channel_id: str | None = None) -> JsonList:
        """Return the last 50 messages that this person sees there, the oldest first."""
        return self._actions.messages_for(self.user_id, channel_id or self.general)

    def replies(self, channel_id: str | None = None) -> JsonList:
        """Return those of them that the bot wrote."""
        seen = self.messages(channel_id)
        return [m for m in seen if m["author"]["id"] == self._world.app_id]

    def modal(self) -> Json | None:
        """Return the last modal that was shown, with its `interaction_id`."""
        shown = (f["d"] for f in reversed(self.frames) if f["t"] == "MODAL")
        return next(shown, None)

    def failures(self) -> list[str]:
        """Return the ids of this person's interactions that went unanswered."""
        return [
            f["d"]["id"]
            for f in self.frames
            if f["t"] == "INTERACTION" and f["d"]["state"] == "failed"
        ]

    async def until(self, look: Callable[[], T | None], timeout_s: float = 10.0) -> T:
        """Return what `look` finds, looking again whenever something happens.

        Raises:
            TimeoutError: when it finds nothing in time.
        """
        async with asyncio.timeout(timeout_s):
            while not (found := look()):
                self._bell.clear()
                try:
                    await asyncio.wait_for(self._bell.wait(), _POLL_S)
                except TimeoutError:
                    continue
        return found

    # What there is to do

    def say(
        self,
        content: str,
        channel_id: str | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        reply_to: str | None = None,
    ) -> Json:
        """Write a message, with files by name, and return it."""
        return self._actions.say(
            self.user_id, channel_id or self.general, content, _uploads(files), reply_to
        )

    def slash(
        self,
        name: str,
        channel_id: str | None = None,
        /,
        *,
        files: Mapping[str, bytes] | None = None,
        **options: object,
    ) -> Interaction:
        """Run a command (`"lesson open"` for a sub-command); a file is given by its place."""
        command, known = self._command(name)
        given = [
            {"name": key, "type": _type_of(known, key), "value": value}
            for key, value in options.items()
        ]
        return self._actions.command(
            self.user_id,
            channel_id or self.general,
            command["id"],
            _nested(command, name.split()[1:], given),
            files=_uploads(files),
        )

    def menu(self, name: str, target_id: str, channel_id: str | None = None) -> Interaction:
        """Run a command from the menu of a message or a person."""
        commands = self._commands.usable_by(self.user_id)
        menus = [c for c in commands if c["type"] in (USER, MESSAGE) and c["name"] == name]
        channel_id = channel_id or self.general
        return self._actions.command(self.user_id, channel_id, menus[0]["id"], [], target_id)

    async def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        channel_id: str | None = None,
        /,
        **filled: object,
    ) -> JsonList:
        """Return the choices that the bot offers for what was typed so far."""
        command, known = self._command(name)
        nonce = self._world.ids.next()
        given: JsonList = [
            {"name": key, "type": _type_of(known, key), "value": value}
            for key, value in filled.items()
        ]
        given.append(
            {"name": option, "type": _type_of(known, option), "value": typed, "focused": True}
        )
        options = _nested(command, name.split()[1:], given)
        channel_id = channel_id or self.general
        self._actions.autocomplete(self.user_id, channel_id, command["id"], options, nonce)
        answer = await self.until(lambda: self._choices(nonce), 5.0)
        choices: JsonList = answer["choices"]
        return choices

    def _choices(self, nonce: str) -> Json | None:
        answers = (f["d"] for f in reversed(self.frames) if f["t"] == "AUTOCOMPLETE")
        return next((a for a in answers if a["nonce"] == nonce), None)

    async def click(self, message: Json, button: str) -> Interaction:
        """Press the button with this label (or custom id) on the message."""
        return await self._use(message, button, None)

    async def select(self, message: Json, select: str, values: Sequence[str]) -> Interaction:
        """Choose these values in the select with this placeholder (or custom id)."""
        return await self._use(message, select, list(values))

    async def _use(self, message: Json, wanted: str, values: list[str] | None) -> Interaction:
        changed_at = self._changed_at.get(message["id"], 0.0)
        await asyncio.sleep(max(0.0, changed_at + CLICKABLE_AFTER_S - time.monotonic()))
        current = self._world.message(message["channel_id"], message["id"])
        component = _find(current["components"], wanted)
        return self._actions.component(
            self.user_id, message["channel_id"], message["id"], component["custom_id"], values
        )

    def submit_modal(
        self,
        modal: Json,
        values: Mapping[str, object],
        *,
        files: Mapping[str, bytes] | None = None,
    ) -> Interaction:
        """Fill in the modal (a frame's data) by labels or custom ids and submit it."""
        filled = [_filled(part, values) for part in modal["modal"]["components"]]
        return self._actions.submit_modal(
            self.user_id, modal["interaction_id"], filled, _uploads(files)
        )

    def react(self, message: Json, emoji: str, *, on: bool = True) -> None:
        """Add or take back a reaction."""
        channel_id, message_id = message["channel_id"], message["id"]
        self._actions.react(self.user_id, channel_id, message_id, emoji, on=on)

    def edit(self, message: Json, content: str) -> Json:
        """Change an own message."""
        return self._actions.edit(self.user_id, message["channel_id"], message["id"], content)

    def delete(self, message: Json) -> None:
        """Delete an own message, or dismiss an ephemeral one."""
        self._actions.delete(self.user_id, message["channel_id"], message["id"])

    def _command(self, path: str) -> tuple[Json, JsonList]:
        """Return the command and the options of its sub-command."""
        name, *inner = path.split()
        usable = self._commands.usable_by(self.user_id)
        command = next(c for c in usable if c["name"] == name and c["type"] == 1)
        options: JsonList = command.get("options") or []
        for step in inner:
            options = next(o for o in options if o["name"] == step).get("options") or []
        return command, options


def _uploads(files: Mapping[str, bytes] | None) -> list[Upload]:
    return [
        Upload(str(index), name, data) for index, (name, data) in enumerate((files or {}).items())
    ]


def _type_of(known: JsonList, name: str) -> int:
    return int(next(o["type"] for o in known if o["name"] == name))


def _nested(command: Json, path: list[str], given: JsonList) -> JsonList:
    for depth, step in enumerate(reversed(path)):
        kind = SUB_COMMAND if depth == 0 else SUB_COMMAND_GROUP
        given = [{"name": step, "type": kind, "options": given}]
    return given


def _find(components: JsonList, wanted: str) -> Json:
    keys = ("custom_id", "label", "placeholder")
    for component in walk(components):
        if component.get("custom_id") and wanted in [component.get(key) for key in keys]:
            return component
    raise LookupError(f"nothing called {wanted!r} on this message")


def _filled(part: Json, values: Mapping[str, object]) -> Json:
    if part["type"] == ACTION_ROW:
        inner = [_input(c, c.get("label"), values) for c in part["components"]]
        return {"type": 1, "components": inner}
    if part["type"] == LABEL:
        return {"type": 18, "component": _input(part["component"], part["label"], values)}
    return {"type": part["type"]}


def _input(component: Json, label: str | None, values: Mapping[str, object]) -> Json:
    value = values.get(component["custom_id"], values.get(label or ""))
    key = "values" if isinstance(value, list | tuple) else "value"
    return {"type": component["type"], "custom_id": component["custom_id"], key: value}
