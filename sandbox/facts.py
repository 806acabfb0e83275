"""What a learner's engine says, as facts: typed, bounded, and believed by nobody else.

The shapes below are the parts of the Engine API's answers that we read. Unknown fields are left
alone, missing ones have the value that means "none", and long texts are cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_pascal

from sandbox.contract import (
    ContainerFact,
    EngineFacts,
    ImageFact,
    MountFact,
    NetworkFact,
    PortFact,
    VersionFact,
    VolumeFact,
)
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed

API = "/v1.44"
"""Old enough for every engine since 25, and still spoken by the newest."""
TIMEOUT_S = 10.0
MOST_CONTAINERS = 100
MOST_IMAGES = 200
MOST_NETWORKS = 100
MOST_VOLUMES = 200
MOST_ENTRIES = 64
"""Of ports, labels, variables and the like, in one thing."""
LONGEST_TEXT = 500
MOST_BYTES = 4 * 1024 * 1024
"""Of what the engine says about all containers together."""

_Item = TypeVar("_Item")
_Value = TypeVar("_Value")


async def read_facts(api: EngineApi, *, client_version: str) -> EngineFacts:
    """Ask the engine for everything a check may want to know.

    Raises:
        EngineFailed: it does not answer, not in time, or nonsense.
        SandboxGone: the sandbox ended.
    """
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await _read(api, client_version)
    except TimeoutError as exc:
        raise EngineFailed("the engine does not answer in time") from exc
    except ValidationError as exc:
        raise EngineFailed("the engine's answer makes no sense") from exc


async def _read(api: EngineApi, client_version: str) -> EngineFacts:
    version = _VERSION.validate_json(await _must_get(api, "/version"))
    info = _INFO.validate_json(await _must_get(api, "/info"))
    listed = _LISTED.validate_json(await _must_get(api, "/containers/json?all=1"))
    images = _IMAGES.validate_json(await _must_get(api, "/images/json"))
    networks = _NETWORKS.validate_json(await _must_get(api, "/networks"))
    volumes = _VOLUMES.validate_json(await _must_get(api, "/volumes")).volumes
    containers = await _containers(api, [entry.id for entry in listed[:MOST_CONTAINERS]])
    return EngineFacts(
        version=_version_fact(version, info, client_version),
        containers=containers,
        images=[_image_fact(image) for image in images[:MOST_IMAGES]],
        networks=[_network_fact(network, containers) for network in networks[:MOST_NETWORKS]],
        volumes=[_volume_fact(volume) for volume in volumes[:MOST_VOLUMES]],
        truncated=len(listed) > len(containers)
        or len(images) > MOST_IMAGES
        or len(networks) > MOST_NETWORKS
        or len(volumes) > MOST_VOLUMES,
    )


async def _must_get(api: EngineApi, path: str) -> bytes:
    body = await api.get(API + path)
    if body is None:
        raise EngineFailed(f"the engine knows no {path.partition('?')[0]}")
    return body


async def _containers(api: EngineApi, container_ids: list[str]) -> list[ContainerFact]:
    """As many as fit; one that went away since it was listed is left out."""
    containers = []
    size = 0
    for container_id in container_ids:
        body = await api.get(f"{API}/containers/{container_id}/json")
        if body is None:
            continue
        size += len(body)
        if size > MOST_BYTES:
            break
        containers.append(_container_fact(_CONTAINER.validate_json(body)))
    return containers


def _or_empty(empty: Any) -> BeforeValidator:
    """Go says null for an empty list, map or struct."""
    return BeforeValidator(lambda value: empty if value is None else value)


def _cut(value: Any) -> Any:
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_cut), _or_empty("")]
Texts = Annotated[list[Text], _or_empty([])]
TextMap = Annotated[dict[str, Text], _or_empty({})]


class Said(BaseModel):
    """A part of an answer of the engine, with the API's own names in camel case."""

    model_config = ConfigDict(alias_generator=to_pascal, extra="ignore", frozen=True)


class SaidComponent(Said):
    """A program that the engine is made of."""

    name: Text = ""
    version: Text = ""


class SaidVersion(Said):
    """Answer of /version."""

    version: Text = ""
    api_version: Text = ""
    kernel_version: Text = ""
    components: Annotated[list[SaidComponent], _or_empty([])] = []


