"""Interactions: from the click or command of a person to the bot's answer."""

import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from playground import objects
from playground.component_fill import ComponentFill
from playground.errors import ApiError, unknown_interaction, unknown_message
from playground.events import Event, Events
from playground.interaction import Interaction, Request
from playground.interaction_messages import InteractionMessages
from playground.interaction_payload import payload
from playground.interaction_rules import (
    AUTOCOMPLETE,
    CHOICES,
    DEFERRED_MESSAGE,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    check_choices,
    check_kind,
    check_modal,
)
from playground.json_types import Json
from playground.message_rules import flags_of
from playground.messages import Messages
from playground.posting import Posting
from playground.uploads import Upload
from playground.world import World

NO_ANSWER = "The application did not respond"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a bot has: to acknowledge, and to use the token afterwards."""

    acknowledge_s: float = 3.0
    token_s: float = 15 * 60.0


class Interactions:
    """Sends interactions to the bot and takes its answers."""

    def __init__(
        self, world: World, events: Events, messages: Messages, posting: Posting, limits: Limits
    ) -> None:
        self._world = world
        self._events = events
        self._messages = messages
        self._writer = InteractionMessages(world, posting)
        self._limits = limits
        self._by_token: dict[str, Interaction] = {}

    # From the person to the bot

    def send(self, request: Request) -> Interaction:
        """Send an interaction to the bot and start its clock."""
        self._forget_old()
        interaction = self._new(request)
        self._by_token[interaction.token] = interaction
        self._tell_state(interaction, "sent")
        loop = asyncio.get_running_loop()
        interaction.deadline = loop.call_later(self._limits.acknowledge_s, self._fail, interaction)
        told = payload(self._world, interaction, request)
        log.info("interaction_sent", request_id=f"i{interaction.interaction_id}")
        self._events.tell(Event("INTERACTION_CREATE", told))
        return interaction

    def _new(self, request: Request) -> Interaction:
        parent = request.triggered_by
        return Interaction(
            interaction_id=self._world.ids.next(),
            token=secrets.token_urlsafe(48),
            kind=request.kind,
            channel_id=request.channel["id"],
            user_id=request.user_id,
            command_name=request.data.get("name") or (parent.command_name if parent else ""),
            command_type=request.data.get("type") or (parent.command_type if parent else 1),
            source_message_id=request.message["id"] if request.message else None,
            triggered_by=self._writer.metadata(parent) if parent else None,
            nonce=request.nonce,
            ends_at=time.monotonic() + self._limits.token_s,
        )

    def _fail(self, interaction: Interaction) -> None:
        interaction.too_late = True
        if interaction.kind == AUTOCOMPLETE:
            self._tell_choices(interaction, [])
        else:
            self._tell_state(interaction, "failed")

    def _tell_state(self, interaction: Interaction, state: str) -> None:
        if interaction.kind == AUTOCOMPLETE:
            return
        data: Json = {"id": interaction.interaction_id, "state": state}
        data |= {"error": NO_ANSWER} if state == "failed" else {}
        self._tell_person(interaction, "INTERACTION", data)

    def _tell_choices(self, interaction: Interaction, choices: list[Json]) -> None:
        data = {"nonce": interaction.nonce, "choices": choices}
        self._tell_person(interaction, "AUTOCOMPLETE", data)

    def _tell_person(self, interaction: Interaction, name: str, data: Json) -> None:
        self._events.tell(Event(name, data, only_for=interaction.user_id, page_only=True))

    def _forget_old(self) -> None:
        now = time.monotonic()
        for token in [t for t, i in self._by_token.items() if i.ends_at < now]:
            del self._by_token[token]

    def by_id(self, interaction_id: str, user_id: str) -> Interaction:
        """Return this person's interaction, or refuse with 10062."""
        for interaction in self._by_token.values():
            if interaction.interaction_id == interaction_id and interaction.user_id == user_id:
                return interaction
        raise unknown_interaction()

    # The bot's first answer

    def acknowledge(
        self, interaction_id: str, token: str, body: Json, files: Sequence[Upload]
    ) -> Json:
        """Take the bot's callback and return what `with_response` asks for.

        Raises:
            ApiError: 10062 when unknown or too late, 40060 the second time, 50035 when malformed.
        """
        interaction = self._live(token)
        if interaction is None or interaction.interaction_id != interaction_id:
            raise unknown_interaction()
        if interaction.acknowledged is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if interaction.too_late:
            raise unknown_interaction()
        kind = check_kind(body, interaction.kind, has_message=bool(interaction.source_message_id))
        data = body.get("data") or {}
        message = self._answer(interaction, kind, data, files)
        # Marked only now: a malformed answer may be mended within the three seconds.
        interaction.acknowledged = kind
        if interaction.deadline:
            interaction.deadline.cancel()
        self._tell_state(interaction, "acknowledged")
        return self._callback_answer(interaction, kind, message)

    def _answer(
        self, interaction: Interaction, kind: int, data: Json, files: Sequence[Upload]
    ) -> Json | None:
        interaction.ephemeral = bool(flags_of(data) & objects.EPHEMERAL)
        if kind == MESSAGE:
            return self._write_original(interaction, data, files)
        if kind == DEFERRED_MESSAGE:
            return self._write_loading(interaction)
        if kind in (UPDATE, DEFERRED_UPDATE):
            return self._update_source(interaction, kind, data, files)
        if kind == CHOICES:
            self._tell_choices(interaction, check_choices(data))
        if kind == MODAL:
            self._show_modal(interaction, data)
        return None

    def _write_original(
        self, interaction: Interaction, data: Json, files: Sequence[Upload]
    ) -> Json:
        message = self._writer.write(interaction, data, files)
        interaction.original_id = message["id"]
        return message

    def _write_loading(self, interaction: Interaction) -> Json:
        message = self._writer.write(interaction, {}, (), loading=True)
        interaction.original_id = message["id"]
        interaction.waiting_to_fill = True
        return message

    def _update_source(
        self, interaction: Interaction, kind: int, data: Json, files: Sequence[Upload]
    ) -> Json:
        message = self._find(str(interaction.source_message_id))
        interaction.original_id = message["id"]
        interaction.written.add(message["id"])
        if kind == UPDATE:
            self._messages.edit(message, data, files)
        return message

    def _show_modal(self, interaction: Interaction, data: Json) -> None:
        check_modal(data)
        filled = ComponentFill(self._world.ids, []).fill(data["components"])
        interaction.modal = {
            "custom_id": data["custom_id"],
            "title": data["title"],
            "components": filled,
        }
        shown = {"interaction_id": interaction.interaction_id, "modal": interaction.modal}
        self._tell_person(interaction, "MODAL", shown)

    def _callback_answer(self, interaction: Interaction, kind: int, message: Json | None) -> Json:
        channel = self._world.channel(interaction.channel_id)
        about: Json = {
            "id": interaction.interaction_id,
            "type": interaction.kind,
            "channel_id": channel["id"],
        }
        about |= {"guild_id": channel["guild_id"]} if "guild_id" in channel else {}
        if message is None:
            return {"interaction": about}
        about |= {
            "response_message_id": message["id"],
            "response_message_loading": kind == DEFERRED_MESSAGE,
            "response_message_ephemeral": message["id"] in self._world.ephemeral_for,
        }
        if kind not in (MESSAGE, UPDATE):
            return {"interaction": about}
        shown = self._world.shown(message, self._world.app_id)
        return {"interaction": about, "resource": {"type": kind, "message": shown}}

    # What follows, through the token

    def follow_up(self, token: str, body: Json, files: Sequence[Upload]) -> Json:
        """Write a further message; the first one after a deferral fills the deferred one.

        Raises:
            ApiError: 10015 when the token is unknown, over, or not yet acknowledged.
        """
        interaction = self._acknowledged(token)
        if interaction.waiting_to_fill and interaction.original_id:
            return self._fill(interaction, self._find(interaction.original_id), body, files)
        interaction.ephemeral = bool(flags_of(body) & objects.EPHEMERAL)
        return self._writer.write(interaction, body, files, follows=True)

    def message(self, token: str, message_id: str) -> Json:
        """Return one of the interaction's messages; `@original` is the first.

        Raises:
            ApiError: 10015 for the token, 10008 for the message.
        """
        interaction = self._acknowledged(token)
        wanted = interaction.original_id if message_id == "@original" else message_id
        if wanted is None or wanted not in interaction.written:
            raise unknown_message()
        return self._find(wanted)

    def edit(self, token: str, message_id: str, body: Json, files: Sequence[Upload]) -> Json:
        """Change one of the interaction's messages and return it."""
        message = self.message(token, message_id)
        interaction = self._acknowledged(token)
        if interaction.waiting_to_fill and message["id"] == interaction.original_id:
            return self._fill(interaction, message, body, files)
        return self._messages.edit(message, body, files)

    def delete(self, token: str, message_id: str) -> None:
        """Delete one of the interaction's messages."""
        self._messages.delete(self.message(token, message_id))
        interaction = self._acknowledged(token)
        interaction.waiting_to_fill = False

    def _fill(
        self, interaction: Interaction, message: Json, body: Json, files: Sequence[Upload]
    ) -> Json:
        filled = self._messages.edit(message, body, files)
        interaction.waiting_to_fill = False
        return filled

    def _live(self, token: str) -> Interaction | None:
        interaction = self._by_token.get(token)
        if interaction is None or interaction.ends_at < time.monotonic():
            return None
        return interaction

    def _acknowledged(self, token: str) -> Interaction:
        interaction = self._live(token)
        if interaction is None:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if interaction.acknowledged is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return interaction

    def _find(self, message_id: str) -> Json:
        found = self._world.find_message(message_id)
        if found is None:
            raise unknown_message()
        return found
