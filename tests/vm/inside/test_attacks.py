"""The ten worst of tests/security/attacks.yaml, typed by a learner on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import tests.security
from tests.security.stage import Stage
from tests.security.test_attacks import Attack

TEN_WORST = (
    "make-a-loop-node",  # another learner's disk
    "mount-a-disk",  # the host's root file system
    "open-by-handle",  # any file of the host
    "replace-the-docker-command",  # a program that other sandboxes run too
    "core-pattern",  # a program of ours that the host runs as root
    "enter-the-first-process",  # the host through the first process
    "parent-user-namespace",  # the namespace in which the ceilings are
    "raise-the-limits",
    "leave-the-cgroup",
    "poison-an-image",  # what everybody else pulls
)
LONGEST_S = 300


def _chosen() -> list[Attack]:
    file = Path(tests.security.__file__).parent / "attacks.yaml"
    attacks = [Attack(**entry) for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]
    by_id = {attack.id: attack for attack in attacks}
    return [by_id[name] for name in TEN_WORST]


@pytest.mark.parametrize("attack", _chosen(), ids=lambda attack: attack.id)
async def test_the_sandbox_holds(live: Stage, learner: str, attack: Attack) -> None:
    """What the attack is after is not to be had here either."""
    await live.run(learner, "docker pull -q busybox", time_limit_s=LONGEST_S)
    answer = await live.run(learner, attack.line, time_limit_s=LONGEST_S)

    assert attack.held(answer), f"{attack.what}\n{attack.line}\n{answer}"
