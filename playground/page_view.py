"""What one person's page is told: the guild at the start, then each event that they may see."""

from collections.abc import Callable
from typing import Final

from playground import objects
from playground.actions import Actions
from playground.commands import Commands
from playground.events import Event
from playground.json_types import Json
from playground.world import World

_AS_THEY_ARE: Final = frozenset(
    {
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "CHANNEL_DELETE",
        "THREAD_CREATE",
        "THREAD_UPDATE",
        "THREAD_DELETE",
        "INTERACTION",
        "MODAL",
        "AUTOCOMPLETE",
        "BOT",
    }
)


class PageView:
    """The guild through the eyes of one person."""

    def __init__(self, world: World, actions: Actions, commands: Commands, user_id: str) -> None:
        self._world = world
        self._actions = actions
        self._commands = commands
        self._user_id = user_id
        message: Callable[[Event], Json | None] = self._message
        reaction: Callable[[Event], Json | None] = self._reaction
        self._told: Final[dict[str, tuple[str, Callable[[Event], Json | None]]]] = {
            "MESSAGE_CREATE": ("MESSAGE_CREATE", message),
            "MESSAGE_UPDATE": ("MESSAGE_UPDATE", message),
            "MESSAGE_DELETE": ("MESSAGE_DELETE", self._deletion),
            "MESSAGE_REACTION_ADD": ("REACTION", reaction),
            "MESSAGE_REACTION_REMOVE": ("REACTION", reaction),
            "GUILD_MEMBER_ADD": ("MEMBER_ADD", self._newcomer),
            "TYPING_START": ("TYPING", self._typing),
            "COMMANDS": ("COMMANDS", self._command_list),
        }

    def hello(self, *, bot_online: bool) -> Json:
        """Return all that a page needs to draw itself."""
        channels = [c for c in self._world.channels.values() if self._has(c)]
        messages = {c["id"]: self._actions.messages_for(self._user_id, c["id"]) for c in channels}
        guild = self._world.guild()
        data: Json = {
            "me": self._world.user(self._user_id),
            "permissions": str(int(self._world.permissions(self._user_id))),
            "guild": {key: guild[key] for key in ("id", "name", "roles")},
            "members": list(self._world.members.values()),
            "channels": channels,
            "commands": self._commands.usable_by(self._user_id),
            "messages": messages,
            "bot": self._world.bot,
            "bot_online": bot_online,
            "locale": self._world.locales.get(self._user_id),
            "typing": [],
        }
        return {"t": "HELLO", "d": data}

    def frame(self, event: Event) -> Json | None:
        """Return the frame that tells this person's page, or None when it is not for them."""
        if event.only_for not in (None, self._user_id):
            return None
        if event.channel_id is not None and not self._may_know(event):
            return None
        if event.name in _AS_THEY_ARE:
            return {"t": event.name, "d": event.data}
        name, tell = self._told.get(event.name, ("", None))
        data = tell(event) if tell else None
        return None if data is None else {"t": name, "d": data}

    def _may_know(self, event: Event) -> bool:
        channel = self._world.channels.get(event.channel_id or "")
        return channel is not None and self._has(channel)

    def _has(self, channel: Json) -> bool:
        """Say whether the channel is in this person's list; private threads only when inside."""
        if channel["type"] == objects.PRIVATE_THREAD:
            return self._world.is_in_thread(channel["id"], self._user_id)
        return self._world.can_see(self._user_id, channel)

    def _message(self, event: Event) -> Json:
        shown = self._world.shown(event.data, self._user_id)
        return shown | ({"ephemeral_for": event.only_for} if event.only_for else {})

    def _deletion(self, event: Event) -> Json:
        return {"id": event.data["id"], "channel_id": event.data["channel_id"]}

    def _reaction(self, event: Event) -> Json | None:
        kept = self._world.messages.get(event.data["channel_id"], {})
        message = kept.get(event.data["message_id"])
        return message and {"message": self._world.shown(message, self._user_id)}

    def _newcomer(self, event: Event) -> Json:
        return {"member": event.data}

    def _typing(self, event: Event) -> Json | None:
        who = event.data["user_id"]
        if who == self._user_id:
            return None
        return {"channel_id": event.data["channel_id"], "user": self._world.user(who)}

    def _command_list(self, _: Event) -> Json:
        return {"commands": self._commands.usable_by(self._user_id)}
