"""The bot's application commands, as it registered them."""

from playground.command_rules import CHAT_INPUT, check_command, check_commands
from playground.component_fill import without_nulls
from playground.errors import ApiError, FormErrors
from playground.events import Event, Events
from playground.json_types import Json, JsonList
from playground.permissions import Permission
from playground.shapes import COMMAND_SHAPE, hold
from playground.world import World


class Commands:
    """Takes registrations and finds commands."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    def all(self, guild_id: str | None = None) -> JsonList:
        """Return the global commands, or those of the guild."""
        commands = self._world.commands.values()
        return [c for c in commands if c.get("guild_id") == guild_id]

    def overwrite(self, asked: JsonList, guild_id: str | None = None) -> JsonList:
        """Replace all commands by these and return them; known names keep their ids.

        Raises:
            ApiError: 50035 with the tree of faults.
        """
        checked = check_commands(asked)
        old = {(c["name"], c["type"]): c for c in self.all(guild_id)}
        for command in old.values():
            del self._world.commands[command["id"]]
            self._world.changes.add(("commands", command["id"]))
        new = [self._registered(command, old, guild_id) for command in checked]
        for command in new:
            self._take(command)
        self._told()
        return new

    def create(self, asked: Json, guild_id: str | None = None) -> Json:
        """Add one command, or replace the one of the same name, and return it."""
        hold(asked, COMMAND_SHAPE)
        faults = FormErrors()
        check_command(faults, (), asked)
        faults.raise_if_any()
        old = {(c["name"], c["type"]): c for c in self.all(guild_id)}
        command = self._registered(asked, old, guild_id)
        self._take(command)
        self._told()
        return command

    def find(self, command_id: str) -> Json:
        """Return the command, or refuse with 10063."""
        if command_id not in self._world.commands:
            raise ApiError(404, 10063, "Unknown application command")
        return self._world.commands[command_id]

    def change(self, command_id: str, asked: Json) -> Json:
        """Change the command and return it."""
        known = self.find(command_id)
        hold(asked, COMMAND_SHAPE)
        faults = FormErrors()
        check_command(faults, (), known | asked)
        faults.raise_if_any()
        known |= without_nulls(asked) | {"version": self._world.ids.next()}
        self._take(known)
        self._told()
        return known

    def remove(self, command_id: str) -> None:
        """Remove the command."""
        self.find(command_id)
        del self._world.commands[command_id]
        self._world.changes.add(("commands", command_id))
        self._told()

    def usable_by(self, user_id: str) -> JsonList:
        """Return what this person's command list shows in the guild."""
        held = self._world.permissions(user_id)
        return [c for c in self._world.commands.values() if may_use(c, held)]

    def _take(self, command: Json) -> None:
        self._world.commands[command["id"]] = command
        self._world.changes.add(("commands", command["id"]))

    def _registered(
        self, asked: Json, old: dict[tuple[str, int], Json], guild_id: str | None
    ) -> Json:
        kind = asked.get("type") or CHAT_INPUT
        known = old.get((asked["name"], kind))
        command: Json = {
            "default_member_permissions": None,
            "nsfw": False,
            "integration_types": [0],
            "dm_permission": True,
            "contexts": None,
        }
        command |= without_nulls(asked)
        command |= {
            "id": known["id"] if known else self._world.ids.next(),
            "application_id": self._world.app_id,
            "version": self._world.ids.next(),
            "type": kind,
            "description": asked.get("description") or "",
        }
        if command["default_member_permissions"] is not None:
            # Discord answers a string whatever it was sent.
            command["default_member_permissions"] = str(command["default_member_permissions"])
        return command | ({"guild_id": guild_id} if guild_id else {})

    def _told(self) -> None:
        data = {"commands": list(self._world.commands.values())}
        self._events.tell(Event("COMMANDS", data, page_only=True))


def may_use(command: Json, held: Permission) -> bool:
    """Say whether someone with these permissions may use the command; "0" is for admins only."""
    asked = command.get("default_member_permissions")
    if asked is None or held & Permission.ADMINISTRATOR:
        return True
    needed = Permission(int(asked))
    return bool(needed) and held & needed == needed
