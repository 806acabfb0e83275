"""A terminal that stays: a program with a PTY, which callers attach to and leave again.

The first text frame on the WebSocket of a session is a `SessionRequest`; frames to the program are
`SessionFrame`s, frames from it are `SessionEvent`s. After `SessionStarted` the first output is all
that is kept of what was printed until then, for a screen that is empty. The last event is
`SessionEnded`, `SessionDetached` or `RunFailed`. A caller that goes away is detached.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sandbox.contract.runs import MOST_LOST, Output, RunFailed
from sandbox.contract.wire import ContainerName, LearnerName, Wire

MOST_SESSIONS = 4
"""Sessions of one learner at the same time."""
MAX_SESSION_LINE_BYTES = 8192
"""Longest command line of a session, in UTF-8 bytes."""
MAX_INPUT_BYTES = 4096
"""Longest text of one `Input`, in UTF-8 bytes."""
KEPT_OUTPUT_BYTES = 65_536
"""What is kept of a session's output for whoever attaches next; older output is gone."""
LONGEST_SESSION_S = 4 * 3600
"""No service lets a session live longer than this, whatever its settings say."""

SessionName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Columns = Annotated[int, Field(ge=20, le=500)]
Rows = Annotated[int, Field(ge=5, le=200)]
SignalName = Literal["INT", "TERM", "KILL", "QUIT", "HUP", "TSTP", "CONT"]


def _at_most(most: int, text: str) -> str:
    if len(text.encode(errors="surrogatepass")) > most:
        raise ValueError(f"longer than {most} bytes")
    return text


def _a_line(text: str) -> str:
    if "\0" in text:
        raise ValueError("a command line has no NUL")
    return _at_most(MAX_SESSION_LINE_BYTES, text)


def _an_input(text: str) -> str:
    return _at_most(MAX_INPUT_BYTES, text)


class SessionRequest(Wire):
    """Start a session with `line`, or attach to the one that has this name already without.

    A second caller takes over from the first. Limits beyond the service's own are lowered to them,
    and hold from the start; who attaches can't change them, nor `term`.
    """

    line: Annotated[str, AfterValidator(_a_line)] | None = Field(default=None, min_length=1)
    columns: Columns = 80
    rows: Rows = 24
    term: str = Field(default="xterm-256color", pattern=r"^[A-Za-z0-9._+-]{1,40}$")
    time_limit_s: float | None = Field(default=None, gt=0, le=LONGEST_SESSION_S)
    idle_limit_s: float | None = Field(default=None, gt=0, le=LONGEST_SESSION_S)


class Input(Wire):
    """Typed text, control characters included: U+0003 is Ctrl-C.

    A program that doesn't read lets it wait; more than 64 KiB do not wait, see `InputDropped`.
    """

    type: Literal["input"] = "input"
    text: Annotated[str, AfterValidator(_an_input)]


class Resize(Wire):
    """The terminal has another size now."""

    type: Literal["resize"] = "resize"
    columns: Columns
    rows: Rows


class Signal(Wire):
    """A signal to the processes in the foreground of the terminal."""

    type: Literal["signal"] = "signal"
    name: SignalName


class Detach(Wire):
    """Leave; the program runs on. The answer is `SessionDetached`."""

    type: Literal["detach"] = "detach"


class SessionLimits(Wire):
    """What ends a session at the latest.

    It is idle while nobody types, resizes, signals, attaches or leaves, and either nobody is
    attached or nothing is printed.
    """

    time_s: float
    idle_s: float


class SessionStarted(Wire):
    """The caller is attached.

    `opened_in_ms` and `lost` as in `Started`. `missed_bytes` of output came while nobody was
    attached and are not kept any more.
    """

    type: Literal["session_started"] = "session_started"
    limits: SessionLimits
    opened_in_ms: int | None = None
    lost: list[ContainerName] = Field(default=[], max_length=MOST_LOST)
    missed_bytes: int = 0


class InputDropped(Wire):
    """The program does not read its input: this much of it was thrown away."""

    type: Literal["input_dropped"] = "input_dropped"
    bytes: int


class SessionEnded(Wire):
    """The program is over; told to whoever is attached, or attaches within some minutes.

    `limit` says which limit ended it: then `exit_code` is None, as it is after `cancelled`, which
    is an end that somebody asked for.
    """

    type: Literal["session_ended"] = "session_ended"
    exit_code: int | None
    limit: Literal["time", "idle"] | None = None
    cancelled: bool = False


class SessionDetached(Wire):
    """The caller is not attached any more; `taken_over`: because somebody else is now."""

    type: Literal["session_detached"] = "session_detached"
    taken_over: bool = False


class SessionView(Wire):
    """A session of a learner's that runs; times in seconds."""

    id: SessionName
    line: str
    age_s: float
    idle_s: float
    attached: bool
    limits: SessionLimits


class SessionList(Wire):
    """Sessions of a learner's that run, the oldest first."""

    learner: LearnerName
    sessions: list[SessionView]


SessionFrame = Annotated[Input | Resize | Signal | Detach, Field(discriminator="type")]
SessionEvent = Annotated[
    SessionStarted | Output | InputDropped | SessionEnded | SessionDetached | RunFailed,
    Field(discriminator="type"),
]
