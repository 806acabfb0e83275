"""Routes about the bot itself: who it is, where its Gateway is, its commands."""

from playground import objects
from playground.commands import Commands
from playground.errors import ApiError
from playground.gateway import Gateway, me
from playground.json_types import Json
from playground.rates import COMMANDS, READ
from playground.rest.route import Answer, Call, Route
from playground.world import World

_COMMANDS = "/applications/{application_id}/commands"
_GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


class ApplicationRoutes:
    """The bot, its application and its commands."""

    def __init__(self, world: World, commands: Commands, gateway: Gateway) -> None:
        self._world = world
        self._commands = commands
        self._gateway = gateway

    def table(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("GET", "/users/@me", self._me, READ),
            Route("GET", "/oauth2/applications/@me", self._application, READ),
            Route("GET", "/applications/@me", self._application, READ),
            Route("GET", "/gateway", self._gateway_url, READ, by_token=True),
            Route("GET", "/gateway/bot", self._gateway_for_bot, READ),
            *self._command_routes(_COMMANDS),
            *self._command_routes(_GUILD_COMMANDS),
        ]

    def _command_routes(self, path: str) -> list[Route]:
        one = path + "/{command_id}"
        return [
            Route("GET", path, self._list, COMMANDS),
            Route("PUT", path, self._overwrite, COMMANDS),
            Route("POST", path, self._create, COMMANDS, status=201),
            Route("GET", one, self._get, COMMANDS),
            Route("PATCH", one, self._change, COMMANDS),
            Route("DELETE", one, self._remove, COMMANDS),
        ]

    def _me(self, _: Call) -> Answer:
        return me(self._world.bot)

    def _application(self, _: Call) -> Answer:
        owner = self._world.user(self._world.owner_id)
        bot = self._world.bot
        return objects.application(self._world.app_id, bot["username"], bot, owner)

    def _gateway_url(self, _: Call) -> Answer:
        return {"url": self._gateway.url}

    def _gateway_for_bot(self, _: Call) -> Answer:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self._gateway.url, "shards": 1, "session_start_limit": limit}

    def _guild(self, call: Call) -> str | None:
        if call.params["application_id"] != self._world.app_id:
            raise ApiError(403, 20012, "You are not authorized to perform this action")
        guild_id = call.params.get("guild_id")
        if guild_id not in (None, self._world.guild_id):
            raise ApiError(403, 50001, "Missing Access")
        return guild_id

    def _list(self, call: Call) -> Answer:
        return self._commands.all(self._guild(call))

    def _overwrite(self, call: Call) -> Answer:
        return self._commands.overwrite(call.body, self._guild(call))

    def _create(self, call: Call) -> Answer:
        return self._commands.create(call.json(), self._guild(call))

    def _one(self, call: Call) -> Json:
        command = self._commands.find(call.params["command_id"])
        if command.get("guild_id") != self._guild(call):
            raise ApiError(404, 10063, "Unknown application command")
        return command

    def _get(self, call: Call) -> Answer:
        return self._one(call)

    def _change(self, call: Call) -> Answer:
        return self._commands.change(self._one(call)["id"], call.json())

    def _remove(self, call: Call) -> Answer:
        self._commands.remove(self._one(call)["id"])
        return None
