"""The wire between the bot and the sandbox service: requests, answers and the limits of both.

A learner is named by their Discord id, digits only. Everything that comes out of a sandbox is
hostile: the service bounds it before it goes on the wire, the reader escapes it before it shows.

    GET    /health/live                    → 200               the service itself is alive
    GET    /health                         → Health            200 able, 503 not: see `Health`
    GET    /metrics                        → Prometheus' text format, version 0.0.4
    PUT    /sandboxes/{learner}            → SandboxView       open; safe to repeat
    GET    /sandboxes/{learner}            → SandboxView
    DELETE /sandboxes/{learner}            → 204               close; the disk stays
    POST   /sandboxes/{learner}/reset      → SandboxView       a new, empty disk
    GET    /sandboxes/{learner}/facts      → EngineFacts
    POST   /sandboxes/{learner}/page       PageRequest → Page
    GET    /sandboxes/{learner}/run        WebSocket: see RunRequest and RunEvent

Every request may carry `X-Request-ID`; the answer repeats it, or names the one that was made up.
A failure is `{"error": code, "detail": text}` with the code of a class in `sandbox.errors`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MAX_LINE_BYTES = 16_384
"""Longest command line, in UTF-8 bytes: a 4,000-character message of Korean letters fits."""

REQUEST_ID_HEADER = "X-Request-ID"
REQUEST_ID = "request_id"
"""Name of the request's id among structlog's context variables, on both sides of the wire."""

LONGEST_COMMAND_S = 600
"""No service lets a command line run longer than this, whatever its settings say."""

MOST_LOST = 20
"""Containers that `Started.lost` names."""

ContainerName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")]
LearnerName = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class Wire(BaseModel):
    """A value on the wire; unknown fields are refused so that both sides stay in step."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HealthProblem(Wire):
    """Why no new learner can be served now; what runs already may go on."""

    part: Literal["engine", "mirror", "disk", "capacity"]
    detail: str


class Health(Wire):
    """How the service is; `engine` is False when the host's Docker engine does not answer."""

    engine: bool
    engine_version: str | None
    running: int
    capacity: int
    problems: list[HealthProblem] = []

    @property
    def able(self) -> bool:
        """Whether one more learner could open a sandbox and pull an image now."""
        return not self.problems


class SandboxView(Wire):
    """A learner's sandbox. `fresh` says that its disk was made by this call; times in ms.

    A frozen one has everything in memory but no processor; whatever is asked of it thaws it.
    """

    learner: LearnerName
    state: Literal["running", "frozen", "stopped"]
    fresh: bool = False
    opened_in_ms: int = 0
    safe: bool = False
    """Started after repeated crashes: no container of the learner's was started by itself."""


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


class Started(Wire):
    """The command runs now. `opened_in_ms` is set when a sandbox had to be started for it.

    `lost` is told once after a sandbox had ended, by whatever cause: names of containers that ran
    until then and do not run now. `docker start` brings them back.
    """

    type: Literal["started"] = "started"
    limits: RunLimits
    opened_in_ms: int | None = None
    lost: list[ContainerName] = Field(default=[], max_length=MOST_LOST)


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


RunEvent = Annotated[Queued | Started | Output | Ended | RunFailed, Field(discriminator="type")]


class PageRequest(Wire):
    """Fetch `http://localhost:{port}{path}` inside the sandbox."""

    port: int = Field(ge=1, le=65_535)
    path: str = Field(default="/", pattern=r"^/[!-~]{0,1000}$")


class Page(Wire):
    """What a published port answered. `body` is cut at 64 KiB; None fields: nothing answered.

    `problem` then says in the client's words why (refused, timeout, empty).
    """

    status: int | None
    reason: str = ""
    content_type: str = ""
    title: str | None = None
    body: str = ""
    truncated: bool = False
    problem: Literal["refused", "timeout", "empty", "protocol"] | None = None


class PortFact(Wire):
    """A port of a container; `host_port` is None when it is exposed but not published."""

    container_port: int
    protocol: str
    host_ip: str = ""
    host_port: int | None = None


class MountFact(Wire):
    """A mount of a container; `type` is bind, volume or tmpfs."""

    type: str
    name: str | None
    source: str
    target: str
    writable: bool


class ContainerFact(Wire):
    """A container of the learner's engine; names without the leading slash."""

    id: str
    name: str
    image: str
    """The image as the learner named it, e.g. `nginx` or `nginx:alpine`."""
    image_id: str
    status: str
    """created, running, paused, restarting, removing, exited or dead."""
    exit_code: int
    oom_killed: bool
    restart_count: int
    health: str | None
    created_at: str
    started_at: str
    command: list[str]
    env: list[str]
    labels: dict[str, str]
    ports: list[PortFact]
    mounts: list[MountFact]
    networks: dict[str, str]
    """Network name → the container's address there, empty when it has none."""
    memory_bytes: int
    """Memory limit; 0 is no limit."""
    nano_cpus: int
    restart_policy: str
    privileged: bool
    read_only: bool
    user: str
    cap_add: list[str]
    cap_drop: list[str]
    network_mode: str
    pid_mode: str
    auto_remove: bool
    hostname: str = ""
    restart_max_retries: int = 0
    """How often `on-failure` tries again; 0 is no limit."""
    security_opt: list[str] = []


class ImageFact(Wire):
    """An image of the learner's engine; `tags` as `nginx:latest`."""

    id: str
    tags: list[str]
    digests: list[str]
    size_bytes: int
    layers: int = 0


class NetworkFact(Wire):
    """A network; `containers` are the names connected to it."""

    id: str
    name: str
    driver: str
    containers: list[str]
    internal: bool


class VolumeFact(Wire):
    """A volume."""

    name: str
    driver: str
    labels: dict[str, str]


class VersionFact(Wire):
    """What `docker version` and `docker info` say of the engine and its command-line client."""

    client: str
    server: str
    api: str
    runc: str
    containerd: str
    kernel: str
    operating_system: str
    storage_driver: str
    cgroup_version: str


class EngineFacts(Wire):
    """The state of a learner's engine, bounded; `truncated` says that some of it was left out."""

    version: VersionFact
    containers: list[ContainerFact]
    images: list[ImageFact]
    networks: list[NetworkFact]
    volumes: list[VolumeFact]
    truncated: bool = False


class Failure(Wire):
    """Body of every answer that is not 2xx."""

    error: str
    detail: str = ""
