"""All that is kept of a learner: handed out as one file, or deleted for good."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.classroom.enrol import Enrol
from bot.classroom.forks import Forks
from bot.classroom.settings import SettingsBook
from db import hands, personal
from db.engine import Database
from db.hands import Hand
from sandbox.client import Sandboxes
from sandbox.errors import SandboxError, SandboxGone

log = structlog.get_logger(__name__)

FORMAT: Final = "docent-personal-data-1"
ABOUT: Final = (
    "All that Docent keeps of one learner. 'tables' are the rows of its database; times are UTC, "
    "ids are Discord's. 'sandbox' is the learner's engine: its files are in it, not here. "
    "Messages are kept by Discord."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept of a learner; `has_sandbox` is None when that can't be asked now."""

    rows: Mapping[str, int]
    has_sandbox: bool | None
    snapshots: int

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to hand out or to delete, for all we know."""
        return not any(self.rows.values()) and self.has_sandbox is False and not self.snapshots


class PersonalData:
    """What learners may know of what is kept of them. Methods raise `DatabaseError`."""

    def __init__(
        self,
        *,
        database: Database,
        sandboxes: Sandboxes | None,
        enrol: Enrol,
        settings: SettingsBook,
        clock: Callable[[], datetime],
        forks: Forks,
    ) -> None:
        self._database = database
        self._forks = forks
        self._sandboxes = sandboxes
        self._enrol = enrol
        self._settings = settings
        self._clock = clock

    async def kept(self, learner_id: int) -> Kept:
        """How much is kept."""
        rows = await self._rows(learner_id)
        sandbox = await self._sandbox(learner_id)
        return Kept(
            rows={name: len(found) for name, found in rows.items()},
            has_sandbox=None if sandbox is None else "state" in sandbox,
            snapshots=0 if sandbox is None else len(_list(sandbox.get("snapshots"))),
        )

    async def export(self, learner_id: int) -> bytes:
        """All of it as JSON; what the sandbox service can't tell now is null."""
        content = {
            "format": FORMAT,
            "about": ABOUT,
            "exported_at": self._clock().isoformat(),
            "tables": await self._rows(learner_id),
            "sandbox": await self._sandbox(learner_id),
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")

    async def delete(self, learner_id: int) -> tuple[Hand, ...]:
        """Delete all of it: sandbox, disk, its copies and snapshots first, then the rows.

        Safe to repeat: what failed half-way is finished by doing it again. The hands that the
        learner raised are handed out, because messages in chat still tell of them.

        Raises:
            SandboxError: The sandbox could not be deleted; the rows are still there.
        """
        await self._forks.throw_away_all_of(learner_id)
        if self._sandboxes is not None:
            await self._sandboxes.forget(str(learner_id))
        async with self._database.transaction() as session:
            raised = await hands.all_of(session, learner_id)
            rows = await personal.delete_everything(session, learner_id)
        await self._forget_again(learner_id)
        self._enrol.forget(learner_id)
        self._settings.forget(learner_id)
        log.info("learner_deleted", learner=learner_id, rows=rows)
        return tuple(raised)

    async def _forget_again(self, learner_id: int) -> None:
        """Whatever still worked for the learner may have made an engine before the rows went."""
        if self._sandboxes is None:
            return
        try:
            await self._sandboxes.forget(str(learner_id))
        except SandboxError as exc:
            log.warning("engine_left", learner=learner_id, error=type(exc).__name__)

    async def _rows(self, learner_id: int) -> dict[str, list[personal.Row]]:
        async with self._database.transaction() as session:
            return await personal.everything(session, learner_id)

    async def _sandbox(self, learner_id: int) -> dict[str, object] | None:
        """What the service has of the learner; None when it can't be asked now."""
        if self._sandboxes is None:
            return {}
        name = str(learner_id)
        try:
            snapshots = await self._sandboxes.snapshots(name)
            kept: dict[str, object] = {"snapshots": [fact.model_dump() for fact in snapshots]}
            try:
                view = await self._sandboxes.view(name)
            except SandboxGone:
                return kept
        except SandboxError as exc:
            log.info("sandbox_not_exported", learner=learner_id, error=exc.code)
            return None
        return {"state": view.state, "ended_because": view.ended_because, **kept}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
