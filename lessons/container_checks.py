"""The kind `container`: what a container was given when it was made, and what became of it.

`TRAITS` has a line for each field of lesson.yaml: how an author's value is read, and what a
container has of it, both in the spelling that `docker run` takes. A field holds when what is wanted
is among what the container has; running or not makes no difference unless `status` is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from lessons.checks import finding, number_in
from lessons.facts import Container, EngineFacts, Mount, Situation
from lessons.meant import made_from, similar_container
from lessons.model import Finding

_UNITS = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_STATUSES = {"created", "running", "paused", "restarting", "exited", "dead"}
_RESTART = re.compile(r"no|always|unless-stopped|on-failure(:[1-9][0-9]*)?")
_ENDED = {"exited", "dead", "restarting"}

Has = Callable[[Container, EngineFacts, str], tuple[str, ...]]
"""What a container has of a trait; the third argument is what is wanted."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One field. `read` raises `ValueError` in plain words for what an author got wrong.

    `may_lack`: a container can have nothing of it; the learner is then told so instead of an
    empty value.
    """

    read: Callable[[str], str]
    has: Has
    may_lack: bool = True


def _one(read: Callable[[Container], str]) -> Has:
    """A trait with one value; the empty text is none."""
    return lambda container, _facts, _wanted: (value,) if (value := read(container)) else ()


def _some(read: Callable[[Container], tuple[str, ...]]) -> Has:
    return lambda container, _facts, _wanted: read(container)


def _as_written(text: str) -> str:
    return text


def _status(text: str) -> str:
    return _one_of(text, "status", _STATUSES)


def _yes_or_no(text: str) -> str:
    return _one_of(text, "this", {"true", "false"})


def _health(text: str) -> str:
    return _one_of(text, "health", {"starting", "healthy", "unhealthy"})


def _one_of(text: str, name: str, known: set[str]) -> str:
    if text not in known:
        raise ValueError(f"{name} must be one of {', '.join(sorted(known))}, not {text!r}")
    return text


def _count(text: str) -> str:
    return str(number_in(text, "restarts", 0, 1000))


def _exit_code(text: str) -> str:
    return str(number_in(text, "exit_code", 0, 255))


def _pair(text: str) -> str:
    if not text.partition("=")[0] or "=" not in text:
        raise ValueError(f"this must be NAME=VALUE, not {text!r}")
    return text


def _restart(text: str) -> str:
    if not _RESTART.fullmatch(text):
        raise ValueError(f"restart must be a policy such as on-failure:3, not {text!r}")
    return text


def _size(text: str) -> str:
    found = re.fullmatch(r"([0-9]+)([bkmg]?)b?", text.lower())
    if found is None:
        raise ValueError(f"memory must be a size such as 64m, not {text!r}")
    return size_text(int(found[1]) * _UNITS[found[2] or "b"])


def size_text(size: int) -> str:
    """A number of bytes as `docker run --memory` takes it: 67108864 → 64m."""
    for unit in "gmk":
        if size and size % _UNITS[unit] == 0:
            return f"{size // _UNITS[unit]}{unit}"
    return f"{size}b"


def _cpus(text: str) -> str:
    if not re.fullmatch(r"[0-9]+(\.[0-9]{1,9})?", text):
        raise ValueError(f"cpus must be a number such as 0.5, not {text!r}")
    return _cpus_text(round(float(text) * 1e9))


def _cpus_text(nano_cpus: int) -> str:
    return f"{nano_cpus / 1e9:.9f}".rstrip("0").rstrip(".")


def _capability(text: str) -> str:
    return text.upper().removeprefix("CAP_")


def _mount(text: str) -> str:
    if not re.fullmatch(r"[^:]+:/[^:]*(:ro)?", text):
        raise ValueError(f"mount must be SOURCE:/TARGET or SOURCE:/TARGET:ro, not {text!r}")
    return text


def _mount_text(mount: Mount) -> str:
    return f"{mount.source}:{mount.target}" + ("" if mount.writable else ":ro")


def _image(container: Container, facts: EngineFacts, wanted: str) -> tuple[str, ...]:
    return (wanted,) if made_from(container, wanted, facts) else (container.image,)


def _named(entries: Callable[[Container], tuple[str, ...]]) -> Has:
    """Entries NAME=VALUE: the learner is shown those of the wanted name, not all."""

    def has(container: Container, _facts: EngineFacts, wanted: str) -> tuple[str, ...]:
        name = wanted.partition("=")[0]
        return tuple(e for e in entries(container) if e.partition("=")[0] == name)

    return has


def _pid(container: Container, facts: EngineFacts, _wanted: str) -> tuple[str, ...]:
    """The mode; the engine keeps the other container's id, people know its name."""
    kind, _, other = container.pid_mode.partition(":")
    if kind != "container":
        return (container.pid_mode,) if container.pid_mode else ()
    names = [c.name for c in facts.containers if c.id and c.id == other]
    return tuple(f"container:{name}" for name in names or [other[:12]])


