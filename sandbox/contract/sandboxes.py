"""How the service is, and how a learner's sandbox is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sandbox.contract.wire import LearnerName, Wire


class HealthProblem(Wire):
    """Why no new learner can be served now; what runs already may go on."""

    part: Literal["engine", "mirror", "disk", "capacity"]
    detail: str


class Health(Wire):
    """How the service is; `engine` is False when the host's Docker engine does not answer."""

    engine: bool
    engine_version: str | None
    running: int
    capacity: int
    problems: list[HealthProblem] = Field(default=[])

    @property
    def able(self) -> bool:
        """Whether one more learner could open a sandbox and pull an image now."""
        return not self.problems


class SandboxView(Wire):
    """A learner's sandbox. `fresh` says that its disk was made by this call; times in ms.

    A frozen one has everything in memory but no processor; whatever is asked of it thaws it.
    """

    learner: LearnerName
    state: Literal["running", "frozen", "stopped"]
    fresh: bool = False
    opened_in_ms: int = 0
    safe: bool = False
    """Started after repeated crashes: no container of the learner's was started by itself."""
