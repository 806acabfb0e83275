"""Images, networks, volumes and several containers: what passes and what is told apart."""

from __future__ import annotations

import pytest

from lessons.engine_checks import ImagePresent
from lessons.facts import EngineFacts, Image, Situation
from lessons.kinds import KINDS
from tests.factories import make_container, make_facts
from tests.unit.lessons.judged import keys, on_engine

IMAGES = (
    Image("1", ("busybox:latest", "lab/box:mine"), 4_400_000),
    Image("2", ("lab/box:other",), 90_000_000),
)
ENGINE = EngineFacts(
    images=IMAGES,
    networks=("bridge", "net1"),
    volumes=("data1",),
    containers=(
        make_container("a"),
        make_container("b"),
        make_container("c", status="exited"),
        make_container("d", image="httpd"),
    ),
)


def key(kind: str, fields: dict[str, str], *, facts: EngineFacts = ENGINE, done: str = "") -> str:
    situation = Situation(facts, done=frozenset({done}))
    (found,) = KINDS[kind].from_fields(fields).judge(situation)
    return found.key


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("network_present", {"name": "net1"}, "network_present"),
        ("network_present", {"name": "net2"}, "network_other_name"),
        ("network_present", {"name": "shop"}, "network_missing"),
        ("volume_present", {"name": "data1"}, "volume_present"),
        ("volume_present", {"name": "data"}, "volume_other_name"),
        ("image_same", {"name": "lab/box:mine", "as": "busybox"}, "image_same"),
        ("image_same", {"name": "lab/box:other", "as": "busybox"}, "image_differs"),
        ("image_same", {"name": "lab/box:no", "as": "busybox"}, "image_same_missing"),
        ("image_smaller", {"name": "busybox", "megabytes": "5"}, "image_small"),
        ("image_smaller", {"name": "busybox", "megabytes": "4"}, "image_large"),
        ("image_smaller", {"name": "redis", "megabytes": "4"}, "image_small_missing"),
        ("containers_from", {"image": "nginx", "at_least": "2"}, "containers_enough"),
        ("containers_from", {"image": "nginx", "at_least": "3"}, "containers_few"),
    ],
)
def test_the_state_is_told_in_one_finding(kind: str, fields: dict[str, str], expected: str) -> None:
    """A near miss has a key of its own; stopped containers and other images don't count."""
    assert key(kind, fields) == expected


@pytest.mark.parametrize(
    ("kind", "name"),
    [("network_gone", "net1"), ("volume_gone", "data1"), ("image_gone", "busybox")],
)
def test_gone_needs_to_have_been_there(kind: str, name: str) -> None:
    """An empty engine passes only for somebody who has done the task before."""
    what = kind.removesuffix("_gone")
    fields = {"name": name, "after": "make"}
    assert key(kind, fields, facts=make_facts()) == f"{what}_never_seen"
    assert key(kind, fields, done="make") == f"{what}_still_there"
    assert key(kind, fields, facts=make_facts(), done="make") == f"{what}_gone"


def test_an_image_is_found_by_any_of_its_names() -> None:
    """Present, absent, or there under another tag only."""
    situation = on_engine(images=[Image("sha256:1", ("nginx:latest", "lab/web:1"))])
    assert keys(ImagePresent("nginx").judge(situation)) == ["image_present"]
    assert keys(ImagePresent("lab/web:1").judge(situation)) == ["image_present"]
    assert keys(ImagePresent("lab/web:2").judge(situation)) == ["image_other_tag"]
    assert keys(ImagePresent("redis").judge(situation)) == ["image_missing"]
