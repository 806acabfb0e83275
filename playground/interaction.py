"""One interaction: what a person did, and how far the bot's answer has come."""

import asyncio
from dataclasses import dataclass, field

from playground.json_types import Json


@dataclass(slots=True)
class Interaction:
    """One interaction and how far its answer has come."""

    interaction_id: str
    token: str
    kind: int
    channel_id: str
    user_id: str
    command_name: str
    command_type: int
    source_message_id: str | None
    triggered_by: Json | None
    nonce: str | None
    ends_at: float
    acknowledged: int | None = None
    too_late: bool = False
    original_id: str | None = None
    ephemeral: bool = False
    waiting_to_fill: bool = False
    modal: Json | None = None
    written: set[str] = field(default_factory=set)
    deadline: asyncio.TimerHandle | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a person does: the interaction's kind, Discord's `data` for it, and where."""

    kind: int
    data: Json
    channel: Json
    user_id: str
    message: Json | None = None
    triggered_by: Interaction | None = None
    nonce: str | None = None
