"""What the bot is told about an interaction: the data of INTERACTION_CREATE."""

from typing import Final

from playground.interaction import Interaction, Request
from playground.json_types import Json
from playground.world import World

DEFAULT_LOCALE = "ko"
ATTACHMENT_SIZE_LIMIT: Final = 10 * 1024 * 1024
IN_GUILD, IN_BOT_DM = 0, 1


def payload(world: World, interaction: Interaction, request: Request) -> Json:
    """Return the interaction as the bot gets it."""
    channel, user_id = request.channel, request.user_id
    told: Json = {
        "id": interaction.interaction_id,
        "application_id": world.app_id,
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": request.data,
        "channel_id": channel["id"],
        "channel": channel | {"permissions": _bits(world, user_id, channel)},
        "app_permissions": _bits(world, world.app_id, channel),
        "locale": world.locales.get(user_id, DEFAULT_LOCALE),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
        "authorizing_integration_owners": owners(channel),
        "context": IN_GUILD if "guild_id" in channel else IN_BOT_DM,
    }
    if request.message is not None:
        told["message"] = world.shown(request.message, world.app_id)
    return told | _who(world, user_id, channel)


def owners(channel: Json) -> dict[str, str]:
    """Return who installed the bot where this happens: the guild, or nobody in a DM."""
    return {"0": channel.get("guild_id", "0")}


def _who(world: World, user_id: str, channel: Json) -> Json:
    if "guild_id" not in channel:
        return {"user": world.user(user_id)}
    guild_locale = world.guild()["preferred_locale"]
    return {
        "guild_id": channel["guild_id"],
        "guild": {"id": channel["guild_id"], "locale": guild_locale, "features": []},
        "guild_locale": guild_locale,
        "member": world.member(user_id) | {"permissions": _bits(world, user_id, channel)},
    }


def _bits(world: World, user_id: str, channel: Json) -> str:
    return str(int(world.permissions(user_id, channel)))
