"""The state of a learner's engine."""

from __future__ import annotations

from pydantic import Field

from sandbox.contract.wire import Wire


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
    security_opt: list[str] = Field(default=[])


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


class ComposeProjectFact(Wire):
    """What `docker compose` made together, by the labels of its containers; names sorted."""

    name: str
    services: list[str]
    containers: list[str]


class EventFact(Wire):
    """Something that happened in the engine, e.g. type `container`, action `die`, name `web`."""

    at: float
    """Seconds since 1970."""
    type: str
    action: str
    name: str
    """Of the container, image, network or volume; the id of what has no name."""
    container: str | None = None
    """Id of the container that a network was connected to, or a volume mounted in."""
    exit_code: int | None = None
    """How a container ended."""


class OomKillsFact(Wire):
    """A container in which the kernel ended a program for want of memory, and how often."""

    container: str
    count: int


class LimitsFact(Wire):
    """What the sandbox may use: the engine, all containers and all commands together."""

    memory_bytes: int
    nano_cpus: int
    pids: int
    disk_bytes: int


class UsageFact(Wire):
    """What takes room on the learner's disk, as `docker system df` adds it up, and the disk."""

    images_bytes: int
    containers_bytes: int
    volumes_bytes: int
    build_cache_bytes: int
    disk_used_bytes: int
    disk_size_bytes: int


class EngineFacts(Wire):
    """The state of a learner's engine, bounded; `truncated` says that some of it was left out.

    `events` are the newest, oldest first, without those of `exec`: health checks are full of them.
    They and `oom_kills` reach back to the engine's start at most. `usage` is None unless it was
    asked for: to add it up takes the engine a while.
    """

    version: VersionFact
    containers: list[ContainerFact]
    images: list[ImageFact]
    networks: list[NetworkFact]
    volumes: list[VolumeFact]
    truncated: bool = False
    compose_projects: list[ComposeProjectFact] = Field(default=[])
    events: list[EventFact] = Field(default=[])
    oom_kills: list[OomKillsFact] = Field(default=[])
    limits: LimitsFact | None = None
    usage: UsageFact | None = None


class ContainerLoad(Wire):
    """What a container that runs has used of the processors since it started, and of memory now."""

    id: str
    cpu_ns: int | None
    memory_bytes: int


class LoadFact(Wire):
    """What the engine and all containers together use, and each container; see `LimitsFact`.

    `at` are seconds of a clock that only goes on: two of these tell how much went on in between.
    `cpu_ns` is processor time since the start, None where nobody counts it. Memory is without what
    the kernel can drop at once.
    """

    at: float
    cpu_ns: int | None
    memory_bytes: int
    containers: list[ContainerLoad]
    pids: int | None = None
    """Processes and threads of all of it, None where nobody counts them."""
