"""The Gateway: the WebSocket on which a bot hears what happens."""

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from aiohttp import WSMsgType, web

from playground import objects
from playground.events import Event, Events
from playground.gateway_events import (
    GUILD_MEMBERS,
    GUILDS,
    KNOWN_INTENTS,
    PRIVILEGED,
    as_dispatched,
    concerns_bot,
    guild_create,
    intent_for,
)
from playground.json_types import Json
from playground.sessions import Connection, Session
from playground.traffic import Traffic
from playground.world import World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, REQUEST_MEMBERS = 1, 2, 3, 4, 6, 7, 8
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
KEPT_SESSIONS = 8
MEMBERS_IN_A_CHUNK = 1000
MEMBERS_BY_ID = 100
FRAMES_A_MINUTE, MINUTE_S = 120, 60.0

log = structlog.get_logger()


class GatewayClosed(Exception):
    """The bot broke the protocol; the socket is closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gateway:
    """Serves bots' connections and dispatches the guild's events to their sessions.

    Attributes:
        url: Where a bot reaches it.
        patience_s: How long a connection may be silent before it is closed.
    """

    def __init__(
        self,
        world: World,
        events: Events,
        traffic: Traffic,
        *,
        token: str,
        heartbeat_ms: int,
        granted_intents: int = KNOWN_INTENTS,
    ) -> None:
        self._world = world
        self._events = events
        self._traffic = traffic
        self._token = token
        self._heartbeat_ms = heartbeat_ms
        # Discord gives up on a bot that misses its heartbeat.
        self.patience_s = heartbeat_ms / 1000 * 2 + 5
        self._granted = granted_intents
        self._sessions: dict[str, Session] = {}
        self.url = ""
        self._handlers: Final[dict[int, Callable[[Connection, Json], None]]] = {
            IDENTIFY: self._identify,
            RESUME: self._resume,
            REQUEST_MEMBERS: self._send_members,
        }
        events.listen(self._dispatch)

    @property
    def online(self) -> bool:
        """Whether a bot is connected now."""
        return any(session.connection for session in self._sessions.values())

    # Hooks for tests: what a bot has to live through

    async def drop(self, code: int = 4000) -> None:
        """Close every connection with this code; sessions can be resumed."""
        for connection in self._connections():
            await connection.close(code, "")

    def ask_to_reconnect(self) -> None:
        """Send op 7 to every connection."""
        for connection in self._connections():
            connection.send(RECONNECT, None)

    def invalidate(self, *, resumable: bool) -> None:
        """Send op 9; unless `resumable`, the sessions are gone."""
        connections = self._connections()
        if not resumable:
            self._sessions.clear()
        for connection in connections:
            connection.send(INVALID_SESSION, resumable)

    def _connections(self) -> list[Connection]:
        return [s.connection for s in self._sessions.values() if s.connection is not None]

    # Events out

    def _dispatch(self, event: Event) -> None:
        if not concerns_bot(event, self._world):
            return
        intent = intent_for(event, self._world)
        for session in self._sessions.values():
            if not intent or session.intents & intent:
                data = as_dispatched(event, self._world, session.intents)
                self._send(session, event.name, data)

    def _send(self, session: Session, name: str, data: Json) -> None:
        session.dispatch(name, data)
        self._traffic.note_event(name, data)

    # Connections in

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection from HELLO to its end."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        compress = request.query.get("compress") == "zlib-stream"
        # Its own name for this machine: in a container it is another one than the page's.
        url = f"ws://{request.host}/gateway"
        connection = Connection(socket, url=url, compress=compress)
        connection.send(HELLO, {"heartbeat_interval": self._heartbeat_ms, "_trace": []})
        writer = asyncio.create_task(connection.write())
        try:
            await self._read(socket, connection)
        except GatewayClosed as closed:
            await connection.close(closed.code, closed.reason)
        finally:
            self._part(connection)
            writer.cancel()
            # A writer that failed has nothing left to do but end; the socket is closed.
            with suppress(asyncio.CancelledError, TimeoutError):
                await writer
        return socket

    async def _read(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        recent: deque[float] = deque(maxlen=FRAMES_A_MINUTE)
        while True:
            try:
                frame = await socket.receive(timeout=self.patience_s)
            except TimeoutError as silence:
                raise GatewayClosed(4009, "Session timed out.") from silence
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            _hold_to_rate(recent)
            self._take(connection, _parsed(frame.data))

    def _take(self, connection: Connection, frame: Json) -> None:
        op = frame.get("op")
        if op == HEARTBEAT:
            connection.send(HEARTBEAT_ACK, None)
            return
        if op in (PRESENCE, VOICE):
            return
        handler = self._handlers.get(op) if isinstance(op, int) else None
        if handler is None:
            raise GatewayClosed(4001, "Unknown opcode.")
        data = frame.get("d")
        if not isinstance(data, dict):
            raise GatewayClosed(4002, "Error while decoding payload.")
        if op not in (IDENTIFY, RESUME) and not connection.identified:
            raise GatewayClosed(4003, "Not authenticated.")
        handler(connection, data)

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.identified:
            raise GatewayClosed(4005, "Already authenticated.")
        self._check_token(data)
        intents = self._checked_intents(data.get("intents"))
        session = Session(secrets.token_hex(16), intents, connection)
        self._sessions[session.session_id] = session
        while len(self._sessions) > KEPT_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        connection.identified = True
        self._send(session, "READY", self._ready(session, connection, data.get("shard")))
        if intents & GUILDS:
            self._send(session, "GUILD_CREATE", guild_create(self._world, intents))
        log.info("bot_identified", intents=intents)
        self._tell_presence()

    def _check_token(self, data: Json) -> None:
        token = str(data.get("token", "")).removeprefix("Bot ")
        if not secrets.compare_digest(token.encode(), self._token.encode()):
            raise GatewayClosed(4004, "Authentication failed.")

    def _checked_intents(self, asked: object) -> int:
        if not isinstance(asked, int) or not 0 <= asked <= KNOWN_INTENTS:
            raise GatewayClosed(4013, "Invalid intent(s).")
        if asked & PRIVILEGED & ~self._granted:
            raise GatewayClosed(4014, "Disallowed intent(s).")
        return asked

    def _ready(self, session: Session, connection: Connection, shard: object) -> Json:
        return {
            "v": 10,
            "user": me(self._world.bot),
            "session_id": session.session_id,
            "session_type": "normal",
            "resume_gateway_url": connection.url,
            "guilds": [{"id": self._world.guild_id, "unavailable": True}],
            "application": {"id": self._world.app_id, "flags": objects.APPLICATION_FLAGS},
            "private_channels": [],
            "relationships": [],
            "user_settings": {},
            "guild_join_requests": [],
            "presences": [],
            "shard": shard or [0, 1],
        }

    def _resume(self, connection: Connection, data: Json) -> None:
        self._check_token(data)
        session = self._sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if (
            session is None
            or not isinstance(sequence, int)
            or not session.can_resume_after(sequence)
        ):
            connection.send(INVALID_SESSION, False)
            return
        session.connection = connection
        connection.identified = True
        session.replay_after(sequence)
        self._send(session, "RESUMED", {"_trace": []})
        log.info("bot_resumed", replayed=session.sequence - sequence - 1)
        self._tell_presence()

    def _send_members(self, connection: Connection, data: Json) -> None:
        session = next(s for s in self._sessions.values() if s.connection is connection)
        if not data.get("user_ids") and not data.get("query"):
            # The whole list is for those with the privileged intent.
            _require_members_intent(session)
        found, missing = self._find_members(data)
        chunks = [
            found[at : at + MEMBERS_IN_A_CHUNK] for at in range(0, len(found), MEMBERS_IN_A_CHUNK)
        ] or [[]]
        for index, chunk in enumerate(chunks):
            answer: Json = {
                "guild_id": self._world.guild_id,
                "members": chunk,
                "chunk_index": index,
                "chunk_count": len(chunks),
                "not_found": missing,
                "presences": [],
            }
            if data.get("nonce"):
                answer["nonce"] = data["nonce"]
            self._send(session, "GUILD_MEMBERS_CHUNK", answer)

    def _find_members(self, data: Json) -> tuple[list[Json], list[str]]:
        members = self._world.members
        if data.get("user_ids"):
            asked = data["user_ids"]
            wanted = [str(u) for u in (asked if isinstance(asked, list) else [asked])]
            wanted = wanted[:MEMBERS_BY_ID]
            return (
                [members[u] for u in wanted if u in members],
                [u for u in wanted if u not in members],
            )
        prefix = str(data.get("query") or "").lower()
        found = [m for m in members.values() if m["user"]["username"].lower().startswith(prefix)]
        return found[: int(data.get("limit") or 0) or None], []

    def _part(self, connection: Connection) -> None:
        for session in self._sessions.values():
            if session.connection is connection:
                session.connection = None
                log.info("bot_disconnected")
                self._tell_presence()

    def _tell_presence(self) -> None:
        self._events.tell(Event("BOT", {"online": self.online}, page_only=True))


def _require_members_intent(session: Session) -> None:
    if not session.intents & GUILD_MEMBERS:
        raise GatewayClosed(4014, "Disallowed intent(s).")


def me(bot: Json) -> Json:
    """Return the bot as it sees itself."""
    return bot | {"verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}


def _hold_to_rate(recent: deque[float]) -> None:
    now = time.monotonic()
    if len(recent) == recent.maxlen and now - recent[0] < MINUTE_S:
        raise GatewayClosed(4008, "Rate limited.")
    recent.append(now)


def _parsed(data: str | bytes) -> Json:
    try:
        frame = json.loads(data)
    except ValueError as broken:
        raise GatewayClosed(4002, "Error while decoding payload.") from broken
    if not isinstance(frame, dict):
        raise GatewayClosed(4002, "Error while decoding payload.")
    return frame
