"""What goes wrong on the way to the sandbox service, as errors of ours."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import aiohttp
from pydantic import ValidationError

from sandbox.contract import Failure
from sandbox.errors import (
    ERRORS_BY_CODE,
    BadRequest,
    InLine,
    SandboxError,
    ServiceDown,
    Unauthorized,
)


def failure(content: bytes, status: int) -> SandboxError:
    """The error that an answer of this status tells."""
    try:
        told = Failure.model_validate_json(content)
    except ValidationError:
        return ServiceDown(f"the service answered HTTP {status}")
    if told.error == InLine.code:
        return InLine(told.detail, place=told.place, estimate_s=told.estimate_s)
    return ERRORS_BY_CODE.get(told.error, SandboxError)(told.detail)


@contextmanager
def our_errors() -> Generator[None]:
    """Let nothing of aiohttp or pydantic leave the client under its own name."""
    try:
        yield
    except aiohttp.WSServerHandshakeError as exc:
        raise _by_status(exc.status) from exc
    except (aiohttp.ClientError, OSError) as exc:
        raise ServiceDown(str(exc) or type(exc).__name__) from exc
    except ValidationError as exc:
        raise ServiceDown(f"not understood: {exc.error_count()} fields") from exc


def _by_status(status: int) -> SandboxError:
    """The handshake of a WebSocket that is refused shows its status only."""
    known = {error.status: error for error in (BadRequest, Unauthorized)}
    return known.get(status, ServiceDown)(f"the service answered HTTP {status}")


@contextmanager
def valid(what: str) -> Generator[None]:
    """A request that breaks the contract is refused before it is sent."""
    try:
        yield
    except ValidationError as exc:
        raise BadRequest(what) from exc
