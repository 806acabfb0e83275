"""Points discord.py at another server than Discord, for the local playground."""

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_at(base: str) -> None:
    """Let discord.py talk to `base` (`http://127.0.0.1:8080`) instead of Discord.

    Call it before the client logs in. These three are all that the library takes from constants:
    REST with webhooks and interaction callbacks, the Gateway's first address, and avatars.
    """
    base = base.rstrip("/")
    Route.BASE = f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws", 1) + "/gateway")
    discord.asset.Asset.BASE = f"{base}/cdn"
