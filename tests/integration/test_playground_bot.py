"""The unmodified discord.py client on the playground: every surface that Docent uses.

Each test's traffic is held against Discord's own description at the end, where that is at hand.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import discord
import pytest

from playground import Limits, Options, Person, Playground
from playground.json_types import Json
from playground.permissions import Permission
from tests.bot_stage import bot_may
from tests.integration.playground_bot import TestBot, running_bot
from tests.openapi.judge import judge


@dataclass(frozen=True)
class Stage:
    playground: Playground
    bot: TestBot
    newcomer: Person

    async def reply(self, text: str, channel_id: str | None = None) -> Json:
        """The bot's message of this text, once it is there."""

        def look() -> Json | None:
            replies = self.newcomer.replies(channel_id)
            return next((m for m in reversed(replies) if m["content"] == text), None)

        return await self.newcomer.until(look)

    async def seen(self, event: str) -> None:
        """Wait until the bot has seen this."""
        await self.newcomer.until(lambda: event in self.bot.seen, 15)


@pytest.fixture(autouse=True)
def discord_where_it_was() -> Iterator[None]:
    """Other tests find discord.py pointed at Discord again."""
    kept = (discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY)
    asset = discord.asset.Asset.BASE
    yield
    discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = kept
    discord.asset.Asset.BASE = asset


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with (
        Playground.start(Options(kept_exchanges=2000, rate_limits=False)) as playground,
        running_bot(playground) as bot,
    ):
        yield Stage(playground, bot, playground.person("newcomer"))
        judge(playground)


async def test_a_reply_brings_a_file_and_a_reaction(stage: Stage) -> None:
    """Typing, a reply with an attachment and a reaction work, and the page sees them."""
    said = stage.newcomer.say("!echo 안녕")
    reply = await stage.reply("echo 안녕")
    await stage.seen("reaction 👍")

    assert reply["type"] == 19
    assert reply["referenced_message"]["id"] == said["id"]
    assert reply["attachments"][0]["filename"] == "hi.txt"
    assert any(frame["t"] == "TYPING" for frame in stage.newcomer.frames)
    shown = next(m for m in stage.newcomer.messages() if m["id"] == said["id"])
    assert shown["reactions"][0]["emoji"]["name"] == "👍"


async def test_the_bot_reads_what_a_person_attaches(stage: Stage) -> None:
    """Attachments can be fetched from the CDN, byte for byte."""
    stage.newcomer.say("!read", files={"컨테이너.bin": b"12345"})

    assert await stage.reply("read 5")


async def test_history_fetch_and_delete(stage: Stage) -> None:
    """History comes newest first; a deleted message is gone for the page too."""
    stage.newcomer.say("one")
    stage.newcomer.say("!history")

    await stage.reply("['!history', 'one'] !history")

    gone = next(f["d"]["id"] for f in stage.newcomer.frames if f["t"] == "MESSAGE_DELETE")
    assert gone not in [m["id"] for m in stage.newcomer.messages()]


async def test_an_edit_is_marked(stage: Stage) -> None:
    """An edited message says when it was edited."""
    stage.newcomer.say("!edit second")

    message = await stage.reply("second")

    assert message["edited_timestamp"] is not None


async def test_a_private_thread_is_for_its_members(stage: Stage) -> None:
    """A lab is seen by the learner who was added and by nobody else."""
    other = stage.playground.person("other")
    stage.newcomer.say("!lab lab-newcomer")

    await stage.newcomer.until(stage.newcomer.threads)

    lab = stage.newcomer.channel_id("lab-newcomer")
    assert await stage.reply("welcome", lab)
    assert other.threads() == []
    assert not any(f["d"].get("channel_id") == lab for f in other.frames)


async def test_an_archived_thread_opens_again_when_someone_writes(stage: Stage) -> None:
    """Archiving is no dead end: the next message opens the thread."""
    stage.newcomer.say("!lab lab")
    await stage.newcomer.until(stage.newcomer.threads)
    lab = stage.newcomer.channel_id("lab")
    stage.newcomer.say("!archive", lab)

    def archived() -> bool:
        (thread,) = stage.newcomer.threads()
        return bool(thread["thread_metadata"]["archived"])

    await stage.newcomer.until(archived)
    stage.newcomer.say("!say back", lab)

    assert await stage.reply("back", lab)
    assert not archived()


async def test_a_public_thread_from_a_message(stage: Stage) -> None:
    """A thread that starts from a message has that message's id, and everyone sees it."""
    said = stage.newcomer.say("!public talk")
    await stage.seen("thread talk")

    assert await stage.reply("in the thread", said["id"])
    assert said["id"] in [t["id"] for t in stage.playground.person("other").threads()]


async def test_direct_messages_both_ways(stage: Stage) -> None:
    """The bot can write first, and answers in private."""
    stage.newcomer.say("!dm")
    await stage.reply("hello in private", stage.newcomer.dm_id())

    stage.newcomer.say("hi", stage.newcomer.dm_id())

    assert await stage.reply("you said hi", stage.newcomer.dm_id())


