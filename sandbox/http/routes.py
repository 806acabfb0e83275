"""One function for each request of the contract: parse, call, answer."""

from __future__ import annotations

import asyncio

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.contract import (
    ExtendRequest,
    LearnerName,
    PageRequest,
    SeatsName,
    SeatsRequest,
    SessionList,
    SessionName,
)
from sandbox.errors import SandboxGone
from sandbox.http.answers import json_answer as _json
from sandbox.http.answers import view_answer
from sandbox.http.requests import whole_body
from sandbox.http.run import run_command
from sandbox.http.session import serve_session
from sandbox.metrics import CONTENT_TYPE
from sandbox.service import Service

SERVICE = web.AppKey("service", Service)
_LEARNER: TypeAdapter[str] = TypeAdapter(LearnerName)
_SESSION: TypeAdapter[str] = TypeAdapter(SessionName)
_SEATS: TypeAdapter[str] = TypeAdapter(SeatsName)


async def live(request: web.Request) -> web.Response:
    """Alive: it answers, and asks nobody else."""
    return web.Response(text="alive\n")


async def health(request: web.Request) -> web.Response:
    """Able or not, and why; 503 when not, for those who look at the status only."""
    answer = await request.app[SERVICE].ability.health()
    return _json(answer, status=200 if answer.able else 503)


async def metrics(request: web.Request) -> web.Response:
    """What Prometheus reads."""
    service = request.app[SERVICE]
    text = service.metrics.exposed(await service.ability.snapshot())
    return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})


async def open_sandbox(request: web.Request) -> web.Response:
    """Open the learner's sandbox, or stand in line for a place."""
    return view_answer(await request.app[SERVICE].lifecycle.open(_learner(request)))


async def show_sandbox(request: web.Request) -> web.Response:
    """How the learner's sandbox is."""
    return _json(request.app[SERVICE].lifecycle.view(_learner(request)))


async def close_sandbox(request: web.Request) -> web.Response:
    """Close the learner's sandbox."""
    await request.app[SERVICE].lifecycle.close(_learner(request))
    return web.Response(status=204)


async def reset_sandbox(request: web.Request) -> web.Response:
    """Give the learner a new disk."""
    return view_answer(await request.app[SERVICE].lifecycle.reset(_learner(request)))


async def forget_learner(request: web.Request) -> web.Response:
    """Keep nothing of the learner."""
    service = request.app[SERVICE]
    await service.lifecycle.forget(_learner(request), service.retention)
    return web.Response(status=204)


async def extend_sandbox(request: web.Request) -> web.Response:
    """Put the stops of the learner's sandbox off."""
    asked = ExtendRequest.model_validate_json(await whole_body(request))
    lifecycle = request.app[SERVICE].lifecycle
    return _json(await lifecycle.extend(_learner(request), by_s=asked.minutes * 60))


async def expiring(request: web.Request) -> web.Response:
    """Disks that nobody used for long."""
    service = request.app[SERVICE]
    return _json(await asyncio.to_thread(service.retention.all, service.lifecycle.learners))


async def warned(request: web.Request) -> web.Response:
    """The learner was told that their disk expires."""
    learner = _learner(request)
    if not await asyncio.to_thread(request.app[SERVICE].retention.warned, learner):
        raise SandboxGone("this disk does not expire")
    return web.Response(status=204)


async def keep_seats(request: web.Request) -> web.Response:
    """Keep places for a class."""
    asked = SeatsRequest.model_validate_json(await whole_body(request))
    return _json(request.app[SERVICE].seating.keep(_seats_name(request), asked))


async def show_seats(request: web.Request) -> web.Response:
    """What classes keep."""
    return _json(request.app[SERVICE].seating.all())


async def give_back_seats(request: web.Request) -> web.Response:
    """Keep none for this class any more."""
    request.app[SERVICE].seating.give_back(_seats_name(request))
    return web.Response(status=204)


async def facts(request: web.Request) -> web.Response:
    """The state of the learner's engine."""
    service = request.app[SERVICE]
    async with service.lifecycle.use(_learner(request), known_only=True) as opened:
        usage = request.query.get("usage") == "1"
        found = await opened.sandbox.inside.facts(usage=usage)
        service.metrics.images_pulled(opened.sandbox.take_pulls(found.events))
        return _json(found)


async def load(request: web.Request) -> web.Response:
    """What the learner's engine and containers use just now."""
    lifecycle = request.app[SERVICE].lifecycle
    async with lifecycle.use(_learner(request), known_only=True) as opened:
        return _json(await opened.sandbox.inside.load())


async def page(request: web.Request) -> web.Response:
    """Fetch a page inside the learner's sandbox."""
    asked = PageRequest.model_validate_json(await whole_body(request))
    lifecycle = request.app[SERVICE].lifecycle
    async with lifecycle.use(_learner(request), known_only=True) as opened:
        return _json(await opened.sandbox.inside.page(asked))


async def run(request: web.Request) -> web.StreamResponse:
    """Run a command line; see `sandbox.http.run`."""
    return await run_command(request, request.app[SERVICE].commands, _learner(request))


async def session(request: web.Request) -> web.StreamResponse:
    """Start a session or attach to one; see `sandbox.http.session`."""
    sessions = request.app[SERVICE].sessions
    return await serve_session(request, sessions, _learner(request), _session_name(request))


async def show_sessions(request: web.Request) -> web.Response:
    """The learner's sessions."""
    learner = _learner(request)
    return _json(SessionList(learner=learner, sessions=request.app[SERVICE].sessions.of(learner)))


async def end_session(request: web.Request) -> web.Response:
    """End one of them."""
    await request.app[SERVICE].sessions.end(_learner(request), _session_name(request))
    return web.Response(status=204)


def add_routes(app: web.Application) -> None:
    """All requests of the contract."""
    app.add_routes(
        [
            web.get("/health/live", live),
            web.get("/health", health),
            web.get("/metrics", metrics),
            web.put("/sandboxes/{learner}", open_sandbox),
            web.get("/sandboxes/{learner}", show_sandbox, allow_head=False),
            web.delete("/sandboxes/{learner}", close_sandbox),
            web.post("/sandboxes/{learner}/reset", reset_sandbox),
            web.post("/sandboxes/{learner}/forget", forget_learner),
            web.post("/sandboxes/{learner}/extend", extend_sandbox),
            web.post("/sandboxes/{learner}/warned", warned),
            web.get("/expiring", expiring, allow_head=False),
            web.get("/seats", show_seats, allow_head=False),
            web.put("/seats/{name}", keep_seats),
            web.delete("/seats/{name}", give_back_seats),
            web.get("/sandboxes/{learner}/facts", facts, allow_head=False),
            web.get("/sandboxes/{learner}/load", load, allow_head=False),
            web.post("/sandboxes/{learner}/page", page),
            web.get("/sandboxes/{learner}/run", run, allow_head=False),
            web.get("/sandboxes/{learner}/sessions", show_sessions, allow_head=False),
            web.get("/sandboxes/{learner}/sessions/{name}", session, allow_head=False),
            web.delete("/sandboxes/{learner}/sessions/{name}", end_session),
        ]
    )


def _learner(request: web.Request) -> str:
    return _LEARNER.validate_python(request.match_info["learner"])


def _seats_name(request: web.Request) -> str:
    return _SEATS.validate_python(request.match_info["name"])


def _session_name(request: web.Request) -> str:
    return _SESSION.validate_python(request.match_info["name"])
