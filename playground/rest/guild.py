"""Routes about the guild: its members, roles and channels, and direct messages."""

from playground.actions import Actions
from playground.errors import ApiError, FormErrors
from playground.gateway_events import with_membership
from playground.json_types import Json
from playground.rates import OPEN_DM, READ
from playground.rest.route import Answer, Call, Route
from playground.world import World

_GUILD = "/guilds/{guild_id}"


class GuildRoutes:
    """The guild and who is in it."""

    def __init__(self, world: World, actions: Actions) -> None:
        self._world = world
        self._actions = actions

    def table(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("GET", "/users/{user_id}", self._user, READ),
            Route("POST", "/users/@me/channels", self._open_dm, OPEN_DM),
            Route("GET", "/users/@me/guilds", self._my_guilds, READ),
            Route("GET", _GUILD, self._get, READ, "guild_id"),
            Route("GET", _GUILD + "/roles", self._roles, READ, "guild_id"),
            Route("GET", _GUILD + "/channels", self._channels, READ, "guild_id"),
            Route("GET", _GUILD + "/threads/active", self._active_threads, READ, "guild_id"),
            Route("GET", _GUILD + "/members", self._members, READ, "guild_id"),
            Route("GET", _GUILD + "/members/search", self._search, READ, "guild_id"),
            Route("GET", _GUILD + "/members/{user_id}", self._member, READ, "guild_id"),
        ]

    def _check(self, call: Call) -> None:
        if call.params["guild_id"] != self._world.guild_id:
            raise ApiError(404, 10004, "Unknown Guild")

    def _user(self, call: Call) -> Answer:
        return self._world.user(call.params["user_id"])

    def _open_dm(self, call: Call) -> Answer:
        recipient = str(call.json().get("recipient_id", ""))
        if not recipient:
            faults = FormErrors()
            faults.required(("recipient_id",))
            faults.raise_if_any()
        if recipient == self._world.app_id:
            raise ApiError(400, 50007, "Cannot send messages to this user")
        self._world.user(recipient)
        return self._actions.open_dm(recipient)

    def _my_guilds(self, _: Call) -> Answer:
        guild = self._world.guild()
        keys = ("id", "name", "icon", "banner", "features")
        held = str(int(self._world.permissions(self._world.app_id)))
        return [{key: guild[key] for key in keys} | {"owner": False, "permissions": held}]

    def _get(self, call: Call) -> Answer:
        self._check(call)
        guild = self._world.guild()
        if call.flag("with_counts"):
            count = len(self._world.members)
            guild |= {"approximate_member_count": count, "approximate_presence_count": count}
        return guild

    def _roles(self, call: Call) -> Answer:
        self._check(call)
        return list(self._world.roles.values())

    def _channels(self, call: Call) -> Answer:
        self._check(call)
        seen = self._world.guild_channels()
        return [c for c in seen if self._world.can_see(self._world.app_id, c)]

    def _active_threads(self, call: Call) -> Answer:
        self._check(call)
        bot_id = self._world.app_id
        threads = [
            t
            for t in self._world.threads()
            if not t["thread_metadata"]["archived"] and self._world.can_see(bot_id, t)
        ]
        memberships = [self._world.thread_members[t["id"]].get(bot_id) for t in threads]
        return {
            "threads": [with_membership(self._world, t, bot_id) for t in threads],
            "members": [m for m in memberships if m is not None],
        }

    def _members(self, call: Call) -> Answer:
        self._check(call)
        limit, after = call.query.get("limit", "1"), call.query.get("after", "0")
        ordered = sorted(self._world.members.values(), key=_id_of)
        return [m for m in ordered if _id_of(m) > int(after)][: int(limit)]

    def _search(self, call: Call) -> Answer:
        self._check(call)
        prefix = call.query.get("query", "").lower()
        members = self._world.members.values()
        found = [m for m in members if m["user"]["username"].lower().startswith(prefix)]
        return found[: int(call.query.get("limit", "1"))]

    def _member(self, call: Call) -> Answer:
        self._check(call)
        return self._world.member(call.params["user_id"])


def _id_of(member: Json) -> int:
    return int(member["user"]["id"])
