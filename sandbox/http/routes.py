"""One function for each request of the contract: parse, call, answer."""

from __future__ import annotations

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.contract import LearnerName, PageRequest, Wire
from sandbox.http.run import run_command
from sandbox.metrics import CONTENT_TYPE
from sandbox.service import Service

SERVICE = web.AppKey("service", Service)
_LEARNER: TypeAdapter[str] = TypeAdapter(LearnerName)


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
    """Open the learner's sandbox."""
    return _json(await request.app[SERVICE].lifecycle.open(_learner(request)))


async def show_sandbox(request: web.Request) -> web.Response:
    """How the learner's sandbox is."""
    return _json(request.app[SERVICE].lifecycle.view(_learner(request)))


async def close_sandbox(request: web.Request) -> web.Response:
    """Close the learner's sandbox."""
    await request.app[SERVICE].lifecycle.close(_learner(request))
    return web.Response(status=204)


async def reset_sandbox(request: web.Request) -> web.Response:
    """Give the learner a new disk."""
    return _json(await request.app[SERVICE].lifecycle.reset(_learner(request)))


async def facts(request: web.Request) -> web.Response:
    """The state of the learner's engine."""
    lifecycle = request.app[SERVICE].lifecycle
    async with lifecycle.use(_learner(request), known_only=True) as opened:
        usage = request.query.get("usage") == "1"
        return _json(await opened.sandbox.inside.facts(usage=usage))


async def page(request: web.Request) -> web.Response:
    """Fetch a page inside the learner's sandbox."""
    asked = PageRequest.model_validate_json(await request.read())
    lifecycle = request.app[SERVICE].lifecycle
    async with lifecycle.use(_learner(request), known_only=True) as opened:
        return _json(await opened.sandbox.inside.page(asked))


async def run(request: web.Request) -> web.StreamResponse:
    """Run a command line; see `sandbox.http.run`."""
    return await run_command(request, request.app[SERVICE].commands, _learner(request))


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
            web.get("/sandboxes/{learner}/facts", facts, allow_head=False),
            web.post("/sandboxes/{learner}/page", page),
            web.get("/sandboxes/{learner}/run", run, allow_head=False),
        ]
    )


def _learner(request: web.Request) -> str:
    return _LEARNER.validate_python(request.match_info["learner"])


def _json(answer: Wire, *, status: int = 200) -> web.Response:
    text = answer.model_dump_json()
    return web.Response(status=status, text=text, content_type="application/json")
