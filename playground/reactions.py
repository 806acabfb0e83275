"""Reactions to messages."""

from playground.errors import ApiError, missing_access, missing_permissions
from playground.events import Event, Events
from playground.json_types import Json, JsonList
from playground.permissions import Permission
from playground.posting import Posting
from playground.world import World

MAX_KINDS = 20


class Reactions:
    """Adds, removes and lists reactions."""

    def __init__(self, world: World, events: Events, posting: Posting) -> None:
        self._world = world
        self._events = events
        self._posting = posting

    def add(self, message: Json, emoji: str, user_id: str) -> None:
        """Let the user react; nothing happens when they have already.

        Raises:
            ApiError: 10014, 30010, 50001, 50013 or 50083.
        """
        self._check(message, emoji, user_id)
        kinds = self._world.reactors.setdefault(message["id"], {})
        if emoji not in kinds and len(kinds) >= MAX_KINDS:
            raise ApiError(400, 30010, "Maximum number of reactions reached (20)")
        who = kinds.setdefault(emoji, [])
        if user_id not in who:
            who.append(user_id)
            self._tell("MESSAGE_REACTION_ADD", message, emoji, user_id)

    def _check(self, message: Json, emoji: str, user_id: str) -> None:
        if emoji.isascii():  # neither custom emoji nor plain letters exist here
            raise ApiError(400, 10014, "Unknown Emoji")
        channel = self._world.channel(message["channel_id"])
        held = self._world.permissions(user_id, channel)
        if not held & Permission.VIEW_CHANNEL:
            raise missing_access()
        if not held & Permission.ADD_REACTIONS:
            raise missing_permissions()
        self._posting.check_open(message)

    def remove(self, message: Json, emoji: str, user_id: str) -> None:
        """Take the user's reaction back; nothing happens when there is none."""
        kinds = self._world.reactors.get(message["id"], {})
        if user_id not in kinds.get(emoji, []):
            return
        kinds[emoji].remove(user_id)
        if not kinds[emoji]:
            del kinds[emoji]
        self._tell("MESSAGE_REACTION_REMOVE", message, emoji, user_id)

    def clear(self, message: Json, emoji: str | None = None) -> None:
        """Take all reactions off, or all of one kind."""
        kinds = self._world.reactors.get(message["id"], {})
        for kind in [emoji] if emoji else list(kinds):
            for user_id in list(kinds.get(kind, [])):
                self.remove(message, kind, user_id)

    def users(self, message: Json, emoji: str) -> JsonList:
        """Return who reacted like this."""
        who = self._world.reactors.get(message["id"], {}).get(emoji, [])
        return [self._world.user(user_id) for user_id in who]

    def _tell(self, name: str, message: Json, emoji: str, user_id: str) -> None:
        self._world.changes.add(("reactors", message["id"]))
        data: Json = {
            "user_id": user_id,
            "channel_id": message["channel_id"],
            "message_id": message["id"],
            "emoji": {"id": None, "name": emoji},
            "type": 0,
            "burst": False,
        }
        if "guild_id" in self._world.channel(message["channel_id"]):
            data["guild_id"] = self._world.guild_id
            if name == "MESSAGE_REACTION_ADD":
                data["member"] = self._world.member(user_id)
                data["message_author_id"] = message["author"]["id"]
        only_for = self._world.ephemeral_for.get(message["id"])
        self._events.tell(Event(name, data, message["channel_id"], only_for))
