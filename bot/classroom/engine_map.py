"""What a learner's engine looks like at a glance: what a map of it shows, bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import LearnerError
from sandbox.client import Sandboxes
from sandbox.contract import ContainerFact, EngineFacts, ImageFact, PortFact
from sandbox.errors import SandboxGone

MOST_CONTAINERS: Final = 40
MOST_EMPTY_NETWORKS: Final = 6
OF_THE_ENGINE: Final = ("bridge", "host", "none")
"""Networks that every engine has; only worth showing with somebody in them."""
EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - read, not bound to
NANO: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class MapPort:
    """A published port. `address` is empty when it is open on all of them."""

    address: str
    host: int
    inside: int
    protocol: str

    def __str__(self) -> str:
        """As `docker ps` tells it, shorter."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        host = f"{address}:{self.host}" if address else str(self.host)
        return f"{host}→{self.inside}{'' if self.protocol == 'tcp' else f'/{self.protocol}'}"


@dataclass(frozen=True, slots=True)
class MapMount:
    """Something mounted; `volume` is None for folders of the machine."""

    volume: str | None
    source: str
    target: str
    writable: bool


@dataclass(frozen=True, slots=True)
class MapContainer:
    """A container; `state` is the engine's word. Limits are 0 when there are none."""

    name: str
    image: str
    state: str
    health: str | None
    exit_code: int
    out_of_memory: bool
    ports: tuple[MapPort, ...]
    networks: tuple[str, ...]
    mounts: tuple[MapMount, ...]
    memory_bytes: int
    cpus: float

    @property
    def runs(self) -> bool:
        """Whether it has a process now."""
        return self.state in {"running", "paused", "restarting"}


@dataclass(frozen=True, slots=True)
class MapNetwork:
    """A network with the containers that are drawn in it; others may be connected as well."""

    name: str
    driver: str
    internal: bool
    containers: tuple[MapContainer, ...]


@dataclass(frozen=True, slots=True)
class MapVolume:
    """A volume and the names of containers that use it."""

    name: str
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapImage:
    """An image, and how many containers are made from it."""

    name: str
    size_bytes: int
    containers: int


@dataclass(frozen=True, slots=True)
class MapLimits:
    """What the whole sandbox may use; 0: nobody knows."""

    memory_bytes: int = 0
    cpus: float = 0
    disk_bytes: int = 0
    pids: int = 0


@dataclass(frozen=True, slots=True)
class EngineMap:
    """Everything on the map.

    Each container is in one network, `apart` has those in none. `left_out` containers there are
    besides, and `networks_left_out` networks without any. `running` counts all that run.
    """

    version: str
    networks: tuple[MapNetwork, ...]
    apart: tuple[MapContainer, ...]
    volumes: tuple[MapVolume, ...]
    images: tuple[MapImage, ...]
    limits: MapLimits
    running: int
    left_out: int
    networks_left_out: int

    @property
    def containers(self) -> tuple[MapContainer, ...]:
        """All that are drawn."""
        return (*(each for net in self.networks for each in net.containers), *self.apart)

    @property
    def count(self) -> int:
        """How many containers there are."""
        return len(self.containers) + self.left_out


class Maps:
    """Draws up maps. Raises `SandboxError`, and `LearnerError` where there are no sandboxes."""

    def __init__(self, sandboxes: Sandboxes | None) -> None:
        self._sandboxes = sandboxes

    async def of(self, learner_id: int) -> EngineMap | None:
        """The map of the learner's engine, which is started for that; None if they have none."""
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        try:
            return map_of(await self._sandboxes.facts(str(learner_id)))
        except SandboxGone:
            return None