class SaidInfo(Said):
    """Answer of /info."""

    driver: Text = ""
    operating_system: Text = ""
    cgroup_version: Text = ""


class SaidListed(Said):
    """An entry of /containers/json; the id is put into a path, so it has to be one."""

    id: str = Field(pattern=r"^[0-9a-f]{64}$")


class SaidHealth(Said):
    """Health, of containers that have a health check."""

    status: Text = ""


class SaidState(Said):
    """State of a container."""

    status: Text
    exit_code: int = 0
    oom_killed: bool = Field(default=False, alias="OOMKilled")
    started_at: Text = ""
    health: SaidHealth | None = None


class SaidBinding(Said):
    """Where a container's port is published."""

    host_ip: Text = Field(default="", alias="HostIp")
    host_port: Text = ""


SaidPorts = Annotated[dict[str, Annotated[list[SaidBinding], _or_empty([])]], _or_empty({})]


class SaidRestartPolicy(Said):
    """When the engine starts a container again by itself."""

    name: Text = ""
    maximum_retry_count: int = 0


class SaidHostConfig(Said):
    """What was asked for besides the image's own settings."""

    memory: int = 0
    nano_cpus: int = Field(default=0, alias="NanoCpus")
    restart_policy: Annotated[SaidRestartPolicy, _or_empty({})] = SaidRestartPolicy()
    privileged: bool = False
    readonly_rootfs: bool = False
    cap_add: Texts = []
    cap_drop: Texts = []
    security_opt: Texts = []
    network_mode: Text = ""
    pid_mode: Text = ""
    auto_remove: bool = False
    port_bindings: SaidPorts = {}


class SaidConfig(Said):
    """Settings of a container, the image's own included."""

    image: Text = ""
    hostname: Text = ""
    cmd: Texts = []
    entrypoint: Texts = []
    env: Texts = []
    labels: TextMap = {}
    user: Text = ""
    exposed_ports: Annotated[dict[str, Any], _or_empty({})] = {}


class SaidEndpoint(Said):
    """A container in a network."""

    ip_address: Text = Field(default="", alias="IPAddress")


class SaidNetworkSettings(Said):
    """Networks and ports of a running container."""

    ports: SaidPorts = {}
    networks: Annotated[dict[str, SaidEndpoint], _or_empty({})] = {}


class SaidMount(Said):
    """A mount of a container."""

    type: Text = ""
    name: Text | None = None
    source: Text = ""
    destination: Text = ""
    rw: bool = Field(default=True, alias="RW")


class SaidContainer(Said):
    """Answer of /containers/ID/json."""

    id: Text
    name: Text
    created: Text = ""
    image: Text = ""
    path: Text = ""
    args: Texts = []
    restart_count: int = 0
    state: SaidState
    config: SaidConfig
    host_config: SaidHostConfig
    network_settings: Annotated[SaidNetworkSettings, _or_empty({})] = SaidNetworkSettings()
    mounts: Annotated[list[SaidMount], _or_empty([])] = []


class SaidImage(Said):
    """An entry of /images/json."""

    id: Text
    repo_tags: Texts = []
    repo_digests: Texts = []
    size: int = 0


class SaidNetwork(Said):
    """An entry of /networks."""

    id: Text
    name: Text
    driver: Text = ""
    internal: bool = False


class SaidVolume(Said):
    """An entry of /volumes."""

    name: Text
    driver: Text = ""
    labels: TextMap = {}


class SaidVolumes(Said):
    """Answer of /volumes."""

    volumes: Annotated[list[SaidVolume], _or_empty([])] = []


_VERSION = TypeAdapter(SaidVersion)
_INFO = TypeAdapter(SaidInfo)
_LISTED = TypeAdapter(list[SaidListed])
_CONTAINER = TypeAdapter(SaidContainer)
_IMAGES = TypeAdapter(list[SaidImage])
_NETWORKS = TypeAdapter(list[SaidNetwork])
_VOLUMES = TypeAdapter(SaidVolumes)


def _version_fact(version: SaidVersion, info: SaidInfo, client: str) -> VersionFact:
    components = {component.name: component.version for component in version.components}
    return VersionFact(
        client=client,
        server=version.version,
        api=version.api_version,
        runc=components.get("runc", ""),
        containerd=components.get("containerd", ""),
        kernel=version.kernel_version,
        operating_system=info.operating_system,
        storage_driver=info.driver,
        cgroup_version=info.cgroup_version,
    )


