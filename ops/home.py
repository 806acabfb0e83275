"""A home folder: where one Docent keeps learners' disks, progress, keys and logs."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ops.errors import OpsError
from sandbox.home import Home

SYSTEM_HOME = Path("/var/lib/docent")
MAX_SOCKET_PATH = 107
"""Longest path of a unix socket, in bytes; the longest of ours is a sandbox's ssh.sock."""
LONGEST_SOCKET = "sock/12345678901234567890/ssh.sock"


def default_home() -> Path:
    """Where Docent lives unless told otherwise: for root, the system's folder."""
    if chosen := os.environ.get("DOCENT_HOME"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return SYSTEM_HOME
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "docent"


def home_in_use() -> Path:
    """The home that is there: the default one, or the system's where there is no other.

    `./docent up` becomes root by sudo: the home that it makes is not the default of who typed it.
    """
    home = default_home()
    if os.environ.get("DOCENT_HOME") or os.path.isdir(home):  # noqa: PTH112 - False if it's hidden
        return home
    return SYSTEM_HOME if os.path.isdir(SYSTEM_HOME) else home  # noqa: PTH112


def may_read(home: Path) -> bool:
    """Whether this user may look into a home that is there."""
    return os.access(home, os.R_OK | os.X_OK)


def must_write(home: Path, command: str) -> None:
    """See to it that this user may change what is in a home; one that isn't there is no obstacle.

    Raises:
        OpsError: it is somebody else's; with the command that works.
    """
    if os.path.lexists(home) and not (may_read(home) and os.access(home, os.W_OK)):
        raise OpsError(f"{home} belongs to another user: sudo ./docent {command} --home {home}")


def home_label(home: Path) -> str:
    """The value of the label `docent.home` on everything that belongs to this home."""
    return Home(home.absolute()).label


def prepare_home(home: Path) -> None:
    """Make the folder and the token of the sandbox service; safe to repeat.

    Raises:
        OpsError: the folder can't be written, or its path is too long for the sockets in it.
    """
    if len(str(home / LONGEST_SOCKET).encode()) > MAX_SOCKET_PATH:
        raise OpsError(f"The path {home} is too long for the sockets in it: choose a shorter one.")
    try:
        for folder in ("log", "run"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        _make_token(home / "token")
    except OSError as exc:
        raise OpsError(f"{home} can't be written ({exc.strerror}): choose --home DIR.") from exc


def _make_token(path: Path) -> None:
    if path.exists() and path.stat().st_size > 0:
        return
    # The mode is set before the secret is in the file.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))


@contextmanager
def only_one(home: Path) -> Generator[None, None, None]:
    """Hold this home for one `./docent up`.

    Raises:
        OpsError: another one holds it.
    """
    with (home / "up.lock").open("a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise OpsError(
                f"Docent runs already with the home {home}: stop it first (Ctrl-C where it runs), "
                "or choose another home with --home DIR."
            ) from exc
        yield
