"""The table of known errors: the wordings of Docker 24 to 29, of BuildKit and of Compose.

cli.py         the command-line client: commands, options, arguments
images.py      names, pulls and pushes, removal of images
containers.py  containers: their life, their limits, what starts in them
storage.py     volumes, mounts, copying
networks.py    ports and networks
builds.py      docker build
compose.py     docker compose
engine.py      the engine itself, and what a sandbox does not have

Patterns are matched against foreign text: every repetition in them is bounded and none is nested.
"""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.known import (
    builds,
    cli,
    compose,
    containers,
    engine,
    images,
    networks,
    storage,
)
from bot.terminal.error_help.model import Known

TABLE: Final[tuple[Known, ...]] = (
    *cli.TABLE,
    *images.TABLE,
    *containers.TABLE,
    *storage.TABLE,
    *networks.TABLE,
    *builds.TABLE,
    *compose.TABLE,
    *engine.TABLE,
)

FURTHER: Final = (
    "plugin_missing",
    "build_without_folder",
    "search_without_internet",
    "push_without_internet",
    "out_of_memory",
    "exited_at_once",
    "failed_at_once",
    "restart_loop",
    "option_after_image",
    "ports_of_host_network",
    "port_not_published",
    "random_port",
    "anonymous_volume",
    "images_of_that_name",
    "memory_in_bytes",
    "mount_hides_files",
)
"""Errors that share their wording with another, or have none: the line or the state tells them."""

EXIT_CODES: Final = (125, 126, 127, 130, 137, 139, 143)
"""Those that mean something by themselves: `exit_125` and so on, where nothing else explains."""

ALL_IDS: Final[tuple[str, ...]] = (
    *(each.id for each in TABLE),
    *FURTHER,
    *(f"exit_{code}" for code in EXIT_CODES),
)
