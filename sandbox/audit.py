"""The audit log: one JSON line for each command line, in a file that only its owner can read.

Bounded: a file that is full becomes `audit.jsonl.1`, that one `.2` and so on; the oldest goes.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

import structlog

LARGEST_FILE_BYTES = 8 * 1024 * 1024
OLDER_FILES = 4
PRIVATE = 0o600

AuditMode = Literal["off", "events", "content"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """What became of a command line; `exit_code` is None when it did not end by itself."""

    learner: str
    request_id: str
    outcome: str
    exit_code: int | None
    took_ms: int
    waited_ms: int
    limit: str | None
    line: str
    kind: Literal["command", "session"] = "command"


class AuditLog:
    """Writes records as the operator wants them: not at all, without or with what was typed."""

    def __init__(
        self, path: Path, mode: AuditMode, *, largest_bytes: int = LARGEST_FILE_BYTES
    ) -> None:
        self._path = path
        self._mode = mode
        self._largest_bytes = largest_bytes
        self._failing = False

    def command(self, record: CommandRecord) -> None:
        """Append a record. Raises nothing: a full disk must not cost a learner their answer.

        A short write to the page cache: it does not hold up the event loop.
        """
        if self._mode == "off":
            return
        try:
            self._append(self._line(record))
        except OSError as exc:
            self._note_failure(exc)
        else:
            self._failing = False

    def _line(self, record: CommandRecord) -> bytes:
        values = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **asdict(record)}
        if self._mode == "events":
            del values["line"]
        text = json.dumps(values, ensure_ascii=False) + "\n"
        # What was typed may hold halves of characters, which no file takes.
        return text.encode(errors="backslashreplace")

    def _append(self, line: bytes) -> None:
        self._path.parent.mkdir(exist_ok=True)
        descriptor = self._open()
        try:
            if os.fstat(descriptor).st_size + len(line) > self._largest_bytes:
                os.close(descriptor)
                descriptor = -1
                self._rotate()
                descriptor = self._open()
            os.write(descriptor, line)
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, PRIVATE)
        os.fchmod(descriptor, PRIVATE)  # a file that was there before may have another mode
        return descriptor

    def _rotate(self) -> None:
        names = [self._path, *(self._older(number) for number in range(1, OLDER_FILES + 1))]
        for newer, older in reversed(list(pairwise(names))):
            if newer.exists():
                newer.replace(older)

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _note_failure(self, exc: OSError) -> None:
        """Say it once, not for every command."""
        if not self._failing:
            log.error("audit_not_written", reason=str(exc))
        self._failing = True
