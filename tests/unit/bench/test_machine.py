"""What a day left behind."""

from __future__ import annotations

import dataclasses

from tests.bench.machine import Leftovers

MORNING = Leftovers(
    containers=2,
    loop_devices=0,
    mounts=0,
    cgroups=0,
    processes=0,
    socket_folders=1,
    service_files=12,
)


def test_only_what_became_more_is_left_over() -> None:
    """What is fewer now does not make up for what was lost."""
    evening = dataclasses.replace(MORNING, loop_devices=3, service_files=9)
    assert evening.above(MORNING) == dict.fromkeys(dataclasses.asdict(MORNING), 0) | {
        "loop_devices": 3
    }
