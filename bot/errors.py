"""What can go wrong for a learner, as keys of the text catalogue.

LearnerError       a sentence for the learner: what happened and what to do
StartupError       the bot can't start; a sentence for the operator and an exit code

Failures of the sandbox service and of the database become a `LearnerError` here, so that each
has one wording wherever it shows. Everything else is a bug and belongs to `bot.on_error`.
"""

from __future__ import annotations

from db.errors import DatabaseBusy, DatabaseError
from sandbox.errors import (
    BadRequest,
    Busy,
    DiskFull,
    EngineFailed,
    FileRefused,
    HardLimit,
    HostEngineDown,
    InLine,
    NoBrowser,
    NoCapacity,
    NoPage,
    NoSnapshot,
    SandboxError,
    SandboxGone,
    SandboxReset,
    ServiceDown,
    SessionGone,
    StartFailed,
    TooManySnapshots,
    Unauthorized,
)


class LearnerError(Exception):
    """Something that the learner should read; the sentence is made when it is shown.

    `key` is a key of the text catalogue, `values` fill its placeholders.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class HeldBack(SandboxError):
    """The engine is prepared for a challenge, or given back after one: nobody may use it."""

    code = "held_back"


class StartupError(Exception):
    """The bot can't start. The message tells an operator in one sentence what to do."""

    def __init__(self, message: str, *, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


SANDBOX_ERROR_KEYS: dict[type[SandboxError], str] = {
    BadRequest: "error.sandbox.bad_request",
    # A refused token and a service that is down are the same to a learner, who can mend neither.
    Unauthorized: "error.sandbox.service_down",
    DiskFull: "error.sandbox.disk_full",
    NoCapacity: "error.sandbox.no_capacity",
    InLine: "error.sandbox.no_capacity",  # by those who did not learn the place
    SandboxGone: "error.sandbox.gone",
    SandboxReset: "error.sandbox.reset",
    HardLimit: "error.sandbox.hard_limit",
    SessionGone: "error.sandbox.session_gone",
    NoSnapshot: "error.sandbox.no_snapshot",
    TooManySnapshots: "error.sandbox.too_many_snapshots",
    Busy: "error.sandbox.busy",
    FileRefused: "error.sandbox.file_refused",
    NoPage: "error.sandbox.no_page",
    NoBrowser: "error.sandbox.no_browser",
    StartFailed: "error.sandbox.start_failed",
    EngineFailed: "error.sandbox.engine_failed",
    HostEngineDown: "error.sandbox.host_engine_down",
    ServiceDown: "error.sandbox.service_down",
}


def for_sandbox_error(error: SandboxError) -> LearnerError:
    """What this failure of a sandbox means to its learner."""
    if isinstance(error, HeldBack):
        return LearnerError("challenge.held")
    if isinstance(error, InLine) and error.place is not None:
        return in_line(error.place, error.estimate_s)
    return LearnerError(SANDBOX_ERROR_KEYS.get(type(error), "error.sandbox.engine_failed"))


def in_line(place: int, estimate_s: float | None) -> LearnerError:
    """Every place is taken: where the learner stands now, and how they keep that."""
    if estimate_s is None:
        return LearnerError("error.sandbox.in_line", place=place)
    minutes = round(estimate_s / 60)
    if minutes < 1:
        return LearnerError("error.sandbox.in_line.soon", place=place)
    return LearnerError("error.sandbox.in_line.minutes", place=place, n=minutes)


def for_database_error(error: DatabaseError) -> LearnerError:
    """What this failure of the database means to a learner."""
    busy = isinstance(error, DatabaseBusy)
    return LearnerError("error.database.busy" if busy else "error.database.down")
