"""What an operator decides about sandboxes, read once from `DOCENT_SANDBOX_*` and checked.

Every limit is a required number with bounds: there is no way to say "unlimited".
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from sandbox.ceiling import Ceiling, machine_ceiling
from sandbox.contract import LONGEST_SESSION_S, LONGEST_WAIT_S, SessionLimits
from sandbox.contract.files import MOST_FILE_BYTES
from sandbox.home import Home
from sandbox.sizing import places_for_memory
from sandbox.timers import Deadlines

SHORTEST_TOKEN = 32
_HOST_NAME = r"\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
"""With a dot before it: everything below it too. An address in digits is no name."""


def _a_listening_address(value: str) -> str:
    if value and not value.startswith(("unix:/", "tcp:")):
        raise ValueError("say unix:/path/of.sock or tcp:HOST:PORT")
    return value


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sandbox may use of the machine."""

    memory_mib: int
    cpus: float
    pids: int
    disk_mib: int


class DoorSettings(BaseSettings):
    """Where the service is and how to get in: all that somebody who asks it has to know."""

    model_config = SettingsConfigDict(
        env_prefix="DOCENT_SANDBOX_",
        frozen=True,
        env_ignore_empty=True,  # compose passes what is not set as an empty text
    )

    home: Path = Path("/var/lib/docent")
    """Disks, sockets and keys. Host and service have to see it under the same path."""
    listen: Annotated[str, AfterValidator(_a_listening_address)] = ""
    """`unix:/path/of.sock` or `tcp:HOST:PORT`; empty: service.sock in the home folder."""
    token_file: Path | None = None
    """File with the token that callers have to show; `token` in the home folder by default."""

    @property
    def places(self) -> Home:
        """Where things are in the home folder."""
        return Home(self.home.absolute())

    @property
    def address(self) -> str:
        """Where the service listens, in the form of `listen`."""
        return self.listen or f"unix:{self.places.socket}"

    def read_token(self) -> str:
        """The token of the file.

        Raises:
            OSError: the file can't be read.
            ValueError: what it holds is too short to keep anybody out.
        """
        path = self.token_file or self.places.token
        token = path.read_text(encoding="ascii").strip()
        if len(token) < SHORTEST_TOKEN:
            raise ValueError(f"the token in {path} has less than {SHORTEST_TOKEN} characters")
        return token