def map_of(facts: EngineFacts) -> EngineMap:
    """The map of an engine in this state."""
    found = sorted((_container(fact) for fact in facts.containers), key=_order)
    shown = found[:MOST_CONTAINERS]
    homes: dict[str, list[MapContainer]] = defaultdict(list)
    for container in shown:
        if container.networks:
            homes[container.networks[0]].append(container)
    full, empty = _networks(facts, homes)
    return EngineMap(
        version=facts.version.server,
        networks=(*full, *empty[:MOST_EMPTY_NETWORKS]),
        apart=tuple(container for container in shown if not container.networks),
        volumes=_volumes(facts),
        images=tuple(_image(image, facts.containers) for image in facts.images),
        limits=limits_of_sandbox(facts),
        running=sum(container.runs for container in found),
        left_out=len(found) - len(shown),
        networks_left_out=max(0, len(empty) - MOST_EMPTY_NETWORKS),
    )


def _order(container: MapContainer) -> tuple[bool, str]:
    return not container.runs, container.name


def _container(fact: ContainerFact) -> MapContainer:
    return MapContainer(
        name=fact.name,
        image=fact.image,
        state=fact.status,
        health=fact.health if fact.health in {"healthy", "unhealthy", "starting"} else None,
        exit_code=fact.exit_code,
        out_of_memory=fact.oom_killed,
        ports=_ports(fact.ports),
        # The learner's own first: they are what a map is looked at for.
        networks=tuple(sorted(fact.networks, key=lambda name: (name in OF_THE_ENGINE, name))),
        mounts=tuple(
            MapMount(
                volume=mount.name if mount.type == "volume" else None,
                source=mount.name or mount.source or mount.type,
                target=mount.target,
                writable=mount.writable,
            )
            for mount in fact.mounts
        ),
        memory_bytes=max(0, fact.memory_bytes),
        cpus=max(0, fact.nano_cpus) / NANO,
    )


def _ports(ports: Sequence[PortFact]) -> tuple[MapPort, ...]:
    """The published ones, each once: an engine tells of IPv4 and IPv6 apart."""
    found = {
        MapPort(
            address="" if port.host_ip in EVERYWHERE else port.host_ip,
            host=port.host_port,
            inside=port.container_port,
            protocol=port.protocol,
        )
        for port in ports
        if port.host_port is not None
    }
    return tuple(sorted(found, key=lambda port: (port.host, port.address, port.protocol)))


def _networks(
    facts: EngineFacts, homes: dict[str, list[MapContainer]]
) -> tuple[list[MapNetwork], list[MapNetwork]]:
    """Those with containers, and the learner's own that have none drawn in them."""
    known = {network.name: network for network in facts.networks}
    full, empty = [], []
    for name in sorted({*known, *homes}, key=lambda name: (name in OF_THE_ENGINE, name)):
        network = known.get(name)
        found = MapNetwork(
            name=name,
            driver="" if network is None else network.driver,
            internal=network is not None and network.internal,
            containers=tuple(homes.get(name, ())),
        )
        if found.containers:
            full.append(found)
        elif name not in OF_THE_ENGINE:
            empty.append(found)
    return full, empty


def _volumes(facts: EngineFacts) -> tuple[MapVolume, ...]:
    """Those in use first."""
    users: dict[str, list[str]] = defaultdict(list)
    for container in facts.containers:
        for name in {mount.name for mount in container.mounts if mount.type == "volume"}:
            users[name or ""].append(container.name)
    volumes = (MapVolume(each.name, tuple(sorted(users[each.name]))) for each in facts.volumes)
    return tuple(sorted(volumes, key=lambda volume: (not volume.used_by, volume.name)))


def _image(image: ImageFact, containers: Sequence[ContainerFact]) -> MapImage:
    return MapImage(
        name=image.tags[0] if image.tags else image.id.removeprefix("sha256:")[:12],
        size_bytes=max(0, image.size_bytes),
        containers=sum(container.image_id == image.id for container in containers),
    )


def limits_of_sandbox(facts: EngineFacts) -> MapLimits:
    """What the whole sandbox may use."""
    if facts.limits is None:
        return MapLimits()
    return MapLimits(
        memory_bytes=facts.limits.memory_bytes,
        cpus=facts.limits.nano_cpus / NANO,
        disk_bytes=facts.limits.disk_bytes,
        pids=facts.limits.pids,
    )
