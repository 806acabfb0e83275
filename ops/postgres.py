"""A PostgreSQL server of Debian's package for the length of the tests, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ops.errors import OpsError

USER = "postgres"
START_LIMIT_S = 30


def binaries() -> Path | None:
    """The folder of the newest installed server's programs, or None."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    found = sorted(folders, key=lambda path: float(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def temporary_server() -> Generator[str, None, None]:
    """Run a server and give its URL for SQLAlchemy; it and its data are gone afterwards.

    Raises:
        OpsError: no server is installed, or it does not start.
    """
    programs = binaries()
    if programs is None:
        raise OpsError("PostgreSQL is not installed: apt install postgresql.")
    folder = Path(tempfile.mkdtemp(prefix="docent-pg-"))
    try:
        _give_to_server_user(folder)
        data = folder / "data"
        # The data may be lost at any time, so the tests need not wait for the disk.
        _run(
            programs / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        port = _free_port()
        options = f"-k {folder} -h 127.0.0.1 -p {port} -c fsync=off -c full_page_writes=off"
        log = folder / "log"
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            yield f"postgresql+asyncpg://{USER}@127.0.0.1:{port}/postgres"
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_to_server_user(folder: Path) -> None:
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, USER)


def _run(program: Path, *arguments: object) -> None:
    command = [str(program), *(str(argument) for argument in arguments)]
    done = subprocess.run(
        command,
        user=USER if os.geteuid() == 0 else None,
        cwd="/",
        # pg_ctl's child keeps the descriptors: pipes would never come to their end.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=START_LIMIT_S,
        check=False,
    )
    if done.returncode != 0:
        raise OpsError(f"{program.name} failed with exit status {done.returncode}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
