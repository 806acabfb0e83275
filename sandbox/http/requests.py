"""What every request gets: an id in its log lines and in its answer, and a place in a count."""

from __future__ import annotations

import asyncio
import re
import secrets
import time

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.contract import REQUEST_ID, REQUEST_ID_HEADER
from sandbox.metrics import Metrics

BODY_TIMEOUT_S = 10.0
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""It goes into logs and headers: nothing that could break out of either."""
_ID = web.RequestKey("request_id", str)


@web.middleware
async def request_ids(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bind the caller's id, or one of ours, to all that is logged for this request."""
    shown = request.headers.get(REQUEST_ID_HEADER, "")
    request[_ID] = shown if _ACCEPTABLE.fullmatch(shown) else secrets.token_hex(8)
    # Bound for this request only: the next one on this connection has another id.
    with structlog.contextvars.bound_contextvars(**{REQUEST_ID: request[_ID]}):
        return await handler(request)


async def name_request(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: let the answer carry the id, the opening of a WebSocket as well."""
    if _ID in request:
        response.headers[REQUEST_ID_HEADER] = request[_ID]


async def whole_body(request: web.Request) -> bytes:
    """The body of a request that is sent without dawdling.

    Raises:
        HTTPRequestTimeout: it did not come in time.
        HTTPRequestEntityTooLarge: it is longer than any request of the contract.
    """
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            return await request.read()
    except TimeoutError as exc:
        raise web.HTTPRequestTimeout from exc


def counted(metrics: Metrics) -> Middleware:
    """Middleware that counts requests by name and status, and how long they took."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        started_at = time.monotonic()
        response = await handler(request)
        name = _name(request)
        # These take as long as what they run, which is counted elsewhere.
        if name not in ("run", "session"):
            metrics.request_answered(name, response.status, time.monotonic() - started_at)
        return response

    return count


def _name(request: web.Request) -> str:
    """The name of the route: paths hold learners, and strangers make up new ones."""
    route = request.match_info.route
    return route.handler.__name__ if route.resource is not None else "unknown"
