"""How bot and service log, as somebody sees it who collects their output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
START = """
import asyncio, logging, structlog
from sandbox.logs import set_up_logging
set_up_logging()
"""


def lines(program: str) -> list[dict[str, Any]]:
    """What a program logs after the set-up, each line read as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", START + program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_event_of_ours_and_a_line_of_a_library_have_one_shape() -> None:
    """Whoever reads the log as JSON stumbles over neither."""
    ours, theirs = lines(
        "structlog.get_logger('sandbox.pool').info('pool_filled', count=3)\n"
        "logging.getLogger('aiohttp.server').error('Error handling request')\n"
    )

    assert ours.keys() - {"count"} == theirs.keys()
    assert (ours["event"], ours["count"], ours["level"]) == ("pool_filled", 3, "info")
    assert (theirs["event"], theirs["logger"]) == ("Error handling request", "aiohttp.server")


def test_what_asyncio_says_of_a_lost_exception_is_json() -> None:
    """With the traceback in it, and without the values that learners typed."""
    (line,) = lines(
        "async def fail(typed):\n"
        "    raise ValueError('lost')\n"
        "async def main():\n"
        "    task = asyncio.create_task(fail('docker login -p secret'))\n"
        "    await asyncio.wait([task])\n"
        "asyncio.run(main())\n"
    )

    assert line["logger"] == "asyncio"
    assert line["exception"][0]["exc_type"] == "ValueError"
    assert "secret" not in json.dumps(line)


@pytest.mark.parametrize("level", ["debug", "info"])
def test_command_lines_do_not_get_into_the_log(level: str) -> None:
    """The SSH library tells of each at this level."""
    assert (
        lines(f"logging.getLogger('asyncssh').{level}('  Command: docker login -p secret')") == []
    )


@pytest.mark.parametrize("module", ["bot", "sandbox"])
def test_both_programs_log_like_this(module: str) -> None:
    """Neither has settings here: what they say of that is a line of JSON, too."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={"DOCENT_SANDBOX_HOME": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    said = json.loads(done.stdout.splitlines()[-1])
    assert {"event", "level", "logger", "timestamp"} <= said.keys()
