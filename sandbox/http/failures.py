"""What a caller sees of a failure: one of our codes, never a traceback."""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from sandbox.contract import Failure
from sandbox.errors import BadRequest, FileRefused, InLine, NoPage, SandboxError

ORDINARY = (BadRequest, FileRefused, NoPage)
"""What is nobody's trouble but the caller's."""

log = structlog.get_logger(__name__)


@web.middleware
async def failures_as_codes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every failure with `Failure`; the boundary of the service."""
    try:
        return await handler(request)
    except SandboxError as exc:
        if not isinstance(exc, ORDINARY):
            log.warning("request_failed", path=request.path, error=exc.code, detail=str(exc))
        return _answer(exc.status, _told(exc))
    except ValidationError as exc:
        return _failure(BadRequest.status, BadRequest.code, _what_is_wrong(exc))
    except web.HTTPException as exc:  # no such path, too long a body
        return _failure(exc.status, BadRequest.code, exc.reason)
    except Exception:
        log.exception("request_crashed", path=request.path)
        return _failure(SandboxError.status, SandboxError.code, "a bug, see the service's log")


def _what_is_wrong(exc: ValidationError) -> str:
    """The fields, not what was in them: that may be what a learner typed."""
    return ", ".join(
        ".".join(map(str, error["loc"])) + ": " + error["type"] for error in exc.errors()
    )


def _told(exc: SandboxError) -> Failure:
    if isinstance(exc, InLine):
        return Failure(error=exc.code, detail=str(exc), place=exc.place, estimate_s=exc.estimate_s)
    return Failure(error=exc.code, detail=str(exc))


def _failure(status: int, code: str, detail: str) -> web.Response:
    return _answer(status, Failure(error=code, detail=detail))


def _answer(status: int, body: Failure) -> web.Response:
    text = body.model_dump_json(exclude_none=True)
    return web.Response(status=status, text=text, content_type="application/json")
