"""Which events the bot hears of, and how they look on the Gateway: intents and blanking."""

from typing import Final

from playground import objects
from playground.events import Event
from playground.json_types import Json
from playground.world import World

GUILDS, GUILD_MEMBERS = 1 << 0, 1 << 1
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DM_MESSAGES, DM_REACTIONS, DM_TYPING = 1 << 12, 1 << 13, 1 << 14
MESSAGE_CONTENT: Final = 1 << 15
GUILD_PRESENCES: Final = 1 << 8
PRIVILEGED: Final = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS: Final = (1 << 26) - 1

_BY_PLACE: Final[dict[str, tuple[int, int]]] = {
    # event: (intent in the guild, intent in direct messages)
    "MESSAGE_CREATE": (GUILD_MESSAGES, DM_MESSAGES),
    "MESSAGE_UPDATE": (GUILD_MESSAGES, DM_MESSAGES),
    "MESSAGE_DELETE": (GUILD_MESSAGES, DM_MESSAGES),
    "MESSAGE_REACTION_ADD": (GUILD_REACTIONS, DM_REACTIONS),
    "MESSAGE_REACTION_REMOVE": (GUILD_REACTIONS, DM_REACTIONS),
    "TYPING_START": (GUILD_TYPING, DM_TYPING),
    "CHANNEL_PINS_UPDATE": (GUILDS, DM_MESSAGES),
    "GUILD_MEMBER_ADD": (GUILD_MEMBERS, GUILD_MEMBERS),
    "GUILD_MEMBER_UPDATE": (GUILD_MEMBERS, GUILD_MEMBERS),
    "INTERACTION_CREATE": (0, 0),
}


def intent_for(event: Event, world: World) -> int:
    """Return the intent that a session needs to hear of this; 0 means everyone hears it."""
    if event.name == "THREAD_MEMBERS_UPDATE":
        return GUILDS if _moves_bot(event.data, world.app_id) else GUILD_MEMBERS
    in_guild, in_dm = _BY_PLACE.get(event.name, (GUILDS, GUILDS))
    return in_guild if _is_in_guild(event, world) else in_dm


def _moves_bot(change: Json, bot_id: str) -> bool:
    added = [member["user_id"] for member in change.get("added_members", [])]
    return bot_id in added + change.get("removed_member_ids", [])


def _is_in_guild(event: Event, world: World) -> bool:
    """Ephemeral messages reach a bot as if they were direct messages; Discord documents it."""
    if event.only_for is not None and event.name.startswith("MESSAGE_"):
        return False
    channel = world.channels.get(event.channel_id or "")
    return channel is None or channel["type"] != objects.DM


def concerns_bot(event: Event, world: World) -> bool:
    """Say whether the bot would get this event at all."""
    if event.page_only:
        return False
    channel = world.channels.get(event.channel_id or "")
    return channel is None or world.can_see(world.app_id, channel)


def as_dispatched(event: Event, world: World, intents: int) -> Json:
    """Return the event's data as a session with these intents gets it."""
    if event.name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"}:
        return event.data
    message = world.shown(event.data, world.app_id)
    if not _is_in_guild(event, world):
        return message
    message["guild_id"] = world.guild_id
    author = world.members.get(message["author"]["id"])
    if author is not None:
        message["member"] = {key: value for key, value in author.items() if key != "user"}
    if not intents & MESSAGE_CONTENT and not _is_for_bot(message, world.app_id):
        message |= {"content": "", "embeds": [], "attachments": [], "components": []}
    return message


def _is_for_bot(message: Json, bot_id: str) -> bool:
    mentioned = any(user["id"] == bot_id for user in message["mentions"])
    return mentioned or bool(message["author"]["id"] == bot_id)


def guild_create(world: World, intents: int) -> Json:
    """Return the guild as GUILD_CREATE brings it, with members, channels and active threads.

    Without the presences intent a bot finds nobody but itself in it, and has to ask for members.
    """
    bot_id = world.app_id
    members = world.members.values() if intents & GUILD_PRESENCES else [world.member(bot_id)]
    return {
        **world.guild(),
        "joined_at": world.created_at,
        "large": False,
        "unavailable": False,
        "member_count": len(world.members),
        "voice_states": [],
        "members": list(members),
        "channels": [c for c in world.guild_channels() if world.can_see(bot_id, c)],
        "threads": [
            with_membership(world, thread, bot_id)
            for thread in world.threads()
            if not thread["thread_metadata"]["archived"] and world.can_see(bot_id, thread)
        ],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def with_membership(world: World, thread: Json, user_id: str) -> Json:
    """Return the thread with this user's own membership, where there is one."""
    membership = world.thread_members.get(thread["id"], {}).get(user_id)
    return thread | ({"member": membership} if membership else {})
