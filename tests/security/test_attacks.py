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

PRIVILEGED = "docker run --rm --privileged --pid=host --net=host -v /:/host"
REFUSED = (
    "not permitted|not supported|not implemented|denied|no such|invalid"
    "|read-only|nonexistent|can't create|cannot create|directory nonexistent"
)
FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL


@dataclass(frozen=True, slots=True)
class Attack:
    """One line of attacks.yaml."""

    id: str
    what: str
    command: str
    expect: str
    never: str | None = None

    @property
    def line(self) -> str:
        """What the learner types."""
        return self.command.replace("@privileged", PRIVILEGED)

    def held(self, answer: Answer) -> bool:
        """Whether the attack was carried out and the sandbox held."""
        if "@privileged" in self.command and "Error response from daemon" in answer.output:
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


@pytest.mark.parametrize("attack", _attacks(), ids=lambda attack: attack.id)
async def test_the_sandbox_holds(live: Stage, attacker: str, attack: Attack) -> None:
    """What the attack is after is not to be had, and the sandbox says so."""
    if not _runs_here(attack):
        pytest.skip("the numbers of kernel calls are another machine's")
    answer = await live.run(attacker, attack.line)

    assert attack.held(answer), f"{attack.what}\n{attack.line}\n{answer}"
