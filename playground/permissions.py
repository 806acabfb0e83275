"""Permissions as Discord computes them: roles, then the channel's overwrites, then threads."""

from collections.abc import Mapping
from enum import IntFlag

from playground.json_types import Json
from playground.objects import THREAD_TYPES


class Permission(IntFlag):
    """The permission bits that something in the playground asks for."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    SEND_POLLS = 1 << 49
    PIN_MESSAGES = 1 << 51


ALL = Permission(sum(Permission))
P = Permission
EVERYONE = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS
    | P.SEND_MESSAGES_IN_THREADS
)
# What the invite link in the README asks for, and not more: a bot that works here works there.
BOT = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS
    | P.SEND_MESSAGES_IN_THREADS
)
INSTRUCTOR = (
    EVERYONE
    | P.MANAGE_GUILD
    | P.MANAGE_CHANNELS
    | P.MANAGE_MESSAGES
    | P.MANAGE_THREADS
    | P.MENTION_EVERYONE
    | P.MODERATE_MEMBERS
    | P.PIN_MESSAGES
)
DIRECT_MESSAGE = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.EMBED_LINKS
    | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.USE_APPLICATION_COMMANDS
    | P.PIN_MESSAGES
)


def in_guild(member: Json, roles: Mapping[str, Json], guild_id: str, owner_id: str) -> Permission:
    """Return what the member may do in the guild at large."""
    if member["user"]["id"] == owner_id:
        return ALL
    bits = Permission(int(roles[guild_id]["permissions"]))
    for role_id in member["roles"]:
        if role_id in roles:
            bits |= Permission(int(roles[role_id]["permissions"]))
    return ALL if bits & P.ADMINISTRATOR else bits


def in_channel(base: Permission, member: Json, guild_id: str, channel: Json) -> Permission:
    """Return what `base` becomes under the overwrites of this channel (a thread's parent)."""
    if base == ALL:
        return ALL
    overwrites = {o["id"]: o for o in channel.get("permission_overwrites") or []}
    bits = _applied(base, overwrites.get(guild_id))
    # All roles' denials first, then all their grants: that is the documented order.
    mine = [overwrites[r] for r in member["roles"] if r in overwrites]
    for overwrite in mine:
        bits &= ~Permission(int(overwrite["deny"]))
    for overwrite in mine:
        bits |= Permission(int(overwrite["allow"]))
    bits = _applied(bits, overwrites.get(member["user"]["id"]))
    return bits if bits & P.VIEW_CHANNEL else Permission(0)


def _applied(bits: Permission, overwrite: Json | None) -> Permission:
    if overwrite is None:
        return bits
    return bits & ~Permission(int(overwrite["deny"])) | Permission(int(overwrite["allow"]))


def to_send(channel: Json) -> Permission:
    """Return the permission that sending a message there needs."""
    if channel["type"] in THREAD_TYPES:
        return P.VIEW_CHANNEL | P.SEND_MESSAGES_IN_THREADS
    return P.VIEW_CHANNEL | P.SEND_MESSAGES
