"""Writing into a channel: may this author, is the thread open, who joins by it."""

from playground import objects
from playground.errors import ApiError, missing_access, missing_permissions
from playground.json_types import Json
from playground.messages import Draft, Messages
from playground.permissions import Permission, to_send
from playground.threads import Threads, archived
from playground.world import World


class Posting:
    """The door to `Messages` that holds people and the bot to their permissions."""

    def __init__(self, world: World, messages: Messages, threads: Threads) -> None:
        self._world = world
        self._messages = messages
        self._threads = threads

    def post(self, draft: Draft) -> Json:
        """Write the message if its author may, and return it.

        Raises:
            ApiError: 50001, 50013, 50083, or what is wrong with the message.
        """
        self.check_may_send(draft)
        return self.post_unchecked(draft)

    def post_unchecked(self, draft: Draft) -> Json:
        """Write the message; for interaction responses, which need no permission to send."""
        is_thread = draft.channel["type"] in objects.THREAD_TYPES
        if is_thread:
            self._threads.before_message(draft.channel, draft.author["id"])
        message = self._messages.post(draft)
        if is_thread and draft.only_for is None:
            self._threads.after_message(draft.channel, message)
        return message

    def check_may_send(self, draft: Draft) -> None:
        """Refuse what the author's permissions in the channel do not allow."""
        held = self._world.permissions(draft.author["id"], draft.channel)
        if not held & Permission.VIEW_CHANNEL:
            raise missing_access()
        needed = to_send(draft.channel)
        if draft.files:
            needed |= Permission.ATTACH_FILES
        if draft.body.get("embeds"):
            needed |= Permission.EMBED_LINKS
        if draft.body.get("message_reference"):
            needed |= Permission.READ_MESSAGE_HISTORY
        if held & needed != needed:
            raise missing_permissions()

    def check_own(self, message: Json, author_id: str) -> None:
        """Refuse a change of someone else's message, or in an archived thread."""
        if message["author"]["id"] != author_id:
            text = "Cannot edit a message authored by another user"
            raise ApiError(403, 50005, text)
        self.check_open(message)

    def check_may_delete(self, message: Json, actor_id: str) -> None:
        """Refuse to delete someone else's message without the permission to manage messages."""
        channel = self._world.channel(message["channel_id"])
        if message["author"]["id"] != actor_id:
            held = self._world.permissions(actor_id, channel)
            if not held & Permission.MANAGE_MESSAGES:
                raise missing_permissions()
        self.check_open(message)

    def check_open(self, message: Json) -> None:
        """Refuse a change in an archived thread."""
        channel = self._world.channel(message["channel_id"])
        if channel["type"] in objects.THREAD_TYPES and channel["thread_metadata"]["archived"]:
            raise archived()