def _container_fact(said: SaidContainer) -> ContainerFact:
    state, config, host = said.state, said.config, said.host_config
    return ContainerFact(
        id=said.id,
        name=said.name.removeprefix("/"),
        image=config.image,
        image_id=said.image,
        status=state.status,
        exit_code=state.exit_code,
        oom_killed=state.oom_killed,
        restart_count=said.restart_count,
        health=state.health.status if state.health is not None else None,
        created_at=said.created,
        started_at=state.started_at,
        command=_first([said.path, *said.args]),
        env=_first(config.env),
        labels=_some(config.labels),
        ports=_first(_ports(said)),
        mounts=_first(_mount_fact(mount) for mount in said.mounts),
        networks=_some({n: e.ip_address for n, e in said.network_settings.networks.items()}),
        memory_bytes=host.memory,
        nano_cpus=host.nano_cpus,
        restart_policy=host.restart_policy.name,
        privileged=host.privileged,
        read_only=host.readonly_rootfs,
        user=config.user,
        cap_add=_first(host.cap_add),
        cap_drop=_first(host.cap_drop),
        network_mode=host.network_mode,
        pid_mode=host.pid_mode,
        auto_remove=host.auto_remove,
        hostname=config.hostname,
        restart_max_retries=host.restart_policy.maximum_retry_count,
        security_opt=_first(host.security_opt),
    )


def _ports(said: SaidContainer) -> Iterable[PortFact]:
    """Ports that the image exposes or somebody published, each published place once.

    A container that doesn't run has no ports in its network settings, only wishes.
    """
    bindings: dict[str, list[SaidBinding]] = {name: [] for name in said.config.exposed_ports}
    bindings |= said.network_settings.ports or said.host_config.port_bindings
    seen: set[tuple[int, str, int | None]] = set()
    for name, published in bindings.items():
        for port in _ports_of(name, published):
            # Published on 0.0.0.0 and on :: is published once, as people see it.
            key = (port.container_port, port.protocol, port.host_port)
            if key not in seen:
                seen.add(key)
                yield port


def _ports_of(name: str, published: list[SaidBinding]) -> Iterable[PortFact]:
    """`name` is like 80/tcp."""
    number, _, protocol = name.partition("/")
    container_port = _port_number(number)
    if container_port is None:
        return
    for binding in published or [SaidBinding()]:
        yield PortFact(
            container_port=container_port,
            protocol=protocol[:LONGEST_TEXT],
            host_ip=binding.host_ip,
            host_port=_port_number(binding.host_port),
        )


def _port_number(text: str) -> int | None:
    """A port; None for what is none, such as the empty text of "any free port"."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len("65535")):
        return None
    return int(text)


def _mount_fact(mount: SaidMount) -> MountFact:
    return MountFact(
        type=mount.type,
        name=mount.name or None,
        source=mount.source,
        target=mount.destination,
        writable=mount.rw,
    )


def _image_fact(image: SaidImage) -> ImageFact:
    return ImageFact(
        id=image.id,
        tags=_first(tag for tag in image.repo_tags if tag != "<none>:<none>"),
        digests=_first(image.repo_digests),
        size_bytes=image.size,
    )


def _network_fact(network: SaidNetwork, containers: list[ContainerFact]) -> NetworkFact:
    """The engine's list of networks leaves out who is in them; the containers say it."""
    return NetworkFact(
        id=network.id,
        name=network.name,
        driver=network.driver,
        containers=[c.name for c in containers if network.name in c.networks],
        internal=network.internal,
    )


def _volume_fact(volume: SaidVolume) -> VolumeFact:
    return VolumeFact(name=volume.name, driver=volume.driver, labels=_some(volume.labels))


def _first(items: Iterable[_Item]) -> list[_Item]:
    return list(islice(items, MOST_ENTRIES))


def _some(entries: dict[str, _Value]) -> dict[str, _Value]:
    """Some entries of a map; keys are as long as they like in the engine, but not here."""
    return {key[:LONGEST_TEXT]: value for key, value in islice(entries.items(), MOST_ENTRIES)}
