"""Routes about messages, their reactions, and pins."""

from playground.errors import FormErrors, missing_access, missing_permissions, unknown_message
from playground.json_types import Json
from playground.messages import Draft, Messages
from playground.permissions import Permission
from playground.pins import Pins
from playground.posting import Posting
from playground.rates import DELETE_MESSAGE, EDIT_MESSAGE, POST_MESSAGE, REACT, READ
from playground.reactions import Reactions
from playground.rest.route import Answer, Call, Route
from playground.world import World

_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = _MESSAGES + "/{message_id}"
_REACTIONS = _MESSAGE + "/reactions"
_EMOJI = _REACTIONS + "/{emoji}"
_PINS = _MESSAGES + "/pins"
_OLD_PINS = "/channels/{channel_id}/pins"


class MessageRoutes:
    """What the bot does with messages."""

    def __init__(
        self, world: World, messages: Messages, posting: Posting, reactions: Reactions, pins: Pins
    ) -> None:
        self._world = world
        self._messages = messages
        self._posting = posting
        self._reactions = reactions
        self._pins = pins

    def table(self) -> list[Route]:
        """Return the routes; pins come first, or `pins` would be taken for a message's id."""
        here = "channel_id"
        return [
            Route("GET", _PINS, self._list_pins, READ, here),
            Route("PUT", _PINS + "/{message_id}", self._pin, EDIT_MESSAGE, here),
            Route("DELETE", _PINS + "/{message_id}", self._unpin, EDIT_MESSAGE, here),
            Route("GET", _OLD_PINS, self._list_old_pins, READ, here),
            Route("PUT", _OLD_PINS + "/{message_id}", self._pin, EDIT_MESSAGE, here),
            Route("DELETE", _OLD_PINS + "/{message_id}", self._unpin, EDIT_MESSAGE, here),
            Route("GET", _MESSAGES, self._history, READ, here),
            Route("POST", _MESSAGES, self._post, POST_MESSAGE, here),
            Route("POST", _MESSAGES + "/bulk-delete", self._bulk_delete, DELETE_MESSAGE, here),
            Route("GET", _MESSAGE, self._get, READ, here),
            Route("PATCH", _MESSAGE, self._edit, EDIT_MESSAGE, here),
            Route("DELETE", _MESSAGE, self._delete, DELETE_MESSAGE, here),
            Route("PUT", _EMOJI + "/@me", self._react, REACT, here),
            Route("DELETE", _EMOJI + "/{user_id}", self._unreact, REACT, here),
            Route("DELETE", _EMOJI, self._clear_emoji, REACT, here),
            Route("DELETE", _REACTIONS, self._clear, REACT, here),
            Route("GET", _EMOJI, self._reactors, READ, here),
        ]

    def _channel(self, call: Call, needed: Permission = Permission.VIEW_CHANNEL) -> Json:
        channel = self._world.channel(call.params["channel_id"])
        held = self._world.permissions(self._world.app_id, channel)
        if not held & Permission.VIEW_CHANNEL:
            raise missing_access()
        if held & needed != needed:
            raise missing_permissions()
        return channel

    def _message(self, call: Call) -> Json:
        channel, message_id = self._channel(call), call.params["message_id"]
        if message_id in self._world.ephemeral_for:
            # Only the interaction's token reaches these.
            raise unknown_message()
        return self._world.message(channel["id"], message_id)

    def _shown(self, message: Json) -> Json:
        return self._world.shown(message, self._world.app_id)

    def _history(self, call: Call) -> Answer:
        channel = self._channel(call, Permission.READ_MESSAGE_HISTORY)
        found = self._messages.history(channel["id"], dict(call.query))
        return [self._shown(message) for message in found]

    def _get(self, call: Call) -> Answer:
        return self._shown(self._message(call))

    def _post(self, call: Call) -> Answer:
        channel = self._world.channel(call.params["channel_id"])
        draft = Draft(channel, self._world.bot, call.json(), call.files)
        return self._shown(self._posting.post(draft))

    def _edit(self, call: Call) -> Answer:
        message = self._message(call)
        self._posting.check_own(message, self._world.app_id)
        return self._shown(self._messages.edit(message, call.json(), call.files))

    def _delete(self, call: Call) -> Answer:
        message = self._message(call)
        self._posting.check_may_delete(message, self._world.app_id)
        self._messages.delete(message)
        return None

    def _bulk_delete(self, call: Call) -> Answer:
        channel = self._channel(call, Permission.MANAGE_MESSAGES)
        wanted = [str(m) for m in call.json().get("messages") or []]
        faults = FormErrors()
        faults.count(("messages",), len(wanted), 2, 100)
        faults.raise_if_any()
        for message_id in wanted:
            message = self._world.messages[channel["id"]].get(message_id)
            if message is not None:
                self._messages.delete(message)
        return None

    # Reactions

    def _react(self, call: Call) -> Answer:
        self._reactions.add(self._message(call), call.params["emoji"], self._world.app_id)
        return None

    def _unreact(self, call: Call) -> Answer:
        user_id = call.params["user_id"]
        if user_id != "@me":
            self._channel(call, Permission.MANAGE_MESSAGES)
        whose = self._world.app_id if user_id == "@me" else user_id
        self._reactions.remove(self._message(call), call.params["emoji"], whose)
        return None

    def _clear_emoji(self, call: Call) -> Answer:
        self._channel(call, Permission.MANAGE_MESSAGES)
        self._reactions.clear(self._message(call), call.params["emoji"])
        return None

    def _clear(self, call: Call) -> Answer:
        self._channel(call, Permission.MANAGE_MESSAGES)
        self._reactions.clear(self._message(call))
        return None

    def _reactors(self, call: Call) -> Answer:
        return self._reactions.users(self._message(call), call.params["emoji"])

    # Pins

    def _list_pins(self, call: Call) -> Answer:
        pinned = self._pins.of(self._channel(call)["id"])
        items = [{"pinned_at": m["timestamp"], "message": self._shown(m)} for m in pinned]
        return {"items": items, "has_more": False}

    def _list_old_pins(self, call: Call) -> Answer:
        return [self._shown(m) for m in self._pins.of(self._channel(call)["id"])]

    def _pin(self, call: Call) -> Answer:
        self._pins.pin(self._message(call), self._world.app_id)
        return None

    def _unpin(self, call: Call) -> Answer:
        self._pins.unpin(self._message(call), self._world.app_id)
        return None
