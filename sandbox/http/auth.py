"""Who may call the service: whoever shows the token."""

from __future__ import annotations

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.errors import Unauthorized


def token_required(token: str) -> Middleware:
    """Middleware that lets only callers with this token through.

    Raises:
        Unauthorized: the token is missing or wrong.
    """
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        # One header, not several of which somebody on the way may have read another one than we.
        shown = ",".join(request.headers.getall("Authorization", []))
        # In constant time: how long it takes must not tell how much of it was right.
        if not hmac.compare_digest(shown.encode(errors="surrogateescape"), expected):
            raise Unauthorized("the token is missing or wrong")
        return await handler(request)

    return check
