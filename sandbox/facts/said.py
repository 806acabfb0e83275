"""The parts of the Engine API's answers that we read, in its own words.

Unknown fields are left alone, missing ones have the value that means "none". Long texts, lists and
maps are cut before they are looked at: what is a megabyte of small things takes a second otherwise.
"""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal

from sandbox.facts.bounds import (
    LONGEST_TEXT,
    MOST_CONTAINERS,
    MOST_ENTRIES,
    MOST_LISTED,
    MOST_SIZES,
)


def _or_empty(empty: Any) -> BeforeValidator:
    """Go says null for an empty struct."""
    return BeforeValidator(lambda value: empty if value is None else value)


def _items(most: int = MOST_ENTRIES) -> BeforeValidator:
    """A list of at most so many; Go says null for an empty one."""

    def cut(value: Any) -> Any:
        if value is None:
            return []
        return value[:most] if isinstance(value, list) else value

    return BeforeValidator(cut)


def _cut_map(value: Any) -> Any:
    if value is None:
        return {}
    return dict(islice(value.items(), MOST_ENTRIES)) if isinstance(value, dict) else value


def _cut_text(value: Any) -> Any:
    if value is None:
        return ""
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


_ENTRIES = BeforeValidator(_cut_map)

Text = Annotated[str, BeforeValidator(_cut_text)]
Texts = Annotated[list[Text], _items()]
TextMap = Annotated[dict[str, Text], _ENTRIES]


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
    components: Annotated[list[SaidComponent], _items()] = []


class SaidInfo(Said):
    """Answer of /info."""

    driver: Text = ""
    operating_system: Text = ""
    cgroup_version: Text = ""


class SaidListed(Said):
    """An entry of /containers/json; the id is put into a path, so it has to be one."""

    # All the rest is there to see whether anything has changed.
    model_config = ConfigDict(alias_generator=to_pascal, extra="allow", frozen=True)

    id: str = Field(pattern=r"^[0-9a-f]{64}$")
    status: Text = ""

    @property
    def summary(self) -> tuple[str, int]:
        """What is different when the container is; how long it is so doesn't count.

        It is kept, so of the rest it has the hash: that is small, whatever an engine makes up.
        """
        return self.status.partition(")")[0], hash(repr(self.model_extra))  # Exited (0) 5 s ago


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


SaidPorts = Annotated[dict[str, Annotated[list[SaidBinding], _items()]], _ENTRIES]


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
    exposed_ports: Annotated[dict[str, Any], _ENTRIES] = {}


class SaidEndpoint(Said):
    """A container in a network."""

    ip_address: Text = Field(default="", alias="IPAddress")


class SaidNetworkSettings(Said):
    """Networks and ports of a running container."""

    ports: SaidPorts = {}
    networks: Annotated[dict[str, SaidEndpoint], _ENTRIES] = {}


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
    mounts: Annotated[list[SaidMount], _items()] = []


class SaidImage(Said):
    """An entry of /images/json."""

    id: Text
    repo_tags: Texts = []
    repo_digests: Texts = []
    created: int = 0
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

    volumes: Annotated[list[SaidVolume], _items(MOST_LISTED)] = []


SaidContainers = Annotated[list[SaidListed], _items(MOST_CONTAINERS + 1)]
"""Answer of /containers/json; one more than there may be, to know that there are more."""
SaidImages = Annotated[list[SaidImage], _items(MOST_LISTED)]
"""Answer of /images/json, the newest first."""
SaidNetworks = Annotated[list[SaidNetwork], _items(MOST_LISTED)]
"""Answer of /networks."""


class SaidActor(Said):
    """To whom something happened."""

    id: Text = Field(default="", alias="ID")
    attributes: TextMap = {}


class SaidEvent(Said):
    """A line of /events."""

    type: Text
    action: Text
    actor: SaidActor
    time_nano: int = Field(alias="timeNano", ge=0, lt=2**63)


class SaidSize(Said):
    """A size; -1 is one that the engine doesn't know."""

    size: int = 0


class SaidContainerRoom(Said):
    """Of /system/df: what a container wrote."""

    size_rw: int = 0


class SaidVolumeRoom(Said):
    """Of /system/df: what is in a volume."""

    usage_data: SaidSize | None = None


class SaidRoom(Said):
    """Answer of /system/df."""

    layers_size: int = 0
    containers: Annotated[list[SaidContainerRoom], _items(MOST_SIZES)] = []
    volumes: Annotated[list[SaidVolumeRoom], _items(MOST_SIZES)] = []
    build_cache: Annotated[list[SaidSize], _items(MOST_SIZES)] = []
