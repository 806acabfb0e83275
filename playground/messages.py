"""Messages: the one way in which they are written, edited and deleted, by whomever."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from playground import objects
from playground.component_fill import ComponentFill
from playground.errors import ApiError, FormErrors
from playground.events import Event, Events
from playground.json_types import Json, JsonList
from playground.message_rules import check_edit, check_message
from playground.permissions import Permission
from playground.snowflakes import is_snowflake, now_iso
from playground.uploads import Upload, Uploads, safe_name
from playground.world import World

DEFAULT, RECIPIENT_ADD, CHANNEL_PINNED, THREAD_CREATED = 0, 1, 6, 18
CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND = 20, 23
_USER_MENTION: Final = re.compile(r"<@!?(\d+)>")
_ROLE_MENTION: Final = re.compile(r"<@&(\d+)>")
_EVERYONE: Final = re.compile(r"@(everyone|here)\b")
_SETTABLE_FLAGS: Final = (
    objects.SUPPRESS_EMBEDS | objects.SUPPRESS_NOTIFICATIONS | objects.COMPONENTS_V2
)
_NONCE_MEMORY = 25


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be written.

    Attributes:
        body: What the request said, in Discord's words.
        files: The files that came with it.
        kind: Discord's message type.
        only_for: The person who alone sees it, when it is ephemeral.
        extra: Fields that the way of writing adds (an interaction's metadata).
        added_flags: Flags that the sender can't set itself (ephemeral, loading).
    """

    channel: Json
    author: Json
    body: Json
    files: Sequence[Upload] = ()
    kind: int = DEFAULT
    only_for: str | None = None
    extra: Json = field(default_factory=dict)
    added_flags: int = 0


