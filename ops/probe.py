"""Asks a part over HTTP whether it serves, without bringing an HTTP client into the supervisor."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

ANSWER_LIMIT_S = 3.0


async def status_of(
    address: Path | tuple[str, int], path: str, headers: Mapping[str, str] | None = None
) -> int | None:
    """The HTTP status of a GET request; None when nothing answers, or no HTTP.

    Args:
        address: A unix socket, or host and port.
        path: Path of the URL.
        headers: Sent as they are.
    """
    try:
        async with asyncio.timeout(ANSWER_LIMIT_S):
            return await _ask(address, path, headers or {})
    except (OSError, TimeoutError, ValueError, IndexError):
        return None


async def _ask(
    address: Path | tuple[str, int], path: str, headers: Mapping[str, str]
) -> int | None:
    if isinstance(address, Path):
        reader, writer = await asyncio.open_unix_connection(address)
    else:
        reader, writer = await asyncio.open_connection(*address)
    try:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        first = await reader.readline()
        return int(first.split()[1]) if first.startswith(b"HTTP/") else None
    finally:
        writer.close()
