"""The one boundary: whatever fails in a command, a button, a dialog or an event ends up here.

A failure that a learner can do something about becomes one sentence in their language. A bug
becomes an incident id: the learner sees nothing else of it, the log has the rest under that id.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import discord
import structlog
from discord import app_commands

from bot.errors import LearnerError, for_database_error, for_sandbox_error
from bot.texts import Speech
from bot.ui.destination import Destination, InteractionDestination
from bot.ui.layout import note
from bot.ui.speech import Speeches
from db.errors import DatabaseError
from sandbox.errors import SandboxError

log = structlog.get_logger(__name__)

INTERACTION_OVER: Final = frozenset({10062, 10015, 40060, 50027})
"""Discord's codes for an interaction that expired, was answered before or whose token is spent."""

UNKNOWN_CHANNEL: Final = 10003

MISSING_PERMISSION: Final = frozenset({50001, 50013})


class ErrorBoundary:
    """Turns exceptions into what the learner reads and what the log keeps."""

    def __init__(self, speeches: Speeches) -> None:
        self._speeches = speeches

    async def interaction_failed(
        self, interaction: discord.Interaction[discord.Client], error: BaseException
    ) -> None:
        """Tell the person privately what happened; never raises."""
        error = _cause(error)
        if _is_over(error):
            log.info("interaction_over", kind=interaction.type.name)
            return
        speech = self._speeches.at_once_to(interaction)
        sentence = self.explain(error, speech, learner_id=interaction.user.id)
        await self._tell(InteractionDestination(interaction, ephemeral=True), sentence)

    async def event_failed(
        self, error: BaseException, *, learner_id: int, destination: Destination
    ) -> None:
        """Tell the learner where they are what happened; never raises."""
        error = _cause(error)
        speeches = self._speeches.for_failure(learner_id)
        await self._tell(destination, self.explain(error, *speeches, learner_id=learner_id))

    def explain(self, error: BaseException, *speeches: Speech, learner_id: int | None) -> str:
        """The sentence for the learner, once in each of these languages.

        Logs what an operator should know of the failure.
        """
        ours = as_learner_error(error)
        if ours is None:
            ours = LearnerError("error.incident", incident=report_bug(error, learner_id=learner_id))
        elif ours is not error:
            log.warning("failure", error=type(error).__name__, detail=str(error), key=ours.key)
        return "\n".join(speech(ours.key, **ours.values) for speech in speeches)

    async def _tell(self, destination: Destination, sentence: str) -> None:
        try:
            await destination.send(view=note(sentence))
        except Exception as exc:  # noqa: BLE001 - the last boundary
            # Discord itself is in trouble, the place is gone or we are leaving: nobody can be told.
            log.warning("failure_not_told", error=type(exc).__name__, detail=str(exc))


def report_bug(error: BaseException, *, learner_id: int | None = None, **values: object) -> str:
    """Log a bug with its traceback; the incident id under which it is found again."""
    incident = secrets.token_hex(4)
    log.error("incident", incident=incident, learner=learner_id, exc_info=error, **values)
    return incident


async def guarded(work: Callable[[], Awaitable[None]], *, failed: str) -> None:
    """Do a piece of work in rounds: what fails is logged as `failed`, a bug as an incident."""
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - a bug here must not end the rounds
        if as_learner_error(error) is None:
            report_bug(error)
        else:
            log.info(failed, error=type(error).__name__, detail=str(error))


def as_learner_error(error: BaseException) -> LearnerError | None:
    """What this failure means to a learner; None when it is a bug."""
    if isinstance(error, LearnerError):
        return error
    if isinstance(error, SandboxError):
        return for_sandbox_error(error)
    if isinstance(error, DatabaseError):
        return for_database_error(error)
    key = _key_of_discord_failure(error)
    return None if key is None else LearnerError(key)


def _key_of_discord_failure(error: BaseException) -> str | None:
    match error:
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "error.command_outdated"
        case discord.HTTPException(code=code) if code in MISSING_PERMISSION:
            return "error.missing_permission"
        case discord.HTTPException(code=code) if code == UNKNOWN_CHANNEL:
            return "lab.gone"
        case discord.DiscordServerError() | discord.RateLimited() | aiohttp.ClientConnectionError():
            return "error.discord_trouble"
        case _:
            return None


def _cause(error: BaseException) -> BaseException:
    """discord.py wraps what a command raises."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    return error


def _is_over(error: BaseException) -> bool:
    if isinstance(error, discord.InteractionResponded):
        return True
    return isinstance(error, discord.HTTPException) and error.code in INTERACTION_OVER
