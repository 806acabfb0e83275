"""Requests about snapshots: one function each, as in `sandbox.http.routes`."""

from __future__ import annotations

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.contract import LearnerName, RestoreRequest, SnapshotList, SnapshotName
from sandbox.http.answers import json_answer, view_answer
from sandbox.http.requests import whole_body
from sandbox.snapshots import Snapshots

SNAPSHOTS = web.AppKey("snapshots", Snapshots)
_LEARNER: TypeAdapter[str] = TypeAdapter(LearnerName)
_NAME: TypeAdapter[str] = TypeAdapter(SnapshotName)


async def list_snapshots(request: web.Request) -> web.Response:
    """What is kept of the learner's disk."""
    kept = await request.app[SNAPSHOTS].listed(_learner(request))
    return json_answer(SnapshotList(snapshots=kept))


async def take_snapshot(request: web.Request) -> web.Response:
    """Keep the learner's disk as it is."""
    return json_answer(await request.app[SNAPSHOTS].take(_learner(request), _name(request)))


async def remove_snapshot(request: web.Request) -> web.Response:
    """Keep this one no longer."""
    await request.app[SNAPSHOTS].remove(_learner(request), _name(request))
    return web.Response(status=204)


async def restore_snapshot(request: web.Request) -> web.Response:
    """Give the learner a disk like a snapshot."""
    asked = RestoreRequest.model_validate_json(await whole_body(request))
    snapshots = request.app[SNAPSHOTS]
    return view_answer(await snapshots.restore(_learner(request), asked.name, of=asked.of))


SNAPSHOT_ROUTES = (
    web.get("/sandboxes/{learner}/snapshots", list_snapshots, allow_head=False),
    web.put("/sandboxes/{learner}/snapshots/{name}", take_snapshot),
    web.delete("/sandboxes/{learner}/snapshots/{name}", remove_snapshot),
    web.post("/sandboxes/{learner}/restore", restore_snapshot),
)


def _learner(request: web.Request) -> str:
    return _LEARNER.validate_python(request.match_info["learner"])


def _name(request: web.Request) -> str:
    return _NAME.validate_python(request.match_info["name"])
