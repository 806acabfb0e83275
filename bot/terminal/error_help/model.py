"""What a known error is, and what is known of one that happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["container", "image", "volume", "network", "command", "flag"]
"""What a name in a message names: it is looked for among the learner's own, or the CLI's."""


@dataclass(frozen=True, slots=True)
class Known:
    """An error that we can explain.

    `id` is stable: it is counted, stored and linked by. `marks` are pieces of text in small
    letters, one of which is in every output that `patterns` can match: to look for them costs
    nothing. Groups of a pattern are values of the explanation; `misspelt` says what a value may be
    a misspelt name of. A `general` error explains only where nothing else does. A `warning` is one
    that a command survives: it is explained although the exit code is 0.
    """

    id: str
    marks: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    misspelt: Mapping[str, Kind] = field(default_factory=dict)
    general: bool = False
    warning: bool = False


@dataclass(frozen=True, slots=True)
class ErrorHelp:
    """An error that was recognised: its id, and what stands in it, as it was printed or typed.

    Values come out of a sandbox: they are hostile until `words` has made them safe to show.
    `meant` are names that exist and look like the one that does not.
    """

    id: str
    values: Mapping[str, str] = field(default_factory=dict)
    meant: tuple[str, ...] = ()

    @property
    def is_exit_code(self) -> bool:
        """Whether nothing is known but the exit code."""
        return self.id.startswith("exit_")


@dataclass(frozen=True, slots=True)
class ContainerSeen:
    """What matters of a container of the learner's; `ports` are published ones of the host."""

    id: str
    name: str
    status: str
    image: str = ""
    exit_code: int = 0
    oom_killed: bool = False
    restart_count: int = 0
    memory_bytes: int = 0
    ports: tuple[int, ...] = ()
    exposed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineSeen:
    """What exists in a learner's engine, by name."""

    containers: tuple[ContainerSeen, ...] = ()
    images: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


def known(
    id: str,
    *patterns: str,
    marks: str | tuple[str, ...],
    misspelt: Mapping[str, Kind] | None = None,
    general: bool = False,
    warning: bool = False,
) -> Known:
    """A row of the table. Patterns are looked for line by line, whatever the case of letters."""
    return Known(
        id,
        (marks,) if isinstance(marks, str) else marks,
        tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns),
        misspelt or {},
        general,
        warning,
    )
