"""Which events a session hears of, and how they look there."""

from dataclasses import replace

from playground.events import Event
from playground.gateway_events import (
    DM_MESSAGES,
    GUILD_MEMBERS,
    GUILD_MESSAGES,
    GUILD_PRESENCES,
    GUILDS,
    MESSAGE_CONTENT,
    as_dispatched,
    concerns_bot,
    guild_create,
    intent_for,
)
from playground.messages import Draft
from playground.objects import dm_channel
from tests.unit.playground.guild import BOT, Guild, make_guild


def last(guild: Guild) -> Event:
    return guild.told[-1]


def test_a_guild_message_brings_guild_and_member() -> None:
    """It needs the GUILD_MESSAGES intent."""
    guild = make_guild()
    guild.say(guild.enrol("newcomer"), {"content": "hello"})

    data = as_dispatched(last(guild), guild.world, MESSAGE_CONTENT)

    assert intent_for(last(guild), guild.world) == GUILD_MESSAGES
    assert data["guild_id"] == guild.world.guild_id
    assert "user" not in data["member"]
    assert data["content"] == "hello"


def test_content_is_blank_without_its_intent() -> None:
    """Unless the bot is mentioned, wrote it itself, or it is a direct message."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    contents = []
    for author, text in ((newcomer, "hello"), (newcomer, f"<@{BOT}> hi"), (BOT, "mine")):
        guild.say(author, {"content": text})
        contents.append(as_dispatched(last(guild), guild.world, 0)["content"])

    assert contents == ["", f"<@{BOT}> hi", "mine"]


def test_a_direct_message_has_no_guild() -> None:
    """It comes whole, under its own intent."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    dm = dm_channel(guild.world.ids.next(), guild.world.user(newcomer))
    guild.world.add_channel(dm)
    guild.say(newcomer, {"content": "hello"}, channel=dm)

    data = as_dispatched(last(guild), guild.world, 0)

    assert intent_for(last(guild), guild.world) == DM_MESSAGES
    assert "guild_id" not in data
    assert data["content"] == "hello"


def test_an_ephemeral_message_looks_like_a_direct_one() -> None:
    """Discord documents this; it is how real bots get confused."""
    guild = make_guild()
    draft = Draft(guild.general, guild.world.bot, {"content": "psst"}, only_for="1")
    guild.messages.post(draft)

    assert intent_for(last(guild), guild.world) == DM_MESSAGES
    assert "guild_id" not in as_dispatched(last(guild), guild.world, MESSAGE_CONTENT)


def test_what_the_bot_cannot_see_it_does_not_hear() -> None:
    """Channels without VIEW_CHANNEL, and what is for pages alone."""
    guild = make_guild()
    guild.say(guild.enrol("newcomer"), {"content": "hello"})
    event = last(guild)
    assert concerns_bot(event, guild.world)
    assert not concerns_bot(replace(event, page_only=True), guild.world)

    deny = {"id": BOT, "type": 1, "allow": "0", "deny": str(1 << 10)}
    guild.general["permission_overwrites"] = [deny]

    assert not concerns_bot(event, guild.world)
    assert guild.general["id"] not in [c["id"] for c in guild_create(guild.world, 0)["channels"]]


def test_guild_create_has_the_open_threads() -> None:
    """Archived threads are not in it; the bot's own membership is."""
    guild = make_guild()
    for name in ("open", "closed"):
        guild.threads.open(guild.general, BOT, {"name": name, "type": 12})
    closed = guild.world.threads()[1]
    guild.threads.update(closed, BOT, {"archived": True})

    (thread,) = guild_create(guild.world, 0)["threads"]

    assert thread["name"] == "open"
    assert thread["member"]["user_id"] == BOT


def test_members_come_only_with_their_intents() -> None:
    """A bot without privileged intents finds itself alone, as on Discord."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")

    def members(intents: int) -> int:
        return len(guild_create(guild.world, intents)["members"])

    assert members(GUILDS) == 1
    assert members(GUILDS | GUILD_PRESENCES) == 3
    guild.threads.open(guild.general, BOT, {"name": "lab", "type": 12})
    guild.threads.add(guild.world.threads()[0], newcomer, BOT)
    joined = next(e for e in guild.told if e.name == "THREAD_MEMBERS_UPDATE")
    assert intent_for(joined, guild.world) == GUILD_MEMBERS
