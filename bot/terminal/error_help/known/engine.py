"""Errors of the engine itself, and what a sandbox does not have."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "engine_down",
        r"Cannot connect to the Docker daemon(?: at (?P<address>[^\s]{1,200}?))?\. Is the docker",
        r"failed to connect to the docker API at (?P<address>[^\s]{1,200}?)[;,]",
        marks=("cannot connect to the docker daemon", "failed to connect to the docker api"),
    ),
    known(
        "engine_not_allowed",
        r"permission denied while trying to connect to the docker (?:daemon socket|API) "
        r"at (?P<address>[^\s]{1,200}?)(?::|$)",
        marks="permission denied while trying to connect",
    ),
    known(
        "versions_too_far_apart",
        r"client version (?P<client>[\d.]{1,20}) is too (?:old|new)",
        marks="client version",
    ),
    known(
        "disk_full",
        r"no space left on device",
        r"disk quota exceeded",
        marks=("no space left on device", "disk quota exceeded"),
    ),
)
