"""Routes about channels and threads."""

import time

from playground import objects
from playground.errors import ApiError, missing_access, missing_permissions
from playground.events import Event, Events
from playground.json_types import Json
from playground.permissions import Permission
from playground.rates import CHANNEL, READ, THREADS, TYPING
from playground.rest.route import Answer, Call, Route
from playground.threads import Threads
from playground.world import World

_CHANNEL = "/channels/{channel_id}"
_MEMBERS = _CHANNEL + "/thread-members"
_MEMBER = _MEMBERS + "/{user_id}"


class ChannelRoutes:
    """Channels, threads and who is in them, typing."""

    def __init__(self, world: World, events: Events, threads: Threads) -> None:
        self._world = world
        self._events = events
        self._threads = threads

    def table(self) -> list[Route]:
        """Return the routes."""
        here = "channel_id"
        archived = _CHANNEL + "/threads/archived"
        return [
            Route("GET", _CHANNEL, self._get, READ, here),
            Route("PATCH", _CHANNEL, self._change, CHANNEL, here),
            Route("DELETE", _CHANNEL, self._delete, CHANNEL, here),
            Route("POST", _CHANNEL + "/typing", self._typing, TYPING, here),
            Route("POST", _CHANNEL + "/threads", self._open, THREADS, here, status=201),
            Route(
                "POST",
                _CHANNEL + "/messages/{message_id}/threads",
                self._open_from_message,
                THREADS,
                here,
                status=201,
            ),
            Route("GET", archived + "/public", self._archived_public, READ, here),
            Route("GET", archived + "/private", self._archived_private, READ, here),
            Route(
                "GET",
                _CHANNEL + "/users/@me/threads/archived/private",
                self._archived_private,
                READ,
                here,
            ),
            Route("GET", _MEMBERS, self._members, READ, here),
            Route("GET", _MEMBER, self._member, READ, here),
            Route("PUT", _MEMBER, self._add, THREADS, here),
            Route("DELETE", _MEMBER, self._remove, THREADS, here),
        ]

    def _channel(self, call: Call) -> Json:
        channel = self._world.channel(call.params["channel_id"])
        if not self._world.can_see(self._world.app_id, channel):
            raise missing_access()
        return channel

    def _thread(self, call: Call) -> Json:
        channel = self._channel(call)
        if channel["type"] not in objects.THREAD_TYPES:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        return channel

    def _get(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel["type"] in objects.THREAD_TYPES:
            return self._threads.seen_by(channel, self._world.app_id)
        return channel

    def _change(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel["type"] in objects.THREAD_TYPES:
            return self._threads.update(channel, self._world.app_id, call.json())
        held = self._world.permissions(self._world.app_id, channel)
        if not held & Permission.MANAGE_CHANNELS:
            raise missing_permissions()
        channel |= {key: call.json()[key] for key in ("name", "topic") if key in call.json()}
        self._world.changes.add(("channels", channel["id"]))
        self._events.tell(Event("CHANNEL_UPDATE", channel, channel["id"]))
        return channel

    def _delete(self, call: Call) -> Answer:
        channel = self._channel(call)
        if channel["type"] == objects.DM:
            return channel
        if channel["type"] not in objects.THREAD_TYPES:
            raise missing_permissions()
        return self._threads.delete(channel, self._world.app_id)

    def _typing(self, call: Call) -> Answer:
        channel = self._channel(call)
        bot_id = self._world.app_id
        data: Json = {
            "channel_id": channel["id"],
            "user_id": bot_id,
            "timestamp": int(time.time()),
        }
        if "guild_id" in channel:
            data |= {"guild_id": channel["guild_id"], "member": self._world.member(bot_id)}
        self._events.tell(Event("TYPING_START", data, channel["id"]))
        return None

    def _open(self, call: Call) -> Answer:
        return self._threads.open(self._channel(call), self._world.app_id, call.json())

    def _open_from_message(self, call: Call) -> Answer:
        channel = self._channel(call)
        starter = self._world.message(channel["id"], call.params["message_id"])
        return self._threads.open(channel, self._world.app_id, call.json(), starter)

    def _archived_public(self, call: Call) -> Answer:
        return self._archived(call, objects.PUBLIC_THREAD)

    def _archived_private(self, call: Call) -> Answer:
        return self._archived(call, objects.PRIVATE_THREAD)

    def _archived(self, call: Call, kind: int) -> Json:
        parent, bot_id = self._channel(call), self._world.app_id
        found = [
            t
            for t in self._world.threads()
            if t["parent_id"] == parent["id"]
            and t["type"] == kind
            and t["thread_metadata"]["archived"]
            and self._world.can_see(bot_id, t)
        ]
        newest_first = sorted(found, key=_archived_at, reverse=True)
        memberships = [self._world.thread_members[t["id"]].get(bot_id) for t in newest_first]
        return {
            "threads": [self._threads.seen_by(t, bot_id) for t in newest_first],
            "members": [m for m in memberships if m is not None],
            "has_more": False,
        }

    def _members(self, call: Call) -> Answer:
        return self._threads.members(self._thread(call))

    def _user_id(self, call: Call) -> str:
        user_id = call.params["user_id"]
        return self._world.app_id if user_id == "@me" else user_id

    def _member(self, call: Call) -> Answer:
        thread, user_id = self._thread(call), self._user_id(call)
        if not self._world.is_in_thread(thread["id"], user_id):
            raise ApiError(404, 10007, "Unknown Member")
        return self._world.thread_members[thread["id"]][user_id]

    def _add(self, call: Call) -> Answer:
        self._threads.add(self._thread(call), self._user_id(call), self._world.app_id)
        return None

    def _remove(self, call: Call) -> Answer:
        self._threads.remove(self._thread(call), self._user_id(call), self._world.app_id)
        return None


def _archived_at(thread: Json) -> str:
    return str(thread["thread_metadata"]["archive_timestamp"])
