"""The seccomp profile of a sandbox, as it is made from the one that containers usually get."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.image.seccomp import restrict

ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
ENOSYS, EPERM = 38, 1


@pytest.fixture
def profile() -> dict[str, Any]:
    """Ours, made from a usual one in small."""
    return restrict(
        {
            "defaultAction": ERRNO,
            "defaultErrnoRet": ENOSYS,
            "archMap": [
                {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}
            ],
            "syscalls": [
                {"names": ["read", "mount", "sync", "socket"], "action": ALLOW, "args": []},
                {
                    "names": ["bpf", "keyctl"],
                    "action": ALLOW,
                    "includes": {"caps": ["CAP_SYS_ADMIN"]},
                },
            ],
        }
    )


def _rules(profile: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [rule for rule in profile["syscalls"] if name in rule["names"]]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("bpf", ENOSYS),
        ("keyctl", ENOSYS),
        ("io_setup", ENOSYS),
        ("fsopen", ENOSYS),
        ("io_uring_setup", ENOSYS),
        ("userfaultfd", ENOSYS),
        ("reboot", EPERM),
        ("kexec_load", EPERM),
        ("init_module", EPERM),
        ("sync", 0),
        ("syncfs", 0),
    ],
)
def test_a_dangerous_call_has_one_rule_and_it_refuses(
    profile: dict[str, Any], name: str, answer: int
) -> None:
    """No rule of the usual profile is left that would allow the call after all."""
    (rule,) = _rules(profile, name)

    assert rule["action"] == ERRNO
    assert rule["errnoRet"] == answer


def test_what_the_engine_needs_stays(profile: dict[str, Any]) -> None:
    """Calls that we say nothing about keep their rule."""
    assert [rule["action"] for rule in _rules(profile, "mount")] == [ALLOW]
    assert [rule["action"] for rule in _rules(profile, "read")] == [ALLOW]


def test_sockets_are_of_few_families(profile: dict[str, Any]) -> None:
    """Only unix, internet and five kinds of netlink sockets; none with rings outside the limits."""
    allowed = [
        {condition["index"]: condition["value"] for condition in rule["args"]}
        for rule in _rules(profile, "socket")
    ]

    assert all(rule["action"] == ALLOW for rule in _rules(profile, "socket"))
    assert {arguments[0] for arguments in allowed} == {1, 2, 10, 16}
    assert {arguments[2] for arguments in allowed if arguments[0] == 16} == {0, 4, 12, 15, 16}


def test_only_native_calls_are_known(profile: dict[str, Any]) -> None:
    """32-bit calls are a second way into the same kernel, and nothing here needs it."""
    assert all(entry["subArchitectures"] == [] for entry in profile["archMap"])


def test_an_emptied_rule_is_left_out(profile: dict[str, Any]) -> None:
    """The engine refuses a profile that has a rule without names."""
    assert all(rule["names"] for rule in profile["syscalls"])
