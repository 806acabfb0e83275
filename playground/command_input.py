"""What a person fills in: command options, select values and modal fields, held to their rules."""

from collections.abc import Sequence
from typing import Final

from playground.command_rules import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    STRING,
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
)
from playground.component_fill import walk
from playground.component_kinds import (
    ACTION_ROW,
    CHANNEL_SELECT,
    CHECKBOX,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    TEXT_INPUT,
)
from playground.errors import ApiError
from playground.json_types import Json, JsonList
from playground.objects import THREAD_TYPES
from playground.refusals import Refused
from playground.uploads import Upload, Uploads
from playground.world import World

_CHANNEL, _ROLE, _ATTACHMENT = 7, 8, 11
_NESTED: Final = (SUB_COMMAND, SUB_COMMAND_GROUP)
_PYTHON_TYPES: Final[dict[int, tuple[type, ...]]] = {
    STRING: (str,),
    INTEGER: (int,),
    NUMBER: (int, float),
    BOOLEAN: (bool,),
}


class Resolved:
    """Collects the objects behind the ids that a person chose."""

    def __init__(self, world: World, channel: Json) -> None:
        self._world = world
        self._channel = channel
        self.objects: Json = {}

    def add_user(self, user_id: str) -> None:
        """Add the user and, in the guild, their membership."""
        member = self._world.member(user_id)
        self.objects.setdefault("users", {})[user_id] = member["user"]
        if "guild_id" in self._channel:
            left_out = ("user", "deaf", "mute")
            partial = {key: value for key, value in member.items() if key not in left_out}
            partial["permissions"] = str(int(self._world.permissions(user_id, self._channel)))
            self.objects.setdefault("members", {})[user_id] = partial

    def add_role(self, role_id: str) -> None:
        """Add the role."""
        if role_id not in self._world.roles:
            raise ApiError(404, 10011, "Unknown Role")
        self.objects.setdefault("roles", {})[role_id] = self._world.roles[role_id]

    def add_channel(self, channel_id: str, user_id: str) -> None:
        """Add the channel, or refuse when the person can't see it."""
        channel = self._world.channel(channel_id)
        if not self._world.can_see(user_id, channel):
            raise Refused("channel.hidden")
        keys = ["id", "name", "type", "parent_id"]
        if channel["type"] in THREAD_TYPES:
            keys.append("thread_metadata")
        partial = {key: channel.get(key) for key in keys}
        partial["permissions"] = str(int(self._world.permissions(user_id, channel)))
        self.objects.setdefault("channels", {})[channel_id] = partial

    def add_mentionable(self, chosen: str) -> None:
        """Add the user or role, whichever it is."""
        if chosen in self._world.roles:
            self.add_role(chosen)
        else:
            self.add_user(chosen)

    def add_message(self, message: Json) -> None:
        """Add the message."""
        shown = self._world.shown(message, self._world.app_id)
        self.objects.setdefault("messages", {})[message["id"]] = shown

    def add_attachment(self, attachment: Json) -> None:
        """Add the uploaded file."""
        entry = attachment | {"ephemeral": True}
        self.objects.setdefault("attachments", {})[attachment["id"]] = entry


