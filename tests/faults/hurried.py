"""The sandbox service with short days: what it does in minutes, it does in seconds.

A process of its own, like the service, so that it can be killed; only its pace is another one.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from pathlib import Path

from sandbox import __main__ as service
from sandbox import disks
from sandbox import service as wiring
from sandbox.reaper import Reaper
from sandbox.settings import SandboxSettings
from sandbox.timers import Deadlines

FREEZE_S = 1.0
ROUND_S = 0.5
UNFINISHED_FOR_S = 4
"""After this long, a file that nobody finished is taken for a dead one's."""


class HurriedSettings(SandboxSettings):
    """Minutes are the shortest that an operator may ask for; tests are shorter."""

    @property
    def deadlines(self) -> Deadlines:
        """The deadlines, with an earlier freeze."""
        return dataclasses.replace(super().deadlines, freeze_s=FREEZE_S)


class HurriedReaper(Reaper):
    """Goes a round every half second."""

    def __init__(self, *args: object, **parts: object) -> None:
        super().__init__(*args, **parts, round_s=ROUND_S)  # type: ignore[arg-type]


def jumping_clock() -> float:
    """The machine's clock, as a test sets it: by so many seconds as a file of the home has."""
    try:
        jump_s = float((Path(os.environ["DOCENT_SANDBOX_HOME"]) / "clock-jump").read_text())
    except (OSError, ValueError):
        jump_s = 0.0
    return machines_clock() + jump_s


machines_clock = time.time

if __name__ == "__main__":
    vars(time)["time"] = jumping_clock
    vars(service)["SandboxSettings"] = HurriedSettings
    vars(disks)["UNFINISHED_FOR_S"] = UNFINISHED_FOR_S
    vars(wiring)["Reaper"] = HurriedReaper
    sys.exit(service.main())
