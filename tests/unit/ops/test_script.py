"""The script `docent` looks before it changes anything, and says what is missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "docent"
TOOLS = ("bash", "cat", "dirname", "env", "grep", "readlink", "rm", "sha256sum", "timeout", "uname")
PYTHON = f"""#!{sys.executable}
import fcntl, os, sys

def is_held(path):
    with open(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False

match sys.argv[1:]:
    case ["-VV"]:
        print("Python 3.11.2")
    case ["-c", code]:
        "ensurepip" in code or exec(code)  # it is new enough, and has all that is asked for
    case ["-m", "venv", *_, folder]:
        os.makedirs(folder + "/bin")
        os.symlink(os.path.realpath(sys.argv[0]), folder + "/bin/python")
    case ["-m", "pip", *_]:
        print("installed", "alone" if is_held(".venv.lock") else "beside others")
    case ["-m", "ops", *rest]:
        print("started", *rest)
"""
"""A Python whose packages are installed at once."""

needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/dev/loop-control").exists(),
    reason="looks at what root sees on a machine with loop devices",
)


class Machine:
    """A folder with the script, and a PATH with nothing but a few tools."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "docent"
        self.checkout.mkdir()
        shutil.copy(SCRIPT, self.checkout)
        self._programs = folder / "bin"
        self._programs.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None, tool
            (self._programs / tool).symlink_to(found)

    def has(self, program: str, script: str) -> None:
        """Put a program of our own on the PATH."""
        path = self._programs / program
        path.unlink(missing_ok=True)
        path.write_text(f"#!{self._programs}/bash\n{script}\n")
        path.chmod(0o755)

    def lacks(self, program: str) -> None:
        """Take a program away."""
        (self._programs / program).unlink()

    def has_python(self) -> None:
        """Put a Python on the PATH, and something to install into the checkout."""
        path = self._programs / "python3"
        path.write_text(PYTHON)
        path.chmod(0o755)
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (self.checkout / lock).write_text("# nothing\n")

    def run(self, *arguments: str, language: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
        """Run the script there."""
        return subprocess.run(
            [str(self.checkout / "docent"), *arguments],
            env={"PATH": str(self._programs), "LANG": language},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def is_untouched(self) -> bool:
        """Whether the script is still all there is."""
        return [path.name for path in self.checkout.iterdir()] == ["docent"]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without Python, Docker or a package manager."""
    return Machine(tmp_path)


@pytest.fixture
def taken_port() -> Generator[int, None, None]:
    """A port that something listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_without_a_command_it_explains_itself(machine: Machine) -> None:
    """Somebody who does not know it sees every command."""
    done = machine.run()
    assert done.returncode == 0
    assert "./docent up" in done.stdout


def test_an_unknown_command_is_refused(machine: Machine) -> None:
    """A typing mistake shows the usage on standard error."""
    done = machine.run("upp")
    assert done.returncode == 2
    assert "./docent up" in done.stderr


def test_an_old_kernel_is_refused(machine: Machine) -> None:
    """It says which kernel is needed, what changed (nothing), and what works anyway."""
    machine.has("uname", '[ "$1" = -s ] && echo Linux || echo 5.15.0-91-generic')
    done = machine.run("up")
    assert done.returncode == 1
    assert "need Linux 5.19 or newer, this is 5.15.0-91-generic" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert "--without-engine" in done.stderr
    assert machine.is_untouched()


def test_another_system_is_refused(machine: Machine) -> None:
    """Sandboxes are Linux; a Mac is told so."""
    machine.has("uname", '[ "$1" = -s ] && echo Darwin || echo 23.1.0')
    done = machine.run("up")
    assert "Sandboxes need Linux, this is Darwin" in done.stderr
    assert machine.is_untouched()


def test_a_taken_port_is_refused(machine: Machine, taken_port: int) -> None:
    """It is said before anything starts, with a port to try."""
    done = machine.run("up", "--without-engine", "--port", str(taken_port))
    assert done.returncode == 1
    assert f"Port {taken_port} is taken" in done.stderr
    assert machine.is_untouched()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", ""])
def test_a_port_that_is_none_is_refused(machine: Machine, port: str) -> None:
    """Nonsense is named as what was typed."""
    done = machine.run("up", "--without-engine", f"--port={port}")
    assert done.returncode == 1
    assert f'not "{port}"' in done.stderr


def test_a_token_needs_no_port(machine: Machine, taken_port: int) -> None:
    """On Discord there is no page, so its port may be anybody's."""
    (machine.checkout / ".env").write_text("DISCORD_TOKEN=something\n")
    done = machine.run("up", "--without-engine", "--port", str(taken_port))
    assert "is taken" not in done.stderr


def test_missing_python_is_refused(machine: Machine) -> None:
    """Without Python and a way to install it, it says what to install."""
    done = machine.run("up", "--without-engine")
    assert done.returncode == 1
    assert "Python 3.11 or newer with venv is missing" in done.stderr
    assert machine.is_untouched()


def test_an_old_python_is_refused(machine: Machine) -> None:
    """A Python that is too old counts as none."""
    machine.has("python3", "exit 1")
    assert "Python 3.11" in machine.run("check").stderr


def test_packages_are_installed_once_and_by_one(machine: Machine) -> None:
    """Nobody else installs meanwhile, though there is no flock here; the next start is at once."""
    machine.has_python()
    first = machine.run("up", "--without-engine")
    assert "installed alone\n" in first.stdout, first.stderr
    assert first.stdout.endswith("started up --without-engine\n")
    assert machine.run("up", "--without-engine").stdout == "started up --without-engine\n"


def test_a_mac_has_another_program_for_digests(machine: Machine) -> None:
    """There it is `shasum`, which prints the same."""
    machine.has_python()
    machine.lacks("sha256sum")
    machine.has("shasum", '[ "$*" = "-a 256" ] && exec ' + str(shutil.which("sha256sum")))
    assert "installed" in machine.run("up", "--without-engine").stdout
    assert machine.run("up", "--without-engine").stdout == "started up --without-engine\n"


def test_sentences_are_korean_for_korean_terminals(machine: Machine) -> None:
    """The language of the terminal decides."""
    done = machine.run("up", "--without-engine", language="ko_KR.UTF-8")
    assert "Python 3.11 이상" in done.stderr


@needs_root
def test_a_missing_engine_is_refused(machine: Machine) -> None:
    """No engine and no apt-get: it says what to install."""
    done = machine.run("up")
    assert done.returncode == 1
    assert "no Docker engine and no apt-get" in done.stderr
    assert machine.is_untouched()


@needs_root
def test_an_engine_that_can_be_started_is_enough(machine: Machine) -> None:
    """An installed engine that does not run is no obstacle: it is started later."""
    machine.has("dockerd", "exit 0")
    assert "Docker engine" not in machine.run("up").stderr
