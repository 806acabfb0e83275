"""The guild and all that is in it: who is there, the channels, the messages, the commands.

Nothing here talks to anyone. A change is made by `messages`, `threads`, `people` and the like,
which tell `events` about it, and is noted in `changes` for whoever keeps the state on disk.
"""

from playground import objects
from playground.errors import ApiError, unknown_channel, unknown_message
from playground.json_types import Json, JsonList
from playground.permissions import (
    BOT,
    DIRECT_MESSAGE,
    EVERYONE,
    INSTRUCTOR,
    Permission,
    in_channel,
    in_guild,
)
from playground.snowflakes import Snowflakes, named, now_iso

GUILD_NAME = "Docker 교실"
OWNER_NAME = "instructor"
CHANNELS = (
    ("general", "/start 를 입력해 시작하세요 · Type /start to begin"),
    ("classroom", "모두 함께 이야기하는 곳 · For the whole class"),
)
STAFF_ROOM = ("staff", "강사만 보는 곳 · Only instructors see it")
KEPT_MESSAGES = 500

Change = tuple[str, str]
"""Which thing changed: its kind (a table of the state on disk) and its id."""


class World:
    """One guild with its members, channels, threads, direct messages and commands."""

    def __init__(self, app_id: str, bot_name: str) -> None:
        self.ids = Snowflakes()
        self.app_id = app_id
        self.guild_id = named("guild", "Docker classroom")
        self.changes: set[Change] = set()
        self.members: dict[str, Json] = {}
        self.former: dict[str, Json] = {}
        """Users who left the guild: Discord still knows them."""
        self.roles: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.thread_members: dict[str, dict[str, Json]] = {}
        self.messages: dict[str, dict[str, Json]] = {}
        self.commands: dict[str, Json] = {}
        self.locales: dict[str, str] = {}
        self.reactors: dict[str, dict[str, list[str]]] = {}
        self.ephemeral_for: dict[str, str] = {}
        self.created_at = now_iso()
        self._found(bot_name)

    def _found(self, bot_name: str) -> None:
        self.bot = objects.user(self.app_id, bot_name, bot=True)
        bot_role = named("role", bot_name)
        self.instructors = named("role", "Instructors")
        for role in (
            objects.role(self.guild_id, "@everyone", 0, EVERYONE),
            objects.role(bot_role, bot_name, 1, BOT)
            | {"managed": True, "tags": {"bot_id": self.app_id}},
            objects.role(self.instructors, "Instructors", 2, INSTRUCTOR, color=0xC27C0E),
        ):
            self.roles[role["id"]] = role
        self.members[self.app_id] = objects.member(self.bot, [bot_role])
        self.owner_id = self.enrol(OWNER_NAME)["user"]["id"]
        for name, topic in CHANNELS:
            self._found_channel(name, topic)
        seeing = str(int(Permission.VIEW_CHANNEL))
        self._found_channel(*STAFF_ROOM)["permission_overwrites"] = [
            {"id": self.guild_id, "type": 0, "allow": "0", "deny": seeing},
            {"id": bot_role, "type": 0, "allow": seeing, "deny": "0"},
            {"id": self.instructors, "type": 0, "allow": seeing, "deny": "0"},
        ]

    def _found_channel(self, name: str, topic: str) -> Json:
        channel_id = named("channel", name)
        position = len(self.channels)
        channel = objects.text_channel(channel_id, self.guild_id, name, position, topic)
        self.channels[channel_id] = channel
        self.messages[channel_id] = {}
        return channel

    # People

    def enrol(self, name: str) -> Json:
        """Add the person of this name to the guild and return the member."""
        person = objects.user(named("user", name), name)
        roles = [self.instructors] if name == OWNER_NAME else []
        joined = objects.member(person, roles)
        self.members[person["id"]] = joined
        self.changes.add(("members", person["id"]))
        return joined

    def leave(self, user_id: str) -> None:
        """Take the person out of the guild and its threads; what they wrote stays."""
        self.former[user_id] = self.member(user_id)["user"]
        del self.members[user_id]
        self.changes.add(("members", user_id))
        for thread_id, inside in self.thread_members.items():
            if inside.pop(user_id, None) is not None:
                self.changes.add(("thread_members", thread_id))

    def member(self, user_id: str) -> Json:
        """Return the member, or refuse with 10007."""
        if user_id not in self.members:
            raise ApiError(404, 10007, "Unknown Member")
        return self.members[user_id]

    def user(self, user_id: str) -> Json:
        """Return the user, or refuse with 10013."""
        if user_id in self.members:
            found: Json = self.members[user_id]["user"]
            return found
        if user_id in self.former:
            return self.former[user_id]
        raise ApiError(404, 10013, "Unknown User")

    def guild(self) -> Json:
        """Return the guild as REST gives it."""
        return objects.guild(self.guild_id, GUILD_NAME, self.owner_id, list(self.roles.values()))

    # Channels

    def channel(self, channel_id: str) -> Json:
        """Return the channel, thread or direct message, or refuse with 10003."""
        if channel_id not in self.channels:
            raise unknown_channel()
        return self.channels[channel_id]

    def guild_channels(self) -> JsonList:
        """Return the guild's channels without the threads."""
        return [c for c in self.channels.values() if c["type"] == objects.TEXT]

    def threads(self) -> JsonList:
        """Return all threads, archived ones too."""
        return [c for c in self.channels.values() if c["type"] in objects.THREAD_TYPES]

    def add_channel(self, channel: Json) -> None:
        """Take in a new channel, thread or direct message."""
        self.channels[channel["id"]] = channel
        self.messages.setdefault(channel["id"], {})
        if channel["type"] in objects.THREAD_TYPES:
            self.thread_members.setdefault(channel["id"], {})
        self.changes.add(("channels", channel["id"]))

    def forget_channel(self, channel_id: str) -> None:
        """Drop the channel with its messages."""
        for message_id in self.messages.pop(channel_id, {}):
            self._forget_details(message_id)
        self.channels.pop(channel_id, None)
        self.thread_members.pop(channel_id, None)
        self.changes.add(("channels", channel_id))
        self.changes.add(("thread_members", channel_id))

    def is_in_thread(self, thread_id: str, user_id: str) -> bool:
        """Say whether the user is a member of the thread."""
        return user_id in self.thread_members.get(thread_id, {})

    # Messages

    def message(self, channel_id: str, message_id: str) -> Json:
        """Return the message, or refuse with 10008."""
        found = self.messages.get(channel_id, {}).get(message_id)
        if found is None:
            raise unknown_message()
        return found

    def find_message(self, message_id: str) -> Json | None:
        """Return the message from whichever channel it is in."""
        hits = (kept[message_id] for kept in self.messages.values() if message_id in kept)
        return next(hits, None)

    def add_message(self, message: Json) -> None:
        """Take in a new message; the oldest of the channel goes when there are too many."""
        kept = self.messages[message["channel_id"]]
        kept[message["id"]] = message
        self.changes.add(("messages", message["id"]))
        while len(kept) > KEPT_MESSAGES:
            self.forget_message(next(iter(kept.values())))

    def forget_message(self, message: Json) -> None:
        """Drop the message."""
        self.messages[message["channel_id"]].pop(message["id"], None)
        self._forget_details(message["id"])

    def _forget_details(self, message_id: str) -> None:
        self.reactors.pop(message_id, None)
        self.ephemeral_for.pop(message_id, None)
        self.changes.add(("messages", message_id))

    def shown(self, message: Json, viewer_id: str) -> Json:
        """Return the message as this viewer gets it: reactions, and what it answers to."""
        seen = dict(message)
        reactions = self._reactions(message["id"], viewer_id)
        if reactions:
            seen["reactions"] = reactions
        reference = message.get("message_reference")
        if reference and message["type"] == objects.REPLY:
            target = self.find_message(reference["message_id"])
            seen["referenced_message"] = target and dict(target)
        thread = self.channels.get(message["id"])
        if thread:
            seen["thread"] = dict(thread)
        return seen

    def _reactions(self, message_id: str, viewer_id: str) -> JsonList:
        return [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(who),
                "count_details": {"burst": 0, "normal": len(who)},
                "burst_colors": [],
                "me": viewer_id in who,
                "me_burst": False,
            }
            for emoji, who in self.reactors.get(message_id, {}).items()
        ]

    # What one may do and see

    def permissions(self, user_id: str, channel: Json | None = None) -> Permission:
        """Return what the user may do in the channel, or in the guild at large."""
        if channel is not None and channel["type"] == objects.DM:
            return DIRECT_MESSAGE if self._takes_part(user_id, channel) else Permission(0)
        member = self.members.get(user_id)
        if member is None:
            return Permission(0)
        base = in_guild(member, self.roles, self.guild_id, self.owner_id)
        if channel is None:
            return base
        if channel["type"] in objects.THREAD_TYPES:
            return self._in_thread(base, member, channel)
        return in_channel(base, member, self.guild_id, channel)

    def _takes_part(self, user_id: str, dm: Json) -> bool:
        return user_id in (self.app_id, dm["recipients"][0]["id"])

    def _in_thread(self, base: Permission, member: Json, thread: Json) -> Permission:
        parent = self.channels.get(thread["parent_id"])
        if parent is None:
            return Permission(0)
        bits = in_channel(base, member, self.guild_id, parent)
        if thread["type"] == objects.PRIVATE_THREAD and not bits & Permission.MANAGE_THREADS:
            inside = self.is_in_thread(thread["id"], member["user"]["id"])
            return bits if inside else Permission(0)
        return bits

    def can_see(self, user_id: str, channel: Json) -> bool:
        """Say whether the channel exists for this user at all."""
        return bool(self.permissions(user_id, channel) & Permission.VIEW_CHANNEL)
