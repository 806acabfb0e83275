"""The playground as a whole: its parts put together, started and stopped."""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import structlog
from aiohttp import web

from playground.actions import Actions
from playground.cdn import CdnRoutes
from playground.commands import Commands
from playground.events import Events
from playground.faults import Faults
from playground.gateway import Gateway
from playground.gateway_events import KNOWN_INTENTS
from playground.identity import BOT_NAME, DEFAULT_TOKEN, app_id_of
from playground.interactions import Interactions, Limits
from playground.messages import Messages
from playground.page_api import PageRoutes
from playground.person import Person
from playground.pins import Pins
from playground.posting import Posting
from playground.rates import RateLimits
from playground.reactions import Reactions
from playground.rest.application import ApplicationRoutes
from playground.rest.body import MAX_JSON_BYTES
from playground.rest.channels import ChannelRoutes
from playground.rest.door import Door
from playground.rest.guild import GuildRoutes
from playground.rest.messages import MessageRoutes
from playground.rest.webhooks import WebhookRoutes
from playground.store import Store
from playground.threads import Threads
from playground.traffic import Exchange, Traffic
from playground.uploads import Uploads
from playground.world import World

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Options:
    """How a playground is to behave.

    Attributes:
        host: The address to listen at.
        port: The port; 0 takes a free one.
        state: The folder that keeps the guild from one start to the next; None forgets it.
        token: The bot's token.
        public_url: What bot and page call the playground, where that is not host and port.
        rate_limits: Whether Discord's rate limits hold.
        limits: How long a bot has to answer.
        heartbeat_ms: The Gateway's heartbeat interval.
        granted_intents: The intents that are switched on for the bot.
        kept_exchanges: How much traffic is kept for tests; 0 keeps none.
        allow_faults: Whether the page may plant faults.
    """

    host: str = "127.0.0.1"
    port: int = 0
    state: Path | None = None
    token: str = DEFAULT_TOKEN
    public_url: str | None = None
    rate_limits: bool = True
    limits: Limits = field(default_factory=Limits)
    heartbeat_ms: int = 41_250
    granted_intents: int = KNOWN_INTENTS
    kept_exchanges: int = 0
    allow_faults: bool = False


class Playground:
    """A running playground: what tests hold on to."""

    def __init__(self, options: Options, base_url: str) -> None:
        self.base_url = base_url
        self.token = options.token
        self.world = World(app_id_of(options.token), BOT_NAME)
        self.events = Events()
        self.traffic = Traffic(options.kept_exchanges)
        self.faults = Faults()
        folder = options.state / "attachments" if options.state else None
        self._uploads = Uploads(self.world.ids, folder)
        self._uploads.base_url = base_url
        self._store = Store(self.world, options.state, base_url)
        self._wire(options)

    def _wire(self, options: Options) -> None:
        world, events = self.world, self.events
        messages = Messages(world, events, self._uploads)
        threads = Threads(world, events, messages)
        posting = Posting(world, messages, threads)
        reactions = Reactions(world, events, posting)
        pins = Pins(world, events, messages)
        self.commands = Commands(world, events)
        self.interactions = Interactions(world, events, messages, posting, options.limits)
        self.actions = Actions(
            world,
            events,
            messages,
            posting,
            reactions,
            self.commands,
            self.interactions,
            self._uploads,
        )
        self.gateway = Gateway(
            world,
            events,
            self.traffic,
            token=options.token,
            heartbeat_ms=options.heartbeat_ms,
            granted_intents=options.granted_intents,
        )
        self.gateway.url = self.base_url.replace("http", "ws", 1) + "/gateway"
        self._rates = RateLimits(enabled=options.rate_limits)
        self._rest = [
            *ApplicationRoutes(world, self.commands, self.gateway).table(),
            *GuildRoutes(world, self.actions).table(),
            *ChannelRoutes(world, events, threads).table(),
            *MessageRoutes(world, messages, posting, reactions, pins).table(),
            *WebhookRoutes(world, self.interactions).table(),
        ]
        self._page = PageRoutes(
            world,
            events,
            self.actions,
            self.commands,
            self.gateway,
            self.faults if options.allow_faults else None,
            loopback_only=options.host in _LOOPBACK,
        )

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=MAX_JSON_BYTES)
        Door(self.token, self._rates, self.faults, self.traffic).mount(app, self._rest)
        CdnRoutes(self._uploads).mount(app)
        # discord.py puts a slash before the query.
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        self._page.mount(app)
        return app

    @classmethod
    @asynccontextmanager
    async def start(cls, options: Options | None = None) -> AsyncIterator[Self]:
        """Serve until the block is left; the state is saved then.

        Raises:
            OSError: when the address can't be had.
        """
        options = options or Options(kept_exchanges=5000)
        listening = _listen(options.host, options.port)
        port: int = listening.getsockname()[1]
        playground = cls(options, options.public_url or _url(options.host, port))
        runner = web.AppRunner(playground._application(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            async with playground._store.saving():
                yield playground
        finally:
            # Sockets first: the server would wait for them otherwise.
            await playground._page.close()
            await playground.gateway.drop(1001)
            await runner.cleanup()
            listening.close()

    @property
    def exchanges(self) -> Sequence[Exchange]:
        """The traffic so far: REST exchanges and dispatched events, as far as it is kept."""
        return tuple(self.traffic.exchanges)

    def person(self, name: str, locale: str = "ko") -> Person:
        """Return the person of this name, who joins the guild if they are new."""
        user_id = self.actions.join(name)["user"]["id"]
        self.actions.set_locale(user_id, locale)
        return Person(user_id, self.world, self.events, self.actions, self.commands, self.traffic)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=128)
    listening.setblocking(False)
    return listening


def _url(host: str, port: int) -> str:
    reached_at = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 -- compared, not bound
    shown = f"[{reached_at}]" if ":" in reached_at and "[" not in reached_at else reached_at
    return f"http://{shown}:{port}"
