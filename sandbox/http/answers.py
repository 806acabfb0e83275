"""How a value of the contract goes on the wire."""

from __future__ import annotations

from aiohttp import web

from sandbox.contract import SandboxView, Wire


def json_answer(answer: Wire, *, status: int = 200) -> web.Response:
    """The value as a JSON body."""
    text = answer.model_dump_json()
    return web.Response(status=status, text=text, content_type="application/json")


def view_answer(view: SandboxView) -> web.Response:
    """A sandbox after it was to run: 202 when it only stands in line for that."""
    return json_answer(view, status=202 if view.state == "waiting" else 200)
