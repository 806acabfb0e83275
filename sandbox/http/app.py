"""The web application of the service."""

from __future__ import annotations

from aiohttp import web

from sandbox.contract import MAX_LINE_BYTES
from sandbox.http.auth import token_required
from sandbox.http.failures import failures_as_codes
from sandbox.http.files import FILE_ROUTES
from sandbox.http.requests import counted, name_request, request_ids
from sandbox.http.routes import SERVICE, add_routes
from sandbox.http.snapshots import SNAPSHOT_ROUTES, SNAPSHOTS
from sandbox.service import Service

LARGEST_BODY_BYTES = 4 * MAX_LINE_BYTES


def make_app(service: Service, token: str) -> web.Application:
    """The application; callers have to show the token, for everything."""
    app = web.Application(
        middlewares=[
            request_ids,
            counted(service.metrics),
            failures_as_codes,
            token_required(token),
        ],
        client_max_size=LARGEST_BODY_BYTES,
    )
    app[SERVICE] = service
    app[SNAPSHOTS] = service.snapshots
    app.on_response_prepare.append(name_request)
    add_routes(app)
    app.add_routes(SNAPSHOT_ROUTES)
    app.add_routes(FILE_ROUTES)
    return app
