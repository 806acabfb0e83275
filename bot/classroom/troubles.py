"""What went wrong for a learner: known errors with their own names, and what ended too early."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import structlog

from bot.classroom.looking import Looks
from bot.classroom.settings import SettingsBook
from bot.terminal.error_help import (
    ContainerSeen,
    EngineSeen,
    ErrorHelp,
    explain_failure,
    needs_engine,
    with_command_line,
    with_engine,
)
from bot.terminal.error_help.naming import out_of_memory
from bot.terminal.error_help.typed import detached_run, option_after_image
from bot.terminal.escape import without_sequences
from db.errors import DatabaseError
from lessons.docker_grammar import DockerCommand
from sandbox.client import Sandboxes
from sandbox.contract import ContainerFact, EngineFacts
from sandbox.errors import SandboxError

log = structlog.get_logger(__name__)

FACTS_S: Final = 1.0
"""An explanation without names comes soon enough; one with names should not come late."""

SECOND_LOOK_S: Final = 2.0
"""So long after `docker run -d` a container that can't run has ended."""

SECOND_FACTS_S: Final = 10.0
LOG_S: Final = 5.0
LAST_LINES: Final = 5
LEARNERS_REMEMBERED: Final = 5000

_ID = re.compile(r"^[0-9a-f]{64}$", re.MULTILINE)
_ENDED: Final = frozenset({"exited", "dead"})
_BY_HAND: Final = frozenset({"kill", "stop"})


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

    async def second_look(self, learner_id: int, line: str, printed: str) -> ErrorHelp | None:
        """Why a container that was started in the background is not running a moment later.

        None at once for other commands, and None when it runs or somebody ended it on purpose.
        `printed` is the end of what the command printed.
        """
        command, ids = detached_run(line), _ID.findall(printed)
        if command is None or not ids:
            return None
        await asyncio.sleep(SECOND_LOOK_S)
        facts = await self._facts(learner_id, within_s=SECOND_FACTS_S)
        if facts is None:
            return None
        found = await self._end_of(learner_id, command, ids[-1], facts)
        if found is not None:
            self._remember(learner_id, Trouble(line, found))
        return found

    async def _end_of(
        self, learner_id: int, command: DockerCommand, container_id: str, facts: EngineFacts
    ) -> ErrorHelp | None:
        container = next((each for each in facts.containers if each.id == container_id), None)
        if container is None:
            return _removed_itself(command, facts)
        if _was_ended_by_hand(container.name, facts):
            return None
        if container.status == "restarting" or container.restart_count > 0:
            values = {"container": container.name, "code": str(container.exit_code)}
            return ErrorHelp("restart_loop", values)
        if container.status not in _ENDED:
            return None
        if container.oom_killed or container.name in {kill.container for kill in facts.oom_kills}:
            return out_of_memory(_container(container))
        return await self._end_by_itself(learner_id, command, container)

    async def _end_by_itself(
        self, learner_id: int, command: DockerCommand, container: ContainerFact
    ) -> ErrorHelp:
        misplaced = option_after_image(command)
        if misplaced is not None and container.exit_code != 0:
            values = {"flag": misplaced, "image": command.arguments[0]}
            return ErrorHelp("option_after_image", values)
        values = {"container": container.name, "code": str(container.exit_code)}
        if container.exit_code == 0:
            return ErrorHelp("exited_at_once", values)
        if last := await self._last_words(learner_id, container.id):
            values["line"] = last
        return ErrorHelp("failed_at_once", values)

    async def _last_words(self, learner_id: int, container_id: str) -> str:
        """The last line of a container's log that says something; empty when there is none."""
        script = f"docker logs --tail {LAST_LINES} {container_id} 2>&1 | tail -c 2000"
        try:
            seen = await self._looks.run(learner_id, script, limit_s=LOG_S)
        except SandboxError as exc:
            log.info("no_last_words", learner=learner_id, error=type(exc).__name__)
            return ""
        lines = [line.strip() for line in without_sequences(seen.text).splitlines()]
        return next((line for line in reversed(lines) if line), "")

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


def _removed_itself(command: DockerCommand, facts: EngineFacts) -> ErrorHelp | None:
    """A container with `--rm` is gone with its log; how it ended is in the engine's events."""
    name = next((value for value in command.values_of("name") if value), None)
    if name is None or _was_ended_by_hand(name, facts):
        return None
    for event in reversed(facts.events):
        if (event.type, event.action, event.name) == ("container", "die", name):
            code = event.exit_code or 0
            error_id = "failed_at_once" if code else "exited_at_once"
            return ErrorHelp(error_id, {"container": name, "code": str(code)})
    return None


def _was_ended_by_hand(name: str, facts: EngineFacts) -> bool:
    """Whether the newest container of this name was stopped by a command."""
    for event in reversed(facts.events):
        if event.type == "container" and event.name == name:
            if event.action in _BY_HAND:
                return True
            if event.action == "create":
                return False
    return False


def _seen(facts: EngineFacts) -> EngineSeen:
    return EngineSeen(
        containers=tuple(_container(container) for container in facts.containers),
        images=tuple(tag for image in facts.images for tag in image.tags),
        volumes=tuple(volume.name for volume in facts.volumes),
        networks=tuple(network.name for network in facts.networks),
    )


def _container(container: ContainerFact) -> ContainerSeen:
    return ContainerSeen(
        id=container.id,
        name=container.name,
        status=container.status,
        image=container.image,
        exit_code=container.exit_code,
        oom_killed=container.oom_killed,
        restart_count=container.restart_count,
        memory_bytes=container.memory_bytes,
        ports=tuple(port.host_port for port in container.ports if port.host_port is not None),
        exposed=tuple(port.container_port for port in container.ports),
    )
