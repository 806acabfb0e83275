"""The web application of the service."""

from __future__ import annotations

from aiohttp import web

from sandbox.contract import MAX_LINE_BYTES
from sandbox.http.auth import token_required
from sandbox.http.failures import failures_as_codes
from sandbox.http.routes import SERVICE, add_routes
from sandbox.service import Service

LARGEST_BODY_BYTES = 4 * MAX_LINE_BYTES


def make_app(service: Service, token: str) -> web.Application:
    """The application; callers have to show the token, for everything."""
    app = web.Application(
        middlewares=[failures_as_codes, token_required(token)],
        client_max_size=LARGEST_BODY_BYTES,
    )
    app[SERVICE] = service
    add_routes(app)
    return app
