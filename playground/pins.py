"""Pinned messages."""

from playground.errors import ApiError, missing_permissions
from playground.events import Event, Events
from playground.json_types import Json, JsonList
from playground.messages import CHANNEL_PINNED, Messages
from playground.permissions import Permission
from playground.snowflakes import now_iso
from playground.world import World

MAX_PINS = 250


class Pins:
    """Pins messages, takes pins off, lists them."""

    def __init__(self, world: World, events: Events, messages: Messages) -> None:
        self._world = world
        self._events = events
        self._messages = messages

    def of(self, channel_id: str) -> JsonList:
        """Return the channel's pinned messages, the newest first."""
        kept = self._world.messages[channel_id].values()
        return [m for m in reversed(kept) if m["pinned"]]

    def pin(self, message: Json, actor_id: str) -> None:
        """Pin the message, and say so in the channel as Discord does."""
        self._require(message, actor_id)
        if message["pinned"]:
            return
        if len(self.of(message["channel_id"])) >= MAX_PINS:
            raise ApiError(400, 30003, "Maximum number of pins reached for the channel (250)")
        self._set(message, pinned=True)
        channel = self._world.channel(message["channel_id"])
        reference = {"type": 0, "channel_id": channel["id"], "message_id": message["id"]}
        extra: Json = {"message_reference": reference}
        self._messages.post_system(channel, self._world.user(actor_id), CHANNEL_PINNED, extra)

    def unpin(self, message: Json, actor_id: str) -> None:
        """Take the pin off."""
        self._require(message, actor_id)
        if message["pinned"]:
            self._set(message, pinned=False)

    def _require(self, message: Json, actor_id: str) -> None:
        channel = self._world.channel(message["channel_id"])
        held = self._world.permissions(actor_id, channel)
        if not held & (Permission.PIN_MESSAGES | Permission.MANAGE_MESSAGES):
            raise missing_permissions()

    def _set(self, message: Json, *, pinned: bool) -> None:
        self._messages.change(message, {"pinned": pinned})
        channel_id = message["channel_id"]
        data: Json = {"channel_id": channel_id, "last_pin_timestamp": now_iso()}
        if "guild_id" in self._world.channel(channel_id):
            data["guild_id"] = self._world.guild_id
        self._events.tell(Event("CHANNEL_PINS_UPDATE", data, channel_id))
