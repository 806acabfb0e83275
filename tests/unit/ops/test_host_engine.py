"""The host's Docker engine: there already, started, installed, or refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops import host_engine
from ops.errors import OpsError
from ops.host_engine import ensure_engine


class Quiet:
    """Progress that nobody watches."""

    @contextmanager
    def step(self, _name: str) -> Generator[None, None, None]:
        yield

    def say(self, line: str) -> None:
        pass


class Host:
    """A host whose programs are shell scripts; the engine answers while its mark is there."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.programs.mkdir()
        self.mark = folder / "answers"
        self.log = folder / "log" / "dockerd.log"

    def has_client(self, version: str) -> None:
        self._has("docker", f"[ -e {self.mark} ] && echo {version}")

    def has_engine(self, script: str) -> None:
        self._has("dockerd", script)

    def _has(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host without systemd, Docker or apt-get."""
    made = Host(tmp_path)
    shell = tmp_path / "shell"
    shell.mkdir()
    for tool in ("touch", "sleep"):
        (shell / tool).symlink_to(f"/usr/bin/{tool}")
    monkeypatch.setenv("PATH", f"{made.programs}{os.pathsep}{shell}")
    monkeypatch.setattr(host_engine, "SYSTEMD", tmp_path / "no-systemd")
    monkeypatch.setattr(host_engine, "START_LIMIT_S", 2)
    return made


def test_an_engine_that_answers_is_taken_as_it_is(host: Host) -> None:
    """Nothing is installed or started then."""
    host.has_client("27.0.1")
    host.mark.touch()
    ensure_engine(Quiet(), host.log)
    assert not host.log.exists()


@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_an_installed_engine_is_started(host: Host) -> None:
    """Where there is no systemd, such as in a container, we start it ourselves, and it stays."""
    host.has_client("20.10.24")
    host.has_engine(f"touch {host.mark}; exec sleep 1")
    ensure_engine(Quiet(), host.log)
    assert host_engine.version() == "20.10.24"


def test_an_engine_that_does_not_start_leads_to_its_log(host: Host) -> None:
    """Whoever reads the sentence knows where the reason is."""
    host.has_client("27.0.1")
    host.has_engine("echo no iptables; exit 1")
    with pytest.raises(OpsError, match=r"does not start.*dockerd\.log"):
        ensure_engine(Quiet(), host.log)
    assert "no iptables" in host.log.read_text()


def test_an_engine_that_is_too_old_is_refused(host: Host) -> None:
    """Sandboxes need what 20.10 brought."""
    host.has_client("19.03.8")
    host.mark.touch()
    with pytest.raises(OpsError, match=r"19\.03\.8; 20\.10 or newer"):
        ensure_engine(Quiet(), host.log)


def test_no_engine_and_no_way_to_install_one_is_said(host: Host) -> None:
    """The packages that are missing are named."""
    with pytest.raises(OpsError, match=r"docker\.io"):
        ensure_engine(Quiet(), host.log)
