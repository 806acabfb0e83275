"""What is packed for the VM."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from ops.errors import OpsError
from tests.vm.cargo import pack


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home after its set-up."""
    made = tmp_path / "home"
    (made / "registry" / "docker").mkdir(parents=True)
    (made / "seccomp.json").write_text("{}")
    (made / "token").write_text("secret")
    return made


def test_the_vm_gets_source_mirror_and_arguments(home: Path, tmp_path: Path) -> None:
    """All that the tests in it need, and nothing secret of this machine."""
    pack(tmp_path / "cargo.tar", home, ["-k", "limits"])
    with tarfile.open(tmp_path / "cargo.tar") as archive:
        names = set(archive.getnames())
        arguments = archive.extractfile("arguments.json")
        assert arguments is not None
        assert json.load(arguments) == ["-k", "limits"]

    assert {"source/sandbox/service.py", "source/tests/vm/guest.py"} <= names
    assert {"home/seccomp.json", "home/registry/docker"} <= names
    assert "home/token" not in names
    assert not any("__pycache__" in name for name in names)


def test_a_home_that_was_never_set_up_is_said(tmp_path: Path) -> None:
    """Before the VM boots."""
    with pytest.raises(OpsError, match="has no seccomp"):
        pack(tmp_path / "cargo.tar", tmp_path, [])
