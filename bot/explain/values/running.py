"""How a container runs: as whom, what it may, how it ends and begins again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.explain.cli_table import nearest
from bot.explain.said import said
from bot.explain.values.reading import Read, Reader, choice_wrong

RESTARTS: Final = ("no", "always", "unless-stopped", "on-failure")
PULLS: Final = ("always", "missing", "never")
SIGNALS: Final = {
    "TERM": "term", "KILL": "kill", "INT": "int", "HUP": "hup", "QUIT": "quit", "USR1": "user",
    "USR2": "user", "STOP": "freeze", "CONT": "freeze", "WINCH": "user",
}  # fmt: skip
_SIGNAL_NUMBERS: Final = {"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "15": "TERM"}


def restart(value: str) -> Read:
    """`--restart on-failure:3`."""
    policy, colon, times = value.partition(":")
    if policy not in RESTARTS:
        return [], [choice_wrong(policy, RESTARTS)]
    if colon and policy != "on-failure":
        return [], [said("wrong.restart_times", value=value)]
    if colon and not times.isdecimal():
        return [], [said("wrong.number", value=times)]
    if times:
        return [said("value.restart.on_failure_times", times=times)], []
    return [said(f"value.restart.{policy.replace('-', '_')}")], []


def signal(value: str) -> Read:
    """`-s SIGTERM`."""
    bare = value.upper().removeprefix("SIG")
    bare = _SIGNAL_NUMBERS.get(bare, bare)
    if bare in SIGNALS:
        return [said(f"value.signal.{SIGNALS[bare]}", name=f"SIG{bare}")], []
    if bare.isdecimal() or bare.startswith("RTM"):
        return [said("value.signal", name=value)], []
    near = nearest(bare, SIGNALS)
    if near:
        return [], [said("wrong.choice_near", value=value, near=f"SIG{near}")]
    return [said("value.signal", name=value)], []


def user(value: str) -> Read:
    """`-u 1000:1000`."""
    who, _, group = value.partition(":")
    root = [said("value.user.root")] if who in {"0", "root"} else []
    if group:
        return [said("value.user.group", user=who, group=group), *root], []
    return [said("value.user", user=who), *root], []


def program(value: str) -> Read:
    """`--entrypoint sh`."""
    return [said("value.program.none") if not value else said("value.program", name=value)], []


def pull(value: str) -> Read:
    """`--pull always`."""
    if value in {"build", "newer", "policy", "if_not_present"}:
        return [said("value.text", value=value)], []
    if value not in PULLS:
        return [], [choice_wrong(value, PULLS)]
    return [said(f"value.pull.{value}")], []


def platform(value: str) -> Read:
    """`--platform linux/arm64`."""
    return [said("value.platform", value=value)], []


def capability(value: str) -> Read:
    """`--cap-drop ALL`."""
    bare = value.upper().removeprefix("CAP_")
    return [said("value.capability.all" if bare == "ALL" else "value.capability", name=bare)], []


def security(value: str) -> Read:
    """`--security-opt no-new-privileges`."""
    key, _, content = value.replace("=", ":", 1).partition(":")
    if key == "no-new-privileges":
        return [said("value.security.no_new_privileges")], []
    if content == "unconfined":
        return [said("value.security.unconfined", name=key)], []
    return [said("value.text", value=value)], []


def driver(value: str) -> Read:
    """`--driver overlay`."""
    known = {"bridge", "overlay", "host", "none", "macvlan", "ipvlan", "local", "json-file"}
    if value in known:
        return [said(f"value.driver.{value.replace('-', '_')}")], []
    return [said("value.text", value=value)], []


READERS: Final[Mapping[str, Reader]] = {
    "restart": restart, "user": user, "signal": signal, "capability": capability,
    "security": security, "program": program, "pull": pull, "platform": platform,
    "driver": driver,
}  # fmt: skip