def _exit_code_text(container: Container) -> str:
    """Empty while it has not ended; one that could not even start has a code, too."""
    ended = container.status in _ENDED or (container.status == "created" and container.exit_code)
    return str(container.exit_code) if ended else ""


def _user(container: Container) -> tuple[str, ...]:
    """With and without the group: `1000` is also held by `1000:1000`."""
    user = container.user
    return tuple(dict.fromkeys((user, user.partition(":")[0]))) if user else ()


def _security(container: Container) -> tuple[str, ...]:
    """`no-new-privileges:true` and `no-new-privileges=true` are the same as without `true`."""
    return tuple(re.sub(r"[:=]true$", "", option) for option in container.security_opt)


TRAITS: Mapping[str, Trait] = {
    "status": Trait(_status, _one(lambda c: c.status), may_lack=False),
    "image": Trait(_as_written, _image, may_lack=False),
    "command": Trait(_as_written, _one(lambda c: " ".join(c.command))),
    "exit_code": Trait(_exit_code, _one(_exit_code_text)),
    "oom_killed": Trait(_yes_or_no, _one(lambda c: str(c.oom_killed).lower()), may_lack=False),
    "restarts": Trait(_count, _one(lambda c: str(c.restart_count)), may_lack=False),
    "health": Trait(_health, _one(lambda c: c.health or "")),
    "label": Trait(_pair, _named(lambda c: tuple(f"{k}={v}" for k, v in c.labels.items()))),
    "env": Trait(_pair, _named(lambda c: c.env)),
    "hostname": Trait(_as_written, _one(lambda c: c.hostname)),
    "network": Trait(_as_written, _some(lambda c: tuple(c.networks))),
    "pid": Trait(_as_written, _pid),
    "user": Trait(_as_written, _some(_user)),
    "memory": Trait(_size, _one(lambda c: size_text(c.memory_bytes) if c.memory_bytes else "")),
    "cpus": Trait(_cpus, _one(lambda c: _cpus_text(c.nano_cpus) if c.nano_cpus else "")),
    "restart": Trait(_restart, _one(lambda c: c.restart_policy or "no"), may_lack=False),
    "cap_add": Trait(_capability, _some(lambda c: tuple(map(_capability, c.cap_add)))),
    "cap_drop": Trait(_capability, _some(lambda c: tuple(map(_capability, c.cap_drop)))),
    "read_only": Trait(_yes_or_no, _one(lambda c: str(c.read_only).lower()), may_lack=False),
    "privileged": Trait(_yes_or_no, _one(lambda c: str(c.privileged).lower()), may_lack=False),
    "security": Trait(_as_written, _some(_security)),
    "mount": Trait(_mount, _some(lambda c: tuple(map(_mount_text, c.mounts)))),
}


@dataclass(frozen=True, slots=True)
class ContainerHas:
    """A container of this name has these traits, each judged on its own."""

    REQUIRED: ClassVar = frozenset({"name"})
    OPTIONAL: ClassVar = frozenset(TRAITS)

    name: str
    wanted: tuple[tuple[str, str], ...]
    """Trait and value, in the order of the file."""
    kind: ClassVar = "container"
    after: ClassVar = None

    @property
    def finding_keys(self) -> frozenset[str]:
        """Absent, or a key for each trait asked for."""
        keys = {"container_absent", "container_absent_similar"}
        for trait, _ in self.wanted:
            keys |= {f"trait_{trait}", f"trait_{trait}_other"}
            keys |= {f"trait_{trait}_none"} if TRAITS[trait].may_lack else set()
        return frozenset(keys)

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """Make it from lesson.yaml."""
        wanted = tuple((t, TRAITS[t].read(v)) for t, v in fields.items() if t in TRAITS)
        if not wanted:
            raise ValueError(f"say what the container should have: {', '.join(TRAITS)}")
        return cls(fields["name"], wanted)

    def judge(self, situation: Situation) -> tuple[Finding, ...]:
        """One finding when it is absent, else one for each trait."""
        facts = situation.facts
        container = facts.container(self.name)
        if container is None:
            return (self._judge_absent(facts),)
        return tuple(_judge_trait(container, facts, *wanted) for wanted in self.wanted)

    def _judge_absent(self, facts: EngineFacts) -> Finding:
        similar = similar_container(self.name, dict(self.wanted).get("image"), facts)
        if similar is None:
            return finding("container_absent", name=self.name)
        return finding("container_absent_similar", name=self.name, similar=similar.name)


def _judge_trait(container: Container, facts: EngineFacts, name: str, wanted: str) -> Finding:
    has = TRAITS[name].has(container, facts, wanted)
    if wanted in has:
        return finding(f"trait_{name}", ok=True, name=container.name, wanted=wanted)
    if not has:
        return finding(f"trait_{name}_none", name=container.name, wanted=wanted)
    actual = ", ".join(has)
    return finding(f"trait_{name}_other", name=container.name, wanted=wanted, actual=actual)
