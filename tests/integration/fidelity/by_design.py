"""Where a learner's engine is known to differ from a plain one, and why: the whole list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import docker.errors

from tests.integration.fidelity.operation import Act
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    has_ended,
    without_noise,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the two engines do differently."""

    act: Act
    reason: str
    learners: object
    plain: object
    """What comes of it there: a value, or a predicate that it satisfies."""

    @property
    def name(self) -> str:
        """For the list of tests."""
        return self.act.__name__


DIFFERENCES: list[Difference] = []


def difference(*, reason: str, learners: object, plain: object) -> Callable[[Act], Act]:
    """Add a function to the list."""

    def add(act: Act) -> Act:
        DIFFERENCES.append(Difference(act, reason, learners, plain))
        return act

    return add


def said_or_refused(on: Subject, script: str, **options: object) -> str:
    """What a container printed, or why it could not start."""
    try:
        return on.sh(script, **options)
    except docker.errors.APIError as exc:
        return without_noise(str(exc.explanation)).rpartition("init: ")[2]


@difference(
    reason="logs would fill the learner's disk",
    learners={"max-file": "2", "max-size": "2m"},
    plain={},
)
def limits_of_logs(on: Subject) -> object:
    container = on.docker.containers.create(IMAGE)
    return container.attrs["HostConfig"]["LogConfig"]["Config"]


@difference(
    reason="a larger pool of small networks: a learner makes more of them than the usual 31",
    learners="172.16.0.0/24",
    plain="172.17.0.0/16",
)
def addresses_of_the_bridge(on: Subject) -> object:
    bridge = on.docker.networks.get("bridge")
    return bridge.attrs["IPAM"]["Config"][0]["Subnet"]


@difference(
    reason="in a user namespace nobody makes device nodes",
    learners=lambda said: "Operation not permitted" in said,
    plain="made\n",
)
def device_nodes(on: Subject) -> object:
    return said_or_refused(on, "mknod /node b 7 0 2>&1 && echo made || true", privileged=True)


@difference(
    reason="the kernel's own settings belong to the machine, not to a user namespace",
    learners=lambda said: "open /proc/sys/kernel/domainname: permission denied" in said,
    plain="example.org\n",
)
def domain_name(on: Subject) -> object:
    return said_or_refused(on, "cat /proc/sys/kernel/domainname", domainname="example.org")


@difference(
    reason="when the machine runs out of memory, sandboxes go first",
    learners="500\n",
    plain="300\n",
)
def lower_oom_score(on: Subject) -> object:
    return on.sh("cat /proc/self/oom_score_adj", oom_score_adj=300)


@difference(
    reason="the sandbox's own seccomp filter holds for all that is inside",
    learners="2\n",
    plain="0\n",
)
def seccomp_switched_off(on: Subject) -> object:
    script = "awk '/^Seccomp:/ {print $2}' /proc/self/status"
    return on.sh(script, security_opt=["seccomp=unconfined"])


@difference(
    reason="no way out: the engine says so at once instead of waiting for a name server",
    learners=lambda said: "no such image in the mirror, and a sandbox has no internet" in said,
    plain=lambda said: "lookup registry-1.docker.io" in said,
)
def image_that_the_mirror_lacks(on: Subject) -> object:
    try:
        on.docker.images.pull("never-was", tag="1")
    except docker.errors.APIError as exc:
        return str(exc.explanation)
    return ""


@difference(
    reason="a learner's machine is no container, as far as it can see",
    learners=False,
    plain=True,
)
def looks_like_a_container(on: Subject) -> object:
    return "containerized" in on.docker.info()["OperatingSystem"]


@difference(
    reason="in a user namespace overlayfs keeps its notes in attributes of the user's",
    learners={"userxattr": "true", "Native Overlay Diff": "false"},
    plain={"userxattr": "false", "Native Overlay Diff": "true"},
)
def storage_driver(on: Subject) -> object:
    status = dict(on.docker.info()["DriverStatus"])
    return {name: status[name] for name in ("userxattr", "Native Overlay Diff")}


@difference(
    reason="what uids an engine's containers may have ends with the learner's own range",
    learners=lambda said: "Invalid argument" in said,
    plain="owned\n",
)
def owner_beyond_the_range(on: Subject) -> object:
    container = on.start("sh", "-c", "touch /file; chown 70000 /file 2>&1 && echo owned")
    has_ended(container)
    return container.logs().decode()
