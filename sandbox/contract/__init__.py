"""The wire between the bot and the sandbox service: requests, answers and the limits of both.

A learner is named by their Discord id, digits only. Everything that comes out of a sandbox is
hostile: the service bounds it before it goes on the wire, the reader escapes it before it shows.

    GET    /health/live                    → 200               the service itself is alive
    GET    /health                         → Health            200 able, 503 not: see `Health`
    GET    /metrics                        → Prometheus' text format, version 0.0.4
    PUT    /sandboxes/{learner}            → SandboxView       open; safe to repeat. 202: it waits
                                                               for a place, while it's asked again
    GET    /sandboxes/{learner}            → SandboxView
    DELETE /sandboxes/{learner}            → 204               close; the disk stays
    POST   /sandboxes/{learner}/reset      → SandboxView       a new, empty disk
    GET    /sandboxes/{learner}/facts      → EngineFacts       ?usage=1: with `usage`
    GET    /sandboxes/{learner}/load       → LoadFact
    POST   /sandboxes/{learner}/page       PageRequest → Page
    POST   /sandboxes/{learner}/screenshot ScreenshotRequest → image/png
    GET    /sandboxes/{learner}/file       ?path= → the file's bytes
    PUT    /sandboxes/{learner}/file       ?path=, the file's bytes → FileWritten
    GET    /sandboxes/{learner}/files      ?path=&depth= → FileList
    POST   /sandboxes/{learner}/extend     ExtendRequest → SandboxView
    POST   /sandboxes/{learner}/warned     → 204               told that the disk will be deleted
    GET    /sandboxes/{learner}/run        WebSocket: see RunRequest and RunEvent
    GET    /sandboxes/{learner}/sessions   → SessionList
    GET    /sandboxes/{learner}/sessions/{name}   WebSocket: see `sandbox.contract.sessions`
    DELETE /sandboxes/{learner}/sessions/{name}   → 204        end it; safe to repeat
    GET    /sandboxes/{learner}/snapshots         → SnapshotList
    PUT    /sandboxes/{learner}/snapshots/{name}  → SnapshotFact   keep the disk as it is
    DELETE /sandboxes/{learner}/snapshots/{name}  → 204            safe to repeat
    POST   /sandboxes/{learner}/restore    RestoreRequest → SandboxView
    GET    /expiring                       → AllExpiring       disks that nobody used for long
    GET    /seats                          → AllSeats
    PUT    /seats/{name}                   SeatsRequest → SeatsView
    DELETE /seats/{name}                   → 204               safe to repeat

Every request may carry `X-Request-ID`; the answer repeats it, or names the one that was made up.
A failure is `{"error": code, "detail": text}` with the code of a class in `sandbox.errors`.
"""

from __future__ import annotations

from sandbox.contract.facts import (
    ComposeProjectFact,
    ContainerFact,
    ContainerLoad,
    EngineFacts,
    EventFact,
    ImageFact,
    LimitsFact,
    LoadFact,
    MountFact,
    NetworkFact,
    OomKillsFact,
    PortFact,
    UsageFact,
    VersionFact,
    VolumeFact,
)
from sandbox.contract.files import (
    FileEntry,
    FileList,
    FileListRequest,
    FileReason,
    FileRequest,
    FileWritten,
)
from sandbox.contract.pages import (
    Page,
    PageRequest,
    ScreenshotRequest,
)
from sandbox.contract.places import (
    LONGEST_EXTENSION_MINUTES,
    MOST_LEARNERS,
    AllExpiring,
    AllSeats,
    Expiring,
    ExtendRequest,
    SeatsName,
    SeatsRequest,
    SeatsView,
)
from sandbox.contract.runs import (
    LONGEST_COMMAND_S,
    LONGEST_WAIT_S,
    MAX_LINE_BYTES,
    MOST_LOST,
    Cancel,
    Ended,
    Output,
    Queued,
    RunEvent,
    RunFailed,
    RunLimits,
    RunRequest,
    Started,
    Waiting,
)
from sandbox.contract.sandboxes import (
    EndReason,
    Health,
    HealthProblem,
    SandboxTimers,
    SandboxView,
)
from sandbox.contract.sessions import (
    KEPT_OUTPUT_BYTES,
    LONGEST_SESSION_S,
    MAX_INPUT_BYTES,
    MAX_SESSION_LINE_BYTES,
    MOST_SESSIONS,
    Detach,
    Input,
    InputDropped,
    Resize,
    SessionDetached,
    SessionEnded,
    SessionEvent,
    SessionFrame,
    SessionLimits,
    SessionList,
    SessionName,
    SessionRequest,
    SessionStarted,
    SessionView,
    Signal,
    SignalName,
)
from sandbox.contract.snapshots import (
    RestoreRequest,
    SnapshotFact,
    SnapshotList,
    SnapshotName,
)
from sandbox.contract.wire import (
    REQUEST_ID,
    REQUEST_ID_HEADER,
    ContainerName,
    Failure,
    LearnerName,
    Wire,
)

__all__ = [
    "KEPT_OUTPUT_BYTES",
    "LONGEST_COMMAND_S",
    "LONGEST_EXTENSION_MINUTES",
    "LONGEST_SESSION_S",
    "LONGEST_WAIT_S",
    "MAX_INPUT_BYTES",
    "MAX_LINE_BYTES",
    "MAX_SESSION_LINE_BYTES",
    "MOST_LEARNERS",
    "MOST_LOST",
    "MOST_SESSIONS",
    "REQUEST_ID",
    "REQUEST_ID_HEADER",
    "AllExpiring",
    "AllSeats",
    "Cancel",
    "ComposeProjectFact",
    "ContainerFact",
    "ContainerLoad",
    "ContainerName",
    "Detach",
    "EndReason",
    "Ended",
    "EngineFacts",
    "EventFact",
    "Expiring",
    "ExtendRequest",
    "Failure",
    "FileEntry",
    "FileList",
    "FileListRequest",
    "FileReason",
    "FileRequest",
    "FileWritten",
    "Health",
    "HealthProblem",
    "ImageFact",
    "Input",
    "InputDropped",
    "LearnerName",
    "LimitsFact",
    "LoadFact",
    "MountFact",
    "NetworkFact",
    "OomKillsFact",
    "Output",
    "Page",
    "PageRequest",
    "PortFact",
    "Queued",
    "Resize",
    "RestoreRequest",
    "RunEvent",
    "RunFailed",
    "RunLimits",
    "RunRequest",
    "SandboxTimers",
    "SandboxView",
    "ScreenshotRequest",
    "SeatsName",
    "SeatsRequest",
    "SeatsView",
    "SessionDetached",
    "SessionEnded",
    "SessionEvent",
    "SessionFrame",
    "SessionLimits",
    "SessionList",
    "SessionName",
    "SessionRequest",
    "SessionStarted",
    "SessionView",
    "Signal",
    "SignalName",
    "SnapshotFact",
    "SnapshotList",
    "SnapshotName",
    "Started",
    "UsageFact",
    "VersionFact",
    "VolumeFact",
    "Waiting",
    "Wire",
]
