"""Requests whose answer, or body, is bytes: files in and out, and pictures of pages."""

from __future__ import annotations

from aiohttp import web
from pydantic import TypeAdapter

from sandbox.contract import LearnerName, ScreenshotRequest
from sandbox.contract.files import FileListRequest, FileRequest
from sandbox.errors import BadRequest, FileRefused
from sandbox.http.requests import whole_body
from sandbox.http.routes import SERVICE

PIECE_BYTES = 65_536
_LEARNER: TypeAdapter[str] = TypeAdapter(LearnerName)


async def read_file(request: web.Request) -> web.Response:
    """A file out of the learner's sandbox."""
    asked = FileRequest.model_validate(dict(request.query))
    service, learner = request.app[SERVICE], _learner(request)
    async with (
        service.lifecycle.use(learner, known_only=True) as opened,
        service.files.turn(learner),
    ):
        content = await opened.sandbox.inside.read_file(asked.path, most=service.files.most_bytes)
    return web.Response(body=content, content_type="application/octet-stream")


async def write_file(request: web.Request) -> web.Response:
    """A file into the learner's sandbox, piece by piece as fast as that takes it."""
    asked = FileRequest.model_validate(dict(request.query))
    service, learner = request.app[SERVICE], _learner(request)
    size = _length(request, service.files.most_bytes)
    async with (
        service.lifecycle.use(learner, known_only=True) as opened,
        service.files.turn(learner),
    ):
        written = await opened.sandbox.inside.write_file(
            asked.path, size, request.content.iter_chunked(PIECE_BYTES)
        )
    return web.json_response(text=written.model_dump_json())


async def list_files(request: web.Request) -> web.Response:
    """What is in a folder of the learner's."""
    asked = FileListRequest.model_validate_strings(dict(request.query))
    lifecycle = request.app[SERVICE].lifecycle
    async with lifecycle.use(_learner(request), known_only=True) as opened:
        listed = await opened.sandbox.inside.list_files(asked)
    return web.json_response(text=listed.model_dump_json())


async def screenshot(request: web.Request) -> web.Response:
    """A picture of a page in the learner's sandbox."""
    asked = ScreenshotRequest.model_validate_json(await whole_body(request))
    lifecycle = request.app[SERVICE].lifecycle
    async with lifecycle.use(_learner(request), known_only=True) as opened:
        picture = await opened.sandbox.inside.screenshot(asked)
    return web.Response(body=picture, content_type="image/png")


def _length(request: web.Request, most: int) -> int:
    """How long the body says that it is: a part of a file must not be taken for all of it."""
    length = request.content_length
    if length is None:
        raise BadRequest("say the length of the file")
    if length > most:
        raise FileRefused("too_big")
    return length


def _learner(request: web.Request) -> str:
    return _LEARNER.validate_python(request.match_info["learner"])


FILE_ROUTES = (
    web.get("/sandboxes/{learner}/file", read_file, allow_head=False),
    web.put("/sandboxes/{learner}/file", write_file),
    web.get("/sandboxes/{learner}/files", list_files, allow_head=False),
    web.post("/sandboxes/{learner}/screenshot", screenshot),
)
