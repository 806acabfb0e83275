"""The audit log: what it keeps, who can read it, and that it never grows beyond its bounds."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from sandbox.audit import OLDER_FILES, AuditLog, AuditMode, CommandRecord


def make_record(**changes: Any) -> CommandRecord:
    """A `docker ps` that went well."""
    values: dict[str, Any] = {
        "learner": "42", "request_id": "m1", "outcome": "ok", "exit_code": 0, "took_ms": 23,
        "waited_ms": 1, "limit": None, "line": "docker ps",
    }  # fmt: skip
    return CommandRecord(**(values | changes))


def records(path: Path) -> list[dict[str, Any]]:
    """What is in the file."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_events_tell_who_when_and_how_but_not_what(tmp_path: Path) -> None:
    """What learners type may hold secrets: it is kept only where the operator says so."""
    log = AuditLog(tmp_path / "audit.jsonl", "events")
    log.command(make_record(line="docker login -p secret", exit_code=1, outcome="failed"))

    [record] = records(tmp_path / "audit.jsonl")
    assert record.pop("at").endswith("+00:00")
    assert record == {
        "learner": "42", "request_id": "m1", "outcome": "failed", "exit_code": 1, "took_ms": 23,
        "waited_ms": 1, "limit": None, "kind": "command",
    }  # fmt: skip


@pytest.mark.parametrize("line", ["docker ps", "두 줄\necho '\"'", "\ud800 half", "\x1b[2J\u2028"])
def test_content_is_one_line_whatever_was_typed(tmp_path: Path, line: str) -> None:
    """Line breaks, quotes, escapes and halves of characters can't forge another record."""
    AuditLog(tmp_path / "audit.jsonl", "content").command(make_record(line=line))

    written = (tmp_path / "audit.jsonl").read_bytes()
    assert written.count(b"\n") == 1
    assert b"\x1b" not in written
    assert records(tmp_path / "audit.jsonl")[0]["line"] == line


def test_off_writes_nothing(tmp_path: Path) -> None:
    """Not even an empty file."""
    AuditLog(tmp_path / "log" / "audit.jsonl", "off").command(make_record())

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", ["events", "content"])
def test_only_the_owner_can_read_it(tmp_path: Path, mode: AuditMode) -> None:
    """Also a file that was there before, with other rights."""
    path = tmp_path / "audit.jsonl"
    path.touch(mode=0o644)
    AuditLog(path, mode).command(make_record())

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_bounded(tmp_path: Path) -> None:
    """Full files move on, the oldest goes, and the newest record is always there."""
    log = AuditLog(tmp_path / "audit.jsonl", "content", largest_bytes=1000)
    for number in range(100):
        log.command(make_record(request_id=f"m{number}"))

    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == [
        "audit.jsonl",
        *(f"audit.jsonl.{number}" for number in range(1, OLDER_FILES + 1)),
    ]
    assert all(file.stat().st_size <= 1000 for file in files)
    assert records(files[0])[-1]["request_id"] == "m99"
    kept = [record["request_id"] for file in reversed(files[1:]) for record in records(file)]
    kept += [record["request_id"] for record in records(files[0])]
    assert kept == [f"m{number}" for number in range(100 - len(kept), 100)]


def test_a_log_that_cannot_be_written_costs_no_command(tmp_path: Path) -> None:
    """It is said once, and again only after it had worked in between."""
    (tmp_path / "log").write_text("a file where a folder should be")
    log = AuditLog(tmp_path / "log" / "audit.jsonl", "events")
    with capture_logs() as said:
        log.command(make_record())
        log.command(make_record())
        (tmp_path / "log").unlink()
        log.command(make_record())

    assert [event["event"] for event in said] == ["audit_not_written"]
    assert len(records(tmp_path / "log" / "audit.jsonl")) == 1


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Whoever can write the folder can't make the service write elsewhere."""
    (tmp_path / "target").touch()
    (tmp_path / "audit.jsonl").symlink_to(tmp_path / "target")
    with capture_logs():
        AuditLog(tmp_path / "audit.jsonl", "events").command(make_record())

    assert (tmp_path / "target").read_bytes() == b""
