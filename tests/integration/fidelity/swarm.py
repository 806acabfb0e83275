"""Operations on a swarm of one node: services, secrets, overlay networks, stacks."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Any

import docker.errors
from docker.types import ConfigReference, EndpointSpec, SecretReference, ServiceMode

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import (
    FOREVER,
    IMAGE,
    Subject,
    refusal,
    until,
    without_noise,
)


@contextmanager
def swarm(on: Subject) -> Generator[None]:
    """The engine as the manager of a swarm, until the end of the operation."""
    on.docker.swarm.init(advertise_addr="127.0.0.1")
    try:
        yield
    finally:
        # Tasks go first: their containers would be left.
        try:
            for service in on.docker.services.list():
                service.remove()
            until(lambda: not on.docker.api.containers(all=True), "its containers are gone")
        finally:
            on.docker.swarm.leave(force=True)


def running(service: Any) -> list[dict[str, Any]]:
    """The tasks of a service that run."""
    tasks = service.tasks(filters={"desired-state": "running"})
    return [task for task in tasks if task["Status"]["State"] == "running"]


def run_service(on: Subject, *, replicas: int = 1, **options: Any) -> Any:
    """A service whose tasks run."""
    options = {"command": FOREVER, "init": True} | options
    mode = ServiceMode("replicated", replicas)
    service = on.docker.services.create(IMAGE, name="one", mode=mode, **options)
    until(lambda: len(running(service)) == replicas, "its tasks run")
    return service


@operation(gives=("inactive", "active", True, 1, "inactive"))
def swarm_init_and_leave(on: Subject) -> object:
    before = on.docker.info()["Swarm"]["LocalNodeState"]
    with swarm(on):
        during = on.docker.info()["Swarm"]
    after = on.docker.info()["Swarm"]["LocalNodeState"]
    return before, during["LocalNodeState"], during["ControlAvailable"], during["Nodes"], after


@operation(gives=lambda seen: seen[0] == 503 and "not a swarm manager" in seen[1])
def swarm_that_is_none(on: Subject) -> object:
    return refusal(on.docker.services.list)


@operation(gives=lambda seen: seen[0] == 503 and "already part of a swarm" in seen[1])
def swarm_twice(on: Subject) -> object:
    with swarm(on):
        return refusal(lambda: on.docker.swarm.init(advertise_addr="127.0.0.1"))


@operation(gives=["SWMTKN-1 50 25", "SWMTKN-1 50 25"])
def join_tokens(on: Subject) -> object:
    with swarm(on):
        on.docker.swarm.reload()
        tokens = on.docker.swarm.attrs["JoinTokens"]
        parts = [tokens[role].rsplit("-", 2) for role in ("Worker", "Manager")]
        return [f"{start} {len(secret)} {len(end)}" for start, secret, end in parts]


@operation(gives=("manager", "active", "ready", True))
def node(on: Subject) -> object:
    with swarm(on):
        (found,) = on.docker.nodes.list()
        spec, status = found.attrs["Spec"], found.attrs["Status"]
        leader = found.attrs["ManagerStatus"]["Leader"]
        return spec["Role"], spec["Availability"], status["State"], leader


@operation(gives=(2, ["one.1", "one.2"], 3, 1))
def service_scales(on: Subject) -> object:
    with swarm(on):
        service = run_service(on, replicas=2)
        names = sorted(re.sub(r"\.[a-z0-9]{25}$", "", name) for name in _containers(on))
        seen = [len(running(service)), names]
        for replicas in (3, 1):
            service.reload()
            service.scale(replicas)
            until(partial(_is_scaled, on, service, replicas), "it was scaled")
            seen.append(len(_containers(on)))
        return tuple(seen)


def _is_scaled(on: Subject, service: Any, replicas: int) -> bool:
    return len(running(service)) == len(_containers(on)) == replicas


def _containers(on: Subject) -> list[str]:
    return [listed["Names"][0].lstrip("/") for listed in on.docker.api.containers()]


@operation(gives=(["AGE=new"], "completed"))
def service_updates(on: Subject) -> object:
    with swarm(on):
        service = run_service(on, env=["AGE=old"])
        service.update(env=["AGE=new"])
        until(lambda: _update(service) == "completed", "it was updated")
        (task,) = running(service)
        box = on.docker.containers.get(task["Status"]["ContainerStatus"]["ContainerID"])
        return [line for line in box.attrs["Config"]["Env"] if "AGE" in line], _update(service)


def _update(service: Any) -> str:
    service.reload()
    return str(service.attrs.get("UpdateStatus", {}).get("State"))


@operation(gives=True)
def service_mends_itself(on: Subject) -> object:
    """A task whose container was killed is replaced."""
    with swarm(on):
        service = run_service(on)
        (before,) = running(service)
        on.docker.containers.list()[0].kill()
        (after,) = until(
            lambda: [task for task in running(service) if task["ID"] != before["ID"]],
            "there is another task",
        )
        return after["Slot"] == before["Slot"]


@operation(gives=lambda seen: seen["state"] == "rejected" and "No such image" in seen["why"])
def service_without_image(on: Subject) -> object:
    with swarm(on):
        service = on.docker.services.create("127.0.0.1:9/never-was:1", name="one")
        tasks = until(
            lambda: [t for t in service.tasks() if t["Status"]["State"] == "rejected"],
            "a task was rejected",
        )
        status = tasks[0]["Status"]
        return {"state": status["State"], "why": without_noise(status["Err"])}


@operation(gives=["hush", "colour=blue"])
def secrets_and_configs(on: Subject) -> object:
    with swarm(on):
        secret = on.docker.secrets.create(name="password", data=b"hush\n")
        config = on.docker.configs.create(name="settings", data=b"colour=blue\n")
        service = run_service(
            on,
            secrets=[SecretReference(secret.id, "password")],
            configs=[ConfigReference(config.id, "settings", filename="/settings")],
        )
        (task,) = running(service)
        box = on.docker.containers.get(task["Status"]["ContainerStatus"]["ContainerID"])
        return box.exec_run("cat /run/secrets/password /settings")[1].decode().split()


@operation(gives=lambda seen: seen[0] == 400 and "is in use" in seen[1])
def secret_in_use(on: Subject) -> object:
    with swarm(on):
        secret = on.docker.secrets.create(name="password", data=b"hush")
        run_service(on, secrets=[SecretReference(secret.id, "password")])
        return refusal(secret.remove)


@operation(gives="served\n")
def overlay_network(on: Subject) -> object:
    """A service answers under its name in an overlay that containers may join."""
    with swarm(on):
        network = on.docker.networks.create("over", driver="overlay", attachable=True)
        serve = ["sh", "-c", "mkdir /w; echo served >/w/index.html; httpd -f -h /w"]
        # By the addresses of its tasks: balancing in the kernel is not to be had everywhere.
        endpoint = EndpointSpec(mode="dnsrr")
        run_service(on, command=serve, networks=["over"], endpoint_spec=endpoint)
        script = "for n in $(seq 30); do wget -T 2 -qO- http://one/ && break; sleep 0.3; done"
        said = on.sh(script, network="over")
        for service in on.docker.services.list():
            service.remove()
        _remove(network)
        return said


def _remove(network: Any) -> None:
    """The last tasks may still be leaving it."""

    def is_gone() -> bool:
        try:
            network.remove()
        except docker.errors.NotFound:
            return True
        except docker.errors.APIError:
            return False
        return True

    until(is_gone, "the network was left")


@operation(gives=["web_one 2/2", "gone"])
def stack(on: Subject) -> object:
    with swarm(on):
        file = """
services:
  one:
    image: busybox
    command: sleep 600
    init: true
    networks: [none]
    deploy:
      replicas: 2
networks:
  none:
    external: true
    name: host
"""
        on.cli("docker stack deploy --compose-file - web", stdin=file)
        line = "docker stack services --format '{{.Name}} {{.Replicas}}' web"
        until(lambda: "2/2" in on.cli(line), "it runs")
        seen = on.cli(line).strip()
        on.cli("docker stack rm web")
        until(lambda: not on.docker.services.list(), "it is gone")
        return [seen, "gone"]
