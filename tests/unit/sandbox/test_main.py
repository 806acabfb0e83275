"""`python -m sandbox`, as far as it goes without Docker: refusals, and their exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.sandbox.test_settings import GOOD

ROOT = Path(__file__).resolve().parents[3]


def start(*arguments: str, home: Path, **changes: str) -> tuple[int, dict[str, str]]:
    """Exit status and the last line of the log."""
    settings = {f"DOCENT_SANDBOX_{name.upper()}": str(value) for name, value in GOOD.items()}
    settings |= {"DOCENT_SANDBOX_HOME": str(home)} | changes
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | {k: v for k, v in settings.items() if v},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    said: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return done.returncode, said


def test_a_missing_limit_is_named(tmp_path: Path) -> None:
    """By the variable that an operator has to set."""
    status, said = start(home=tmp_path, DOCENT_SANDBOX_PIDS="")

    assert status == 2
    assert said["event"] == "refused_to_start"
    assert "DOCENT_SANDBOX_PIDS: Field required" in said["reason"]


@pytest.mark.parametrize(("present", "missing"), [([], "token"), (["token"], "seccomp.json")])
def test_a_home_that_was_not_set_up_is_refused(
    tmp_path: Path, present: list[str], missing: str
) -> None:
    """Without a token anybody could call, without a profile anything could be called."""
    for name in present:
        (tmp_path / name).write_text("x" * 43)
    status, said = start(home=tmp_path)

    assert status == 2
    assert missing in said["reason"]
    assert not (tmp_path / "service.sock").exists()


def test_health_and_stop_all_say_when_nobody_answers(tmp_path: Path) -> None:
    """For a container's health check, and for the end of `./docent up`."""
    (tmp_path / "token").write_text("x" * 43)

    status, said = start("health", home=tmp_path)
    assert (status, said["error"]) == (1, "service_down")
    status, said = start(
        "stop-all", home=tmp_path, DOCENT_SANDBOX_DOCKER_URL=f"unix://{tmp_path}/no.sock"
    )
    assert (status, said["error"]) == (1, "HostEngineDown")


@pytest.mark.parametrize("task", ["health", "able", "metrics"])
def test_who_only_asks_needs_no_limits(tmp_path: Path, task: str) -> None:
    """A timer or a person beside the service knows where it is, and nothing else of it."""
    (tmp_path / "token").write_text("x" * 43)
    unset = {f"DOCENT_SANDBOX_{name.upper()}": "" for name in GOOD}
    status, said = start(task, home=tmp_path, **unset)

    assert (status, said["error"]) == (1, "service_down")
