"""One command line: its request, its events, and the limits of both."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sandbox.contract.sandboxes import EndReason
from sandbox.contract.wire import ContainerName, Wire

MAX_LINE_BYTES = 16_384
"""Longest command line, in UTF-8 bytes: a 4,000-character message of Korean letters fits."""

LONGEST_COMMAND_S = 600
"""No service lets a command line run longer than this, whatever its settings say."""

LONGEST_WAIT_S = 3600
"""No service lets anybody wait longer for a place, whatever its settings say."""

MOST_LOST = 20
"""Containers that `Started.lost` names."""


class RunRequest(Wire):
    """First text frame on the run WebSocket. Without limits of its own, the service's hold.

    Limits beyond the service's own are lowered to them; `Started` tells which hold. After the
    request the client may send `{"type": "cancel"}`; closing the socket cancels as well.
    """

    line: str = Field(min_length=1)
    time_limit_s: float | None = Field(default=None, gt=0, le=LONGEST_COMMAND_S)
    output_limit_bytes: int | None = Field(default=None, ge=1024, le=1_048_576)


class RunLimits(Wire):
    """What ends a command line at the latest: its own limits, or the service's."""

    time_s: float
    output_bytes: int
    output_lines: int


class Cancel(Wire):
    """Text frame from the client: end this command and all that it started."""

    type: Literal["cancel"] = "cancel"


class Queued(Wire):
    """Another command of the same learner runs first; `ahead` of them."""

    type: Literal["queued"] = "queued"
    ahead: int


class Waiting(Wire):
    """Every place is taken; told again when it changes, and now and then. `place` 1 is next.

    `estimate_s`: seconds until the learner's turn, a guess; None: nobody knows.
    """

    type: Literal["waiting"] = "waiting"
    place: int
    estimate_s: float | None = None


class Started(Wire):
    """The command runs now. `opened_in_ms` is set when a sandbox had to be started for it.

    `lost` is told once after a sandbox had ended, by whatever cause: names of containers that ran
    until then and do not run now. `docker start` brings them back. `ended_because` says why.
    `hard_stop_s` is set when the sandbox will soon have run for the longest time allowed: so many
    seconds are left unless it is extended.
    """

    type: Literal["started"] = "started"
    limits: RunLimits
    opened_in_ms: int | None = None
    lost: list[ContainerName] = Field(default=[], max_length=MOST_LOST)
    ended_because: EndReason | None = None
    hard_stop_s: float | None = None


class Output(Wire):
    """A piece of output, standard output and error in the order they came; UTF-8, repaired."""

    type: Literal["output"] = "output"
    text: str


class Ended(Wire):
    """The command is over.

    `limit` says which limit ended it: then `exit_code` is None, as it is after `cancelled`.
    `directory` is the working directory that the next command starts in.
    """

    type: Literal["ended"] = "ended"
    exit_code: int | None
    took_ms: int
    limit: Literal["time", "output", "lines"] | None = None
    cancelled: bool = False
    directory: str | None = None


class RunFailed(Wire):
    """The command could not run; `error` is a code of `sandbox.errors`."""

    type: Literal["failed"] = "failed"
    error: str
    detail: str = ""


RunEvent = Annotated[
    Queued | Waiting | Started | Output | Ended | RunFailed, Field(discriminator="type")
]
