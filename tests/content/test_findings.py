"""Every finding that a check can give has its words in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from lessons.command_checks import Command
from lessons.container_checks import TRAITS, ContainerHas
from lessons.engine_checks import ImagePresent
from lessons.facts import CommandDone, Container, EngineFacts, Image, Mount, ProbeSeen, Situation
from lessons.facts import PageSeen as Seen
from lessons.kinds import KINDS
from lessons.languages import LANGUAGES
from lessons.model import Check, Finding
from lessons.page_checks import PageSeen
from lessons.probe_checks import Answer, Probe
from lessons.running_checks import ContainerGone, ContainerRunning
from tests.factories import make_container, make_facts

LOCALE = Path(__file__).parents[2] / "bot" / "locale"
WANTED = {
    "status": "running",
    "image": "nginx",
    "command": "uname -r",
    "exit_code": "3",
    "oom_killed": "true",
    "restarts": "3",
    "health": "healthy",
    "label": "role=web",
    "env": "MODE=prod",
    "hostname": "lab",
    "network": "net1",
    "pid": "container:hellonginx",
    "user": "1000",
    "memory": "64m",
    "cpus": "0.5",
    "restart": "on-failure:3",
    "cap_add": "NET_ADMIN",
    "cap_drop": "ALL",
    "read_only": "true",
    "privileged": "true",
    "security": "no-new-privileges",
    "mount": "data1:/data",
}
FULL = Container(
    name="full",
    image="nginx",
    status="running",
    oom_killed=True,
    restart_count=3,
    health="healthy",
    command=("uname", "-r"),
    hostname="lab",
    env=("MODE=prod",),
    labels={"role": "web"},
    networks={"net1": ""},
    user="1000:1000",
    memory_bytes=64 << 20,
    nano_cpus=500_000_000,
    restart_policy="on-failure:3",
    cap_add=("CAP_NET_ADMIN",),
    cap_drop=("ALL",),
    read_only=True,
    privileged=True,
    security_opt=("no-new-privileges:true",),
    mounts=(Mount("data1", "/data"),),
    pid_mode="container:abc",
)
EMPTY = Container("full", "httpd", "created")
OTHER = Container(
    name="full",
    image="httpd",
    status="exited",
    exit_code=1,
    health="starting",
    command=("ls",),
    hostname="x",
    env=("MODE=test",),
    labels={"role": "db"},
    networks={"bridge": ""},
    user="1",
    memory_bytes=64,
    nano_cpus=10_000_000,
    cap_add=("CHOWN",),
    cap_drop=("CHOWN",),
    security_opt=("seccomp=x",),
    mounts=(Mount("data1", "/data", writable=False),),
    pid_mode="host",
)
CHECKS: tuple[Check, ...] = (
    ContainerRunning("hellonginx", "nginx", (80, 80)),
    ContainerRunning("hellonginx", "nginx", (8080, 80)),
    ContainerGone("hellonginx", after="run"),
    PageSeen(80, container="hellonginx"),
    ImagePresent("nginx:1"),
    Command.from_fields({"is": "docker version"}),
    Command.from_fields({"is": "docker version --help"}),
    Command.from_fields({"is": "docker version -f x"}),
    Command.from_fields({"is": "docker version", "form": "management"}),
    *(ContainerHas.from_fields({"name": "full", trait: value}) for trait, value in WANTED.items()),
    *(
        KINDS[kind].from_fields(fields)
        for kind, fields in {
            "network_present": {"name": "net1"},
            "network_gone": {"name": "net1", "after": "run"},
            "volume_present": {"name": "data1"},
            "volume_gone": {"name": "data1", "after": "run"},
            "image_gone": {"name": "nginx:1", "after": "run"},
            "image_same": {"name": "lab/nginx", "as": "nginx:1"},
            "image_smaller": {"name": "nginx:1", "megabytes": "10"},
            "containers_from": {"image": "nginx", "at_least": "1"},
            "answer": {"run": "docker ps -q"},
            "same_output": {"run": "ls", "as": "ls -a"},
        }.items()
    ),
    Probe("ls", shows="a"),
    Probe("ls", lacks="a"),
    Probe("ls", exit_code=0),
    Answer(text="42"),
)
"""Examples of every kind, and of every trait of a container."""

ALL_KEYS = sorted({key for check in CHECKS for key in check.finding_keys})


def texts(language: str) -> dict[str, str]:
    with (LOCALE / language / "LC_MESSAGES" / "findings.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def situations() -> Iterator[Situation]:
    """Enough different situations for every kind of finding."""
    done = frozenset({"run"})
    for container in (
        make_container(),
        make_container(image="httpd"),
        make_container("other"),
        make_container("db", image="redis"),
        make_container(publishes=[]),
        make_container(publishes=[(8080, 80)]),
        make_container(publishes=[(80, 8080)]),
        *(make_container(status=s) for s in ("created", "exited", "paused", "restarting")),
        make_container(status="exited", oom_killed=True),
    ):
        for page in (Seen(80, 200), Seen(80, 404), Seen(80, None), Seen(81, 200)):
            yield Situation(make_facts(container), pages=(page,), done=done)
    yield Situation(EngineFacts(), done=done)
    yield Situation(EngineFacts())
    for container in (FULL, replace(FULL, status="exited", exit_code=3), EMPTY, OTHER):
        yield Situation(make_facts(container, replace(make_container(), id="abc")))
    yield Situation(make_facts(make_container("fulll")))
    nginx, tagged = (
        Image("1", ("nginx:1", "lab/nginx:latest"), 50_000_000),
        Image("1", ("nginx:1",)),
    )
    yield Situation(make_facts(images=[nginx]), done=done)
    yield Situation(make_facts(images=[tagged, Image("2", ("lab/nginx:latest",))]))
    for name in ("net1", "net2"):
        yield Situation(EngineFacts(networks=(name,)), done=done)
    for name in ("data1", "data2"):
        yield Situation(EngineFacts(volumes=(name,)), done=done)
    yield Situation(make_facts(images=[Image("1", ("nginx:1",))]))
    yield Situation(make_facts(images=[Image("1", ("nginx:2",))]))
    for line in ("docker version", "docker version --help", "docker --version"):
        for exit_code in (0, 1, None):
            yield Situation(EngineFacts(), (CommandDone(line, exit_code),))

    for seen in (ProbeSeen("a\n", 0), ProbeSeen("b", 2), ProbeSeen("", None)):
        for answer in (None, "a", "42", "wrong"):
            probes = {"ls": seen, "docker ps -q": seen}
            yield Situation(EngineFacts(), answer=answer, probes=probes)
        for other in ("a", "b"):
            probes = {"ls": seen, "ls -a": ProbeSeen(other, 0)}
            yield Situation(EngineFacts(), probes=probes)
    yield Situation(EngineFacts(), answer="a")


def findings() -> Iterator[Finding]:
    for situation in situations():
        for check in CHECKS:
            yield from check.judge(situation)


FINDINGS = {found.key: found for found in findings()}
OK = {found.key for found in findings() if found.ok}


def test_every_key_is_tried_here() -> None:
    """The examples leave no kind of check and no finding out."""
    assert {check.kind for check in CHECKS} == KINDS.keys()
    assert WANTED.keys() == TRAITS.keys()
    assert sorted(FINDINGS) == ALL_KEYS


def test_a_finding_says_by_its_key_whether_it_holds() -> None:
    """No key is used both for what holds and for what does not: their words would be the same."""
    assert OK.isdisjoint(found.key for found in findings() if not found.ok)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ALL_KEYS)
def test_a_finding_can_be_said(language: str, key: str) -> None:
    """Expected and actual for all, a hint for what does not hold; every placeholder has a value."""
    found, catalogue = FINDINGS[key], texts(language)
    for part in ("expected", "actual", *(() if found.ok else ("hint",))):
        text = catalogue[f"finding.{key}.{part}"]
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        assert names <= found.values.keys()
        assert text.format(**found.values).strip()


def test_both_languages_have_the_same_keys_and_no_others() -> None:
    """No text is missing, and none is left over from a check that is gone."""
    korean, english = (texts(language) for language in LANGUAGES)
    assert korean.keys() == english.keys()
    assert {key.split(".")[1] for key in korean} == set(ALL_KEYS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_expected_and_actual_are_phrases_and_hints_are_sentences(language: str) -> None:
    """They stand after a label; hints stand alone."""
    for key, text in texts(language).items():
        assert text.endswith(".") is key.endswith(".hint"), key
