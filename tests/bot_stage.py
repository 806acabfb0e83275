"""A whole bot on a playground, with sandboxes that play a script: for tests of what people see."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.bot import FEATURES, DocentBot
from bot.discord_url import point_at
from bot.settings import BotSettings
from bot.texts import Texts
from bot.wiring import build_classroom
from db import history
from db.engine import Database
from db.migrate import migrate
from lessons.loader import load_catalogue
from lessons.model import Catalogue
from playground import objects
from playground.app import Options, Playground
from playground.json_types import Json
from playground.permissions import ALL, BOT, EVERYONE, Permission
from playground.person import Person
from playground.world import World
from sandbox.client import Sandboxes
from tests.fakes.sandboxes import FakeSandboxes

READY_WITHIN_S = 10.0


@dataclass(slots=True)
class BotStage:
    """A playground with the bot in it; `restart` ends the bot and starts it again."""

    playground: Playground
    database: Database
    sandboxes: Sandboxes | None
    settings: BotSettings
    catalogue: Catalogue
    features: Sequence[str]
    bot: DocentBot | None = None
    _serving: asyncio.Task[None] | None = None

    async def start(self) -> DocentBot:
        """Start the bot and wait until it has registered its commands and is connected."""
        classroom = build_classroom(
            database=self.database, sandboxes=self.sandboxes, catalogue=self.catalogue
        )
        bot = DocentBot(
            settings=self.settings,
            classroom=classroom,
            texts=_own_texts(),
            features=self.features,
        )
        self.bot = bot
        self._serving = asyncio.create_task(bot.start(self.playground.token))
        ready = asyncio.create_task(self._ready())
        await asyncio.wait({self._serving, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self._serving.done():
            ready.cancel()
            await self._serving
        await ready
        return bot

    async def _ready(self) -> None:
        async with asyncio.timeout(READY_WITHIN_S):
            while not self.settings.ready_file.exists():  # noqa: ASYNC110 - written by another task
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """End the bot; safe to repeat."""
        if self.bot is None or self._serving is None:
            return
        await self.bot.close()
        with suppress(asyncio.CancelledError):
            await self._serving
        self.bot = None

    async def restart(self) -> DocentBot:
        """A new bot in place of the old one: nothing but database and messages is left."""
        await self.stop()
        return await self.start()


@cache
def _migrated() -> bytes:
    """A new database, made once for all tests."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "docent.sqlite3")
        migrate(f"sqlite+aiosqlite:///{file}")
        return file.read_bytes()


@cache
def _own_lessons() -> Catalogue:
    """Docent's own lessons: nobody changes them, and reading them takes a second."""
    return load_catalogue()


@cache
def _own_texts() -> Texts:
    return Texts.load()


@asynccontextmanager
async def bot_stage(
    folder: Path,
    *,
    sandboxes: Sandboxes | None = None,
    without_engine: bool = False,
    features: Sequence[str] = FEATURES,
    options: Options | None = None,
    rate_limits: bool = False,
    lessons: Path | None = None,
    preview: bool = False,
) -> AsyncIterator[BotStage]:
    """A playground with the running bot in it; everything is gone at the end."""
    file = folder / "docent.sqlite3"
    file.write_bytes(await asyncio.to_thread(_migrated))
    url = f"sqlite+aiosqlite:///{file}"
    engine = None if without_engine else (sandboxes or FakeSandboxes())
    plain = options or Options(kept_exchanges=5000)
    async with Playground.start(replace(plain, rate_limits=rate_limits)) as playground:
        point_at(playground.base_url)
        _hold_to_invite_link(playground.world)
        settings = BotSettings(
            discord_token=SecretStr(playground.token),
            home=folder,
            lessons=lessons,
            lessons_preview=preview,
        )
        async with Database.open(url) as database:
            catalogue = _own_lessons() if lessons is None else load_catalogue(lessons)
            stage = BotStage(playground, database, engine, settings, catalogue, tuple(features))
            await stage.start()
            try:
                yield stage
            finally:
                await stage.stop()


def _hold_to_invite_link(world: World) -> None:
    """A server may take everything from @everyone; what the invite link gave is what is left."""
    for channel in world.guild_channels():
        deny_bot(world, channel["id"], ALL & ~BOT)


def deny_bot(world: World, channel_id: str, *permissions: Permission) -> None:
    """Deny the bot something in a channel, besides what it is denied already."""
    overwrites = world.channel(channel_id)["permission_overwrites"]
    mine = next((o for o in overwrites if o["id"] == world.app_id), None)
    if mine is None:
        mine = {"id": world.app_id, "type": 1, "allow": "0", "deny": "0"}
        overwrites.append(mine)
    mine["deny"] = str(int(mine["deny"]) | sum(permissions))


