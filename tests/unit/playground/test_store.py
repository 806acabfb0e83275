"""The guild on disk."""

import asyncio
from pathlib import Path

from playground.messages import Draft
from playground.objects import LOADING
from playground.store import SAVE_EVERY_S, Store
from tests.unit.playground.guild import BOT, Guild, make_guild

URL = "http://127.0.0.1:8080"


async def saved(guild: Guild, folder: Path) -> None:
    """Save all that happens to the guild in this block."""
    async with Store(guild.world, folder, URL).saving():
        newcomer = guild.enrol("newcomer")
        thread = guild.threads.open(guild.general, BOT, {"name": "lab", "type": 12})
        guild.threads.add(guild.world.channel(thread["id"]), newcomer, BOT)
        message = guild.say(BOT, {"content": f"see {URL}/cdn/x"})
        guild.reactions.add(message, "👍", newcomer)
        guild.commands.overwrite([{"name": "start", "description": "Begin"}])


async def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """People, threads with members, messages with reactions, commands; at today's address."""
    await saved(make_guild(), tmp_path)
    guild = make_guild()

    Store(guild.world, tmp_path, "http://127.0.0.1:9090")

    (thread,) = guild.world.threads()
    newcomer = guild.world.members[
        next(u for u in guild.world.thread_members[thread["id"]] if u != BOT)
    ]
    assert newcomer["user"]["username"] == "newcomer"
    (message,) = guild.world.messages[guild.general["id"]].values()
    assert message["content"] == "see http://127.0.0.1:9090/cdn/x"
    assert guild.world.shown(message, BOT)["reactions"][0]["count"] == 1
    assert [c["name"] for c in guild.commands.all()] == ["start"]
    assert int(guild.world.ids.next()) > int(message["id"])


async def test_what_is_deleted_stays_deleted(tmp_path: Path) -> None:
    """A deletion reaches the disk like everything else."""
    await saved(make_guild(), tmp_path)
    guild = make_guild()
    async with Store(guild.world, tmp_path, URL).saving():
        guild.threads.delete(guild.world.threads()[0], guild.world.owner_id)
        (message,) = guild.world.messages[guild.general["id"]].values()
        guild.messages.delete(message)

    again = make_guild()
    Store(again.world, tmp_path, URL)

    assert again.world.threads() == []
    assert again.world.messages[again.general["id"]] == {}


async def test_what_cannot_go_on_is_not_loaded(tmp_path: Path) -> None:
    """Notes for one person, and answers that were still being thought about, end with the run."""
    guild = make_guild()
    bot = guild.world.bot
    async with Store(guild.world, tmp_path, URL).saving():
        guild.messages.post(Draft(guild.general, bot, {"content": "psst"}, only_for="1"))
        guild.messages.post(Draft(guild.general, bot, {}, added_flags=LOADING))

    again = make_guild()
    Store(again.world, tmp_path, URL)

    assert again.world.messages[again.general["id"]] == {}


async def test_another_bots_guild_is_not_loaded(tmp_path: Path) -> None:
    """Its messages and buttons would mean nothing."""
    guild = make_guild()
    await saved(guild, tmp_path)
    other = make_guild()
    other.world.app_id = "999"

    Store(other.world, tmp_path, URL)

    assert other.world.threads() == []


async def test_what_could_not_be_saved_is_saved_later(tmp_path: Path) -> None:
    """A full or missing disk ends nothing; the changes wait for it."""
    guild = make_guild()
    folder = tmp_path / "state"
    store = Store(guild.world, folder, URL)
    async with store.saving():
        guild.say(BOT, {"content": "kept"})
        folder.rename(tmp_path / "gone")
        await asyncio.sleep(SAVE_EVERY_S * 1.5)
        (tmp_path / "gone").rename(folder)

    again = make_guild()
    Store(again.world, folder, URL)

    (message,) = again.world.messages[again.general["id"]].values()
    assert message["content"] == "kept"
