"""What went wrong for a learner: known errors with their own names, and what ended too early."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import structlog

from bot.classroom.early_ends import EarlyEnd, container_seen, early_ends, starts
from bot.classroom.looking import Looks
from bot.classroom.settings import SettingsBook
from bot.terminal.error_help import (
    EngineSeen,
    ErrorHelp,
    explain_failure,
    needs_engine,
    with_command_line,
    with_engine,
)
from bot.terminal.escape import without_sequences
from db.errors import DatabaseError
from sandbox.client import Sandboxes
from sandbox.contract import EngineFacts
from sandbox.errors import SandboxError

log = structlog.get_logger(__name__)

FACTS_S: Final = 1.0
"""An explanation without names comes soon enough; one with names should not come late."""

SECOND_LOOK_S: Final = 2.0
"""So long after it was started a container that can't run has ended."""

SECOND_FACTS_S: Final = 10.0
LOG_S: Final = 5.0
MOST_LOGS: Final = 5
"""Of so many containers the logs are read; a card has no room for more."""

LAST_LINES: Final = 5
LEARNERS_REMEMBERED: Final = 5000


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error that a learner met, and the line that they typed."""

    line: str
    help: ErrorHelp


class Troubles:
    """Explains what went wrong. Nothing here raises: without an answer there is no explanation."""

    def __init__(self, sandboxes: Sandboxes | None, *, settings: SettingsBook) -> None:
        self._sandboxes = sandboxes
        self._settings = settings
        self._looks = Looks(sandboxes)
        self._newest: OrderedDict[int, Trouble] = OrderedDict()

    async def explain(
        self, learner_id: int, line: str, output: str, exit_code: int | None
    ) -> ErrorHelp | None:
        """The error that this command met, with names of the learner's own; None when we know none.

        It is the learner's newest trouble from now on.
        """
        found = explain_failure(line, output, exit_code)
        if found is None:
            return None
        found = with_command_line(found, line)
        if needs_engine(found):
            facts = await self._facts(learner_id, within_s=FACTS_S)
            found = with_engine(found, line, _seen(facts)) if facts is not None else found
        self._remember(learner_id, Trouble(line, found))
        return found

    async def are_welcome(self, learner_id: int) -> bool:
        """Whether the learner wants errors to be explained; who can't be asked is not refused."""
        try:
            return (await self._settings.of(learner_id)).explanations != "off"
        except DatabaseError as exc:
            log.info("settings_unknown", learner=learner_id, error=type(exc).__name__)
            return True

    def forget(self, learner_id: int) -> None:
        """The learner is gone."""
        self._newest.pop(learner_id, None)

    def newest(self, learner_id: int) -> Trouble | None:
        """The last error that this learner met since the bot was started."""
        return self._newest.get(learner_id)

    async def second_look(self, learner_id: int, line: str, printed: str) -> tuple[ErrorHelp, ...]:
        """Why containers that were started in the background are not running a moment later.

        None at once for other commands, and none of those that run or were ended on purpose.
        `printed` is the end of what the command printed.
        """
        started = starts(line, printed)
        if not started:
            return ()
        await asyncio.sleep(SECOND_LOOK_S)
        facts = await self._facts(learner_id, within_s=SECOND_FACTS_S)
        if facts is None:
            return ()
        ends = early_ends(started, facts)
        told = [await self._told(learner_id, end) for end in ends[:MOST_LOGS]]
        found = (*told, *(end.help for end in ends[MOST_LOGS:]))
        if found:
            self._remember(learner_id, Trouble(line, found[0]))
        return found

    async def _told(self, learner_id: int, end: EarlyEnd) -> ErrorHelp:
        if end.container_id is None:
            return end.help
        return end.with_last_words(await self._last_words(learner_id, end.container_id))

    async def _last_words(self, learner_id: int, container_id: str) -> str:
        """The newest lines of a container's log; empty when there are none."""
        script = f"docker logs --tail {LAST_LINES} {container_id} 2>&1 | tail -c 2000"
        try:
            seen = await self._looks.run(learner_id, script, limit_s=LOG_S)
        except SandboxError as exc:
            log.info("no_last_words", learner=learner_id, error=type(exc).__name__)
            return ""
        return without_sequences(seen.text)

    async def _facts(self, learner_id: int, *, within_s: float) -> EngineFacts | None:
        if self._sandboxes is None:
            return None
        try:
            async with asyncio.timeout(within_s):
                return await self._sandboxes.facts(str(learner_id))
        except (SandboxError, TimeoutError) as exc:
            log.info("no_facts_for_error", learner=learner_id, error=type(exc).__name__)
            return None

    def _remember(self, learner_id: int, trouble: Trouble) -> None:
        self._newest[learner_id] = trouble
        self._newest.move_to_end(learner_id)
        if len(self._newest) > LEARNERS_REMEMBERED:
            self._newest.popitem(last=False)


def _seen(facts: EngineFacts) -> EngineSeen:
    return EngineSeen(
        containers=tuple(container_seen(container) for container in facts.containers),
        images=tuple(tag for image in facts.images for tag in image.tags),
        volumes=tuple(volume.name for volume in facts.volumes),
        networks=tuple(network.name for network in facts.networks),
    )
