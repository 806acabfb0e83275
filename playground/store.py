"""The guild on disk, so that it is still there after a restart."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, Final

import structlog

from playground.json_types import Json
from playground.objects import LOADING
from playground.world import World

SAVE_EVERY_S = 0.5
_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS things ("
    "kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id))",
)
log = structlog.get_logger()


class Store:
    """Reads the guild when it is made, and writes what changed while `saving`."""

    def __init__(self, world: World, folder: Path | None, base_url: str) -> None:
        self._world = world
        self._base_url = base_url
        self._path = folder / "guild.sqlite3" if folder else None
        self._current: Final[dict[str, Callable[[str], Any]]] = {
            "members": world.members.get,
            "channels": world.channels.get,
            "thread_members": world.thread_members.get,
            "messages": self._message,
            "commands": world.commands.get,
            "locales": world.locales.get,
            "reactors": world.reactors.get,
        }
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._load()

    def _message(self, message_id: str) -> Json | None:
        # What only one person sees lives as long as their page, as on Discord.
        if message_id in self._world.ephemeral_for:
            return None
        return self._world.find_message(message_id)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(str(self._path), timeout=10)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        for statement in _SCHEMA:
            connection.execute(statement)
        return connection

    # Reading

    def _load(self) -> None:
        with closing(self._connect()) as connection, connection:
            about = dict(connection.execute("SELECT key, value FROM about"))
            if about.get("app_id", self._world.app_id) != self._world.app_id:
                # Another bot's guild: its messages and buttons would mean nothing to this one.
                connection.execute("DELETE FROM things")
                log.warning("state_of_another_bot_dropped")
            old_url = about.get("base_url", self._base_url) + "/cdn/"
            new_url = self._base_url + "/cdn/"
            rows = connection.execute(
                "SELECT kind, id, body FROM things ORDER BY kind, length(id), id"
            )
            for kind, thing_id, body in rows.fetchall():
                # The port may be another one today; attachments are named by their address.
                self._take(kind, thing_id, json.loads(body.replace(old_url, new_url)))
            self._write_about(connection)
        self._world.changes.clear()
        log.info("state_loaded", messages=sum(map(len, self._world.messages.values())))

    def _write_about(self, connection: sqlite3.Connection) -> None:
        about = {"app_id": self._world.app_id, "base_url": self._base_url}
        connection.executemany("REPLACE INTO about VALUES (?, ?)", about.items())

    def _take(self, kind: str, thing_id: str, thing: Any) -> None:
        world = self._world
        if kind == "messages":
            self._take_message(thing_id, thing)
        elif kind == "channels":
            world.channels[thing_id] = thing
            world.messages.setdefault(thing_id, {})
        else:
            getattr(world, kind)[thing_id] = thing
        if thing_id.isdigit():
            world.ids.start_after(int(thing_id))

    def _take_message(self, message_id: str, message: Json) -> None:
        # Whoever was writing it has stopped: its token is gone, so it would say "thinking" forever.
        is_stuck = message["flags"] & LOADING
        if not is_stuck and message["channel_id"] in self._world.channels:
            self._world.messages[message["channel_id"]][message_id] = message

    # Writing

    @asynccontextmanager
    async def saving(self) -> AsyncIterator[None]:
        """Write changes twice a second while the block runs, and the last of them at its end."""
        if self._path is None:
            yield
            return
        stop = asyncio.Event()
        saver = asyncio.create_task(self._save_until(stop))
        try:
            yield
        finally:
            # Asked to stop rather than cancelled: a write under way must not come after the last.
            stop.set()
            await saver
            self._save(self._changed())

    async def _save_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(SAVE_EVERY_S):
                    await stop.wait()
            changed = self._changed()
            if changed:
                # Written by another thread: a slow disk must not hold up the chat.
                await asyncio.to_thread(self._save, changed)

    def _changed(self) -> list[tuple[str, str, str | None]]:
        changed = [
            (kind, thing_id, self._body(kind, thing_id)) for kind, thing_id in self._world.changes
        ]
        self._world.changes.clear()
        return changed

    def _body(self, kind: str, thing_id: str) -> str | None:
        thing = self._current[kind](thing_id)
        return None if thing is None else json.dumps(thing, ensure_ascii=False)

    def _save(self, changed: list[tuple[str, str, str | None]]) -> None:
        """Write the changes; what could not be written is tried again the next time."""
        try:
            self._write(changed)
        except (sqlite3.Error, OSError) as error:
            self._world.changes.update((kind, thing_id) for kind, thing_id, _ in changed)
            log.error("state_not_saved", reason=str(error))  # noqa: TRY400 -- the reason is enough

    def _write(self, changed: list[tuple[str, str, str | None]]) -> None:
        with closing(self._connect()) as connection, connection:
            for kind, thing_id, body in changed:
                if body is None:
                    connection.execute(
                        "DELETE FROM things WHERE kind = ? AND id = ?", (kind, thing_id)
                    )
                else:
                    connection.execute(
                        "REPLACE INTO things VALUES (?, ?, ?)", (kind, thing_id, body)
                    )