class Messages:
    """Writes, edits and deletes messages, and tells of it."""

    def __init__(self, world: World, events: Events, uploads: Uploads) -> None:
        self._world = world
        self._events = events
        self._uploads = uploads

    def post(self, draft: Draft) -> Json:
        """Write the message and return it.

        Raises:
            ApiError: what Discord would refuse (50035, 50006, 40005 …).
        """
        if not draft.added_flags & objects.LOADING:
            check_message(draft.body, draft.files)
        repeated = self._sent_before(draft)
        if repeated is not None:
            return repeated
        message = self._build(draft)
        return self._publish(draft, message)

    def post_system(self, channel: Json, author: Json, kind: int, extra: Json) -> Json:
        """Write one of Discord's own notes (someone was added, a message was pinned)."""
        draft = Draft(
            channel, author, {"content": extra.pop("content", "")}, kind=kind, extra=extra
        )
        return self._publish(draft, self._build(draft))

    def _publish(self, draft: Draft, message: Json) -> Json:
        if draft.only_for is not None:
            self._world.ephemeral_for[message["id"]] = draft.only_for
        self._world.add_message(message)
        self._count(draft.channel, message)
        self._tell("MESSAGE_CREATE", message)
        return message

    def _count(self, channel: Json, message: Json) -> None:
        channel["last_message_id"] = message["id"]
        if channel["type"] in objects.THREAD_TYPES:
            channel["message_count"] += 1
            channel["total_message_sent"] += 1
        self._world.changes.add(("channels", channel["id"]))

    def _sent_before(self, draft: Draft) -> Json | None:
        """Return the message that already carries this nonce, when the sender insists on it."""
        nonce = draft.body.get("nonce")
        if nonce is None or not draft.body.get("enforce_nonce"):
            return None
        recent = list(self._world.messages[draft.channel["id"]].values())[-_NONCE_MEMORY:]
        same = (
            m for m in recent if m.get("nonce") == nonce and m["author"]["id"] == draft.author["id"]
        )
        return next(same, None)

    def _build(self, draft: Draft) -> Json:
        body, channel_id = draft.body, draft.channel["id"]
        content = (body.get("content") or "").strip()
        attached = self._attach(draft.files, body.get("attachments") or [], channel_id)
        message: Json = {
            "id": self._world.ids.next(),
            "type": draft.kind,
            "channel_id": channel_id,
            "author": draft.author,
            "content": content,
            "timestamp": now_iso(),
            "edited_timestamp": None,
            "tts": bool(body.get("tts")),
            "pinned": False,
            "attachments": attached,
            "embeds": self._embeds(body.get("embeds") or [], attached),
            "flags": (body.get("flags") or 0) & _SETTABLE_FLAGS | draft.added_flags,
            "components": self._components(body.get("components") or [], attached),
            **self._mentions(draft.channel, draft.author, content, body),
        }
        if body.get("nonce") is not None:
            message["nonce"] = body["nonce"]
        if body.get("message_reference"):
            self._refer(message, draft)
        return message | draft.extra

    # Parts of a message

    def _attach(self, files: Sequence[Upload], described: JsonList, channel_id: str) -> JsonList:
        texts = {str(entry.get("id")): entry.get("description") for entry in described}
        return [self._uploads.keep(file, channel_id, texts.get(file.index)) for file in files]

    def _components(self, components: JsonList, attached: JsonList) -> JsonList:
        return ComponentFill(self._world.ids, attached).fill(components)

    def _embeds(self, embeds: JsonList, attached: JsonList) -> JsonList:
        return [self._embed(embed, attached) for embed in embeds]

    def _embed(self, embed: Json, attached: JsonList) -> Json:
        filled: Json = {"type": "rich", "content_scan_version": 0}
        filled |= {key: value for key, value in embed.items() if value is not None}
        for key in ("image", "thumbnail"):
            url = (filled.get(key) or {}).get("url", "")
            if url.startswith("attachment://"):
                name = safe_name(url.removeprefix("attachment://"))
                found = next((a["url"] for a in attached if a["filename"] == name), url)
                filled[key] = {"url": found, "proxy_url": found}
        return filled

    def _mentions(self, channel: Json, author: Json, content: str, body: Json) -> Json:
        allowed = _Allowed(body.get("allowed_mentions"))
        users = [u for u in dict.fromkeys(_USER_MENTION.findall(content)) if allowed.user(u)]
        roles = [r for r in dict.fromkeys(_ROLE_MENTION.findall(content)) if allowed.role(r)]
        may = self._world.permissions(author["id"], channel) & Permission.MENTION_EVERYONE
        return {
            "mentions": [self._world.members[u]["user"] for u in users if u in self._world.members],
            "mention_roles": [r for r in roles if r in self._world.roles],
            "mention_everyone": bool(may and allowed.everyone and _EVERYONE.search(content)),
        }

    def _refer(self, message: Json, draft: Draft) -> None:
        reference = draft.body["message_reference"]
        target_id = str(reference.get("message_id"))
        target = self._world.messages[draft.channel["id"]].get(target_id)
        if target is None:
            if reference.get("fail_if_not_exists") is False:
                return
            faults = FormErrors()
            faults.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            faults.raise_if_any()
            return
        message["type"] = objects.REPLY
        message["message_reference"] = {
            "type": 0,
            "channel_id": draft.channel["id"],
            "message_id": target_id,
        }
        if "guild_id" in draft.channel:
            message["message_reference"]["guild_id"] = draft.channel["guild_id"]
        self._mention_replied(message, target, draft.body)

    def _mention_replied(self, message: Json, target: Json, body: Json) -> None:
        allowed = body.get("allowed_mentions")
        wanted = allowed is None or allowed.get("replied_user", False)
        if wanted and target["author"]["id"] not in [u["id"] for u in message["mentions"]]:
            message["mentions"].append(target["author"])

    # Changing a message

    def edit(self, message: Json, body: Json, files: Sequence[Upload] = ()) -> Json:
        """Change the message and return it; fields that `body` does not name stay.

        Raises:
            ApiError: what Discord would refuse.
        """
        check_edit(message, body, files)
        # All that can be refused is made before the message is touched.
        attached = self._attachments_after(message, body, files)
        changed: Json = {"attachments": attached}
        if "content" in body:
            content = (body["content"] or "").strip()
            channel = self._world.channel(message["channel_id"])
            changed["content"] = content
            changed |= self._mentions(channel, message["author"], content, body)
        if "embeds" in body:
            changed["embeds"] = self._embeds(body["embeds"] or [], attached)
        if "components" in body:
            changed["components"] = self._components(body["components"] or [], attached)
        changed["flags"] = _flags_after(message, body)
        if not message["flags"] & objects.LOADING:
            changed["edited_timestamp"] = now_iso()
        if not _says_something(message | changed):
            raise ApiError(400, 50006, "Cannot send an empty message")
        return self.change(message, changed)

    def change(self, message: Json, changed: Json) -> Json:
        """Put these fields into the message and tell of it."""
        message |= changed
        self._world.changes.add(("messages", message["id"]))
        self._tell("MESSAGE_UPDATE", message)
        return message

    def _attachments_after(self, message: Json, body: Json, files: Sequence[Upload]) -> JsonList:
        kept: JsonList = message["attachments"]
        described: JsonList = body.get("attachments") or []
        if "attachments" in body:
            wanted = {str(entry.get("id")) for entry in described}
            kept = [a for a in kept if a["id"] in wanted]
        return kept + self._attach(files, described, message["channel_id"])

    def delete(self, message: Json) -> None:
        """Delete the message."""
        only_for = self._world.ephemeral_for.get(message["id"])
        self._world.forget_message(message)
        gone: Json = {"id": message["id"], "channel_id": message["channel_id"]}
        channel = self._world.channel(message["channel_id"])
        if "guild_id" in channel and only_for is None:
            gone["guild_id"] = channel["guild_id"]
        self._events.tell(Event("MESSAGE_DELETE", gone, message["channel_id"], only_for))

    def _tell(self, name: str, message: Json) -> None:
        only_for = self._world.ephemeral_for.get(message["id"])
        self._events.tell(Event(name, message, message["channel_id"], only_for))

    # Reading

    def history(self, channel_id: str, asked: dict[str, str]) -> JsonList:
        """Return messages newest first, as `before`, `after`, `around` and `limit` ask."""
        limit = _limit(asked.get("limit", "50"))
        rows = [
            m
            for m in self._world.messages[channel_id].values()
            if m["id"] not in self._world.ephemeral_for
        ]
        before, after, around = (asked.get(key) for key in ("before", "after", "around"))
        if around and is_snowflake(around):
            older = [m for m in rows if int(m["id"]) < int(around)]
            rest = rows[len(older) :]
            start = max(len(older) - limit // 2, 0)
            return (older[start:] + rest)[:limit][::-1]
        if after and is_snowflake(after):
            return [m for m in rows if int(m["id"]) > int(after)][:limit][::-1]
        if before and is_snowflake(before):
            rows = [m for m in rows if int(m["id"]) < int(before)]
        return rows[::-1][:limit]


class _Allowed:
    """What a request's `allowed_mentions` lets through."""

    def __init__(self, allowed: Json | None) -> None:
        parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
        allowed = allowed or {}
        self._all_users = "users" in parse
        self._all_roles = "roles" in parse
        self._users = {str(u) for u in allowed.get("users") or []}
        self._roles = {str(r) for r in allowed.get("roles") or []}
        self.everyone = "everyone" in parse

    def user(self, user_id: str) -> bool:
        return self._all_users or user_id in self._users

    def role(self, role_id: str) -> bool:
        return self._all_roles or role_id in self._roles


def _flags_after(message: Json, body: Json) -> int:
    flags: int = message["flags"] & ~objects.LOADING
    if "flags" not in body:
        return flags
    asked = body["flags"] or 0
    # Components V2 can be switched on by an edit, never off again.
    changeable = objects.SUPPRESS_EMBEDS
    return flags & ~changeable | asked & (changeable | objects.COMPONENTS_V2)


def _says_something(message: Json) -> bool:
    return any(message[key] for key in ("content", "embeds", "components", "attachments"))


def _limit(asked: str) -> int:
    limit = int(asked) if asked.isdigit() else 0
    faults = FormErrors()
    faults.number(("limit",), limit, 1, 100)
    faults.raise_if_any()
    return limit
