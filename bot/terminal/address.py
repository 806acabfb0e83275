"""Addresses of a learner's pages: what people type for one, and where a redirect leads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from bot.errors import LearnerError

LONGEST_PATH: Final = 1000
HTTP_PORT: Final = 80
HIGHEST_PORT: Final = 65_535

_HERE: Final = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - nothing listens

_PORT_FIRST: Final = re.compile(r":?(?P<port>[1-9][0-9]{1,4})(?P<path>(/.*)?)")
"""`8080` in the place of a path: nobody means a page of that name."""


@dataclass(frozen=True, slots=True)
class Address:
    """A page of the learner's own machine; `port` is None where it was left open."""

    port: int | None
    path: str

    def __str__(self) -> str:
        return f"http://localhost:{self.port}{self.path}"


def read_address(port: int | None, typed: str) -> Address:
    """What was meant by a port and a path; the path may be a whole address.

    Raises:
        LearnerError: It leads out of the sandbox, or is too long.
    """
    typed = typed.strip() or "/"
    found = _PORT_FIRST.fullmatch(typed) if port is None else None
    if found and int(found["port"]) <= HIGHEST_PORT:
        typed = f"localhost:{found['port']}{found['path']}"
    if "://" in typed or typed.startswith("localhost"):
        aim = aim_of(typed if "://" in typed else f"http://{typed}", Address(port, "/"))
        if aim is None:
            raise LearnerError("visit.outside")
        return aim if port is None else Address(port, aim.path)
    return Address(port, _as_path(typed))


def aim_of(location: str, here: Address) -> Address | None:
    """Where a redirect from `here` leads; None out of the learner's machine, or nowhere."""
    try:
        aim = urlsplit(urljoin(str(Address(here.port or HTTP_PORT, here.path)), location.strip()))
        port = aim.port or HTTP_PORT
    except ValueError:
        return None
    if aim.scheme != "http" or aim.hostname not in _HERE or aim.username is not None:
        return None
    query = f"?{aim.query}" if aim.query else ""
    try:
        return Address(port, _as_path((aim.path or "/") + query))
    except LearnerError:
        return None


def _as_path(typed: str) -> str:
    """A path as it is sent: what is no plain letter is written as `%EA`."""
    path = typed.partition("#")[0]
    path = path if path.startswith("/") else f"/{path}"
    sent = "".join(
        letter if "!" <= letter <= "~" else quote(letter.encode("utf-8", "replace"))
        for letter in path
    )
    if len(sent) > LONGEST_PATH:
        raise LearnerError("visit.too_long")
    return sent
