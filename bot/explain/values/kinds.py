"""Which kind of value a flag takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.explain.cli_table import Flag

_KIND_OF_NAME: Final[Mapping[str, str]] = {
    "publish": "ports", "publish-add": "ports", "volume": "volume", "mount": "mount",
    "mount-add": "mount", "memory": "memory_limit", "memory-reservation": "memory",
    "memory-swap": "memory", "shm-size": "memory", "cpus": "cpus", "cpuset-cpus": "cpu_list",
    "cpuset-mems": "cpu_list", "restart": "restart", "env": "env", "env-add": "env",
    "label": "label", "label-add": "label", "container-label": "label", "build-arg": "build_arg",
    "name": "name", "hostname": "hostname", "network": "network", "pid": "mode", "ipc": "mode",
    "uts": "mode", "userns": "mode", "cgroupns": "mode", "filter": "filter", "format": "format",
    "since": "moment", "until": "moment", "tail": "tail", "time": "seconds", "timeout": "seconds",
    "stop-timeout": "seconds", "wait-timeout": "seconds", "user": "user", "workdir": "folder",
    "file": "file", "env-file": "file", "label-file": "file", "compose-file": "file",
    "cidfile": "file", "iidfile": "file", "metadata-file": "file", "input": "file",
    "output": "output", "signal": "signal", "stop-signal": "signal", "scale": "scale",
    "add-host": "host_address", "dns": "address", "ip": "address", "ip6": "address",
    "gateway": "address", "aux-address": "key_value", "subnet": "subnet", "ip-range": "subnet",
    "tmpfs": "tmpfs", "device": "device", "cap-add": "capability", "cap-drop": "capability",
    "security-opt": "security", "ulimit": "ulimit", "entrypoint": "program",
    "health-cmd": "program", "expose": "expose", "pull": "pull", "platform": "platform",
    "volumes-from": "container", "link": "container", "type": "object", "driver": "driver",
    "log-driver": "driver", "opt": "key_value", "log-opt": "key_value", "driver-opt": "key_value",
    "storage-opt": "key_value", "sysctl": "key_value", "exit-code-from": "service",
    "target": "stage", "pids-limit": "processes", "limit-pids": "processes",
    "limit-memory": "memory", "reserve-memory": "memory", "limit-cpu": "cpus",
    "cache-from": "keys", "cache-to": "keys", "secret": "keys", "ssh": "keys", "image": "image",
    "project-directory": "file",
}  # fmt: skip
_KIND_IN_COMMAND: Final[Mapping[tuple[str, str], str]] = {
    ("build", "tag"): "image", ("build", "volume"): "volume", ("build", "network"): "network",
    ("bake", "file"): "file", ("wait", "timeout"): "seconds",
    ("create", "timeout"): "duration", ("network", "name"): "name",
}  # fmt: skip
_KIND_OF_CLI: Final[Mapping[str, str]] = {
    "bytes": "memory", "duration": "duration", "decimal": "decimal", "float": "decimal",
    "uint32": "number", "int": "number",
    "uint": "number", "uint16": "number", "uint64": "number", "int64": "number",
    "mount": "mount", "ulimit": "ulimit", "network": "network", "port": "ports",
    "filter": "filter", "map": "key_value", "scale": "scale", "secret": "keys", "config": "keys",
    "signal": "signal",
}  # fmt: skip


def kind_of(path: tuple[str, ...], flag: Flag) -> str:
    """The kind of value that a flag takes: a name in `READERS`."""
    last = path[-1] if path else ""
    if flag.kind == "duration":
        return "duration"
    return (
        _KIND_IN_COMMAND.get((last, flag.name))
        or _KIND_OF_NAME.get(flag.name)
        or _KIND_OF_CLI.get(flag.kind)
        or "text"
    )
