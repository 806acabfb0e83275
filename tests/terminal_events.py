"""What a session tells whoever is attached to it, waited for."""

from __future__ import annotations

import asyncio

from sandbox.client import Terminal
from sandbox.contract import Output, SessionEvent


async def watch(terminal: Terminal, end: str) -> str:
    """Output until it ends like this."""
    text = ""
    async with asyncio.timeout(15):
        async for event in terminal:
            if isinstance(event, Output):
                text += event.text
                if text.endswith(end):
                    break
    return text


async def last_of(terminal: Terminal) -> SessionEvent:
    """The last event of a session, or of the hold on it."""
    async with asyncio.timeout(15):
        return [event async for event in terminal][-1]
