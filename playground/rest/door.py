"""The way into REST: reads requests, lets them in or not, answers as Discord does."""

import hmac
import json
from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import web

from playground.errors import ApiError
from playground.faults import Fault, Faults
from playground.rates import RateLimits
from playground.rest.body import read_body
from playground.rest.route import Call, Route
from playground.traffic import Exchange, Traffic

API = "/api/v10"
log = structlog.get_logger()


class Door:
    """Turns our routes into aiohttp's."""

    def __init__(self, token: str, rates: RateLimits, faults: Faults, traffic: Traffic) -> None:
        self._authorization = f"Bot {token}"
        self._rates = rates
        self._faults = faults
        self._traffic = traffic

    def mount(self, app: web.Application, routes: list[Route]) -> None:
        """Serve these routes, and Discord's 404 for all else below the API's path."""
        for route in routes:
            app.router.add_route(route.method, API + route.path, self._serve(route))
        app.router.add_route("*", API + "/{rest:.*}", self._unknown)

    def _serve(self, route: Route) -> Any:
        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._answer(route, request)

        return serve

    async def _unknown(self, request: web.Request) -> web.Response:
        log.warning("route_unknown", method=request.method, path=request.path)
        return as_json(404, {"message": "404: Not Found", "code": 0}, {})

    async def _answer(self, route: Route, request: web.Request) -> web.StreamResponse:
        fault = self._faults.strike(request.method, request.path.removeprefix(API))
        if fault is not None:
            return _struck(fault, request)
        place = request.match_info.get(route.place, "")
        admission = self._rates.admit(route.bucket, place)
        if admission.refusal is not None:
            self._note(request, None, 429, admission.refusal)
            return as_json(429, admission.refusal, admission.headers)
        status, body, answer = await self._handle(route, request)
        self._note(request, body, status, answer)
        return as_json(status, answer, admission.headers)

    async def _handle(self, route: Route, request: web.Request) -> tuple[int, Any, Any]:
        """Return the status, the request's body and the answer's body."""
        body: Any = None
        try:
            if not route.by_token:
                self._check_token(request)
            body, files = await read_body(request)
            call = Call(request.match_info, request.query, body, files)
            answer = route.handler(call)
        except ApiError as refusal:
            return refusal.status, body, refusal.body
        except Exception:  # the boundary: a bug here must be seen, and end as Discord's would
            log.exception("request_failed", method=request.method, path=request.path)
            return 500, body, {"message": "500: Internal Server Error", "code": 0}
        return (route.status if answer is not None else 204), body, answer

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), self._authorization.encode()):
            raise ApiError(401, 0, "401: Unauthorized")

    def _note(self, request: web.Request, body: Any, status: int, answer: Any) -> None:
        path = request.rel_url.raw_path.removeprefix(API)
        query = dict(request.query)
        # A copy: the objects in the guild go on changing.
        kept = json.loads(json.dumps(answer)) if self._traffic.exchanges.maxlen else None
        self._traffic.note(Exchange(request.method, path, query, body, status, kept))


def as_json(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    """Return a response that clients of Discord take for Discord's.

    The bare media type matters: discord.py compares it with "application/json", and aiohttp's own
    JSON response would add a character set. Without `Via` it takes a 429 for a ban by Cloudflare.
    """
    sent = headers | {"Via": "1.1 playground"}
    if status == HTTPStatus.NO_CONTENT:
        return web.Response(status=204, headers=sent)
    sent["Content-Type"] = "application/json"
    return web.Response(status=status, body=json.dumps(body).encode(), headers=sent)


def _struck(fault: Fault, request: web.Request) -> web.Response:
    log.info("fault_struck", kind=fault.kind, method=request.method, path=request.path)
    if fault.kind == "drop":
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    if fault.kind == "429":
        body: Any = {
            "message": "You are being rate limited.",
            "retry_after": fault.retry_after_s,
            "global": False,
        }
        after = str(max(1, round(fault.retry_after_s)))
        headers = {"Retry-After": after, "X-RateLimit-Scope": "shared"}
        return as_json(429, body, headers)
    body = {"message": f"{fault.kind}: Internal Server Error", "code": 0}
    return as_json(int(fault.kind), body, {})
