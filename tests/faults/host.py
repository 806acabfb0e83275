"""A Docker engine of the host's that may be killed: its own, beside the one that is everybody's."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote

from sandbox.leftovers import CGROUPS, PARENTS

ANSWER_LIMIT_S = 30
LOAD_LIMIT_S = 240
GONE_LIMIT_S = 10
API = "v1.41"
ERRORS = 400
"""HTTP statuses from here on."""
PREFIX = "docent-host-"
CONTAINERD_CONFIG = """version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[plugins."io.containerd.internal.v1.opt"]
path = "{folder}/opt"
"""


class HostEngine:
    """An engine and its client; `kill` and `cut_power` are for those that `start` started."""

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
        folder = self._own_folder
        address = f"{folder}/containerd.sock"
        config = folder / "containerd.toml"
        config.write_text(CONTAINERD_CONFIG.format(folder=folder), encoding="ascii")
        # Two programs, as on a host with systemd: dockerd's own containerd may outlive it.
        containerd = ["containerd", "--config", str(config), "--address", address]
        containerd += ["--root", f"{folder}/containerd", "--state", f"{folder}/state"]
        containerd += ["--log-level", "warn"]
        # With a network of its own: without a bridge it removes the one of the host's engine.
        command = ["unshare", "--net", "dockerd", "--containerd", address, "--host", self.url]
        command += ["--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"]
        command += ["--pidfile", f"{folder}/pid", "--log-level", "warn"]
        command += ["--bridge=none", "--iptables=false", "--ip6tables=false"]
        with (folder / "log").open("ab") as log:
            self._containerd = subprocess.Popen(containerd, stdout=log, stderr=log)
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + ANSWER_LIMIT_S
        while not self.answers():
            assert time.monotonic() < deadline, (folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """End it in the middle of whatever it does, its containerd too; containers live on."""
        for process in (self._process, self._containerd):
            assert process is not None
            process.kill()
            process.wait()

    def cut_power(self) -> None:
        """End it and all that runs on it; what a machine has in memory is gone."""
        self.kill()
        _end_all_of(self._own_folder)

    def stop(self) -> None:
        """End it in order, and what it left when it was killed."""
        for process in (self._process, self._containerd):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(ANSWER_LIMIT_S)
        _end_all_of(self._own_folder)

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
        """Whether it does."""
        try:
            return self._ask("GET", "/_ping")[0] == HTTPStatus.OK
        except (OSError, HTTPException):
            return False

    def sandboxes(self, home: str) -> dict[str, str]:
        """The state of each sandbox of the home with this label, by the container's id."""
        filters = json.dumps({"label": [f"docent.home={home}", "docent.role=sandbox"]})
        _, listed = self._ask("GET", f"/containers/json?all=1&filters={quote(filters)}")
        return {container["Id"]: container["State"] for container in json.loads(listed)}

    def pids(self, container: str) -> list[int]:
        """All processes in it, by their number outside; none when it does not run."""
        status, said = self._ask("GET", f"/containers/{container}/top?ps_args=-eo%20pid")
        return [int(pid) for (pid,) in json.loads(said)["Processes"]] if status < ERRORS else []

    def kill_container(self, name: str) -> bool:
        """End it at once; False when it did not run any more."""
        return self._ask("POST", f"/containers/{name}/kill")[0] < ERRORS

    def _ask(self, method: str, path: str) -> tuple[int, bytes]:
        """Its client takes a tenth of a second to say the same; some stages are as short."""
        with closing(_ToSocket(self.url.removeprefix("unix://"))) as connection:
            connection.request(method, f"/{API}{path}")
            answer = connection.getresponse()
            return answer.status, answer.read()

    @property
    def _own_folder(self) -> Path:
        assert self._folder is not None, "this one is everybody's"
        return self._folder


class _ToSocket(HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_LIMIT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_LIMIT_S)
        self.sock.connect(self._path)


@contextmanager
def engine_of_our_own() -> Generator[HostEngine]:
    """A host engine that may be killed, without images; nothing is left of it.

    Nor of those of earlier tests that were killed themselves.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with _lock(folder) as is_nobodys:
            if is_nobodys:
                _end_all_of(folder)
                shutil.rmtree(folder)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with _lock(folder):
        engine = HostEngine(folder)
        try:
            engine.start()
            yield engine
        finally:
            engine.stop()
            shutil.rmtree(folder)


def processes(pids: Iterable[int], name: str) -> list[int]:
    """Which of these processes have this name; without a name, all of them."""
    return [pid for pid in pids if not name or _read(pid, "comm").strip() == name.encode()]


def kill(pids: list[int]) -> None:
    """End these, of which there has to be one at least."""
    assert pids, "there is nothing to kill"
    for pid in pids:
        with suppress(ProcessLookupError):  # it ended with another one
            os.kill(pid, signal.SIGKILL)


@contextmanager
def _lock(folder: Path) -> Generator[bool]:
    """Whether nobody else has it; the kernel takes it from who dies."""
    with (folder / "owner").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _end_all_of(folder: Path) -> None:
    """End every process of the engine in this folder, and undo all that a reboot would."""
    doomed = _processes_of(folder)
    containers = {path.name for path in folder.glob("state/io.containerd.runtime.v2.task/*/*")}
    if doomed:
        kill(doomed)
    groups = [
        group
        for name in containers
        for parent in PARENTS
        for group in CGROUPS.glob(f"{parent}/*{name}*")
    ]
    for state in (state for group in groups for state in group.rglob("freezer.state")):
        with suppress(OSError):  # on cgroup v1 a frozen process dies when it is thawed
            state.write_text("THAWED")
    _until(lambda: not any(map(_is_alive, doomed)), "processes of the engine end")
    for point in reversed(_mounts_below(folder)):
        subprocess.run(["umount", "--lazy", point], check=False, capture_output=True)
    for group in groups:
        for path, _, _ in os.walk(group, topdown=False):
            with suppress(OSError):  # still emptying: then it's for the reaper
                Path(path).rmdir()
    for name in ("state", "exec"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _processes_of(folder: Path) -> list[int]:
    """Those that have a path of this folder among their arguments, and all that they started."""
    parents = {pid: parent for pid in _pids() if (parent := _parent(pid)) is not None}
    ours = {
        pid
        for pid in parents
        if any(word.startswith(f"{folder}/".encode()) for word in _words(pid))
        and pid != os.getpid()
    }
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sorted(ours)


def _words(pid: int) -> list[bytes]:
    words = _read(pid, "cmdline").removesuffix(b"\0").split(b"\0")
    is_engine = words[0].rpartition(b"/")[2].startswith((b"dockerd", b"containerd"))
    return words[1:] if is_engine else []


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _parent(pid: int) -> int | None:
    """None when it is gone."""
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else None


def _is_alive(pid: int) -> bool:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return bool(fields) and fields[0] != b"Z"


def _read(pid: int, what: str) -> bytes:
    """Empty when the process went while we looked."""
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _mounts_below(folder: Path) -> list[str]:
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return [point for point in mounted if point.startswith(f"{folder}/")]


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + GONE_LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {GONE_LIMIT_S} s: {what}"
        time.sleep(0.02)
