"""Holds the lock files in step with pyproject.toml, without asking any package index."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_AT_LEAST = re.compile(r">=\s*([0-9.]+)")


@dataclass(slots=True)
class Pin:
    """One line of a lock file: the version, and whether pyproject.toml itself asks for it."""

    version: str
    direct: bool = False
    hashed: bool = False


def problems(root: Path) -> list[str]:
    """What is out of step, one sentence each; empty when all is well."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    wanted_dev = wanted + list(project["dependency-groups"]["dev"])
    return [
        *_compare(wanted, root / "requirements.lock"),
        *_compare(wanted_dev, root / "requirements-dev.lock"),
    ]


def _compare(wanted: list[str], lock: Path) -> Iterator[str]:
    pins = _read(lock)
    names = {_canonical(requirement): requirement for requirement in wanted}
    for name, requirement in names.items():
        if name not in pins:
            yield f"{lock.name} lacks {name}: make it again (see CONTRIBUTING.md)."
        elif not _satisfies(pins[name].version, requirement):
            yield f"{lock.name} has {name} {pins[name].version}; pyproject.toml: {requirement}."
    for name, pin in pins.items():
        if pin.direct and name not in names:
            yield f"{lock.name} still has {name}, which pyproject.toml does not ask for any more."
        if not pin.hashed:
            yield f"{lock.name}: {name} has no hash."


def _read(lock: Path) -> dict[str, Pin]:
    pins: dict[str, Pin] = {}
    pin: Pin | None = None
    for line in lock.read_text(encoding="utf-8").splitlines():
        if found := _PINNED.match(line):
            pin = pins.setdefault(_canonical(found[1]), Pin(version=found[2]))
        elif pin is not None:
            pin.hashed |= "--hash=" in line
            pin.direct |= "docent (pyproject.toml" in line
    return pins


def _canonical(requirement: str) -> str:
    found = _NAME.match(requirement.strip())
    name = found[0] if found else requirement
    return re.sub(r"[-_.]+", "-", name).lower()


def _satisfies(version: str, requirement: str) -> bool:
    """Lower bounds are all that pyproject.toml states."""
    bound = _AT_LEAST.search(requirement)
    return bound is None or _numbers(version) >= _numbers(bound[1])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
