"""What a sandbox's container is allowed, and what not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine import HostEngine
from sandbox.settings import Limits
from sandbox.spec import (
    FIRST_UID_BASE,
    UID_BASES,
    UID_STEP,
    Plan,
    cgroup_parent,
    free_uid_base,
    sandbox_spec,
)
from tests.unit.sandbox.stage import make_site

HOME = Path("/var/lib/docent")
PLAN = Plan(sandbox_id="5a5a5a", learner="42", disk="42", disk_inode=1234, uid_base=FIRST_UID_BASE)

HOST = HostEngine(version="20.10.24", systemd_cgroups=False)


def make_config(**changes: Any) -> dict[str, Any]:
    """The create call of one sandbox."""
    plan = replace(PLAN, **changes)
    return dict(sandbox_spec(make_site(HOME), plan, HOST).config)


def test_a_sandbox_is_never_privileged_and_has_no_network() -> None:
    """Everything is taken away first; what is given back is a short list."""
    host = make_config()["HostConfig"]

    assert "Privileged" not in host
    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert sorted(host["CapAdd"]) == [
        "CHOWN", "DAC_OVERRIDE", "MKNOD", "SETGID", "SETPCAP", "SETUID", "SYS_ADMIN", "SYS_NICE",
    ]  # fmt: skip
    assert host["SecurityOpt"] == ["apparmor=unconfined", "seccomp={}"]
    assert host["DeviceCgroupRules"] == ["b 7:* rmw", "c 10:237 rmw"]


def test_limits_become_numbers_without_swap() -> None:
    """Memory and memory plus swap are the same number."""
    host = make_config()["HostConfig"]

    assert host["Memory"] == host["MemorySwap"] == 1024 * 1024 * 1024
    assert host["NanoCpus"] == 1_000_000_000
    assert host["PidsLimit"] == 1024
    assert host["OomScoreAdj"] == 500
    assert {"Name": "core", "Soft": 0, "Hard": 0} in host["Ulimits"]
    assert host["LogConfig"]["Config"] == {"max-size": "1m", "max-file": "1", "compress": "false"}


def test_a_sandbox_sees_its_own_disk_and_socket_folder_only() -> None:
    """Three mounts; the mirror read-only."""
    assert make_config()["HostConfig"]["Binds"] == [
        "/var/lib/docent/disks/42.img:/disk.img",
        "/var/lib/docent/sock/5a5a5a:/sock",
        "/var/lib/docent/mirror:/mirror:ro",
    ]


def test_the_first_process_learns_what_it_needs() -> None:
    """In the words that the image expects; SAFE is empty unless it is meant."""
    normal, safe = make_config()["Env"], make_config(safe=True)["Env"]

    assert f"DOCENT_UID_BASE={FIRST_UID_BASE}" in normal
    assert "DOCENT_SERVICE_GID=7" in normal
    assert "DOCENT_SSH_PUBLIC_KEY=ssh-ed25519 AAAA docent" in normal
    assert "DOCENT_SAFE=" in normal
    assert "DOCENT_SAFE=1" in safe


def test_labels_say_whose_it_is() -> None:
    """By them a restarted service finds its sandboxes."""
    assert make_config()["Labels"] == {
        "docent.role": "sandbox",
        "docent.home": make_site(HOME).home.label,
        "docent.sandbox": "5a5a5a",
        "docent.learner": "42",
        "docent.disk": "1234",
        "docent.uid-base": str(FIRST_UID_BASE),
        "docent.safe": "",
    }


def test_a_disk_is_never_mounted_twice() -> None:
    """The engine refuses a second container of a name, and the name is the disk's."""
    site = make_site(HOME)
    names = {
        sandbox_spec(site, replace(PLAN, sandbox_id=sandbox_id), HOST).name
        for sandbox_id in ("5a5a5a", "6b6b6b")
    }

    assert names == {f"docent-{site.home.label}-1234"}


def test_the_create_call_is_plain_json() -> None:
    """So that it can be sent as it is."""
    json.dumps(make_config())


@pytest.mark.parametrize(("systemd", "parent"), [(True, "docent.slice"), (False, "/docent")])
def test_the_cgroup_parent_fits_the_driver(systemd: bool, parent: str) -> None:
    """Systemd takes a slice; with cgroupfs a relative name would lie below the engine's own."""
    assert cgroup_parent(systemd_cgroups=systemd) == parent


def test_uid_ranges_never_overlap() -> None:
    """Each is a multiple of the step, fits 31 bits, and is nobody else's."""
    taken: set[int] = set()
    for _ in range(UID_BASES):
        base = free_uid_base(taken, start_at="abcdef012345")
        assert base % UID_STEP == 0
        assert FIRST_UID_BASE <= base < 2**31
        taken.add(base)

    assert len(taken) == UID_BASES
    with pytest.raises(LookupError):
        free_uid_base(taken, start_at="abcdef012345")


def test_fractions_of_a_cpu_are_kept() -> None:
    """Half a processor is half a billion of its billionths."""
    half = replace(make_site(HOME), limits=Limits(512, 0.5, 512, 512))
    host = sandbox_spec(half, PLAN, HOST)

    assert host.config["HostConfig"]["NanoCpus"] == 500_000_000


def test_a_runtime_is_named_only_when_it_was_chosen() -> None:
    """Otherwise it is the engine's own choice."""
    chosen = sandbox_spec(replace(make_site(HOME), runtime="runsc"), PLAN, HOST)

    assert "Runtime" not in make_config()["HostConfig"]
    assert chosen.config["HostConfig"]["Runtime"] == "runsc"


def test_a_profile_that_an_operator_names_is_worn() -> None:
    """Whether it is loaded is the kernel's to say: a container that wants it does not start."""
    site = replace(make_site(HOME), apparmor="mine")
    config = sandbox_spec(site, PLAN, replace(HOST, apparmor=True)).config

    assert "apparmor=mine" in config["HostConfig"]["SecurityOpt"]
