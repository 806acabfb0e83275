"""Failures of the sandbox service, as the service raises them and the client raises them again.

SandboxError
├── BadRequest        the caller's request breaks the contract; nothing was done
├── Unauthorized      the token is missing or wrong
├── NoCapacity        the machine is full; worth trying again later
│   ├── InLine        every place is taken; who asks again in time keeps theirs in the line
│   └── DiskFull      its disk is: somebody has to make room, waiting does not help
├── SandboxGone       there is no sandbox of this learner, or it ended while we used it
│   ├── SandboxReset  the learner began anew, with an empty disk, while it was in use
│   ├── SessionGone   there is no session of this name, or none any more
│   └── HardLimit     it ran for the longest time that a sandbox may, while it was in use
├── NoSnapshot        there is no snapshot of this name
├── TooManySnapshots  the learner has as many as may be; removing one helps
├── StartFailed       the sandbox did not come up; the reason is attached
├── EngineFailed      the learner's engine does not answer; a reset helps
├── Busy              too much of this is under way; trying again in a moment helps
├── FileRefused       a file can't be read or written there; `reason` says why
├── NoPage            there is no page to take a picture of; `problem` says why
├── NoBrowser         the operator chose an engine image without a browser
├── HostEngineDown    the host's Docker engine does not answer; an operator should look
└── ServiceDown       the service itself does not answer (raised by the client only)
"""

from __future__ import annotations

from typing import ClassVar


class SandboxError(Exception):
    """Something about a sandbox that somebody can act on; `code` is its name on the wire."""

    code: ClassVar[str] = "sandbox_error"
    status: ClassVar[int] = 500


class BadRequest(SandboxError):
    """The caller's request breaks the contract; nothing was done."""

    code = "bad_request"
    status = 400


class Unauthorized(SandboxError):
    """The token is missing or wrong."""

    code = "unauthorized"
    status = 401


class NoCapacity(SandboxError):
    """The machine is full; worth trying again later."""

    code = "no_capacity"
    status = 503


class InLine(NoCapacity):
    """Every place is taken: the learner stands in line, and keeps that by asking again in time.

    `place` 1 is next; without one, nobody said. `estimate_s`: None when nobody knows.
    """

    code = "in_line"

    def __init__(
        self, detail: str = "", *, place: int | None = None, estimate_s: float | None = None
    ) -> None:
        super().__init__(detail)
        self.place = place
        self.estimate_s = estimate_s


class DiskFull(NoCapacity):
    """The machine's disk is nearly full: nothing starts, and what grows is stopped."""

    code = "disk_full"


class SandboxGone(SandboxError):
    """There is no sandbox of this learner, or it ended while it was in use."""

    code = "sandbox_gone"
    status = 410


class SandboxReset(SandboxGone):
    """The learner began anew while it was in use: the disk is empty now."""

    code = "sandbox_reset"


class HardLimit(SandboxGone):
    """It ran for the longest time that a sandbox may; the disk stays."""

    code = "hard_limit"


class NoSnapshot(SandboxError):
    """There is no snapshot of this name."""

    code = "no_snapshot"
    status = 404


class TooManySnapshots(SandboxError):
    """The learner has as many snapshots as may be; removing one helps."""

    code = "too_many_snapshots"
    status = 409


class SessionGone(SandboxGone):
    """The learner has no session of this name, or it ended with the service."""

    code = "session_gone"


class StartFailed(SandboxError):
    """The sandbox did not come up."""

    code = "start_failed"
    status = 502


class EngineFailed(SandboxError):
    """The learner's own engine does not answer, or answers nonsense."""

    code = "engine_failed"
    status = 502


class Busy(SandboxError):
    """Too much of what was asked for is under way already; worth trying again in a moment."""

    code = "busy"
    status = 503


class FileRefused(SandboxError):
    """A file can't be read or written there."""

    code = "file_refused"
    status = 422

    @property
    def reason(self) -> str:
        """Why: a `FileReason` of the contract."""
        return str(self)


class NoPage(SandboxError):
    """There is no page to take a picture of."""

    code = "no_page"
    status = 422

    @property
    def problem(self) -> str:
        """Why, as `Page.problem` has it; also `too_big` and `failed`, for a page that is there."""
        return str(self)


class NoBrowser(SandboxError):
    """The operator chose an engine image without a browser: there is only the page's text."""

    code = "no_browser"
    status = 501


class HostEngineDown(SandboxError):
    """The host's Docker engine does not answer."""

    code = "host_engine_down"
    status = 503


class ServiceDown(SandboxError):
    """The sandbox service does not answer; only the client raises this."""

    code = "service_down"
    status = 503


ERRORS_BY_CODE: dict[str, type[SandboxError]] = {
    error.code: error
    for error in (
        BadRequest,
        Unauthorized,
        NoCapacity,
        InLine,
        DiskFull,
        SandboxGone,
        SandboxReset,
        SessionGone,
        HardLimit,
        NoSnapshot,
        TooManySnapshots,
        StartFailed,
        EngineFailed,
        Busy,
        FileRefused,
        NoPage,
        NoBrowser,
        HostEngineDown,
        ServiceDown,
    )
}
