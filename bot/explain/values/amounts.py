"""Memory, processors, times and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.explain.said import said
from bot.explain.values.reading import NUMBER, Read, Reader

LEAST_MEMORY: Final = 6 * 1024 * 1024
"""dockerd refuses a container with less."""

_UNITS: Final = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4, "p": 1024**5}
_MEMORY = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>[bkmgtp])?i?b?", re.IGNORECASE)
_DURATION = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_DECIMAL = re.compile(r"\d*\.?\d+")
_SPAN = re.compile(r"\d+(?:-\d+)?")


def memory(value: str) -> Read:
    """`-m 256m`: an amount of bytes."""
    if value == "-1":
        return [said("value.unlimited")], []
    found = _MEMORY.fullmatch(value)
    if not found:
        return [], [said("wrong.memory", value=value)]
    number, unit = float(found["number"]), (found["unit"] or "").lower()
    if not unit or unit == "b":
        return [said("value.memory.bytes", value=value)], []
    key = {"k": "kib", "m": "mib", "g": "gib"}.get(unit)
    if key is None:
        return [said("value.memory.bytes", value=f"{number * _UNITS[unit]:.0f}")], []
    return [said(f"value.memory.{key}", value=f"{number:g}")], []


def limit_of_memory(value: str) -> Read:
    """An amount of memory for a container, of which there is a least."""
    means, wrong = memory(value)
    found = _MEMORY.fullmatch(value)
    if found:
        size = float(found["number"]) * _UNITS[(found["unit"] or "b").lower()]
        if 0 < size < LEAST_MEMORY:
            wrong.append(said("wrong.memory_small", value=value))
    return means, wrong


def cpus(value: str) -> Read:
    """`--cpus 0.5`."""
    if not _DECIMAL.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.cpus", value=value, percent=f"{float(value) * 100:.0f}%")], []


def cpu_list(value: str) -> Read:
    """`--cpuset-cpus 0-2,4`."""
    if not all(_SPAN.fullmatch(piece) for piece in value.split(",")):
        return [], [said("wrong.number", value=value)]
    return [said("value.cpu_list", value=value)], []


def duration(value: str) -> Read:
    """`--health-interval 5s`."""
    if value == "0":
        return [said("value.duration", value=value)], []
    if not _DURATION.fullmatch(value):
        if NUMBER.fullmatch(value):
            return [], [said("wrong.duration_unit", value=value, seconds=f"{value}s")]
        return [], [said("wrong.duration", value=value)]
    return [said("value.duration", value=value)], []


def seconds(value: str) -> Read:
    """`--time 5`: seconds without a unit."""
    if value == "0":
        return [said("value.seconds.none")], []
    if value == "-1":
        return [said("value.seconds.ever")], []
    if not NUMBER.fullmatch(value):
        return [], [said("wrong.seconds", value=value)]
    return [said("value.seconds", value=value)], []


def moment(value: str) -> Read:
    """`--since 10m`."""
    if _DURATION.fullmatch(value):
        return [said("value.moment.ago", value=value)], []
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]*)?(?:Z|[+-][\d:]+)?", value):
        return [said("value.moment", value=value)], []
    if re.fullmatch(r"\d{9,}(?:\.\d+)?", value):
        return [said("value.moment.unix", value=value)], []
    if NUMBER.fullmatch(value):
        return [], [said("wrong.duration_unit", value=value, seconds=f"{value}s")]
    return [], [said("wrong.moment", value=value)]


def tail(value: str) -> Read:
    """`--tail 20`."""
    if value == "all":
        return [said("value.tail.all")], []
    if not NUMBER.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.tail", value=value)], []


def number(value: str) -> Read:
    """A whole number."""
    if not NUMBER.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.number", value=value)], []


def decimal(value: str) -> Read:
    """A number that may have a fraction."""
    if not _DECIMAL.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.number", value=value)], []


def limit_of_processes(value: str) -> Read:
    """`--pids-limit 50`."""
    if value in {"-1", "0"}:
        return [said("value.unlimited")], []
    return number(value)


def ulimit(value: str) -> Read:
    """`--ulimit nofile=1024:2048`."""
    key, equals, limits = value.partition("=")
    if not equals:
        return [], [said("wrong.key_value", pair=value)]
    return [said("value.ulimit", name=key, value=limits)], []


def scale(value: str) -> Read:
    """`--scale web=3`."""
    service, equals, count = value.partition("=")
    if not equals or not count.isdecimal():
        return [], [said("wrong.scale", value=value)]
    return [said("value.scale", service=service, count=count)], []


READERS: Final[Mapping[str, Reader]] = {
    "memory": memory, "cpus": cpus, "memory_limit": limit_of_memory, "cpu_list": cpu_list,
    "duration": duration, "seconds": seconds, "moment": moment, "tail": tail, "number": number,
    "decimal": decimal, "processes": limit_of_processes, "scale": scale, "ulimit": ulimit,
}  # fmt: skip
