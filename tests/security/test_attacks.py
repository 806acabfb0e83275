"""Every attack of attacks.yaml, typed by a learner into the real service."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.security.stage import Answer, Stage

pytestmark = pytest.mark.docker

FEWEST = 80
PRIVILEGED = "docker run --rm --privileged --pid=host --net=host -v /:/host"
REFUSED = (
    "not permitted|not supported|not implemented|denied|no such|invalid"
    "|read-only|nonexistent|can't create|cannot create|directory nonexistent"
)
FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL


@dataclass(frozen=True, slots=True)
class Attack:
    """One entry of attacks.yaml, which says what the fields mean."""

    id: str
    what: str
    command: str
    expect: str = ""
    never: str | None = None
    limit: str | None = None
    exit_code: int | None = None
    may_end: bool = False
    time_limit_s: float = 60

    @property
    def line(self) -> str:
        """What the learner types."""
        return self.command.replace("@privileged", PRIVILEGED)

    def held(self, answer: Answer) -> bool:
        """Whether the attack was carried out and the sandbox held."""
        if "@privileged" in self.command and "Error response from daemon" in answer.output:
            return False
        if self.limit is not None and not re.fullmatch(self.limit, answer.limit or ""):
            return False
        if self.exit_code is not None and answer.exit_code != self.exit_code:
            return False
        if not re.search(self.expect.replace("REFUSED", REFUSED), answer.output, FLAGS):
            return False
        return self.never is None or not re.search(self.never, answer.output, FLAGS)


def _attacks() -> list[Attack]:
    content = (Path(__file__).parent / "attacks.yaml").read_text(encoding="utf-8")
    return [Attack(**entry) for entry in yaml.safe_load(content)]


def _runs_here(attack: Attack) -> bool:
    """Numbers of kernel calls are those of amd64."""
    return "syscall(" not in attack.line or platform.machine() == "x86_64"


def test_there_are_enough_of_them() -> None:
    """Nobody takes attacks away to have the tests green."""
    assert len({attack.id for attack in _attacks()}) >= FEWEST


@pytest.mark.parametrize("attack", _attacks(), ids=lambda attack: attack.id)
async def test_the_sandbox_holds(
    live: Stage, attacker: str, neighbour: str, attack: Attack
) -> None:
    """What the attack is after is not to be had, and no neighbour notices that it was tried."""
    if not _runs_here(attack):
        pytest.skip("the numbers of kernel calls are another machine's")
    async with live.serving(neighbour):
        answer = await live.attempt(attacker, attack.line, time_limit_s=attack.time_limit_s)

    if answer is not None:
        assert attack.held(answer), f"{attack.what}\n{attack.line}\n{answer}"
    if attack.may_end:
        assert await live.comes_back(attacker), "the sandbox of the attacker did not come back"
    else:
        assert answer is not None, "the sandbox of the attacker ended"
