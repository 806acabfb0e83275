"""What this machine reaches and offers: ports, Docker Hub, and the right time."""

from __future__ import annotations

import email.utils
import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from ops.debian_base import HUB
from ops.finding import Finding, Remedy

ANSWER_WITHIN_S = 5.0
WORST_CLOCK_S = 60.0
OLDEST_NOW = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock that is right shows less."""

_NO_HUB = Remedy(
    costs="learners pull from the catalogue of this repository: a handful of images, no others",
    mend="nothing to mend offline; behind a proxy set http_proxy and https_proxy for ./docent",
)
_WRONG_CLOCK = Remedy(
    costs="certificates look expired or not yet valid, and logs don't agree with Discord's times",
    mend="install systemd-timesyncd or chrony; in a VM, let the host set the clock",
)
_PORT_TAKEN = Remedy(
    costs="./docent up refuses to start the chat page; with a Discord token it is not needed",
    mend="./docent up --port N, or end what listens there",
)


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """Whether Docker Hub answers as a registry does, and the time it says it is there."""

    reached: bool
    said: str
    seconds_off: float | None = None
    """How far our clock is ahead of theirs."""


def examine() -> Iterator[Finding]:
    """The network outside and the time there; takes a few seconds where nobody answers."""
    answer = ask_hub()
    yield Finding("Docker Hub", answer.said, True if answer.reached else None, _NO_HUB)
    yield clock_finding(answer.seconds_off, datetime.now(UTC))


def port_finding(port: int) -> Finding:
    """Whether the chat page could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as exc:
            return Finding(f"port {port}", exc.strerror or str(exc), None, _PORT_TAKEN)
    return Finding(f"port {port}", "free", True)


def clock_finding(seconds_off: float | None, now: datetime) -> Finding:
    """Whether the clock is right, as far as anybody can tell."""
    shown = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now < OLDEST_NOW:
        return Finding("clock", f"{shown}, which is long ago", False, _WRONG_CLOCK)
    if seconds_off is None:
        return Finding("clock", f"{shown}, compared with nobody's")
    value = f"{shown}, {abs(seconds_off):.0f} s {'ahead' if seconds_off > 0 else 'behind'}"
    well = abs(seconds_off) <= WORST_CLOCK_S
    return Finding("clock", value, well, _WRONG_CLOCK)


def ask_hub() -> HubAnswer:
    """Ask Docker Hub who it is."""
    try:
        with urllib.request.urlopen(HUB, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310 - https, ours
            status, date = answer.status, answer.headers.get("Date", "")
    except urllib.error.HTTPError as exc:
        status, date = exc.code, exc.headers.get("Date", "")
    except (OSError, http.client.HTTPException) as exc:
        return HubAnswer(reached=False, said=f"can't be reached ({exc or type(exc).__name__})")
    reached = status in {HTTPStatus.OK, HTTPStatus.UNAUTHORIZED}  # "who are you?" is normal
    said = "answers" if reached else f"answers with HTTP {status}: is that a proxy?"
    return HubAnswer(reached=reached, said=said, seconds_off=_seconds_off(date))


def _seconds_off(date: str) -> float | None:
    try:
        theirs = email.utils.parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return time.time() - theirs.timestamp()
