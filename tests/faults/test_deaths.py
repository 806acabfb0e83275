"""Whatever is killed, at whatever stage: nothing is lost, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from ops.images import ImageSource
from ops.registry import container_name, start_registry
from tests.docker_fixtures import QuietProgress
from tests.faults.host import kill
from tests.faults.scene import Scene
from tests.faults.stages import (
    CLOSING,
    FROZEN,
    IDLE,
    OPENING,
    PULLING,
    RESETTING,
    RESTORING,
    RUNNING,
    TAKING_SNAPSHOT,
    THAWING,
    Stage,
    under_way,
)

pytestmark = [pytest.mark.docker, pytest.mark.timeout(180)]

Deed = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Death:
    """Something that is killed, and how it comes back."""

    kills: Deed
    mends: Deed
    stages: tuple[Stage, ...]
    serves: Deed | None = None
    """What has to work again besides all the rest."""


async def no_hand(_scene: Scene) -> None:
    """It mends itself."""


async def service(scene: Scene) -> None:
    """The sandbox service."""
    scene.service.kill()


async def service_starts(scene: Scene) -> None:
    """What systemd, compose or `./docent up` does."""
    await asyncio.to_thread(scene.service.start)


async def sandbox(scene: Scene) -> None:
    """All that is in the container, at once."""
    scene.note()
    # One of them may end by itself: the old one, when another takes its place.
    killed = [scene.engine.kill_container(container) for container in scene.containers()]
    assert any(killed) or not scene.containers(), "it lives"


async def engine_inside(scene: Scene) -> None:
    """The learner's dockerd."""
    kill(scene.pids("dockerd"))


async def containerd_inside(scene: Scene) -> None:
    """The learner's containerd."""
    kill(scene.pids("containerd"))


async def way_in(scene: Scene) -> None:
    """The SSH server that the service's connection ends in."""
    kill(scene.pids("dropbear"))


async def keeper(scene: Scene) -> None:
    """The relays at the edge of the sandbox, which its keeper does not live without."""
    kill(scene.pids("socat"))


async def mirror(scene: Scene) -> None:
    """The registry that learners pull from, by an operator's hand: it stays away."""
    assert scene.engine.kill_container(container_name(scene.service.home.root))


async def mirror_starts(scene: Scene) -> None:
    """What `./docent up` does when it's missing."""
    home = scene.service.home.root
    await asyncio.to_thread(start_registry, home, ImageSource.AUTO, QuietProgress())


async def mirror_process(scene: Scene) -> None:
    """The same, by the kernel's: the host's engine starts it again."""
    kill(scene.engine.pids(container_name(scene.service.home.root)))


async def pull(scene: Scene) -> None:
    """Learners get images again."""

    async def try_it() -> bool:
        return (await scene.run("docker pull --quiet hello-world")).ended.exit_code == 0

    await scene.soon(try_it, "an image can be pulled")


async def host_engine(scene: Scene) -> None:
    """The host's dockerd, and its containerd with it."""
    scene.engine.kill()


async def host_engine_starts(scene: Scene) -> None:
    """What systemd does."""
    await asyncio.to_thread(scene.engine.start)


async def both(scene: Scene) -> None:
    """The host's engine, and the service before it noticed."""
    scene.engine.kill()
    scene.service.kill()


async def both_start(scene: Scene) -> None:
    """In the order of a boot."""
    await host_engine_starts(scene)
    await service_starts(scene)


async def machine(scene: Scene) -> None:
    """The power, as far as a test can cut it: no process of ours is left, nor what they mounted."""
    scene.note()
    scene.service.kill()
    scene.engine.cut_power()


ALL = (IDLE, OPENING, RUNNING, FROZEN, THAWING, RESETTING, RESTORING, TAKING_SNAPSHOT, CLOSING)
HERE = (
    Death(service, service_starts, (*ALL, PULLING)),
    Death(sandbox, no_hand, (*ALL, PULLING)),
    Death(engine_inside, no_hand, (IDLE, RUNNING, PULLING, FROZEN, THAWING)),
    Death(containerd_inside, no_hand, (IDLE, RUNNING, PULLING)),
    Death(way_in, no_hand, (IDLE, RUNNING)),
    Death(keeper, no_hand, (IDLE, RUNNING)),
    Death(mirror, mirror_starts, (IDLE, OPENING, PULLING, FROZEN, RESETTING), serves=pull),
    Death(mirror_process, no_hand, (IDLE, PULLING), serves=pull),
)
ON_AN_ENGINE_OF_ITS_OWN = (
    Death(host_engine, host_engine_starts, ALL),
    Death(both, both_start, (IDLE, OPENING, RUNNING, FROZEN, RESETTING)),
    Death(machine, both_start, (IDLE, OPENING, RUNNING, FROZEN, RESETTING, TAKING_SNAPSHOT)),
)


def cases(deaths: tuple[Death, ...], *, sampled: bool = False) -> list[object]:
    """Each death at each of its stages; with `sampled`, one of each runs with all tests."""
    return [
        pytest.param(
            death,
            stage,
            id=f"{death.kills.__name__}-{stage.name}",
            marks=[pytest.mark.sample] if sampled and stage is _worst(death.stages) else [],
        )
        for death in deaths
        for stage in death.stages
    ]


def _worst(stages: tuple[Stage, ...]) -> Stage:
    return RUNNING if RUNNING in stages else stages[0]


@pytest.mark.parametrize(("death", "stage"), cases(HERE, sampled=True))
async def test_a_death(scene: Scene, death: Death, stage: Stage) -> None:
    """It comes back, with all that was there, and leaves nothing behind."""
    await survives(scene, death, stage)


@pytest.mark.parametrize(("death", "stage"), cases(ON_AN_ENGINE_OF_ITS_OWN))
async def test_a_death_of_the_hosts_engine(own_scene: Scene, death: Death, stage: Stage) -> None:
    """The same, when what is under everything dies."""
    await survives(own_scene, death, stage)


async def survives(scene: Scene, death: Death, stage: Stage) -> None:
    """The fault, and what is true afterwards."""
    async with under_way(scene, stage):
        await death.kills(scene)
        await death.mends(scene)
    if death.serves is not None:
        await death.serves(scene)
    if stage.swaps_disk:
        await scene.all_or_nothing_is_new()
    else:
        await scene.nothing_is_lost()
    await scene.nothing_is_left_behind()


async def test_a_killed_service_costs_no_container(scene: Scene) -> None:
    """What ran in the sandbox runs on: the next service finds it as it was."""
    await scene.settle()
    began = "docker inspect --format '{{.State.StartedAt}} {{.State.Pid}}' kept"
    before = (await scene.run(began)).text
    await service(scene)
    await service_starts(scene)
    await scene.answers()
    assert (await scene.run(began)).text == before
