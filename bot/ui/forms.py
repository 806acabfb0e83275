"""Forms: opened in time; read by custom id, so that one that outlived the bot counts, too."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import discord

from bot.errors import LearnerError

FORM_WITHIN_S: Final = 2.2
"""Discord takes a form only as the first answer, within three seconds."""


@asynccontextmanager
async def in_time_for_a_form() -> AsyncIterator[None]:
    """What is looked up in here is there in time to open a form.

    Raises:
        LearnerError: It is not: the person may try again.
    """
    try:
        async with asyncio.timeout(FORM_WITHIN_S):
            yield
    except TimeoutError as exc:
        raise LearnerError("error.database.busy") from exc


@dataclass(frozen=True, slots=True)
class Written:
    """A form that somebody sent: `values_of_id` are the groups of its custom id."""

    values_of_id: Mapping[str, str]
    fields: Mapping[str, str]
    """What was written, by the custom ids of the fields."""


def written(interaction: discord.Interaction[Any], custom_id: re.Pattern[str]) -> Written | None:
    """What was written, if this is a form with such an id."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    data: Mapping[str, Any] = interaction.data or {}
    found = custom_id.fullmatch(str(data.get("custom_id", "")))
    if found is None:
        return None
    return Written(found.groupdict(), dict(_fields(data.get("components", []))))


def _fields(components: list[Any]) -> Iterator[tuple[str, str]]:
    for component in components:
        if "custom_id" in component:
            yield str(component["custom_id"]), str(component.get("value") or "")
        yield from _fields(component.get("components", []))
        if (inner := component.get("component")) is not None:
            yield from _fields([inner])
