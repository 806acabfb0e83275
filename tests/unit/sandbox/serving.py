"""An application of ours on a unix socket."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web

TOKEN: Final = "t" * 43


@asynccontextmanager
async def serving(app: web.Application, path: Path) -> AsyncGenerator[str]:
    """The application on a unix socket; its URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.UnixSite(runner, path).start()
    try:
        yield f"unix:{path}"
    finally:
        await runner.cleanup()
