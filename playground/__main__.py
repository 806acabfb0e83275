"""Start the playground: `python -m playground --port 8080 --state DIR`."""

import asyncio
import signal
import sys

import structlog
from pydantic_settings import CliApp

from playground.app import Options, Playground
from playground.settings import PlaygroundSettings

log = structlog.get_logger()


def main() -> int:
    """Run until told to stop and return the exit code."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
    )
    settings = CliApp.run(PlaygroundSettings)
    try:
        asyncio.run(_serve(settings))
    except OSError as error:
        log.error("playground_cannot_listen", reason=str(error), port=settings.port)  # noqa: TRY400 -- the reason is enough
        return 1
    return 0


async def _serve(settings: PlaygroundSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    options = Options(
        host=settings.host,
        port=settings.port,
        state=settings.state,
        token=settings.token.get_secret_value(),
        public_url=settings.public_url,
        rate_limits=settings.rate_limits,
        allow_faults=settings.allow_faults,
    )
    async with Playground.start(options) as playground:
        log.info("playground_listening", url=playground.base_url)
        await stop.wait()
    log.info("playground_stopped")


if __name__ == "__main__":
    sys.exit(main())
