"""What is shorter in a hurried service: minutes are the shortest that an operator may ask for."""

from __future__ import annotations

import dataclasses

from sandbox import __main__ as service
from sandbox import disks, steadiness
from sandbox import service as wiring
from sandbox.reaper import Reaper
from sandbox.settings import SandboxSettings
from sandbox.timers import Deadlines

FREEZE_S = 1.0
ROUND_S = 0.5
UNFINISHED_FOR_S = 4
"""After this long, a file that nobody finished is taken for a dead one's."""
STEADY_S = 3.0
"""After this long, a clock that was set is believed."""


class HurriedSettings(SandboxSettings):
    """The operator's, but for the freeze."""

    @property
    def deadlines(self) -> Deadlines:
        """The deadlines, with an earlier freeze."""
        return dataclasses.replace(super().deadlines, freeze_s=FREEZE_S)


class HurriedReaper(Reaper):
    """Goes a round every half second."""

    def __init__(self, *args: object, **parts: object) -> None:
        super().__init__(*args, **parts, round_s=ROUND_S)  # type: ignore[arg-type]


def main() -> int:
    """The service, in a hurry."""
    vars(service)["SandboxSettings"] = HurriedSettings
    vars(disks)["UNFINISHED_FOR_S"] = UNFINISHED_FOR_S
    vars(steadiness)["STEADY_S"] = STEADY_S
    vars(wiring)["Reaper"] = HurriedReaper
    return service.main()