class Filled:
    """Turns what a person filled in into Discord's `data`, refusing what does not fit."""

    def __init__(
        self,
        world: World,
        uploads: Uploads,
        channel: Json,
        user_id: str,
        files: Sequence[Upload] = (),
    ) -> None:
        self._channel = channel
        self._user_id = user_id
        self._uploads = uploads
        self._files = {file.index: file for file in files}
        self.resolved = Resolved(world, channel)

    # Commands

    def options(self, known: JsonList, given: JsonList, *, complete: bool) -> JsonList:
        """Return the given options as Discord sends them.

        Args:
            known: The options that the command has.
            given: What the person filled in.
            complete: Whether all required ones must be there (not while completing).
        """
        by_name = {option["name"]: option for option in known}
        filled: JsonList = []
        for option in given:
            if option.get("name") not in by_name:
                raise Refused("option.unknown", name=option.get("name"))
            filled.append(self._option(by_name[option["name"]], option, complete=complete))
        if complete:
            missing = _missing(known, {option["name"] for option in filled})
            if missing:
                raise Refused("option.missing", name=missing)
        return filled

    def _option(self, known: Json, given: Json, *, complete: bool) -> Json:
        kind = known["type"]
        option: Json = {"name": known["name"], "type": kind}
        if kind in _NESTED:
            inner = given.get("options") or []
            known_inner = known.get("options") or []
            return option | {"options": self.options(known_inner, inner, complete=complete)}
        if given.get("focused"):
            # While it is being typed, a number arrives as the text so far.
            return option | {"value": str(given.get("value", "")), "focused": True}
        return option | {"value": self._value(known, given.get("value"), complete=complete)}

    def _value(self, known: Json, value: object, *, complete: bool) -> object:
        kind = known["type"]
        if kind in _PYTHON_TYPES:
            if complete:
                _check_plain(known, value)
            return value
        chosen = str(value)
        if kind == _ATTACHMENT:
            return self._upload(chosen)
        if kind == _CHANNEL:
            self.resolved.add_channel(chosen, self._user_id)
        elif kind == _ROLE:
            self.resolved.add_role(chosen)
        else:
            self.resolved.add_mentionable(chosen)
        return chosen

    def _upload(self, index: str) -> str:
        if index not in self._files:
            raise Refused("option.file")
        attachment = self._uploads.keep(self._files[index], self._channel["id"], None)
        self.resolved.add_attachment(attachment)
        return str(attachment["id"])

    # Selects

    def chosen(self, component: Json, values: list[str]) -> list[str]:
        """Return the values chosen in a select, refusing too few, too many or unknown ones."""
        least, most = component.get("min_values", 1), component.get("max_values", 1)
        if component.get("required") is False and not values:
            return []
        if not least <= len(values) <= most:
            raise Refused("select.count", least=least, most=most)
        kind = component["type"]
        if "options" in component:
            known = {option["value"] for option in component["options"]}
            if not set(values) <= known:
                raise Refused("select.unknown")
        if kind in SELECTS and kind != STRING_SELECT:
            for value in values:
                self._resolve(kind, value)
        return values

    def _resolve(self, kind: int, value: str) -> None:
        if kind == CHANNEL_SELECT:
            self.resolved.add_channel(value, self._user_id)
        elif kind == ROLE_SELECT:
            self.resolved.add_role(value)
        else:
            self.resolved.add_mentionable(value)

    # Modals

    def modal_fields(self, asked: JsonList, given: JsonList) -> JsonList:
        """Return the filled modal as Discord sends it: the asked components, with values."""
        answers = {c["custom_id"]: c for c in walk(given) if c.get("custom_id")}
        return [self._modal_part(part, answers) for part in asked]

    def _modal_part(self, part: Json, answers: Json) -> Json:
        sent: Json = {"type": part["type"], "id": part["id"]}
        if part["type"] == LABEL:
            return sent | {"component": self._modal_input(part["component"], answers)}
        if part["type"] == ACTION_ROW:
            inner = [self._modal_input(c, answers) for c in part["components"]]
            return sent | {"components": inner}
        return sent

    def _modal_input(self, asked: Json, answers: Json) -> Json:
        answer = answers.get(asked["custom_id"]) or {}
        sent = {key: asked[key] for key in ("type", "id", "custom_id")}
        kind = asked["type"]
        if kind == TEXT_INPUT:
            return sent | {"value": _text(asked, answer.get("value") or "")}
        if kind == CHECKBOX:
            return sent | {"value": bool(answer.get("value"))}
        if kind == RADIO_GROUP:
            return sent | {"value": _one_of(asked, answer)}
        values = [str(value) for value in answer.get("values") or []]
        if kind == FILE_UPLOAD:
            return sent | {"values": self._files_of(asked, values)}
        return sent | {"values": self.chosen(asked, values)}

    def _files_of(self, asked: Json, values: list[str]) -> list[str]:
        least = asked.get("min_values", 1) if asked.get("required", True) else 0
        most = asked.get("max_values", 1)
        if not least <= len(values) <= most:
            raise Refused("modal.files", least=least, most=most)
        return [self._upload(value) for value in values]


def _missing(known: JsonList, given: set[str]) -> str | None:
    for option in known:
        if option.get("required") and option["name"] not in given:
            return str(option["name"])
    nested = [option["name"] for option in known if option["type"] in _NESTED]
    if nested and not given & set(nested):
        return " or ".join(nested)
    return None


def _check_plain(known: Json, value: object) -> None:
    kind, name = known["type"], known["name"]
    is_right = isinstance(value, _PYTHON_TYPES[kind])
    if not is_right or (isinstance(value, bool) and kind != BOOLEAN):
        raise Refused("option.kind", name=name)
    if known.get("choices") and value not in [c["value"] for c in known["choices"]]:
        raise Refused("option.choice", name=name)
    if isinstance(value, str):
        _check_range(name, len(value), known.get("min_length", 0), known.get("max_length", 6000))
    elif isinstance(value, int | float) and kind != BOOLEAN:
        bound = float("inf")
        _check_range(name, value, known.get("min_value", -bound), known.get("max_value", bound))


def _check_range(name: str, value: float, least: float, most: float) -> None:
    if value < least:
        raise Refused("option.least", name=name, least=least)
    if value > most:
        raise Refused("option.most", name=name, most=most)


def _text(asked: Json, value: str) -> str:
    if not value and not asked.get("required", True):
        return ""
    least, most = asked.get("min_length", 0), asked.get("max_length", 4000)
    if asked.get("required", True):
        least = max(least, 1)
    if not least <= len(value) <= most:
        raise Refused("modal.text", least=least, most=most)
    return value


def _one_of(asked: Json, answer: Json) -> str | None:
    value = answer.get("value")
    if value is None and asked.get("required", True):
        raise Refused("select.one")
    if value is not None and value not in [o["value"] for o in asked["options"]]:
        raise Refused("select.unknown")
    return value