def hide(stage: BotStage, channel_id: str) -> None:
    """Only the bot and who manages the server see this channel."""
    world = stage.playground.world
    overwrites = world.channel(channel_id)["permission_overwrites"]
    view = str(int(Permission.VIEW_CHANNEL))
    overwrites.append({"id": world.guild_id, "type": 0, "allow": "0", "deny": view})
    mine = next(each for each in overwrites if each["id"] == world.app_id)
    mine["allow"] = view


def staff_channel(stage: BotStage, name: str) -> str:
    """A new channel that only the bot and who manages the server see; its id."""
    world = stage.playground.world
    channel_id = str(world.ids.next())
    world.add_channel(objects.text_channel(channel_id, world.guild_id, name, 9, ""))
    deny_bot(world, channel_id, ALL & ~BOT)
    hide(stage, channel_id)
    return channel_id


def put_in_server(stage: BotStage, *learner_ids: int) -> None:
    """Made-up learners are members of the server, as Discord sees it."""
    world = stage.playground.world
    for learner_id in learner_ids:
        user = objects.user(str(learner_id), f"learner-{learner_id}")
        world.members[str(learner_id)] = objects.member(user, [])


async def show_to_role(stage: BotStage, channel_id: str, name: str, *persons: Person) -> str:
    """These persons see the channel by a role of this name; the bot, which starts anew, knows."""
    world = stage.playground.world
    role_id = str(world.ids.next())
    world.roles[role_id] = objects.role(role_id, name, 3, EVERYONE)
    for person in persons:
        world.member(person.user_id)["roles"].append(role_id)
    view = str(int(Permission.VIEW_CHANNEL))
    overwrite = {"id": role_id, "type": 0, "allow": view, "deny": "0"}
    world.channel(channel_id)["permission_overwrites"].append(overwrite)
    await stage.restart()
    return role_id


@contextmanager
def bot_may(world: World, *permissions: Permission) -> Iterator[None]:
    """For the length of the block the bot may do this in the whole server, to play someone else."""
    (role_id,) = world.member(world.app_id)["roles"]
    role, before = world.roles[role_id], world.roles[role_id]["permissions"]
    overwrites = {c["id"]: c["permission_overwrites"] for c in world.guild_channels()}
    role["permissions"] = str(int(before) | sum(permissions))
    for channel in world.guild_channels():
        channel["permission_overwrites"] = []
    try:
        yield
    finally:
        role["permissions"] = before
        for channel in world.guild_channels():
            channel["permission_overwrites"] = overwrites[channel["id"]]


async def remembered(stage: BotStage, person: Person, line: str) -> None:
    """Wait until this line is the newest of the history: it is written after the result is shown.

    Raises:
        TimeoutError: It is not, after some seconds.
    """
    async with asyncio.timeout(8.0):
        while True:
            async with stage.database.transaction() as session:
                records = await history.recent(session, int(person.user_id), 1)
            if records and records[0].line == line:
                return
            await asyncio.sleep(0.02)


async def delete_thread(stage: BotStage, thread_id: str) -> None:
    """Delete a thread as somebody who manages the server does."""
    assert stage.bot is not None
    with bot_may(stage.playground.world, Permission.MANAGE_THREADS):
        await stage.bot.http.delete_channel(int(thread_id))


def all_text(message: Json) -> str:
    """Everything that a message says: its content and the texts of its card, a line each."""
    pieces = [message.get("content") or ""]
    pieces += _texts(message.get("components") or [])
    return "\n".join(piece for piece in pieces if piece)


def _texts(components: Sequence[Json]) -> list[str]:
    found: list[str] = []
    for component in components:
        if component["type"] == 10:  # a text display
            found.append(component["content"])
        if component.get("accessory"):
            found += _texts([component["accessory"]])
        found += _texts(component.get("components") or [])
    return found


async def saying(person: Person, wanted: str, channel_id: str | None = None) -> Json:
    """The newest message of the bot there that says this, as soon as there is one.

    Raises:
        AssertionError: None comes; the error shows what was said instead.
    """

    def look() -> Json | None:
        said = reversed(person.replies(channel_id))
        return next((message for message in said if wanted in all_text(message)), None)

    try:
        return await person.until(look, 8.0)
    except TimeoutError:
        heard = "\n---\n".join(all_text(m) for m in person.replies(channel_id))
        raise AssertionError(f"nobody said {wanted!r}, but:\n{heard}") from None


@asynccontextmanager
async def locked(folder: Path) -> AsyncIterator[None]:
    """Another program holds the database's lock."""
    file = folder / "docent.sqlite3"
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    # On a thread: what the bot is at just now has to end first.
    await asyncio.to_thread(connection.execute, "BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()
