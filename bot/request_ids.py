"""One id for all that a command, a button or a message sets off, through every log.

It is made of what Discord calls the thing (`i` and the number of an interaction, `m` and that of a
message), so a log leads to the place in chat and back. The sandbox service gets it with each
request (`sandbox.client`) and writes it into its own log and into the audit log.
"""

from __future__ import annotations

import discord
import structlog

from sandbox.contract import REQUEST_ID


def follow(about: discord.Interaction[discord.Client] | discord.Message) -> None:
    """Let everything that this task does from now on, and what it starts, carry the id.

    discord.py runs each event in a task of its own, so the id ends with the task.
    """
    kind = "m" if isinstance(about, discord.Message) else "i"
    structlog.contextvars.bind_contextvars(**{REQUEST_ID: f"{kind}{about.id}"})
