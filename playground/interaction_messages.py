"""The messages that answer an interaction, and the marks that say whom they answer."""

from collections.abc import Sequence

from playground import objects
from playground.interaction import Interaction
from playground.interaction_payload import owners
from playground.interaction_rules import COMMAND, COMPONENT, MODAL_SUBMIT
from playground.json_types import Json
from playground.messages import CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND, DEFAULT, Draft
from playground.posting import Posting
from playground.uploads import Upload
from playground.world import World


class InteractionMessages:
    """Writes answers and follow-ups."""

    def __init__(self, world: World, posting: Posting) -> None:
        self._world = world
        self._posting = posting

    def write(
        self,
        interaction: Interaction,
        body: Json,
        files: Sequence[Upload],
        *,
        loading: bool = False,
        follows: bool = False,
    ) -> Json:
        """Write a message of this interaction and return it.

        Args:
            interaction: What is answered; it decides who alone sees the message.
            body: What the bot sent.
            files: The files that came with it.
            loading: It only says that the bot is thinking; an edit fills it.
            follows: It is not the first answer.
        """
        extra: Json = {
            "webhook_id": self._world.app_id,
            "application_id": self._world.app_id,
            "interaction_metadata": self.metadata(interaction, follows=follows),
        }
        if interaction.kind == COMMAND and not follows:
            extra["interaction"] = {
                "id": interaction.interaction_id,
                "type": interaction.kind,
                "name": interaction.command_name,
                "user": self._world.user(interaction.user_id),
            }
        answers_to = interaction.original_id if follows else interaction.source_message_id
        if answers_to is not None:
            extra["message_reference"] = self._reference(interaction, answers_to)
        flags = (objects.LOADING if loading else 0) | (
            objects.EPHEMERAL if interaction.ephemeral else 0
        )
        draft = Draft(
            channel=self._world.channel(interaction.channel_id),
            author=self._world.bot,
            body=body,
            files=files,
            kind=self._message_type(interaction, replies=answers_to is not None),
            only_for=interaction.user_id if interaction.ephemeral else None,
            extra=extra,
            added_flags=flags,
        )
        message = self._posting.post_unchecked(draft)
        interaction.written.add(message["id"])
        return message

    def _message_type(self, interaction: Interaction, *, replies: bool) -> int:
        if replies:
            return objects.REPLY
        if interaction.kind != COMMAND:
            return DEFAULT
        return CHAT_INPUT_COMMAND if interaction.command_type == 1 else CONTEXT_MENU_COMMAND

    def _reference(self, interaction: Interaction, message_id: str) -> Json:
        channel = self._world.channel(interaction.channel_id)
        reference = {"type": 0, "channel_id": channel["id"], "message_id": message_id}
        return reference | ({"guild_id": channel["guild_id"]} if "guild_id" in channel else {})

    def metadata(self, interaction: Interaction, *, follows: bool = False) -> Json:
        """Return the mark that tells who did what to bring the message about."""
        channel = self._world.channel(interaction.channel_id)
        metadata: Json = {
            "id": interaction.interaction_id,
            "type": interaction.kind,
            "user": self._world.user(interaction.user_id),
            "authorizing_integration_owners": owners(channel),
        }
        if follows and interaction.original_id:
            metadata["original_response_message_id"] = interaction.original_id
        if interaction.kind == COMMAND:
            metadata |= {
                "name": interaction.command_name,
                "command_type": interaction.command_type,
            }
        if interaction.kind == COMPONENT:
            metadata["interacted_message_id"] = interaction.source_message_id
        if interaction.kind == MODAL_SUBMIT:
            metadata["triggering_interaction_metadata"] = interaction.triggered_by
        return metadata
