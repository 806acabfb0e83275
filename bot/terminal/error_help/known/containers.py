"""Errors about containers: names, their life, their limits, and what is to start in them."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "no_such_container",
        r"No such container: (?P<container>[^\s]{1,200})",
        marks="no such container: ",
        misspelt={"container": "container"},
    ),
    known(
        "no_such_object",
        r"No such object: (?P<container>[^\s]{1,200})",
        marks="no such object: ",
        misspelt={"container": "container"},
    ),
    known(
        "id_too_short",
        r"multiple IDs found with provided prefix: (?P<typed>[^\s]{1,80})",
        marks="multiple ids found",
    ),
    known(
        "name_taken",
        r'The container name "/?(?P<container>[^"\n]{1,200})" is already in use by container',
        marks="is already in use by container",
    ),
    known(
        "bad_container_name",
        r"Invalid container name \((?P<typed>[^\n]{0,200}?)\), only",
        marks="invalid container name",
    ),
    known(
        "still_running",
        r"You cannot remove a running container (?P<container>[0-9a-f]{6,64})",  # 24
        r'cannot remove container "?/?(?P<container>[^"\s]{1,200}?)"?: container is running',
        marks=("cannot remove a running container", "container is running"),
    ),
    known(
        "paused_before_removal",
        r'(?:cannot remove container "?/?(?P<container>[^"\s]{1,200}?)"?: )?'
        r"container is paused and must be unpaused first",
        marks="must be unpaused first",
    ),
    known(
        "being_removed",
        r"removal of container (?P<container>[^\s]{1,200}) is already in progress",
        r"container (?:(?P<container>[^\s]{1,200}) )?is marked for removal",
        marks=("is already in progress", "is marked for removal"),
    ),
    known(
        "not_running",
        r"container (?P<container>[0-9a-zA-Z][\w.-]{1,200}) is not running",
        r'service "(?P<container>[^"\n]{1,80})" is not running',
        marks="is not running",
    ),
    known(
        "attach_to_stopped",
        r"cannot attach to a stopped container",
        marks="attach to a stopped container",
    ),
    known(
        "restarting",
        r"Container (?P<container>[^\s]{1,200}) is restarting, wait until",
        marks="is restarting, wait until",
    ),
    known(
        "paused_before_exec",
        r"Container (?P<container>[^\s]{1,200}) is paused, unpause the container before",
        r"cannot attach to a paused container",
        marks=("is paused, unpause", "attach to a paused container"),
    ),
    known(
        "no_such_program",
        r'exec: "(?P<program>[^"\n]{1,200})": executable file not found in \$PATH',
        marks="executable file not found",
    ),
    known(
        "no_such_program_file",
        r'exec: "(?P<program>[^"\n]{1,200})": stat [^\n]{1,200}: no such file or directory',
        r"exec (?P<program>/[^\s:]{1,200}): no such file or directory",
        marks="no such file or directory",
    ),
    known(
        "program_not_executable",
        r'exec: "(?P<program>[^"\n]{1,200})": (?:permission denied|is a directory)',
        r"exec (?P<program>/[^\s:]{1,200}): permission denied",
        marks=("permission denied", "is a directory"),
    ),
    known(
        "program_of_other_cpu",
        r"exec (?P<program>/[^\s:]{1,200}): exec format error",
        r"exec format error",
        marks="exec format error",
    ),
    known(
        "no_such_user",
        r"unable to find user (?P<user>[^\n:]{1,80}): no matching entries in passwd file",
        r"unable to find group (?P<user>[^\n:]{1,80}): no matching entries in group file",
        marks="no matching entries in",
    ),
    known(
        "relative_workdir",
        r"the working directory '(?P<path>[^'\n]{0,200})' is invalid, it needs to be an absolute",
        marks="the working directory",
    ),
    known(
        "too_little_memory",
        r"Minimum memory limit allowed is (?P<least>\d{1,4} ?[KM]B)",
        marks="minimum memory limit",
    ),
    known(
        "too_many_cpus",
        r"range of CPUs is from [\d.]{1,10} to (?P<most>[\d.]{1,10}), as there are only",
        marks="range of cpus is from",
    ),
    known(
        "no_such_capability",
        r'invalid Cap(?:Add|Drop): unknown capability: "?(?P<capability>\w{1,80})',
        marks="unknown capability",
    ),
)
