"""A Docker engine of the host's that may be killed: its own, beside the one that is everybody's."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

ANSWER_LIMIT_S = 30
LOAD_LIMIT_S = 240


class HostEngine:
    """An engine and its client; `kill` is for those that `start` started."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._containerd: subprocess.Popen[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        if self._folder is None:
            return "unix:///var/run/docker.sock"
        return f"unix://{self._folder}/docker.sock"

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._folder is not None
        address = f"{self._folder}/containerd.sock"
        # Two programs, as on a host with systemd: dockerd's own containerd may outlive it.
        containerd = ["containerd", "--address", address, "--root", f"{self._folder}/containerd"]
        containerd += ["--state", f"{self._folder}/state", "--log-level", "warn"]
        command = ["dockerd", "--containerd", address, "--host", self.url]
        command += ["--data-root", f"{self._folder}/data", "--exec-root", f"{self._folder}/exec"]
        command += ["--pidfile", f"{self._folder}/pid", "--log-level", "warn"]
        command += ["--bridge=none", "--iptables=false", "--ip6tables=false"]
        with (self._folder / "log").open("ab") as log:
            self._containerd = subprocess.Popen(containerd, stdout=log, stderr=log)
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while not self.answers():
            assert time.monotonic() < deadline, (self._folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """End it in the middle of whatever it does, its containerd too."""
        for process in (self._process, self._containerd):
            assert process is not None
            process.kill()
            process.wait()

    def stop(self) -> None:
        """End it in order."""
        for process in (self._process, self._containerd):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(ANSWER_LIMIT_S)

    def load(self, image: str) -> None:
        """Give it an image of the other engine's."""
        saving = subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE)
        with saving:
            subprocess.run(
                ["docker", "--host", self.url, "load", "--quiet"],
                stdin=saving.stdout,
                check=True,
                capture_output=True,
                timeout=LOAD_LIMIT_S,
            )

    def answers(self) -> bool:
        """Whether its client gets an answer."""
        try:
            self.docker("version")
        except subprocess.SubprocessError:
            return False
        return True

    def docker(self, *arguments: str) -> str:
        """Output of the docker client."""
        return subprocess.run(
            ["docker", "--host", self.url, *arguments],
            check=True,
            capture_output=True,
            text=True,
            timeout=ANSWER_LIMIT_S,
        ).stdout


def processes(container_pids: list[int], name: str) -> list[int]:
    """Which of these processes have this name; without a name, all of them."""
    found = []
    for pid in container_pids:
        try:
            if not name or Path(f"/proc/{pid}/comm").read_text().strip() == name:
                found.append(pid)
        except FileNotFoundError:  # it went while we looked
            continue
    return found


def kill(pids: list[int]) -> None:
    """End these, of which there has to be one at least."""
    assert pids, "there is nothing to kill"
    for pid in pids:
        with suppress(ProcessLookupError):  # it ended with another one
            os.kill(pid, signal.SIGKILL)
