"""What a container has: each trait passes in every spelling and fails for the near misses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.container_checks import TRAITS, ContainerHas
from lessons.facts import Container, Mount, Situation
from tests.factories import make_container, make_facts

BOX = Container(name="box", image="busybox", status="running", id="b" * 64)


def keys(container: Container, **wanted: str) -> list[str]:
    check = ContainerHas.from_fields({"name": "box", **wanted})
    web = replace(make_container("web", image="nginx", publishes=()), id="a" * 64)
    return [found.key for found in check.judge(Situation(make_facts(container, web)))]


@pytest.mark.parametrize(
    ("trait", "wanted", "container"),
    [
        ("memory", "64m", replace(BOX, memory_bytes=67_108_864)),
        ("memory", "65536k", replace(BOX, memory_bytes=67_108_864)),
        ("memory", "64MB", replace(BOX, memory_bytes=67_108_864)),
        ("cpus", "0.50", replace(BOX, nano_cpus=500_000_000)),
        ("cpus", "2", replace(BOX, nano_cpus=2_000_000_000)),
        ("user", "1000", replace(BOX, user="1000:1000")),
        ("pid", "container:web", replace(BOX, pid_mode="container:" + "a" * 64)),
        ("pid", "host", replace(BOX, pid_mode="host")),
        ("cap_drop", "all", replace(BOX, cap_drop=("ALL",))),
        ("cap_add", "NET_ADMIN", replace(BOX, cap_add=("CAP_NET_ADMIN",))),
        ("security", "no-new-privileges", replace(BOX, security_opt=("no-new-privileges=true",))),
        ("image", "busybox", replace(BOX, image="docker.io/library/busybox:1.37")),
        ("restart", "no", replace(BOX, restart_policy="")),
        ("network", "net1", replace(BOX, networks={"bridge": "", "net1": ""})),
        ("exit_code", "137", replace(BOX, status="exited", exit_code=137)),
        ("mount", "data1:/data:ro", replace(BOX, mounts=(Mount("data1", "/data", False),))),
    ],
)
def test_a_trait_holds_in_any_spelling(trait: str, wanted: str, container: Container) -> None:
    """What the engine reports and what an author writes are compared by meaning."""
    assert keys(container, **{trait: wanted}) == [f"trait_{trait}"]


@pytest.mark.parametrize(
    ("trait", "wanted", "container", "key"),
    [
        ("memory", "64m", BOX, "trait_memory_none"),
        ("memory", "64m", replace(BOX, memory_bytes=64), "trait_memory_other"),
        ("cpus", "0.5", replace(BOX, nano_cpus=5), "trait_cpus_other"),
        ("user", "1000", replace(BOX, user="10000"), "trait_user_other"),
        ("label", "role=web", replace(BOX, labels={"role": "was"}), "trait_label_other"),
        ("label", "role=web", replace(BOX, labels={"other": "web"}), "trait_label_none"),
        ("env", "MODE=prod", replace(BOX, env=("PATH=/bin",)), "trait_env_none"),
        ("exit_code", "0", BOX, "trait_exit_code_none"),
        ("exit_code", "0", replace(BOX, status="created"), "trait_exit_code_none"),
        ("exit_code", "3", replace(BOX, status="created", exit_code=127), "trait_exit_code_other"),
        ("mount", "data1:/data", replace(BOX, mounts=(Mount("x", "/data"),)), "trait_mount_other"),
        ("status", "exited", BOX, "trait_status_other"),
        ("oom_killed", "true", replace(BOX, exit_code=137), "trait_oom_killed_other"),
        ("restart", "on-failure:3", replace(BOX, restart_policy="on-failure"),
         "trait_restart_other"),
    ],
)  # fmt: skip
def test_a_near_miss_is_named(trait: str, wanted: str, container: Container, key: str) -> None:
    """A trait that is absent and one that is different are told apart."""
    assert keys(container, **{trait: wanted}) == [key]


def test_an_absent_container_is_one_finding() -> None:
    """Not one for each trait; a name nearly right is named."""
    assert keys(replace(BOX, name="x"), user="1", cpus="1") == ["container_absent"]
    assert keys(replace(BOX, name="boxx"), user="1") == ["container_absent_similar"]


def test_the_neighbour_that_compose_named_is_no_misspelling() -> None:
    """`box-was-1` is another service of the project; `bax-db-1` is what another project made."""
    was = replace(BOX, name="box-was-1", labels={"com.docker.compose.project": "box"})
    other = replace(was, name="bax-db-1", labels={"com.docker.compose.project": "bax"})
    check = ContainerHas.from_fields({"name": "box-db-1", "image": "busybox"})
    (absent,) = check.judge(Situation(make_facts(was)))
    (similar,) = check.judge(Situation(make_facts(was, other)))
    assert absent.key == "container_absent"
    assert (similar.key, similar.values["similar"]) == ("container_absent_similar", "bax-db-1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"memory": "much"}, {"cpus": "half"}, {"restart": "forever"}, {"mount": "/data"},
        {"status": "up"}, {"label": "web"}, {"exit_code": "256"}, {"oom_killed": "yes"},
        {"health": "fine"}, {"restarts": "-1"}, {},
    ],
)  # fmt: skip
def test_an_author_hears_what_is_wrong(wrong: dict[str, str]) -> None:
    """A value that can't be is refused when the lesson is read, not when a learner is judged."""
    with pytest.raises(ValueError, match=r"must be|say what"):
        ContainerHas.from_fields({"name": "box", **wrong})


def test_every_trait_judges_an_odd_container_without_raising() -> None:
    """Facts come from a learner's engine: empty and strange values are judged like others."""
    odd = Container(
        name="box", image="", status="?", env=("", "="), labels={"": ""}, pid_mode="container:"
    )
    values = {"status": "dead", "label": "a=b", "env": "a=b", "memory": "1b", "cpus": "1"}
    values |= {"restart": "no", "mount": "a:/b", "health": "healthy"}
    values |= {"exit_code": "1", "restarts": "1"}
    values |= dict.fromkeys(("oom_killed", "read_only", "privileged"), "true")
    for trait in TRAITS:
        assert keys(odd, **{trait: values.get(trait, "x")})
