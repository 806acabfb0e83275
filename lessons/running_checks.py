"""Kinds of check on a container of a name: that it runs, and that it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lessons.checks import finding, port_in
from lessons.facts import Container, EngineFacts, Situation
from lessons.meant import made_from, similar_container
from lessons.model import Finding


@dataclass(frozen=True, slots=True)
class ContainerRunning:
    """A container of this name runs, made from this image, with this port published."""

    REQUIRED: ClassVar = frozenset({"name"})
    OPTIONAL: ClassVar = frozenset({"image", "publishes"})

    name: str
    image: str | None = None
    publishes: tuple[int, int] | None = None
    """Host port, container port."""
    kind: ClassVar = "container_running"
    after: ClassVar = None
    finding_keys: ClassVar = frozenset(
        {
            *("container_running", "container_missing", "container_other_name"),
            *("container_created", "container_exited", "container_paused"),
            *("container_restarting", "container_out_of_memory"),
            *("container_image", "container_other_image"),
            *("port_published", "port_unpublished", "port_other", "port_reversed"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        published = fields.get("publishes")
        return cls(
            fields["name"],
            fields.get("image"),
            None if published is None else _port_pair(published),
        )

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """The container, then its image and port if those are asked for."""
        container = situation.facts.container(self.name)
        if container is None:
            return (self._judge_absent(situation.facts),)
        findings = [_judge_status(container)]
        if self.image is not None:
            findings.append(self._judge_image(container, self.image, situation.facts))
        if self.publishes is not None and container.running:
            findings.append(_judge_port(container, *self.publishes))
        return tuple(findings)

    def _judge_absent(self, facts: EngineFacts) -> Finding:
        similar = similar_container(self.name, self.image, facts)
        if similar is None:
            return finding("container_missing", name=self.name)
        return finding("container_other_name", name=self.name, similar=similar.name)

    def _judge_image(self, container: Container, image: str, facts: EngineFacts) -> Finding:
        if made_from(container, image, facts):
            return finding(
                "container_image", ok=True, name=self.name, image=image, actual=container.image
            )
        return finding("container_other_image", name=self.name, image=image, actual=container.image)


def _judge_status(container: Container) -> Finding:
    name = container.name
    match container.status:
        case "running":
            return finding("container_running", ok=True, name=name)
        case "created":
            return finding("container_created", name=name)
        case "paused":
            return finding("container_paused", name=name)
        case "restarting":
            return finding("container_restarting", name=name, exit_code=container.exit_code)
        case status if container.oom_killed:
            return finding("container_out_of_memory", name=name, status=status)
        case status:
            return finding(
                "container_exited", name=name, status=status, exit_code=container.exit_code
            )


def _judge_port(container: Container, host_port: int, container_port: int) -> Finding:
    published = [
        (port.host_port, port.container_port)
        for port in container.ports
        if port.host_port is not None and port.protocol == "tcp"
    ]
    wanted = f"{host_port} → {container_port}"
    if (host_port, container_port) in published:
        return finding("port_published", ok=True, name=container.name, wanted=wanted, actual=wanted)
    actual = ", ".join(f"{host} → {inside}" for host, inside in dict.fromkeys(published))
    if not published:
        return finding("port_unpublished", name=container.name, wanted=wanted)
    key = "port_reversed" if (container_port, host_port) in published else "port_other"
    return finding(key, name=container.name, wanted=wanted, actual=actual)


@dataclass(frozen=True, slots=True)
class ContainerGone:
    """A container of this name was there, shown by the task `after`, and is there no longer."""

    REQUIRED: ClassVar = frozenset({"name", "after"})
    OPTIONAL: ClassVar = frozenset[str]()

    name: str
    after: str
    kind: ClassVar = "container_gone"
    finding_keys: ClassVar = frozenset(
        {
            *("container_gone", "container_never_seen"),
            *("container_still_running", "container_still_there"),
        }
    )

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        return cls(fields["name"], fields["after"])

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding: never seen, still there, or gone."""
        if self.after not in situation.done:
            return (finding("container_never_seen", name=self.name),)
        container = situation.facts.container(self.name)
        if container is None:
            return (finding("container_gone", ok=True, name=self.name),)
        key = "container_still_there"
        if container.status in {"running", "paused", "restarting"}:
            key = "container_still_running"
        return (finding(key, name=self.name, status=container.status),)


def _port_pair(text: str) -> tuple[int, int]:
    host, colon, container = text.partition(":")
    if not colon:
        raise ValueError(f"`publishes` must be HOST:CONTAINER, for example 80:80, not {text!r}")
    return port_in(host), port_in(container)
