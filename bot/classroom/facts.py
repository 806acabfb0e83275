"""What the sandbox service reports, turned into what checks may know."""

from __future__ import annotations

from lessons import facts as known
from sandbox import contract as wire


def facts_for_checks(reported: wire.EngineFacts) -> known.EngineFacts:
    """The same state in the words of `lessons.facts`."""
    return known.EngineFacts(
        containers=tuple(_container(container) for container in reported.containers),
        images=tuple(
            known.Image(id=image.id, tags=tuple(image.tags), size_bytes=image.size_bytes)
            for image in reported.images
        ),
        networks=tuple(network.name for network in reported.networks),
        volumes=tuple(volume.name for volume in reported.volumes),
    )


def _container(container: wire.ContainerFact) -> known.Container:
    return known.Container(
        name=container.name,
        image=container.image,
        status=container.status,
        id=container.id,
        exit_code=container.exit_code,
        oom_killed=container.oom_killed,
        restart_count=container.restart_count,
        health=container.health,
        command=tuple(container.command),
        env=tuple(container.env),
        labels=dict(container.labels),
        ports=tuple(_port(port) for port in container.ports),
        networks=dict(container.networks),
        memory_bytes=container.memory_bytes,
        nano_cpus=container.nano_cpus,
        hostname=container.hostname,
        restart_policy=_restart(container),
        privileged=container.privileged,
        read_only=container.read_only,
        user=container.user,
        cap_add=tuple(container.cap_add),
        cap_drop=tuple(container.cap_drop),
        security_opt=tuple(container.security_opt),
        pid_mode=container.pid_mode,
        mounts=tuple(_mount(mount) for mount in container.mounts),
    )


def _restart(container: wire.ContainerFact) -> str:
    """The policy as `--restart` takes it."""
    if container.restart_max_retries and container.restart_policy == "on-failure":
        return f"on-failure:{container.restart_max_retries}"
    return container.restart_policy


def _mount(mount: wire.MountFact) -> known.Mount:
    return known.Mount(
        source=mount.name or mount.source, target=mount.target, writable=mount.writable
    )


def _port(port: wire.PortFact) -> known.PublishedPort:
    return known.PublishedPort(
        container_port=port.container_port, protocol=port.protocol, host_port=port.host_port
    )
