"""Containers that run, or are gone: what passes, and what a learner hears about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.checks import judge
from lessons.facts import Container, Image, PublishedPort
from lessons.model import Task
from lessons.running_checks import ContainerRunning
from tests.factories import make_container
from tests.unit.lessons.judged import GONE, HELLO, keys, on_engine, only_missing


def test_the_container_that_was_asked_for_passes() -> None:
    """Name, image, port and running: every finding holds."""
    findings = HELLO.judge(on_engine(make_container()))
    assert keys(findings) == ["container_running", "container_image", "port_published"]
    assert all(found.ok for found in findings)


@pytest.mark.parametrize(
    "container",
    [
        make_container(image="nginx:latest"),
        make_container(image="docker.io/library/nginx:alpine"),
        make_container(publishes=[(80, 80), (443, 443)]),
        replace(
            make_container(),
            ports=(PublishedPort(443), PublishedPort(80, "tcp", 80), PublishedPort(80, "tcp", 80)),
        ),
    ],
)
def test_other_ways_to_the_same_end_pass(container: Container) -> None:
    """A tag, a long name, more ports or the IPv6 twin of a port are no mistakes."""
    assert judge(Task("run", (HELLO,)), on_engine(container)).passed


@pytest.mark.parametrize(
    ("container", "key", "values"),
    [
        (make_container(publishes=[(8080, 80)]), "port_other", {"actual": "8080 → 80"}),
        (make_container(publishes=[(80, 8080)]), "port_other", {"actual": "80 → 8080"}),
        (make_container(publishes=[]), "port_unpublished", {"wanted": "80 → 80"}),
        (make_container(image="httpd"), "container_other_image", {"actual": "httpd"}),
        (make_container(status="created", publishes=[]), "container_created", {}),
        (make_container(status="paused"), "container_paused", {}),
        (
            make_container(status="exited", exit_code=137),
            "container_exited",
            {"status": "exited", "exit_code": "137"},
        ),
        (make_container(status="exited", oom_killed=True), "container_out_of_memory", {}),
        (make_container(status="restarting", exit_code=1), "container_restarting", {}),
        (make_container(status="dead"), "container_exited", {"status": "dead"}),
        (make_container(status="???"), "container_exited", {"status": "???"}),
        (make_container("hello-nginx"), "container_other_name", {"similar": "hello-nginx"}),
        (make_container("brave_curie"), "container_other_name", {"similar": "brave_curie"}),
        (make_container("db", image="redis"), "container_missing", {"name": "hellonginx"}),
    ],
)
def test_a_near_miss_does_not_pass_and_is_named(
    container: Container, key: str, values: dict[str, str]
) -> None:
    """Each known mistake has its own finding, with what is there instead."""
    missing = only_missing(HELLO, on_engine(container))
    assert missing.key == key
    assert values.items() <= missing.values.items()


def test_ports_the_wrong_way_round_are_told_apart() -> None:
    """The most frequent mistake with -p has a name of its own."""
    check = ContainerRunning("web", publishes=(8080, 80))
    missing = only_missing(check, on_engine(make_container("web", publishes=[(80, 8080)])))
    assert (missing.key, missing.values["wanted"]) == ("port_reversed", "8080 → 80")


def test_a_udp_port_is_not_the_web_port() -> None:
    """Only TCP counts."""
    container = replace(make_container(), ports=(PublishedPort(80, "udp", 80),))
    assert only_missing(HELLO, on_engine(container)).key == "port_unpublished"


def test_an_image_given_by_its_id_counts() -> None:
    """`docker run 2f1d…` is the image that has this id."""
    image = Image("sha256:" + "2f1d" * 16, ("nginx:latest",))
    assert judge(
        Task("run", (HELLO,)), on_engine(make_container(image="2f1d2f1d"), images=[image])
    ).passed
    other = replace(image, tags=("httpd:latest",))
    missing = only_missing(HELLO, on_engine(make_container(image="2f1d2f1d"), images=[other]))
    assert missing.key == "container_other_image"


def test_an_empty_engine_lacks_the_container() -> None:
    """In a fresh sandbox nothing passes."""
    assert only_missing(HELLO, on_engine()).key == "container_missing"


def test_gone_needs_to_have_been_there() -> None:
    """An empty engine is no proof; once the run was seen, it is."""
    assert only_missing(GONE, on_engine()).key == "container_never_seen"
    seen = replace(on_engine(), done=frozenset({"run"}))
    assert keys(GONE.judge(seen)) == ["container_gone"]
    assert GONE.judge(seen)[0].ok


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("running", "container_still_running"),
        ("paused", "container_still_running"),
        ("exited", "container_still_there"),
        ("created", "container_still_there"),
    ],
)
def test_stopped_is_not_gone(status: str, key: str) -> None:
    """A container that was only stopped is still there."""
    situation = replace(on_engine(make_container(status=status)), done=frozenset({"run"}))
    assert only_missing(GONE, situation).key == key
