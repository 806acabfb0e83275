"""Builders of Discord's API objects: every field that the API promises, with Discord's defaults."""

from typing import Final

from playground.json_types import Json, JsonList
from playground.snowflakes import now_iso

TEXT, DM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 11, 12
REPLY = 19  # a message's type; the others are in `messages`
THREAD_TYPES: Final = frozenset({10, PUBLIC_THREAD, PRIVATE_THREAD})

SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING = 1 << 2, 1 << 5, 1 << 6, 1 << 7
SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 12, 1 << 15
GATEWAY_MESSAGE_CONTENT_LIMITED: Final = 1 << 19
GATEWAY_GUILD_MEMBERS_LIMITED: Final = 1 << 15
APPLICATION_FLAGS: Final = GATEWAY_MESSAGE_CONTENT_LIMITED | GATEWAY_GUILD_MEMBERS_LIMITED


def user(user_id: str, name: str, *, bot: bool = False) -> Json:
    """Return a user; bots have no display name of their own, as on Discord."""
    return {
        "id": user_id,
        "username": name,
        "global_name": None if bot else name,
        "discriminator": "0000" if bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
        "collectibles": None,
        "primary_guild": None,
    }


def member(of_user: Json, roles: list[str]) -> Json:
    """Return a guild member who has just joined."""
    return {
        "user": of_user,
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": roles,
        "joined_at": now_iso(),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def role(role_id: str, name: str, position: int, permissions: int, *, color: int = 0) -> Json:
    """Return a role."""
    return {
        "id": role_id,
        "name": name,
        "description": None,
        "color": color,
        "colors": {"primary_color": color, "secondary_color": None, "tertiary_color": None},
        "hoist": bool(color),
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def text_channel(channel_id: str, guild_id: str, name: str, position: int, topic: str) -> Json:
    """Return a text channel of the guild."""
    return {
        "id": channel_id,
        "type": TEXT,
        "guild_id": guild_id,
        "name": name,
        "topic": topic,
        "position": position,
        "flags": 0,
        "parent_id": None,
        "permission_overwrites": [],
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
    }


def dm_channel(channel_id: str, with_user: Json) -> Json:
    """Return the bot's direct-message channel with this user."""
    return {
        "id": channel_id,
        "type": DM,
        "flags": 0,
        "last_message_id": None,
        "recipients": [with_user],
    }


def thread(thread_id: str, parent: Json, owner_id: str, kind: int, name: str, body: Json) -> Json:
    """Return a new thread under `parent`; `body` is the request that asked for it."""
    metadata: Json = {
        "archived": False,
        "archive_timestamp": now_iso(),
        "auto_archive_duration": body.get("auto_archive_duration") or 4320,
        "locked": False,
        "create_timestamp": now_iso(),
    }
    if kind == PRIVATE_THREAD:
        metadata["invitable"] = body.get("invitable", True)
    return {
        "id": thread_id,
        "type": kind,
        "guild_id": parent["guild_id"],
        "parent_id": parent["id"],
        "owner_id": owner_id,
        "name": name,
        "flags": 0,
        "message_count": 0,
        "member_count": 0,
        "total_message_sent": 0,
        "last_message_id": None,
        "rate_limit_per_user": body.get("rate_limit_per_user") or 0,
        "thread_metadata": metadata,
    }


def thread_member(thread_id: str, user_id: str) -> Json:
    """Return the membership of a user who has just joined the thread."""
    return {"id": thread_id, "user_id": user_id, "join_timestamp": now_iso(), "flags": 0}


_GUILD_NULLS: Final = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "vanity_url_code",
    "rules_channel_id",
    "public_updates_channel_id",
    "safety_alerts_channel_id",
    "widget_channel_id",
    "incidents_data",
    "max_presences",
)


def guild(guild_id: str, name: str, owner_id: str, roles: JsonList) -> Json:
    """Return the guild as REST gives it (the Gateway's version has more, see the gateway)."""
    return {
        **dict.fromkeys(_GUILD_NULLS),
        "id": guild_id,
        "name": name,
        "owner_id": owner_id,
        "roles": roles,
        "region": "local",
        "afk_timeout": 300,
        "widget_enabled": False,
        "verification_level": 0,
        "emojis": [],
        "stickers": [],
        "features": [],
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "system_channel_flags": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "ko",
        "max_members": 1000,
        "nsfw": False,
        "nsfw_level": 0,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
        "premium_progress_bar_enabled": False,
    }


def application(app_id: str, name: str, bot: Json, owner: Json) -> Json:
    """Return the bot's application."""
    return {
        "id": app_id,
        "name": name,
        "icon": None,
        "description": "",
        "type": None,
        "summary": "",
        "bot": bot,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": APPLICATION_FLAGS,
        "flags_new": str(APPLICATION_FLAGS),
        "owner": owner,
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": [],
    }
