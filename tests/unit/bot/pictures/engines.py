"""Engines for maps: what learners make, in every state, and what nobody would make."""

from __future__ import annotations

from typing import Any

from sandbox.contract import (
    ContainerFact,
    EngineFacts,
    ImageFact,
    LimitsFact,
    MountFact,
    NetworkFact,
    PortFact,
    VolumeFact,
)
from tests.fakes.sandboxes import make_container, make_facts

STATES = ("running", "exited", "running", "paused", "created", "restarting", "dead", "removing")
LIMITS = LimitsFact(memory_bytes=2**30, nano_cpus=10**9, pids=512, disk_bytes=4 * 2**30)
HOSTILE = (
    "x" * 255,
    "\u202egnp.exe",
    "a\u200b\u200d\ufeffb",
    "🐳🐳 고래",
    "Z\u0301\u0302\u0303\u0304\u0305\u0306algo",
    "\x1b[31mred\x1b[0m\n@everyone",
    "مرحبا שלום",
    "가" * 90,
    " ",
    "\ud800half",
)


def port(host: int | None, inside: int, protocol: str = "tcp", ip: str = "0.0.0.0") -> PortFact:
    """A port."""
    return PortFact(container_port=inside, protocol=protocol, host_ip=ip, host_port=host)


def volume(name: str, target: str = "/data", *, writable: bool = True) -> MountFact:
    """A volume that is mounted."""
    return MountFact(
        type="volume", name=name, source=f"/v/{name}", target=target, writable=writable
    )


def network(name: str, *, internal: bool = False) -> NetworkFact:
    """A network of the learner's."""
    return NetworkFact(id=name, name=name, driver="bridge", containers=[], internal=internal)


def shop() -> EngineFacts:
    """A service in three tiers, as a lesson builds it, and what is left of others."""
    web = make_container(
        "web", id="1" * 64, image="nginx:1.27", image_id="sha256:nginx",
        networks={"front": "172.18.0.2"},
        ports=[port(8080, 80), port(8080, 80, ip="::"), port(None, 443)],
        memory_bytes=128 * 2**20,
    )  # fmt: skip
    app = make_container(
        "app", id="2" * 64, image="localhost:5000/shop/app:2", image_id="sha256:app",
        networks={"front": "172.18.0.3", "back": "172.19.0.2"}, health="unhealthy",
        ports=[port(5353, 53, "udp", "127.0.0.1")], nano_cpus=500_000_000,
    )  # fmt: skip
    db = make_container(
        "db", id="3" * 64, image="postgres:17", image_id="sha256:pg",
        networks={"back": "172.19.0.3"}, mounts=[volume("pgdata", "/var/lib/postgresql/data")],
        ports=[port(None, 5432)],
    )  # fmt: skip
    old = make_container(
        "old", id="4" * 64, image="busybox", image_id="sha256:bb", status="exited", exit_code=137,
        oom_killed=True, networks={"bridge": ""}, ports=[],
        mounts=[
            MountFact(type="bind", name=None, source="/root/site", target="/site", writable=False)
        ],
    )  # fmt: skip
    lonely = make_container(
        "lonely", id="5" * 64, image="busybox", image_id="sha256:bb", status="created",
        networks={}, ports=[],
    )  # fmt: skip
    return make_facts(
        containers=[lonely, old, db, app, web],
        networks=[*make_facts().networks, network("front"), network("back", internal=True),
                  network("unused")],
        volumes=[
            VolumeFact(name=name, driver="local", labels={}) for name in ("a0" * 32, "pgdata")
        ],
        images=[
            image("sha256:nginx", "nginx:1.27", size=70_000_000),
            image("sha256:app", "localhost:5000/shop/app:2", size=120_000_000),
            image("sha256:pg", "postgres:17", size=440_000_000),
            image("sha256:bb", "busybox:latest", size=4_300_000),
            image("sha256:0123456789abcdef", size=900),
        ],
        limits=LIMITS,
    )  # fmt: skip


def image(image_id: str, *tags: str, size: int) -> ImageFact:
    """An image."""
    return ImageFact(id=image_id, tags=list(tags), digests=[], size_bytes=size)


def many(count: int, *, names: tuple[str, ...] = ()) -> EngineFacts:
    """So many containers in every state, with all that a container can have."""
    made: list[ContainerFact] = []
    for number in range(count):
        name = names[number % len(names)] if names else f"container-{number}"
        values: dict[str, Any] = {
            "id": f"{number:064x}",
            "image": f"registry.example.com:5000/team/{name}:2026.11.30" if number % 2 else "nginx",
            "status": STATES[number % len(STATES)],
            "exit_code": number % 3,
            "health": (None, "healthy", "unhealthy", "starting", "odd")[number % 5],
            "networks": {f"{name}-net": "", "bridge": ""} if number % 4 else {},
            "ports": [port(8000 + number + more, 80 + more) for more in range(number % 6)],
            "mounts": [volume(f"{name}-{more}") for more in range(number % 4)],
            "memory_bytes": (number % 3) * 100 * 2**20,
            "nano_cpus": (number % 2) * 1_500_000_000,
        }
        made.append(make_container(name, **values))
    return make_facts(
        containers=made,
        networks=[*make_facts().networks, *(network(f"empty-{n}") for n in range(count // 2))],
        volumes=[
            VolumeFact(name=f"volume-{n}", driver="local", labels={}) for n in range(count * 2)
        ],
        images=[image(f"sha256:{n:064x}", f"image-{n}:tag", size=n * 10**6) for n in range(count)],
        limits=LIMITS,
    )
