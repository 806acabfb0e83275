"""Errors about volumes, mounts and copying."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "bad_volume_name",
        r'create [^\n]{1,200}?: "(?P<volume>[^"\n]{0,200})" includes invalid characters '
        r"for a local volume name",
        r"create (?P<volume>[^\s]{1,200}): volume name is too short",
        marks=("includes invalid characters", "volume name is too short"),
    ),
    known(
        "no_bind_source",
        r"bind source path does not exist: (?P<path>[^\n]{1,200}?)\.?$",
        marks="bind source path does not exist",
    ),
    known(
        "relative_mount_target",
        r"invalid mount path: '(?P<path>[^'\n]{0,200})' mount path must be absolute",
        r"invalid mount target, must be an absolute path in the container",
        marks=("mount path must be absolute", "invalid mount target"),
    ),
    known(
        "bad_mount_mode",
        r"invalid mode: (?P<mode>[^\n]{1,80}?)\.?$",
        marks="invalid mode: ",
    ),
    known(
        "two_mounts_at_one_path",
        r"Duplicate mount point: (?P<path>[^\s]{1,200}?)\.?$",
        marks="duplicate mount point",
    ),
    known(
        "no_such_volume",
        r"get (?P<volume>[^\s:]{1,200}): no such volume",
        r"no such volume: (?P<volume>[^\s]{1,200})",
        r'external volume "(?P<volume>[^"\n]{1,200})" not found',
        marks=("no such volume", "external volume"),
        misspelt={"volume": "volume"},
    ),
    known(
        "volume_used",
        r"remove (?P<volume>[^\s:]{1,200}): volume is in use - \[(?P<container>[0-9a-f]{12,64})",
        marks="volume is in use",
    ),
    known(
        "no_file_to_copy",
        r"Could not find the file (?P<path>[^\n]{1,200}?) in container (?P<container>[^\s]{1,200})",
        marks="could not find the file",
    ),
    known(
        "copy_without_container",
        r"must specify at least one container source",
        marks="at least one container source",
    ),
)
