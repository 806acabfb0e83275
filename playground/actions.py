"""What a person does in the chat. The page and the tests' `Person` both come through here."""

import time
from collections.abc import Sequence

import structlog

from playground import objects
from playground.command_input import Filled
from playground.command_rules import CHAT_INPUT, LOCALES, MESSAGE, USER
from playground.commands import Commands, may_use
from playground.component_fill import walk
from playground.component_kinds import SELECTS
from playground.errors import missing_access, missing_permissions, unknown_message
from playground.events import Event, Events
from playground.interaction import Interaction, Request
from playground.interaction_rules import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT
from playground.interactions import Interactions
from playground.json_types import Json, JsonList
from playground.messages import Draft, Messages
from playground.permissions import Permission
from playground.posting import Posting
from playground.reactions import Reactions
from playground.refusals import Refused
from playground.uploads import Upload, Uploads
from playground.world import World

log = structlog.get_logger()


class Actions:
    """Everything that a person can do; each method names the person by user id."""

    def __init__(
        self,
        world: World,
        events: Events,
        messages: Messages,
        posting: Posting,
        reactions: Reactions,
        commands: Commands,
        interactions: Interactions,
        uploads: Uploads,
    ) -> None:
        self._world = world
        self._events = events
        self._messages = messages
        self._posting = posting
        self._reactions = reactions
        self._commands = commands
        self._interactions = interactions
        self._uploads = uploads

    # Coming in

    def join(self, name: str) -> Json:
        """Return the member of this name, who joins the guild at the first visit."""
        for member in self._world.members.values():
            if member["user"]["username"] == name and not member["user"]["bot"]:
                return member
        member = self._world.enrol(name)
        joined = member | {"guild_id": self._world.guild_id}
        self._events.tell(Event("GUILD_MEMBER_ADD", joined))
        return member

    def set_locale(self, user_id: str, locale: str) -> None:
        """Set the language of this person's client."""
        if locale not in LOCALES:
            raise Refused("locale", locale=locale)
        self._world.locales[user_id] = locale
        self._world.changes.add(("locales", user_id))

    def open_dm(self, user_id: str) -> Json:
        """Return the direct-message channel of this person and the bot."""
        for channel in self._world.channels.values():
            if channel["type"] == objects.DM and channel["recipients"][0]["id"] == user_id:
                return channel
        channel = objects.dm_channel(self._world.ids.next(), self._world.user(user_id))
        self._world.add_channel(channel)
        opened = Event("CHANNEL_CREATE", channel, only_for=user_id, page_only=True)
        self._events.tell(opened)
        return channel

    # Messages

    def say(
        self,
        user_id: str,
        channel_id: str,
        content: str,
        files: Sequence[Upload] = (),
        reply_to: str | None = None,
        nonce: str | None = None,
    ) -> Json:
        """Write a message and return it."""
        body: Json = {"content": content}
        if nonce is not None:
            body |= {"nonce": nonce, "enforce_nonce": True}
        if reply_to is not None:
            body["message_reference"] = {"message_id": reply_to}
        channel = self._world.channel(channel_id)
        draft = Draft(channel, self._world.user(user_id), body, files)
        message = self._posting.post(draft)
        # The id by which a bot may log what it does about it; never what was said.
        log.info("message_sent", request_id=f"m{message['id']}")
        return message

    def edit(self, user_id: str, channel_id: str, message_id: str, content: str) -> Json:
        """Change one's own message and return it."""
        message = self.visible(user_id, channel_id, message_id)
        self._posting.check_own(message, user_id)
        return self._messages.edit(message, {"content": content})

    def delete(self, user_id: str, channel_id: str, message_id: str) -> None:
        """Delete a message, or dismiss one that only this person sees."""
        message = self.visible(user_id, channel_id, message_id)
        if message_id not in self._world.ephemeral_for:
            self._posting.check_may_delete(message, user_id)
        self._messages.delete(message)

    def react(
        self, user_id: str, channel_id: str, message_id: str, emoji: str, *, on: bool
    ) -> None:
        """Add or take back a reaction."""
        message = self.visible(user_id, channel_id, message_id)
        if on:
            self._reactions.add(message, emoji, user_id)
        else:
            self._reactions.remove(message, emoji, user_id)

    def typing(self, user_id: str, channel_id: str) -> None:
        """Show that this person is typing."""
        channel = self._seen_channel(user_id, channel_id)
        data: Json = {
            "channel_id": channel_id,
            "user_id": user_id,
            "timestamp": int(time.time()),
        }
        if "guild_id" in channel:
            data["guild_id"] = self._world.guild_id
            data["member"] = self._world.member(user_id)
        self._events.tell(Event("TYPING_START", data, channel_id))

    def history(self, user_id: str, channel_id: str, before: str | None) -> JsonList:
        """Return up to 50 messages that this person can see, the oldest first."""
        self._seen_channel(user_id, channel_id)
        return self.messages_for(user_id, channel_id, before)

    def messages_for(self, user_id: str, channel_id: str, before: str | None = None) -> JsonList:
        """Return the last 50 messages for this person, the ephemeral ones of theirs too."""
        kept = [
            m
            for m in self._world.messages[channel_id].values()
            if self._world.ephemeral_for.get(m["id"], user_id) == user_id
            and (before is None or int(m["id"]) < int(before))
        ]
        return [self._world.shown(m, user_id) for m in kept[-50:]]

    def visible(self, user_id: str, channel_id: str, message_id: str) -> Json:
        """Return the message if this person can see it.

        Raises:
            ApiError: 50001 for the channel, 10008 for the message.
        """
        self._seen_channel(user_id, channel_id)
        message = self._world.message(channel_id, message_id)
        if self._world.ephemeral_for.get(message_id, user_id) != user_id:
            raise unknown_message()
        return message

    def _seen_channel(self, user_id: str, channel_id: str) -> Json:
        channel = self._world.channel(channel_id)
        if not self._world.can_see(user_id, channel):
            raise missing_access()
        return channel

    # Interactions

    def command(
        self,
        user_id: str,
        channel_id: str,
        command_id: str,
        options: JsonList,
        target_id: str | None = None,
        files: Sequence[Upload] = (),
    ) -> Interaction:
        """Run a command with these options (or on this target)."""
        channel, command = self._usable(user_id, channel_id, command_id)
        filled = Filled(self._world, self._uploads, channel, user_id, files)
        data = _command_data(command)
        if command["type"] == CHAT_INPUT:
            known = command.get("options") or []
            data["options"] = filled.options(known, options, complete=True)
        else:
            self._aim(user_id, channel_id, command, str(target_id), filled)
            data["target_id"] = str(target_id)
        return self._interactions.send(Request(COMMAND, data | _resolved(filled), channel, user_id))

    def _aim(
        self, user_id: str, channel_id: str, command: Json, target_id: str, filled: Filled
    ) -> None:
        if command["type"] == USER:
            filled.resolved.add_user(target_id)
        if command["type"] == MESSAGE:
            filled.resolved.add_message(self.visible(user_id, channel_id, target_id))

    def autocomplete(
        self, user_id: str, channel_id: str, command_id: str, options: JsonList, nonce: str
    ) -> Interaction:
        """Ask the bot for choices; the answer comes as an event with this nonce."""
        channel, command = self._usable(user_id, channel_id, command_id)
        filled = Filled(self._world, self._uploads, channel, user_id)
        known = command.get("options") or []
        data = _command_data(command)
        data["options"] = filled.options(known, options, complete=False)
        return self._interactions.send(
            Request(AUTOCOMPLETE, data | _resolved(filled), channel, user_id, nonce=nonce)
        )

    def _usable(self, user_id: str, channel_id: str, command_id: str) -> tuple[Json, Json]:
        channel = self._seen_channel(user_id, channel_id)
        command = self._commands.find(command_id)
        held = self._world.permissions(user_id, channel)
        if not held & Permission.USE_APPLICATION_COMMANDS:
            raise missing_permissions()
        in_guild = "guild_id" in channel
        if in_guild and not may_use(command, held):
            raise missing_permissions()
        contexts = command.get("contexts")
        if contexts is not None and (0 if in_guild else 1) not in contexts:
            raise Refused("command.elsewhere")
        return channel, command

    def component(
        self,
        user_id: str,
        channel_id: str,
        message_id: str,
        custom_id: str,
        values: list[str] | None = None,
    ) -> Interaction:
        """Press a button or choose in a select of a message."""
        message = self.visible(user_id, channel_id, message_id)
        channel = self._world.channel(channel_id)
        used = next(
            (c for c in walk(message["components"]) if c.get("custom_id") == custom_id), None
        )
        if used is None:
            raise Refused("component.gone")
        if used.get("disabled"):
            raise Refused("component.disabled")
        filled = Filled(self._world, self._uploads, channel, user_id)
        data: Json = {
            "custom_id": custom_id,
            "component_type": used["type"],
            "id": used["id"],
        }
        if used["type"] in SELECTS:
            data["values"] = filled.chosen(used, values or [])
        return self._interactions.send(
            Request(COMPONENT, data | _resolved(filled), channel, user_id, message)
        )

    def submit_modal(
        self,
        user_id: str,
        interaction_id: str,
        components: JsonList,
        files: Sequence[Upload] = (),
    ) -> Interaction:
        """Submit the modal that answered this interaction."""
        origin = self._interactions.by_id(interaction_id, user_id)
        modal = origin.modal
        if modal is None:
            raise Refused("modal.gone")
        channel = self._world.channel(origin.channel_id)
        filled = Filled(self._world, self._uploads, channel, user_id, files)
        fields = filled.modal_fields(modal["components"], components)
        data = {"custom_id": modal["custom_id"], "components": fields} | _resolved(filled)
        source = origin.source_message_id
        message = self._world.find_message(source) if source else None
        request = Request(MODAL_SUBMIT, data, channel, user_id, message, triggered_by=origin)
        # The form stays open until the bot has answered, so a failed one can be sent again.
        return self._interactions.send(request)


def _command_data(command: Json) -> Json:
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return data | ({"guild_id": command["guild_id"]} if command.get("guild_id") else {})


def _resolved(filled: Filled) -> Json:
    return {"resolved": filled.resolved.objects} if filled.resolved.objects else {}
