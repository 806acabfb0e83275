"""The choice of an AppArmor profile, and the profile itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.apparmor import LOADED, LOADED_IN_CONTAINER, PROFILE, UNCONFINED, profile_for

SOURCE = Path(__file__).resolve().parents[3] / "sandbox" / "apparmor" / PROFILE


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A kernel that has our profile."""
    return _kernel(tmp_path, "docker-default (enforce)", f"{PROFILE} (enforce)")


def _kernel(root: Path, *profiles: str, place: Path = LOADED) -> Path:
    file = root / place
    file.parent.mkdir(parents=True)
    file.write_text("".join(f"{profile}\n" for profile in profiles))
    return root


def test_ours_is_used_where_it_is_loaded(kernel: Path) -> None:
    """Nobody has to configure it."""
    assert profile_for("", engine_has_it=True, root=kernel) == PROFILE


def test_ours_is_used_from_a_container_too(tmp_path: Path) -> None:
    """There it is seen at another place: Docker's profile forbids the usual one."""
    kernel = _kernel(tmp_path, f"{PROFILE} (enforce)", place=LOADED_IN_CONTAINER)

    assert profile_for("", engine_has_it=True, root=kernel) == PROFILE


def test_an_engine_without_apparmor_gets_no_profile(kernel: Path) -> None:
    """It would refuse to start a container that has one."""
    assert profile_for("", engine_has_it=False, root=kernel) == UNCONFINED


@pytest.mark.parametrize(
    "profiles",
    [
        (),
        ("docker-default (enforce)",),
        (f"{PROFILE} (complain)",),
        (f"my-{PROFILE} (enforce)", f"{PROFILE}-old (enforce)"),
    ],
)
def test_a_profile_that_is_not_in_force_is_not_used(
    tmp_path: Path, profiles: tuple[str, ...]
) -> None:
    """Only the whole name counts, and only if the kernel enforces it."""
    kernel = _kernel(tmp_path, *profiles)

    assert profile_for("", engine_has_it=True, root=kernel) == UNCONFINED


def test_where_the_kernel_cannot_be_asked_there_is_no_profile(tmp_path: Path) -> None:
    """As in a container that does not see it."""
    assert profile_for("", engine_has_it=True, root=tmp_path) == UNCONFINED


@pytest.mark.parametrize("wanted", [UNCONFINED, "mine"])
def test_an_operator_is_taken_at_their_word(kernel: Path, wanted: str) -> None:
    """The setting wins over what we find."""
    assert profile_for(wanted, engine_has_it=True, root=kernel) == wanted


@pytest.mark.skipif(shutil.which("apparmor_parser") is None, reason="no apparmor_parser here")
def test_the_profile_compiles() -> None:
    """The parser of this machine takes it; nothing is loaded."""
    done = subprocess.run(
        ["apparmor_parser", "--skip-kernel-load", "--skip-cache", str(SOURCE)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_profile_gives_no_capability_of_the_hosts(tmp_path: Path) -> None:
    """What root in a user namespace may be given, and what would be the whole machine's."""
    granted = {
        line.split()[1].rstrip(",")
        for line in SOURCE.read_text(encoding="utf-8").splitlines()
        if line.startswith("  capability ")
    }

    assert "sys_admin" in granted
    assert not granted & {"sys_module", "sys_rawio", "sys_boot", "sys_time", "syslog", "bpf"}