async def test_a_command_with_all_that_follows(stage: Stage) -> None:
    """Answer, original response, edit, follow-up and its edit all reach the page."""
    stage.newcomer.slash("ping", text="z")

    answer = await stage.reply("pong z edited")
    further = await stage.reply("further edited")

    assert answer["interaction_metadata"]["user"]["username"] == "newcomer"
    assert further["message_reference"]["message_id"] == answer["id"]
    states = [f["d"]["state"] for f in stage.newcomer.frames if f["t"] == "INTERACTION"]
    assert states == ["sent", "acknowledged"]


async def test_a_command_in_a_direct_message(stage: Stage) -> None:
    """Commands work where there is no guild."""
    stage.newcomer.slash("ping", stage.newcomer.dm_id(), text="dm")

    assert await stage.reply("pong dm edited", stage.newcomer.dm_id())


async def test_autocomplete(stage: Stage) -> None:
    """What is typed brings the bot's choices."""
    choices = await stage.newcomer.autocomplete("ping", "text", "q")

    assert [choice["value"] for choice in choices] == ["qa", "qb"]


async def test_a_modal_with_text_select_and_file(stage: Stage) -> None:
    """A button opens a modal; what is filled in arrives, with the file."""
    stage.newcomer.slash("panel")
    await stage.newcomer.click(await stage.reply("panel"), "Form")
    modal = await stage.newcomer.until(stage.newcomer.modal)

    values = {"Name": "Ann", "Topic": ["A"], "File": ["0"]}
    stage.newcomer.submit_modal(modal, values, files={"up.pdf": b"123"})

    answer = await stage.reply("Ann ['A'] [3]")
    assert answer["flags"] & 64


async def test_buttons_change_their_message(stage: Stage) -> None:
    """A button may edit its message at once, or defer and edit it then."""
    stage.newcomer.slash("panel")
    panel = await stage.reply("panel")

    await stage.newcomer.click(panel, "Bump")
    await stage.reply("bumped")
    await stage.newcomer.click(panel, "Slow")

    assert (await stage.reply("slow done"))["id"] == panel["id"]


async def test_selects(stage: Stage) -> None:
    """A select of texts and a select of people give the bot what was chosen."""
    stage.newcomer.slash("panel")
    panel = await stage.reply("panel")

    await stage.newcomer.select(panel, "panel:pick", ["y"])
    await stage.reply("picked ['y']")
    await stage.newcomer.select(panel, "panel:who", [stage.newcomer.user_id])

    assert await stage.reply("chose newcomer")


async def test_a_card_for_one_person(stage: Stage) -> None:
    """Components V2 with files fill a deferred ephemeral answer that nobody else sees."""
    other = stage.playground.person("other")
    stage.newcomer.slash("card")
    card = await stage.newcomer.until(_card_of(stage.newcomer))

    box = card["components"][0]
    assert [c["type"] for c in box["components"]] == [10, 9, 14, 12, 13, 1]
    picture = box["components"][1]["accessory"]["media"]
    assert (picture["width"], picture["height"]) == (2, 3)
    assert other.messages() == []
    await stage.newcomer.click(card, "More")
    await stage.newcomer.until(lambda: _text_of(stage.newcomer.replies()[-1]) == "no more")
    assert not any(frame["t"].startswith("MESSAGE") for frame in other.frames)


def _card_of(person: Person) -> Callable[[], Json | None]:
    def look() -> Json | None:
        cards = (m for m in person.replies() if m["flags"] & (1 << 15))
        return next(cards, None)

    return look


def _text_of(message: Json) -> str | None:
    component: Json = message["components"][0]
    return component.get("content")


async def test_options_of_every_kind(stage: Stage) -> None:
    """Files, members, channels and the person's language arrive with a command."""
    newcomer = stage.newcomer
    options = {"file": "0", "who": newcomer.user_id, "where": newcomer.general}
    newcomer.slash("upload", files={"doc.bin": b"12345"}, **options)

    reply = await stage.reply("doc.bin 5 newcomer general ko")
    assert reply["attachments"][0]["size"] == 5


async def test_context_menus(stage: Stage) -> None:
    """Commands from the menus of messages and people arrive with their target."""
    said = stage.newcomer.say("to be quoted")

    stage.newcomer.menu("Quote", said["id"])
    await stage.reply("> to be quoted")
    stage.newcomer.menu("Who", stage.newcomer.user_id)

    assert await stage.reply("it is newcomer")


async def test_a_command_for_those_who_manage_the_server(stage: Stage) -> None:
    """Only the instructor has it in the list."""
    instructor = stage.playground.person("instructor")
    instructor.slash("class open", name="docker")

    assert await stage.reply("opened docker")
    with pytest.raises(StopIteration):
        stage.newcomer.slash("class open", name="docker")


async def test_embeds_and_pins(stage: Stage) -> None:
    """An embed's attached picture gets an address; a pin is noted in the channel."""
    stage.newcomer.say("!embed title")
    embed = await stage.newcomer.until(lambda: next(iter(stage.newcomer.replies()), None))
    assert embed["embeds"][0]["image"]["url"] == embed["attachments"][0]["url"]

    with bot_may(stage.playground.world, Permission.PIN_MESSAGES):
        said = stage.newcomer.say("!pin")
        note = await stage.newcomer.until(
            lambda: next((m for m in stage.newcomer.replies() if m["type"] == 6), None)
        )
    assert note["message_reference"]["message_id"] == said["id"]


