"""What a helper may see of a learner's engine: a fixed list of looks, none of which changes it."""

from __future__ import annotations

import asyncio
import re
import shlex
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from bot.classroom.engine_map import EngineMap, Maps
from bot.classroom.engines import is_awake
from bot.classroom.looking import Looks
from bot.errors import LearnerError
from db.hands import Hand
from sandbox.client import Sandboxes
from sandbox.contract import FileList
from sandbox.errors import SandboxError, SandboxGone

log = structlog.get_logger(__name__)

LookKind = Literal["map", "ps", "logs", "inspect", "file"]

GLANCE_S: Final = 4.0
LOOK_S: Final = 15.0
MOST_SEEN: Final = 12_000
MOST_FILE_BYTES: Final = 12_000
LOG_LINES: Final = 50
MOST_CHOICES: Final = 25
"""As many options as a select of Discord's has."""

LONGEST_CHOICE: Final = 100
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
"""How Docker lets containers be named."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look showed: text as it came out of the sandbox, hostile; or a map."""

    text: str = ""
    map: EngineMap | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Glance:
    """An engine at a glance: its state, None for who has none; the map of one that is awake."""

    state: str | None
    engine: EngineMap | None


class HelpLooks:
    """Looks that the learner allowed. Methods raise `SandboxError`, and `LearnerError`."""

    def __init__(self, sandboxes: Sandboxes | None, maps: Maps) -> None:
        self._sandboxes = sandboxes
        self._maps = maps
        self._looks = Looks(sandboxes)

    async def glance(self, hand: Hand) -> Glance:
        """What everybody who helps sees; nothing is started or thawed for it. Raises nothing."""
        if self._sandboxes is None:
            return Glance(None, None)
        try:
            async with asyncio.timeout(GLANCE_S):
                view = await self._sandboxes.view(str(hand.learner_id))
                awake = is_awake(view)
                engine = await self._maps.of(hand.learner_id) if awake else None
        except SandboxGone:
            return Glance(None, None)
        except (SandboxError, TimeoutError) as exc:
            log.info("no_glance", learner=hand.learner_id, error=type(exc).__name__)
            return Glance("unknown", None)
        return Glance(view.state, engine)

    async def containers(self, hand: Hand) -> tuple[str, ...]:
        """Names of the learner's containers that can be chosen, those that run first."""
        _must_be_allowed(hand)
        engine = await self._maps.of(hand.learner_id)
        if engine is None:
            return ()
        names = [each.name for each in engine.containers if NAME.fullmatch(each.name)]
        return tuple(name for name in names if len(name) <= LONGEST_CHOICE)[:MOST_CHOICES]

    async def files(self, hand: Hand) -> tuple[str, ...]:
        """Files in the learner's folder that can be chosen."""
        _must_be_allowed(hand)
        found = await self._listed(hand)
        files = (each.path for each in found.entries if each.type == "file")
        return tuple(path for path in files if len(path) <= LONGEST_CHOICE)[:MOST_CHOICES]

    async def look(self, hand: Hand, kind: LookKind, name: str = "") -> Seen:
        """One look.

        Raises:
            LearnerError: The learner does not allow it, or there is nothing of this name.
        """
        _must_be_allowed(hand)
        match kind:
            case "map":
                return Seen(map=await self._map(hand))
            case "ps":
                return await self._printed(hand, "docker ps -a")
            case "logs":
                checked = await self._checked(hand, name)
                return await self._printed(hand, f"docker logs --tail {LOG_LINES} {checked} 2>&1")
            case "inspect":
                return await self._printed(
                    hand, f"docker inspect {await self._checked(hand, name)}"
                )
            case "file":
                return await self._file(hand, name)

    async def _map(self, hand: Hand) -> EngineMap:
        engine = await self._maps.of(hand.learner_id)
        if engine is None:
            raise LearnerError("hand.look.no_engine")
        return engine

    async def _printed(self, hand: Hand, line: str) -> Seen:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        try:
            await self._sandboxes.view(str(hand.learner_id))
        except SandboxGone as exc:
            # To run something would make them a sandbox; to look must not.
            raise LearnerError("hand.look.no_engine") from exc
        seen = await self._looks.run(hand.learner_id, line, limit_s=LOOK_S)
        return Seen(seen.text[:MOST_SEEN], cut=len(seen.text) > MOST_SEEN)

    async def _checked(self, hand: Hand, name: str) -> str:
        """A name that is one of the learner's containers, quoted for a shell."""
        if name not in await self.containers(hand):
            raise LearnerError("hand.look.nothing")
        return shlex.quote(name)

    async def _file(self, hand: Hand, path: str) -> Seen:
        if path not in await self.files(hand):
            raise LearnerError("hand.look.nothing")
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        content = await self._sandboxes.read_file(str(hand.learner_id), path)
        text = content[:MOST_FILE_BYTES].decode("utf-8", "replace")
        return Seen(text, cut=len(content) > MOST_FILE_BYTES)

    async def _listed(self, hand: Hand) -> FileList:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        try:
            return await self._sandboxes.list_files(str(hand.learner_id), ".", depth=2)
        except SandboxGone as exc:
            raise LearnerError("hand.look.no_engine") from exc


def _must_be_allowed(hand: Hand) -> None:
    if not hand.is_helped or not hand.may_look:
        raise LearnerError("hand.look.not_allowed")
