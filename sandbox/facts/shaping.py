"""What an engine says, as the facts of the contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from sandbox.contract import (
    ComposeProjectFact,
    ContainerFact,
    ImageFact,
    LimitsFact,
    MountFact,
    NetworkFact,
    PortFact,
    VersionFact,
    VolumeFact,
)
from sandbox.facts.bounds import LONGEST_TEXT, MOST_ENTRIES, MOST_PROJECTS
from sandbox.facts.said import (
    SaidBinding,
    SaidContainer,
    SaidImage,
    SaidInfo,
    SaidMount,
    SaidNetwork,
    SaidVersion,
    SaidVolume,
)
from sandbox.settings import Limits

MIB = 1024 * 1024

_PROJECT = "com.docker.compose.project"
_SERVICE = "com.docker.compose.service"

_Item = TypeVar("_Item")
_Value = TypeVar("_Value")


def version_fact(version: SaidVersion, info: SaidInfo, client: str) -> VersionFact:
    """The engine and its client."""
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


def container_fact(said: SaidContainer) -> ContainerFact:
    """A container."""
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


def image_fact(image: SaidImage) -> ImageFact:
    """An image, without the tags that mean: none."""
    return ImageFact(
        id=image.id,
        tags=_first(tag for tag in image.repo_tags if tag != "<none>:<none>"),
        digests=_first(image.repo_digests),
        size_bytes=image.size,
    )


def network_fact(network: SaidNetwork, containers: list[ContainerFact]) -> NetworkFact:
    """The engine's list of networks leaves out who is in them; the containers say it."""
    return NetworkFact(
        id=network.id,
        name=network.name,
        driver=network.driver,
        containers=[c.name for c in containers if network.name in c.networks],
        internal=network.internal,
    )


def volume_fact(volume: SaidVolume) -> VolumeFact:
    """A volume."""
    return VolumeFact(name=volume.name, driver=volume.driver, labels=_some(volume.labels))


def limits_fact(limits: Limits) -> LimitsFact:
    """What the sandbox may use."""
    return LimitsFact(
        memory_bytes=limits.memory_mib * MIB,
        nano_cpus=round(limits.cpus * 1_000_000_000),
        pids=limits.pids,
        disk_bytes=limits.disk_mib * MIB,
    )


def compose_projects(containers: Iterable[ContainerFact]) -> list[ComposeProjectFact]:
    """What was made by `docker compose`, by name."""
    made: dict[str, list[ContainerFact]] = defaultdict(list)
    for container in containers:
        if name := container.labels.get(_PROJECT):
            made[name].append(container)
    return [_project_fact(name, made[name]) for name in sorted(made)[:MOST_PROJECTS]]


def _project_fact(name: str, containers: list[ContainerFact]) -> ComposeProjectFact:
    services = {container.labels.get(_SERVICE, "") for container in containers}
    return ComposeProjectFact(
        name=name,
        services=sorted(services - {""}),
        containers=sorted(container.name for container in containers),
    )


def _first(items: Iterable[_Item]) -> list[_Item]:
    return list(islice(items, MOST_ENTRIES))


def _some(entries: dict[str, _Value]) -> dict[str, _Value]:
    """Some entries of a map; keys are as long as they like in the engine, but not here."""
    return {key[:LONGEST_TEXT]: value for key, value in islice(entries.items(), MOST_ENTRIES)}
