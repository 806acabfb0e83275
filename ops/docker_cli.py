"""The host's `docker` command, as the set-up uses it: each call has a deadline."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from ops.errors import OpsError

SHORT_LIMIT_S = 60
TAIL_LINES = 15


def docker(arguments: Sequence[str], *, stdin: bytes = b"", limit_s: float = SHORT_LIMIT_S) -> str:
    """Run `docker` and give its standard output.

    Raises:
        OpsError: it failed or took longer than `limit_s` seconds; with the last lines it wrote.
    """
    done = _run(arguments, stdin, limit_s)
    if done.returncode != 0:
        raise OpsError(f"docker {arguments[0]} failed:\n{_tail(done)}")
    return done.stdout.decode(errors="replace").strip()


def try_docker(arguments: Sequence[str], *, limit_s: float = SHORT_LIMIT_S) -> str | None:
    """Run `docker` and give its standard output, or None when it failed or took too long."""
    try:
        return docker(arguments, limit_s=limit_s)
    except OpsError:
        return None


def container_log(name: str, lines: int = TAIL_LINES) -> str:
    """The last lines that a container wrote; empty when it is not there."""
    try:
        return _both(_run(["logs", "--tail", str(lines), name], b"", SHORT_LIMIT_S))
    except OpsError:
        return ""


def image_id(image: str) -> str | None:
    """The id of an image that the host's engine has, or None."""
    return try_docker(["image", "inspect", "--format", "{{.Id}}", image])


def image_label(image: str, label: str) -> str | None:
    """The value of a label of an image that the host's engine has; empty without it."""
    template = '{{with .Config.Labels}}{{index . "' + label + '"}}{{end}}'
    return try_docker(["image", "inspect", "--format", template, image])


def proxy_arguments() -> list[str]:
    """Build arguments that carry the host's proxy settings; engines keep them out of the image."""
    names = ("http_proxy", "https_proxy", "no_proxy")
    found = {name: os.environ.get(name) or os.environ.get(name.upper()) for name in names}
    return [
        part
        for name, value in found.items()
        if value
        for part in ("--build-arg", f"{name}={value}")
    ]


def _run(
    arguments: Sequence[str], stdin: bytes, limit_s: float
) -> subprocess.CompletedProcess[bytes]:
    command = ["docker", *arguments]
    try:
        return subprocess.run(
            command, input=stdin, capture_output=True, timeout=limit_s, check=False
        )
    except FileNotFoundError as exc:
        raise OpsError("The command `docker` is missing: install docker.io.") from exc
    except subprocess.TimeoutExpired as exc:
        raise OpsError(f"docker {arguments[0]} took longer than {limit_s:.0f} s.") from exc


def _both(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stdout + done.stderr).decode(errors="replace").strip()


def _tail(done: subprocess.CompletedProcess[bytes]) -> str:
    """The last lines of both streams: which of them tells the reason depends on the builder."""
    lines = [
        line
        for stream in (done.stdout, done.stderr)
        for line in stream.decode(errors="replace").splitlines()[-TAIL_LINES:]
    ]
    return "\n".join(f"  {line}" for line in lines)
