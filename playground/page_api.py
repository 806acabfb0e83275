"""The page's own routes: its files, its socket, and what the person does."""

import json
import mimetypes
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from playground.actions import Actions
from playground.commands import Commands
from playground.errors import ApiError
from playground.events import Events
from playground.faults import Faults
from playground.gateway import Gateway
from playground.interaction_payload import DEFAULT_LOCALE
from playground.json_types import Json
from playground.page_socket import PageSocket
from playground.page_view import PageView
from playground.refusals import Refused, sentence_for
from playground.rest.body import read_body
from playground.snowflakes import named
from playground.uploads import Upload
from playground.world import World

PAGE = Path(__file__).parent / "page"
NEWCOMER = "newcomer"
_NAME: Final = re.compile(r"[a-z0-9_.\-가-힣ㄱ-ㅎㅏ-ㅣ]{1,32}")
_FILE: Final = re.compile(r"[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]+)+")
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS: Final = {
    # Nothing that people write can bring in a script, and nothing is loaded from elsewhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
log = structlog.get_logger()

Act = Callable[[str, Json, list[Upload]], Any]
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageRoutes:
    """Serves the chat page and takes what people do there."""

    def __init__(
        self,
        world: World,
        events: Events,
        actions: Actions,
        commands: Commands,
        gateway: Gateway,
        faults: Faults | None,
        *,
        loopback_only: bool,
    ) -> None:
        self._world = world
        self._events = events
        self._actions = actions
        self._commands = commands
        self._gateway = gateway
        self._faults = faults
        self._loopback_only = loopback_only
        self._sockets: set[PageSocket] = set()
        self._acts: Final[dict[str, Act]] = {
            "send": self._send,
            "edit": self._edit,
            "delete": self._delete,
            "typing": self._typing,
            "command": self._command,
            "autocomplete": self._autocomplete,
            "component": self._component,
            "modal": self._modal,
            "open_dm": self._open_dm,
            "read": self._read,
            "react": self._react,
            "locale": self._locale,
        }

    def mount(self, app: web.Application) -> None:
        """Serve the page under `/` and `/page`."""
        app.router.add_get("/", self._guarded(self._index))
        app.router.add_get("/page/ws", self._guarded(self._socket))
        app.router.add_get("/page/api/history", self._guarded(self._history))
        app.router.add_post("/page/api/fault", self._guarded(self._fault))
        app.router.add_post("/page/api/{action}", self._guarded(self._act))
        app.router.add_get("/page/{file:.+}", self._guarded(self._file))

    async def close(self) -> None:
        """Close all open pages."""
        for socket in tuple(self._sockets):
            await socket.close()

    # Who may come in

    def _guarded(self, serve: Serve) -> Serve:
        """Refuse other sites: a page elsewhere must not act for the person who visits it."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._is_own(request):
                return _refusal(403, 0, "This address is not served here.")
            return await serve(request)

        return guarded

    def _is_own(self, request: web.Request) -> bool:
        hostname = urlsplit(f"//{request.host}").hostname
        # A foreign name that resolves to this machine is how a rebinding attack looks.
        if self._loopback_only and hostname not in _LOOPBACK:
            return False
        origin = request.headers.get("Origin")
        return origin is None or urlsplit(origin).netloc == request.host

    def _name(self, request: web.Request) -> str:
        return request.query.get("as", NEWCOMER).lower()

    def _check_name(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise Refused("name")
        if name == self._world.bot["username"].lower():
            raise Refused("name.bot")

    def _person(self, request: web.Request) -> str:
        name = self._name(request)
        self._check_name(name)
        user_id: str = self._actions.join(name)["user"]["id"]
        return user_id

    # Files

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return _page_file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return _page_file(request.match_info["file"])

    # The socket

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        try:
            user_id = self._person(request)
            locale = request.query.get("locale")
            if locale:
                self._actions.set_locale(user_id, locale)
        except ApiError as refused:
            return self._refused(request, refused)
        view = PageView(self._world, self._actions, self._commands, user_id)
        socket = PageSocket(view, self._events, lambda: self._gateway.online)
        self._sockets.add(socket)
        try:
            return await socket.serve(request)
        finally:
            self._sockets.discard(socket)

    # Deeds

    async def _act(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Requested-With") != "docent-page":
            return _refusal(403, 0, "Only the page itself may do this.")
        act = self._acts.get(request.match_info["action"])
        if act is None:
            return _refusal(404, 0, "There is nothing like this to do.")
        try:
            user_id = self._person(request)
            body, files = await read_body(request)
            done = act(user_id, body if isinstance(body, dict) else {}, files)
        except ApiError as refused:
            return self._refused(request, refused)
        except (KeyError, TypeError, ValueError, AttributeError) as malformed:
            # The page never sends such a body; the sentence is for whoever drives it by hand.
            log.warning("page_request_malformed", error=repr(malformed))
            return self._refused(request, Refused("malformed"))
        return _answer(200, done)

    async def _history(self, request: web.Request) -> web.StreamResponse:
        try:
            user_id = self._person(request)
            channel_id = request.query.get("channel_id", "")
            before = request.query.get("before") or None
            return _answer(200, self._actions.history(user_id, channel_id, before))
        except ApiError as refused:
            return self._refused(request, refused)

    def _refused(self, request: web.Request, refused: ApiError) -> web.Response:
        """Tell the person why, in the language of their client."""
        user_id = named("user", self._name(request))
        locale = request.query.get("locale") or self._world.locales.get(user_id, DEFAULT_LOCALE)
        return _answer(refused.status, refused.body | {"message": sentence_for(refused, locale)})

    def _send(self, user_id: str, body: Json, files: list[Upload]) -> Json:
        nonce = body.get("nonce")
        message = self._actions.say(
            user_id,
            body["channel_id"],
            body.get("content") or "",
            files,
            body.get("reply_to"),
            None if nonce is None else str(nonce),
        )
        return self._world.shown(message, user_id)

    def _edit(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        message = self._actions.edit(
            user_id, body["channel_id"], body["message_id"], body["content"]
        )
        return self._world.shown(message, user_id)

    def _delete(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        self._actions.delete(user_id, body["channel_id"], body["message_id"])
        return {}

    def _typing(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        self._actions.typing(user_id, body["channel_id"])
        return {}

    def _command(self, user_id: str, body: Json, files: list[Upload]) -> Json:
        interaction = self._actions.command(
            user_id,
            body["channel_id"],
            body["command_id"],
            body.get("options") or [],
            body.get("target_id"),
            files,
        )
        return {"interaction_id": interaction.interaction_id}

    def _autocomplete(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        interaction = self._actions.autocomplete(
            user_id,
            body["channel_id"],
            body["command_id"],
            body.get("options") or [],
            str(body["nonce"]),
        )
        return {"interaction_id": interaction.interaction_id}

    def _component(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        interaction = self._actions.component(
            user_id,
            body["channel_id"],
            body["message_id"],
            body["custom_id"],
            body.get("values"),
        )
        return {"interaction_id": interaction.interaction_id}

    def _modal(self, user_id: str, body: Json, files: list[Upload]) -> Json:
        interaction = self._actions.submit_modal(
            user_id, body["interaction_id"], body["components"], files
        )
        return {"interaction_id": interaction.interaction_id}

    def _open_dm(self, user_id: str, _: Json, __: list[Upload]) -> Json:
        return self._actions.open_dm(user_id)

    def _read(self, _: str, __: Json, ___: list[Upload]) -> Json:
        return {}

    def _react(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        self._actions.react(
            user_id, body["channel_id"], body["message_id"], body["emoji"], on=body["on"]
        )
        return {}

    def _locale(self, user_id: str, body: Json, _: list[Upload]) -> Json:
        self._actions.set_locale(user_id, body["locale"])
        return {}

    async def _fault(self, request: web.Request) -> web.StreamResponse:
        """Plant a fault; only where the playground was started to allow it."""
        if self._faults is None or request.headers.get("X-Requested-With") != "docent-page":
            return _refusal(403, 0, "Faults are not allowed here.")
        try:
            body, _ = await read_body(request)
            self._faults.plant(body["pattern"], body["kind"], int(body.get("times", 1)))
        except (ApiError, KeyError, TypeError, ValueError, re.error):
            return _refusal(400, 50035, "A fault needs a pattern and a kind.")
        return _answer(200, {})


def _page_file(name: str) -> web.StreamResponse:
    """Return a file of the page; names are plain, so nothing outside its folder can be reached."""
    parts = name.split("/")
    path = PAGE.joinpath(*parts)
    plain = all(re.fullmatch(r"[A-Za-z0-9_\-]+", part) for part in parts[:-1])
    if not plain or not _FILE.fullmatch(parts[-1]) or not path.is_file():
        return _refusal(404, 0, "There is no such page.")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    kind = "text/javascript" if name.endswith(".js") else kind
    return web.FileResponse(path, headers=_HEADERS | {"Content-Type": _with_charset(kind)})


def _with_charset(kind: str) -> str:
    is_text = kind.startswith("text/") or kind == "image/svg+xml"
    return f"{kind}; charset=utf-8" if is_text else kind


def _answer(status: int, body: Any) -> web.Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    text = json.dumps(body, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/json", headers=headers)


def _refusal(status: int, code: int, message: str) -> web.Response:
    return _answer(status, {"message": message, "code": code})