class SandboxSettings(DoorSettings):
    """Settings of the sandbox service; docs/settings.md explains each for operators."""

    memory_mib: int = Field(ge=256, le=65_536)
    """Memory of a sandbox, its containers included; swap is off."""
    cpus: float = Field(ge=0.1, le=64)
    pids: int = Field(ge=256, le=32_768)
    """Processes and threads of a sandbox; 96 of them are kept for its keeper."""
    disk_mib: int = Field(ge=256, le=1_048_576)
    """Size of a learner's disk file; sparse, so it takes what is used."""
    capacity: int = Field(ge=1, le=500)
    """How many sandboxes run at once; fewer where the memory does not carry so many."""
    command_limit_s: float = Field(ge=1, le=600)
    """The longest that one command line may take."""

    image: str = Field(default="docent/engine:latest", min_length=1)
    runtime: str = Field(default="", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$|^$")
    """OCI runtime of sandboxes, by the name that the host's engine knows; empty: its default."""
    apparmor_profile: str = Field(default="", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$|^$")
    """AppArmor profile of sandboxes; empty: ours where it is loaded, otherwise "unconfined"."""
    packages: str = Field(default="", pattern=rf"^$|^{_HOST_NAME}(,{_HOST_NAME})*$")
    """Names of package mirrors that builds may reach, `,` between them; empty: none."""
    packages_mib: int = Field(default=512, ge=1, le=1_048_576)
    """What a learner may fetch from these in a day, in MiB."""
    packages_kib_s: int = Field(default=4096, ge=16, le=1_048_576)
    """How fast, in KiB a second."""
    group: int | None = Field(default=None, ge=0, le=2**31)
    """Group whose members may connect to the unix socket; without it, only the service's user."""
    docker_url: str = "unix:///var/run/docker.sock"
    """The host's Docker engine."""
    output_limit_bytes: int = Field(default=262_144, ge=1024, le=1_048_576)
    file_limit_bytes: int = Field(default=8_388_608, ge=1024, le=MOST_FILE_BYTES)
    """The largest file that goes into a sandbox or out of it."""
    output_limit_lines: int = Field(default=4000, ge=100, le=100_000)
    idle_minutes: int = Field(default=120, ge=1, le=10_080)
    """A sandbox without a command for this long is stopped; its disk stays."""
    freeze_minutes: int = Field(default=10, ge=1, le=10_080)
    """A sandbox without a command for this long is frozen until the next one."""
    hard_limit_minutes: int = Field(default=720, ge=10, le=10_080)
    """A sandbox that runs for this long is stopped, in use or not, unless it is extended."""
    orphaned_minutes: int = Field(default=240, ge=1, le=10_080)
    """What runs when the service comes back after so long is stopped."""
    overcommit: float = Field(default=4.0, ge=0.5, le=64)
    """How many times the memory of all sandboxes may be promised to them; bounds the capacity."""
    queue_limit_s: float = Field(default=600, ge=1, le=LONGEST_WAIT_S)
    """The longest that somebody waits for a place."""
    keep_days: int = Field(default=60, ge=1, le=3650)
    """A disk that was not used for this long expires: its learner is warned ..."""
    warn_days: int = Field(default=7, ge=1, le=365)
    """... and this long after the warning it is deleted."""
    audit: Literal["off", "events", "content"] = "events"
    """What log/audit.jsonl keeps of each command line: who, when and how it ended; or its text."""
    warm: int = Field(default=1, ge=0, le=100)
    """How many sandboxes run for learners who have none yet, where places are free."""
    snapshots: int = Field(default=3, ge=0, le=20)
    """How many snapshots of a disk each learner may have."""
    session_minutes: int = Field(default=60, ge=1, le=LONGEST_SESSION_S // 60)
    """The longest that a terminal session may last."""
    session_idle_minutes: int = Field(default=10, ge=1, le=LONGEST_SESSION_S // 60)
    """A session that nobody uses for this long is ended."""
    start_limit_s: float = Field(default=30, ge=5, le=60)
    free_disk_mib: int = Field(default=1024, ge=128, le=1_048_576)
    """No sandbox starts when the file system of the home folder has less left than this; below
    half of it, sandboxes that grow are stopped."""
    total_memory_mib: int | None = Field(default=None, ge=512, le=16_777_216)
    """Memory of all sandboxes together; by default the machine's, less 15 % or a gibibyte."""
    total_pids: int | None = Field(default=None, ge=512, le=4_194_304)
    """Processes of all sandboxes together; by default three quarters of the kernel's `pid_max`."""

    @property
    def session_limits(self) -> SessionLimits:
        """What ends a session at the latest."""
        return SessionLimits(
            time_s=self.session_minutes * 60, idle_s=self.session_idle_minutes * 60
        )

    @property
    def limits(self) -> Limits:
        """What one sandbox may use."""
        return Limits(
            memory_mib=self.memory_mib, cpus=self.cpus, pids=self.pids, disk_mib=self.disk_mib
        )

    @property
    def deadlines(self) -> Deadlines:
        """The deadlines in the life of a sandbox."""
        return Deadlines(
            freeze_s=self.freeze_minutes * 60,
            idle_s=self.idle_minutes * 60,
            hard_s=self.hard_limit_minutes * 60,
            orphaned_s=self.orphaned_minutes * 60,
            start_s=self.start_limit_s,
        )

    def places_in_memory(self) -> int:
        """How many sandboxes the memory carries that may be promised; it reads the machine's."""
        return places_for_memory(
            memory_mib=self.memory_mib,
            total_mib=self.ceiling().memory_mib,
            overcommit=self.overcommit,
        )

    def ceiling(self) -> Ceiling:
        """What all sandboxes together may use."""
        machine = machine_ceiling()
        return Ceiling(
            memory_mib=self.total_memory_mib or machine.memory_mib,
            pids=self.total_pids or machine.pids,
        )
