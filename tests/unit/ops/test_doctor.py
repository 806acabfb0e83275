"""What `./docent doctor` says: of the network and the clock, and how the report ends."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ops import doctor, reach
from ops.doctor import home_findings, memory_finding
from ops.finding import Finding, Remedy, report
from tests.unit.ops.nobody import as_nobody, closed_folder

__all__ = ["closed_folder"]

GIB = 1024**3
NOW = datetime(2026, 5, 1, tzinfo=UTC)
REMEDY = Remedy(costs="something", mend="do this")


@contextmanager
def hub(status: int, date: str) -> Generator[str]:
    """A server that answers like Docker Hub, or not quite."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            self.send_header("Date", date)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v2/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_the_hub_answers_and_tells_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Who are you?" is its normal answer; its clock shows whether ours is right."""
    early = datetime.now(UTC) - timedelta(minutes=10)
    with hub(401, format_datetime(early, usegmt=True)) as url:
        monkeypatch.setattr(reach, "HUB", url)
        answer = reach.ask_hub()

    assert answer.reached
    assert answer.seconds_off == pytest.approx(600, abs=5)


@pytest.mark.parametrize("status", [403, 404, 502])
def test_a_proxy_that_answers_instead_is_not_the_hub(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """It is said what answers, and a date that is none is not believed."""
    with hub(status, "soon") as url:
        monkeypatch.setattr(reach, "HUB", url)
        answer = reach.ask_hub()

    assert (answer.reached, answer.seconds_off) == (False, None)
    assert str(status) in answer.said


def test_nobody_there_is_no_failure_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """An offline machine works: with the catalogue, and with a clock compared with nobody's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setattr(reach, "HUB", f"http://127.0.0.1:{probe.getsockname()[1]}/v2/")
        found = {finding.name: finding for finding in reach.examine()}

    assert found["Docker Hub"].well is None
    assert found["Docker Hub"].remedy is not None
    assert found["clock"].well is None


@pytest.mark.parametrize(
    ("seconds_off", "now", "well"),
    [
        (2.0, NOW, True),
        (-59.0, NOW, True),
        (61.0, NOW, False),
        (-4000.0, NOW, False),
        (None, NOW, None),
        (None, datetime(1970, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_clock_may_be_a_minute_off(
    seconds_off: float | None, now: datetime, well: bool | None
) -> None:
    """Beyond that certificates and signatures stop working one after the other."""
    assert reach.clock_finding(seconds_off, now).well is well


def test_a_port_that_is_taken_is_said() -> None:
    """It stands in nobody's way who has a token."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert reach.port_finding(port).well is None

    assert reach.port_finding(port).well


@pytest.mark.parametrize(
    ("total", "available", "well"),
    [(16 * GIB, 12 * GIB, True), (16 * GIB, GIB // 2, None), (GIB, GIB, False)],
)
def test_memory_that_is_there_and_memory_that_is_free(
    total: int, available: int, well: bool | None
) -> None:
    """Too little is a no; used up by others is a warning."""
    assert memory_finding(total, available).well is well


def test_only_what_stands_in_the_way_fails_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    """Costs and mending are shown for what is missing, not for what is there."""
    well = Finding("kernel", "6.12", True, REMEDY)
    worse = Finding("AppArmor", "off", None, REMEDY)
    broken = Finding("loop devices", "none", False, REMEDY)

    assert report([well, worse]) == 0
    shown = capsys.readouterr().out
    assert shown.count("costs: something") == shown.count("mend:  do this") == 1
    assert report([well, broken, Finding("bot", "not running")]) == 1


def test_another_users_home_is_said_to_be_one(closed_folder: Path) -> None:
    """Instead of a home without disks, or a traceback; with the command that sees more."""
    with as_nobody():
        found = {finding.name: finding for finding in home_findings(closed_folder)}

    assert "learners' disks" not in found
    remedy = found["what is in it"].remedy
    assert remedy is not None
    assert "sudo ./docent doctor" in remedy.mend


def test_disks_that_only_root_sees_are_not_counted_as_none(closed_folder: Path) -> None:
    """The home is everybody's to see, the folder in it is not."""
    disks = closed_folder / "disks"
    closed_folder.chmod(0o755)
    disks.mkdir()
    (disks / "1.img").touch()
    disks.chmod(0o700 if os.geteuid() == 0 else 0)
    with as_nobody():
        found = {finding.name: finding for finding in home_findings(closed_folder)}
    disks.chmod(0o700)

    assert found["learners' disks"].remedy is not None
    assert found["learners' disks"].value == "another user's"


def test_under_compose_it_says_where_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bot and service are in containers there: nothing runs out of the folder."""

    def docker(arguments: Sequence[str]) -> str | None:
        composed = "label=com.docker.compose.project=docent" in arguments
        return "sandbox: Up 2 hours (healthy)\nbot: Up 2 hours (healthy)" if composed else ""

    monkeypatch.setattr(doctor, "try_docker", docker)
    found = {finding.name: finding.value for finding in home_findings(tmp_path)}

    assert found["compose.yaml"] == "bot: Up 2 hours (healthy), sandbox: Up 2 hours (healthy)"
    assert found["how it is there"].startswith("docker compose exec sandbox ")
    assert "bot" not in found
