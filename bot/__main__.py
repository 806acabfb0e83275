"""`python -m bot` starts the bot. A start that can't work says why in its first line.

Exit codes: 0 stopped when asked · 2 a setting · 3 the token · 4 the intents · 5 Discord can't be
reached · 6 the database · 7 a feature · 8 a lesson.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import discord
import structlog

from bot.bot import DocentBot
from bot.errors import StartupError
from bot.settings import BotSettings, read_settings
from bot.wiring import open_bot
from sandbox.logs import set_up_logging

EXIT_TOKEN: Final = 3
EXIT_INTENTS: Final = 4
EXIT_DISCORD: Final = 5

DISCORD_WAIT_S: Final = 15.0
"""How long a local stand-in for Discord may take to listen."""

log = structlog.get_logger(__name__)


def main() -> int:
    """Run until asked to stop; the exit code."""
    set_up_logging()
    try:
        asyncio.run(run(read_settings()))
    except StartupError as exc:
        sys.stderr.write(f"{exc}\n")
        log.error("bot_not_started", exit_code=exc.exit_code)  # noqa: TRY400 - the sentence says all
        return exc.exit_code
    except KeyboardInterrupt:
        log.info("bot_stopped")
    return 0


async def run(settings: BotSettings) -> None:
    """Connect and serve until SIGTERM or SIGINT.

    Raises:
        StartupError: It can't start; the message says what to do.
    """
    settings.ready_file.unlink(missing_ok=True)  # left behind by a bot that was killed
    if settings.discord_url is not None:
        await _go_local(settings.discord_url)
    async with open_bot(settings) as bot:
        await _serve(bot, settings)
    log.info("bot_stopped")


async def _serve(bot: DocentBot, settings: BotSettings) -> None:
    stop = asyncio.Event()
    # From here on there is something to finish; before, a signal may end the program at once.
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = asyncio.create_task(_connect(bot, settings), name="serving")
    stopping = asyncio.create_task(stop.wait(), name="stopping")
    try:
        await asyncio.wait({stopping, serving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        await bot.close()
        if stop.is_set():
            serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def _connect(bot: DocentBot, settings: BotSettings) -> None:
    try:
        await bot.start(settings.discord_token.get_secret_value())
    except discord.LoginFailure as exc:
        raise StartupError(
            "Discord refuses the token. Copy it again from the Bot page of your application "
            "(https://discord.com/developers/applications) and set it as DISCORD_TOKEN.",
            exit_code=EXIT_TOKEN,
        ) from exc
    except discord.PrivilegedIntentsRequired as exc:
        raise StartupError(
            "Discord does not give the bot the content of messages. Switch on Message Content "
            "Intent on the Bot page of your application "
            "(https://discord.com/developers/applications), then start again.",
            exit_code=EXIT_INTENTS,
        ) from exc
    except (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError) as exc:
        raise StartupError(
            f"Discord can't be reached ({type(exc).__name__}: {exc}). Look at the network of this "
            "machine and at https://discordstatus.com.",
            exit_code=EXIT_DISCORD,
        ) from exc


async def _go_local(url: str) -> None:
    from bot.discord_url import point_at  # noqa: PLC0415 - only a local stand-in needs it

    await wait_for_listener(url, patience_s=DISCORD_WAIT_S)
    point_at(url)


async def wait_for_listener(url: str, *, patience_s: float) -> None:
    """Wait until something listens there.

    Raises:
        StartupError: Nothing does after so long.
    """
    address = urlsplit(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    pause_s = 0.1
    try:
        async with asyncio.timeout(patience_s):
            while not await _listens(address.hostname or "", port):
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 1.6, 2.0)
    except TimeoutError as exc:
        raise StartupError(
            f"Nothing listens at {url}, where DOCENT_DISCORD_URL says that Discord is.",
            exit_code=EXIT_DISCORD,
        ) from exc


async def _listens(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


if __name__ == "__main__":
    sys.exit(main())
