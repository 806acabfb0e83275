"""Threads: how they begin, who is in them, when they are archived, and how they end."""

from typing import Final

from playground import objects
from playground.errors import ApiError, FormErrors, missing_access, missing_permissions
from playground.events import Event, Events
from playground.gateway_events import with_membership
from playground.json_types import Json, JsonList
from playground.messages import RECIPIENT_ADD, THREAD_CREATED, Messages
from playground.permissions import Permission
from playground.shapes import THREAD_SHAPE, hold
from playground.snowflakes import now_iso
from playground.world import World

_ARCHIVE_MINUTES: Final = (60, 1440, 4320, 10080)
_METADATA: Final = ("archived", "locked", "auto_archive_duration", "invitable")
_OWN: Final = ("name", "rate_limit_per_user", "flags")


def archived() -> ApiError:
    """Refuse to change something in an archived thread."""
    return ApiError(400, 50083, "Thread is archived")


class Threads:
    """Opens, changes and closes threads, and keeps who is in them."""

    def __init__(self, world: World, events: Events, messages: Messages) -> None:
        self._world = world
        self._events = events
        self._messages = messages

    # Beginning

    def open(self, parent: Json, actor_id: str, body: Json, starter: Json | None = None) -> Json:
        """Open a thread in `parent`, from the message `starter` if there is one; return it.

        Raises:
            ApiError: 50013, 50024, 160004, or 50035 with what is wrong in the request.
        """
        kind = objects.PUBLIC_THREAD if starter else body.get("type", objects.PRIVATE_THREAD)
        hold(body, THREAD_SHAPE)
        self._check_open(parent, actor_id, kind, body, starter)
        thread_id = starter["id"] if starter else self._world.ids.next()
        thread = objects.thread(thread_id, parent, actor_id, kind, body["name"].strip(), body)
        self._world.add_channel(thread)
        self._enrol(thread, actor_id)
        self._announce(thread)
        if starter:
            flags = starter["flags"] | objects.HAS_THREAD
            self._messages.change(starter, {"flags": flags})
        elif kind == objects.PUBLIC_THREAD:
            self._note_in_parent(parent, actor_id, thread)
        return self.seen_by(thread, actor_id)

    def _check_open(
        self, parent: Json, actor_id: str, kind: object, body: Json, starter: Json | None
    ) -> None:
        if parent["type"] != objects.TEXT:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        if starter and starter["id"] in self._world.channels:
            message = "A thread has already been created for this message"
            raise ApiError(400, 160004, message)
        faults = FormErrors()
        _check_fields(faults, body)
        if "name" not in body:
            faults.required(("name",))
        if kind not in (objects.PUBLIC_THREAD, objects.PRIVATE_THREAD):
            faults.add(("type",), "BASE_TYPE_CHOICES", "Value must be one of {11, 12}.")
        faults.raise_if_any()
        needed = (
            Permission.CREATE_PRIVATE_THREADS
            if kind == objects.PRIVATE_THREAD
            else Permission.CREATE_PUBLIC_THREADS
        )
        self._require(actor_id, parent, Permission.VIEW_CHANNEL | needed)

    def _announce(self, thread: Json) -> None:
        new = with_membership(self._world, thread, self._world.app_id) | {"newly_created": True}
        self._events.tell(Event("THREAD_CREATE", new, thread["id"]))

    def _note_in_parent(self, parent: Json, actor_id: str, thread: Json) -> None:
        reference = {"type": 0, "channel_id": thread["id"], "guild_id": thread["guild_id"]}
        extra = {"content": thread["name"], "message_reference": reference}
        self._messages.post_system(parent, self._world.user(actor_id), THREAD_CREATED, extra)

    # Changing and ending

    def update(self, thread: Json, actor_id: str, body: Json) -> Json:
        """Change the thread as the request says and return it.

        Raises:
            ApiError: 50001, 50013, 50083, or 50035 with what is wrong in the request.
        """
        self._require(actor_id, thread, Permission.VIEW_CHANNEL)
        hold(body, THREAD_SHAPE)
        self._check_may_update(thread, actor_id, body)
        faults = FormErrors()
        _check_fields(faults, body)
        faults.raise_if_any()
        self._apply(thread, body)
        return self.seen_by(thread, actor_id)

    def _check_may_update(self, thread: Json, actor_id: str, body: Json) -> None:
        manages = self._world.permissions(actor_id, thread) & Permission.MANAGE_THREADS
        metadata = thread["thread_metadata"]
        reopens = body.get("archived") is False
        if not manages:
            own = thread["owner_id"] == actor_id
            if "locked" in body or metadata["locked"] or not (own or reopens):
                raise missing_permissions()
        if metadata["archived"] and not reopens and set(body) - {"locked", "archived"}:
            raise archived()

    def _apply(self, thread: Json, body: Json) -> None:
        metadata = thread["thread_metadata"]
        was_archived = metadata["archived"]
        metadata |= {key: body[key] for key in _METADATA if body.get(key) is not None}
        thread |= {key: body[key] for key in _OWN if body.get(key) is not None}
        if metadata["archived"] != was_archived:
            metadata["archive_timestamp"] = now_iso()
        self._changed(thread)

    def _changed(self, thread: Json) -> None:
        self._world.changes.add(("channels", thread["id"]))
        self._events.tell(Event("THREAD_UPDATE", dict(thread), thread["id"]))

    def delete(self, thread: Json, actor_id: str) -> Json:
        """Delete the thread with its messages and return what it was."""
        self._require(actor_id, thread, Permission.VIEW_CHANNEL | Permission.MANAGE_THREADS)
        gone = {key: thread[key] for key in ("id", "guild_id", "parent_id", "type")}
        # Told first: afterwards nobody could be found who saw it.
        self._events.tell(Event("THREAD_DELETE", gone, thread["id"]))
        self._world.forget_channel(thread["id"])
        return thread

    # Who is in it

    def seen_by(self, thread: Json, user_id: str) -> Json:
        """Return the thread with this user's membership in it."""
        return with_membership(self._world, thread, user_id)

    def members(self, thread: Json) -> JsonList:
        """Return the memberships of all who are in the thread."""
        return list(self._world.thread_members[thread["id"]].values())

    def add(self, thread: Json, user_id: str, actor_id: str) -> None:
        """Let the actor add a user (or join); nothing happens when the user is in it already.

        Raises:
            ApiError: 50083 when archived, 50001 or 50013 when the actor may not.
        """
        self._require(actor_id, thread, Permission.VIEW_CHANNEL)
        if thread["thread_metadata"]["archived"]:
            raise archived()
        self._world.member(user_id)
        if self._world.is_in_thread(thread["id"], user_id):
            return
        if not self._may_invite(thread, actor_id):
            raise missing_permissions()
        self._join(thread, user_id)
        if user_id != actor_id:
            actor, added = self._world.user(actor_id), self._world.user(user_id)
            self._messages.post_system(thread, actor, RECIPIENT_ADD, {"mentions": [added]})

    def _may_invite(self, thread: Json, actor_id: str) -> bool:
        if thread["thread_metadata"].get("invitable", True) or thread["owner_id"] == actor_id:
            return True
        return bool(self._world.permissions(actor_id, thread) & Permission.MANAGE_THREADS)

    def remove(self, thread: Json, user_id: str, actor_id: str) -> None:
        """Take the user out of the thread (or leave it)."""
        manages = self._world.permissions(actor_id, thread) & Permission.MANAGE_THREADS
        owns = thread["owner_id"] == actor_id and thread["type"] == objects.PRIVATE_THREAD
        if not (user_id == actor_id or manages or owns):
            raise missing_permissions()
        if thread["thread_metadata"]["archived"]:
            raise archived()
        if self._world.thread_members[thread["id"]].pop(user_id, None) is None:
            raise ApiError(404, 10007, "Unknown Member")
        self._members_changed(thread, added=[], removed=[user_id])
        gone = {key: thread[key] for key in ("id", "guild_id", "parent_id", "type")}
        self._events.tell(Event("THREAD_DELETE", gone, only_for=user_id, page_only=True))

    def _join(self, thread: Json, user_id: str) -> None:
        membership = self._enrol(thread, user_id)
        member = {"member": self._world.member(user_id), "presence": None}
        self._members_changed(thread, added=[membership | member], removed=[])
        shown = self.seen_by(thread, user_id)
        joined = Event("THREAD_CREATE", shown, only_for=user_id, page_only=True)
        self._events.tell(joined)
        if user_id == self._world.app_id:
            self._events.tell(Event("THREAD_CREATE", shown, thread["id"]))

    def _enrol(self, thread: Json, user_id: str) -> Json:
        membership = objects.thread_member(thread["id"], user_id)
        self._world.thread_members[thread["id"]][user_id] = membership
        thread["member_count"] = len(self._world.thread_members[thread["id"]])
        self._world.changes.add(("thread_members", thread["id"]))
        self._world.changes.add(("channels", thread["id"]))
        return membership

    def _members_changed(self, thread: Json, *, added: JsonList, removed: list[str]) -> None:
        thread["member_count"] = len(self._world.thread_members[thread["id"]])
        self._world.changes.add(("thread_members", thread["id"]))
        change: Json = {
            "id": thread["id"],
            "guild_id": thread["guild_id"],
            "member_count": thread["member_count"],
        }
        change |= {"added_members": added} if added else {}
        change |= {"removed_member_ids": removed} if removed else {}
        self._events.tell(Event("THREAD_MEMBERS_UPDATE", change, thread["id"]))

    # Around a message

    def before_message(self, thread: Json, author_id: str) -> None:
        """Open the thread again when it was archived and not locked, as Discord does."""
        metadata = thread["thread_metadata"]
        manages = self._world.permissions(author_id, thread) & Permission.MANAGE_THREADS
        if metadata["locked"] and not manages:
            raise archived() if metadata["archived"] else missing_permissions()
        if metadata["archived"]:
            self._apply(thread, {"archived": False})

    def after_message(self, thread: Json, message: Json) -> None:
        """Whoever writes in a thread, or is mentioned there, is in it from then on."""
        for user_id in [message["author"]["id"], *(u["id"] for u in message["mentions"])]:
            known = user_id in self._world.members
            if known and not self._world.is_in_thread(thread["id"], user_id):
                self._join(thread, user_id)

    def _require(self, actor_id: str, channel: Json, needed: Permission) -> None:
        held = self._world.permissions(actor_id, channel)
        if not held & Permission.VIEW_CHANNEL:
            raise missing_access()
        if held & needed != needed:
            raise missing_permissions()


def _check_fields(faults: FormErrors, body: Json) -> None:
    name = body.get("name")
    if "name" in body:
        faults.length(("name",), (name or "").strip(), 1, 100)
    minutes = body.get("auto_archive_duration")
    if minutes is not None and minutes not in _ARCHIVE_MINUTES:
        choices = ", ".join(map(str, _ARCHIVE_MINUTES))
        message = f"Value must be one of {{{choices}}}."
        faults.add(("auto_archive_duration",), "BASE_TYPE_CHOICES", message)
    slow = body.get("rate_limit_per_user")
    if isinstance(slow, int):
        faults.number(("rate_limit_per_user",), slow, 0, 21600)