async def test_a_new_person_is_announced(stage: Stage) -> None:
    """The bot hears of someone who comes for the first time, and only then."""
    stage.playground.person("fresh")
    await stage.seen("joined fresh")
    stage.playground.person("fresh")

    assert stage.bot.seen.count("joined fresh") == 1


async def test_a_dropped_connection_loses_nothing(stage: Stage) -> None:
    """What is said while the bot is away reaches it after its RESUME."""
    await stage.playground.gateway.drop(4000)
    stage.newcomer.say("said meanwhile")

    await stage.seen("said meanwhile")

    assert stage.bot.seen.count("ready") == 1
    assert "resumed" in stage.bot.seen


async def test_discord_may_ask_for_a_new_connection(stage: Stage) -> None:
    """Op 7 makes the bot come back with a RESUME."""
    stage.playground.gateway.ask_to_reconnect()

    await stage.seen("resumed")


async def test_an_invalid_session_begins_anew(stage: Stage) -> None:
    """Op 9 makes the bot identify again."""
    stage.playground.gateway.invalidate(resumable=False)

    await stage.newcomer.until(lambda: stage.bot.seen.count("ready") == 2, 30)


async def test_a_planted_429_and_500_are_lived_through(stage: Stage) -> None:
    """discord.py waits for a 429 and repeats after a 500; the message comes once."""
    stage.playground.faults.plant("POST /channels/.*/messages", "429", retry_after_s=0.1)
    stage.playground.faults.plant("POST /channels/.*/messages", "500")
    stage.newcomer.say("!say hello")

    await stage.reply("hello")

    assert len([m for m in stage.newcomer.replies() if m["content"] == "hello"]) == 1


async def test_a_refusal_can_be_read_and_mended(stage: Stage) -> None:
    """Too long a text is refused with 50035, and the interaction can still be answered."""
    stage.newcomer.slash("long")

    assert await stage.reply("400 50035")


async def test_messages_travel_fast(stage: Stage) -> None:
    """From a person's message to the bot's handler it takes less than 2 ms (median)."""
    took_ms = []
    for number in range(30):
        started = time.perf_counter()
        stage.newcomer.say(f"message {number}")
        async with asyncio.timeout(5):
            # An event would add a turn of the loop to what is measured.
            while f"message {number}" not in stage.bot.seen:  # noqa: ASYNC110
                await asyncio.sleep(0)
        took_ms.append((time.perf_counter() - started) * 1000)

    assert median(took_ms) < 2


async def test_a_late_answer_is_refused() -> None:
    """After three seconds (here 0.2) the person hears it, and the bot's answer comes too late."""
    options = Options(kept_exchanges=500, limits=Limits(acknowledge_s=0.2))
    async with Playground.start(options) as playground, running_bot(playground) as bot:
        newcomer = playground.person("newcomer")
        interaction = newcomer.slash("late")

        await newcomer.until(lambda: newcomer.failures() == [interaction.interaction_id])
        await newcomer.until(lambda: "refused 10062" in bot.seen)
        judge(playground)


async def test_the_bot_respects_the_rate_limits() -> None:
    """Seven messages at once: all arrive, and no request was refused more than the bucket says."""
    async with (
        Playground.start(Options(kept_exchanges=500)) as playground,
        running_bot(playground),
    ):
        newcomer = playground.person("newcomer")
        started = time.monotonic()
        for number in range(7):
            newcomer.say(f"!say {number}")

        await newcomer.until(lambda: len(newcomer.replies()) == 7, 20)

        assert time.monotonic() - started > 4
        judge(playground)


async def test_everything_is_still_there_after_a_restart(tmp_path: Path) -> None:
    """Messages, threads, files and buttons survive; ids go on growing; ephemeral notes do not."""
    options = Options(state=tmp_path, rate_limits=False)
    async with Playground.start(options) as playground, running_bot(playground):
        newcomer = playground.person("newcomer")
        newcomer.say("!lab lab", files={"note.txt": b"kept"})
        await newcomer.until(newcomer.threads)
        newcomer.slash("panel")
        newcomer.slash("card")
        await newcomer.until(_card_of(newcomer))
        before = [m for m in newcomer.messages() if not m["flags"] & 64]

    async with Playground.start(options) as playground, running_bot(playground):
        newcomer = playground.person("newcomer")
        stage = Stage(playground, TestBot(), newcomer)
        after = newcomer.messages()
        assert [m["id"] for m in after] == [m["id"] for m in before]
        assert int(newcomer.say("later")["id"]) > int(after[-1]["id"])
        panel = await stage.reply("panel")
        await newcomer.click(panel, "Bump")
        assert await stage.reply("bumped")
        lab = newcomer.channel_id("lab")
        newcomer.say("!say still here", lab)
        assert await stage.reply("still here", lab)
        url = after[0]["attachments"][0]["url"]
        assert url.startswith(playground.base_url)
