"""Every kind of check that lesson.yaml can name."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.checks import SimpleCheck
from lessons.command_checks import Command
from lessons.container_checks import ContainerHas
from lessons.engine_checks import (
    ContainersFrom,
    ImageGone,
    ImagePresent,
    ImageSame,
    ImageSmaller,
    NetworkGone,
    NetworkPresent,
    VolumeGone,
    VolumePresent,
)
from lessons.page_checks import PageSeen
from lessons.probe_checks import Answer, Probe, SameOutput
from lessons.running_checks import ContainerGone, ContainerRunning

KINDS: Mapping[str, type[SimpleCheck]] = {
    "command": Command,
    "page_seen": PageSeen,
    "container_running": ContainerRunning,
    "container": ContainerHas,
    "container_gone": ContainerGone,
    "containers_from": ContainersFrom,
    "image_present": ImagePresent,
    "image_same": ImageSame,
    "image_smaller": ImageSmaller,
    "image_gone": ImageGone,
    "network_present": NetworkPresent,
    "network_gone": NetworkGone,
    "volume_present": VolumePresent,
    "volume_gone": VolumeGone,
    "probe": Probe,
    "same_output": SameOutput,
    "answer": Answer,
}
"""Those whose fields are plain values; `any_of` holds checks and is read by the loader."""
