"""The order in which the parts of a house start and stop, with a shell script for each program."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops import house, parts, up
from ops.errors import OpsError
from ops.home import prepare_home
from ops.house import running_house
from ops.images import ImageSource
from ops.plan import Plan

PROGRAM = """#!/bin/sh
# Stands for Python: writes down which part starts and which one ends.
what="$2 $3"
note() { echo "$1 $what" >> "$DIARY"; }
case "$what" in
  "db migrate") note ran; exit "${MIGRATE_STATUS:-0}" ;;
  "sandbox stop-all") note ran; exit 0 ;;
esac
what=$2
trap 'note stopped; exit 0' TERM
note started
if [ "$what" = bot ]; then
  [ -z "$BOT_FAILS" ] || { echo wrong token; exit 3; }
  echo Docent > "$DOCENT_HOME/run/bot.ready"
fi
while :; do sleep 0.02; done
"""


class Quiet:
    """Progress that remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    @contextmanager
    def step(self, name: str) -> Generator[None, None, None]:
        yield

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Programs, ports and the registry are stand-ins that write into this file."""
    program = tmp_path / "python"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    file = tmp_path / "diary"
    file.touch()

    async def ok_once_started(address: Path | tuple[str, int], *_more: object) -> int:
        part = "sandbox" if isinstance(address, Path) else "playground"
        return 200 if f"started {part}" in file.read_text().splitlines() else 0

    def note(line: str) -> None:
        with file.open("a") as opened:
            opened.write(f"{line}\n")

    monkeypatch.setenv("DIARY", str(file))
    monkeypatch.setattr(parts, "PYTHON", str(program))
    monkeypatch.setattr(parts, "status_of", ok_once_started)
    monkeypatch.setattr(house, "start_registry", lambda *_: note("started registry"))
    monkeypatch.setattr(house, "stop_registry", lambda *_: note("stopped registry"))
    monkeypatch.setattr(up, "prepare", lambda *_: prepare_home(tmp_path / "home"))
    return file


def plan(folder: Path, *, with_engine: bool = True, token: str | None = None) -> Plan:
    home = folder / "home"
    home.mkdir()
    prepare_home(home)
    return Plan(
        home=home,
        port=1,
        source=ImageSource.CATALOGUE,
        with_engine=with_engine,
        discord_token=token,
    )


async def _until_written(file: Path, count: int) -> list[str]:
    """The lines of the file once there are so many; a trap needs a moment to write."""
    for _ in range(300):
        if len(lines := file.read_text().splitlines()) >= count:
            return lines
        await asyncio.sleep(0.01)
    pytest.fail(f"not {count} lines: {file.read_text()}")


async def test_the_bot_starts_last_and_stops_first(tmp_path: Path, diary: Path) -> None:
    """Whoever talks to another part comes after it and goes before it."""
    async with running_house(plan(tmp_path), Quiet()):
        lines = await _until_written(diary, 5)
        assert lines[-1] == "started bot"
        assert set(lines[:-1]) == {
            "ran db migrate",
            "started registry",
            "started sandbox",
            "started playground",
        }
    assert (await _until_written(diary, 10))[5:] == [
        "stopped bot",
        "stopped playground",
        "stopped sandbox",
        "ran sandbox stop-all",
        "stopped registry",
    ]


async def test_without_an_engine_nothing_of_it_starts(tmp_path: Path, diary: Path) -> None:
    """Authors on a laptop get lessons and the page, and no sandbox service."""
    async with running_house(plan(tmp_path, with_engine=False), Quiet()):
        lines = await _until_written(diary, 3)
    assert set(lines) == {"ran db migrate", "started playground", "started bot"}


async def test_with_a_token_there_is_no_playground(tmp_path: Path, diary: Path) -> None:
    """On Discord the stand-in is not needed."""
    async with running_house(plan(tmp_path, with_engine=False, token="t"), Quiet()):
        lines = await _until_written(diary, 2)
    assert "started playground" not in lines


async def test_a_bot_that_does_not_start_takes_the_rest_down(
    tmp_path: Path, diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is told and nothing is left running."""
    monkeypatch.setenv("BOT_FAILS", "yes")
    with pytest.raises(OpsError, match="wrong token"):
        async with running_house(plan(tmp_path), Quiet()):
            pass
    lines = diary.read_text().splitlines()
    assert "stopped playground" in lines
    assert lines[-1] == "stopped registry"


async def test_a_failed_migration_starts_no_bot(
    tmp_path: Path, diary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bot on a half-made database would only do harm."""
    monkeypatch.setenv("MIGRATE_STATUS", "1")
    with pytest.raises(OpsError, match="database"):
        async with running_house(plan(tmp_path, with_engine=False), Quiet()):
            pass
    assert "started bot" not in diary.read_text()


def test_ctrl_c_stops_everything_and_is_no_failure(
    tmp_path: Path, diary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After Ctrl-C the exit status is 0, and the last words say what stays."""
    wanted = plan(tmp_path)
    monkeypatch.setattr(parts, "bot_name", lambda _home: "Docent")
    process = os.getpid()

    async def interrupt(_self: house.House) -> None:
        os.kill(process, signal.SIGINT)
        await asyncio.sleep(60)

    monkeypatch.setattr(house.House, "watch", interrupt)
    progress = Quiet()
    assert up.up(wanted, progress) == 0
    assert "Docent is ready: http://127.0.0.1:1" in capsys.readouterr().out
    assert diary.read_text().splitlines()[-1] == "stopped registry"
    assert "stay in" in progress.lines[-1]


async def test_secrets_reach_only_the_part_that_needs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox service and the playground never see the token of Discord or the database."""
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("DOCENT_DATABASE_URL", "secret")
    wanted = plan(tmp_path, token="secret")
    assert "secret" not in parts.sandbox_service(wanted).environment.values()
    assert "secret" not in parts.playground(wanted, "other").environment.values()
    bot = parts.bot(wanted, "secret").environment
    assert (bot["DISCORD_TOKEN"], bot["DOCENT_DATABASE_URL"]) == ("secret", "secret")
    assert sys.executable in parts.bot(wanted, "secret").command
