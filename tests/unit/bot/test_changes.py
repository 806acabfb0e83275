"""What a command changed: told when it did, by whom it was done, and shown so that it fits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.classroom.changes import Change, Changes, changes, may_change, worth_telling
from bot.classroom.commands import CommandEnded
from bot.classroom.engines import Engines, SeenContainer, SeenEngine, SeenImage
from bot.features.changes._card import changes_card
from bot.texts import Speech, Texts
from bot.ui.layout import Card
from sandbox.contract import EventFact
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.unit.bot.test_cards import OWNER, assert_fits

YUNA = 7
BEGAN = 1000.0
WEB = SeenContainer("a" * 64, "web", "nginx", "running", ports=((8080, 80),))
ENGINE = SeenEngine(networks=("bridge", "host", "none"))


def event(kind: str, action: str, name: str, *, at: float = BEGAN + 1) -> EventFact:
    """Something that happened while the command ran, unless told otherwise."""
    return EventFact(at=at, type=kind, action=action, name=name)


def after(*events: EventFact, **values: Any) -> SeenEngine:
    """An engine in which this has just happened."""
    return replace(ENGINE, events=events, **values)


def told(before: SeenEngine | None, now: SeenEngine) -> list[tuple[str, str, str, str]]:
    """Kind, name, before, after of each change."""
    found = changes(before, now, since=BEGAN)
    return [(each.kind, each.name, each.before, each.after) for each in found]


@pytest.mark.parametrize("before", [ENGINE, None])
def test_a_new_container(before: SeenEngine | None) -> None:
    """Also when this is the first that we see of the engine."""
    events = [event("container", action, "web") for action in ("create", "start")]
    now = after(*events, containers=(WEB,))

    assert told(before, now) == [("container", "web", "absent", "running")]


@pytest.mark.parametrize("before", [replace(ENGINE, containers=(WEB,)), None])
def test_a_container_that_ended_or_went(before: SeenEngine | None) -> None:
    """By the command; which it was, its events say."""
    ended = replace(WEB, status="exited", exit_code=137)
    now = after(event("container", "die", "web"), containers=(ended,))
    assert told(before, now) == [("container", "web", "running", "exited")]

    gone = after(event("container", "die", "web"), event("container", "destroy", "web"))
    assert told(before, gone)[0][3] == "absent"


def test_what_happened_by_itself_is_not_told() -> None:
    """A container that ended before the command began is not the command's doing."""
    ended = replace(WEB, status="exited")
    now = after(event("container", "die", "web", at=BEGAN - 60), containers=(ended,))

    assert told(replace(ENGINE, containers=(WEB,)), now) == []
    assert told(None, now) == []


def test_what_came_and_went_is_not_told() -> None:
    """`docker run --rm` leaves everything as it was."""
    events = [event("container", action, "x") for action in ("create", "start", "die", "destroy")]

    assert told(ENGINE, after(*events)) == []


def test_a_restart_leaves_it_running() -> None:
    """The same before and after is no change."""
    events = [event("container", action, "web") for action in ("die", "start", "restart")]

    assert told(replace(ENGINE, containers=(WEB,)), after(*events, containers=(WEB,))) == []


def test_a_container_has_another_name() -> None:
    """By its id."""
    renamed = replace(WEB, name="front")
    now = after(event("container", "rename", "front"), containers=(renamed,))
    [found] = changes(replace(ENGINE, containers=(WEB,)), now, since=BEGAN)

    assert (found.kind, found.other, found.name) == ("name", "web", "front")


def test_a_container_joins_and_leaves_networks() -> None:
    """Of one that runs on; what a start connects is part of the start."""
    before = replace(WEB, networks=frozenset({"bridge"}))
    now = replace(WEB, networks=frozenset({"shop"}))
    events = (event("network", "connect", "shop"), event("network", "disconnect", "bridge"))

    assert told(replace(ENGINE, containers=(before,)), after(*events, containers=(now,))) == [
        ("joined", "web", "there", "there"),
        ("left", "web", "there", "there"),
    ]


@pytest.mark.parametrize("before", [ENGINE, None])
def test_a_new_image(before: SeenEngine | None) -> None:
    """With its size."""
    image = SeenImage("sha256:1", ("web:1",), 5_000_000)
    [found] = changes(before, after(event("image", "tag", "web:1"), images=(image,)), since=BEGAN)

    assert (found.name, found.before, found.after, found.size_bytes) == (
        "web:1", "absent", "there", 5_000_000,
    )  # fmt: skip


def test_an_image_that_lost_its_name() -> None:
    """A build of the same name takes it; one that was removed is gone."""
    before = replace(ENGINE, images=(SeenImage("sha256:1", ("web:1",)),))

    assert told(before, after(event("image", "untag", "web:1"))) == [
        ("image", "web:1", "there", "absent")
    ]


@pytest.mark.parametrize("kind", ["volume", "network"])
def test_volumes_and_networks_come_and_go(kind: str) -> None:
    """What a lesson made between two commands is not the command's doing."""
    there = {f"{kind}s": ("data",)}

    assert told(None, after(event(kind, "create", "data"), **there)) == [
        (kind, "data", "absent", "there")
    ]
    assert told(None, after(event(kind, "destroy", "data"))) == [(kind, "data", "there", "absent")]
    assert told(ENGINE, after(event(kind, "create", "data", at=BEGAN - 9), **there)) == []


@pytest.mark.parametrize(
    ("line", "may"),
    [
        ("docker ps -a", False),
        ("docker container ls", False),
        ("docker logs -f web", False),
        ("docker compose ps", False),
        ("docker run --help", False),
        ("docker --version", False),
        ("ls -l && cat Dockerfile", False),
        ("docker run nginx", True),
        ("docker ps; docker rm -f web", True),
        ("docker ps -q | xargs docker stop", True),
        ("./up.sh", True),
        ("sh -c 'docker stop web'", True),
        ("for c in a b; do docker rm $c; done", True),
        ("docker exec web kill 1", True),
    ],
)
def test_most_lines_only_look(line: str, may: bool) -> None:
    """For those the engine is not even asked."""
    assert may_change(line) is may


def new(kind: Any, name: str = "x") -> Change:
    return Change(kind, name, "absent", "there")


def gone(kind: Any, name: str = "x") -> Change:
    return Change(kind, name, "there", "absent")


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("docker pull nginx", new("image")),
        ("docker run nginx", new("image")),
        ("docker rm web", gone("container")),
        ("docker container rm web", gone("container")),
        ("docker rmi nginx", gone("image")),
        ("docker volume create data", new("volume")),
        ("docker network create shop", new("network")),
        ("docker volume prune -f", gone("volume")),
        ("docker system prune -af", gone("container")),
        ("docker compose down", gone("container")),
        ("docker compose up -d", new("network")),
    ],
)
def test_what_the_output_says_is_not_told_again(line: str, change: Change) -> None:
    """Docker says it already."""
    assert worth_telling(line, [change]) == ()


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("docker run -d nginx", Change("container", "web", "absent", "running", WEB)),
        ("docker rm -fv web", gone("volume")),
        ("docker run -v data:/x nginx", new("volume")),
        ("docker build -t web .", new("image")),
        ("docker tag a b", new("image")),
        ("docker stop web", Change("container", "web", "running", "exited", WEB)),
        ("docker compose up -d", Change("container", "web", "absent", "running", WEB)),
        ("docker rm web; docker ps", gone("container")),
        ("./clean.sh", gone("container")),
    ],
)
def test_what_the_output_does_not_say_is_told(line: str, change: Change) -> None:
    """An id, or nothing at all, is all that docker prints."""
    assert worth_telling(line, [change]) == (change,)


async def test_after_each_command_the_engine_is_compared() -> None:
    """The state after one command is the state before the next."""
    sandboxes = FakeSandboxes()
    await sandboxes.open(str(YUNA))
    desk = Changes(Engines(sandboxes))
    ended = CommandEnded(YUNA, "docker stop web", 0, 5, started_at=int(BEGAN))
    sandboxes.set_facts(str(YUNA), make_facts(containers=[make_container("web")]))
    assert await desk.of(ended) == ()
    stopped = make_container("web", status="exited", exit_code=0)
    facts = make_facts(containers=[stopped], events=[event("container", "die", "web")])
    sandboxes.set_facts(str(YUNA), facts)
    [found] = await desk.of(ended)

    assert (found.before, found.after) == ("running", "exited")
    await sandboxes.close(str(YUNA))
    assert await desk.of(ended) == ()
    assert sandboxes.running == set()


HOSTILE = ("@everyone", "`", "``` ```", "\u202eevil", "x" * 500, "", "**a**", "<@1>", "a" * 64)


def shown(card: Card) -> str:
    """All text of a card."""
    parts = card.walk_children()
    return "\n".join(part.content for part in parts if isinstance(part, discord.ui.TextDisplay))


def everything(name: str) -> list[Change]:
    """A change of every kind and state, with this name."""
    states = ("absent", "created", "running", "paused", "restarting", "exited", "dead", "odd")
    container = replace(WEB, name=name, image=name)
    return [
        *(Change("container", name, "absent", state, container) for state in states),
        *(new(kind, name) for kind in ("image", "volume", "network")),
        *(Change(kind, name, other=name) for kind in ("name", "joined", "left")),
    ]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("compact", [True, False])
async def test_every_change_fits_and_harms_nobody(speech: Speech, name: str, compact: bool) -> None:
    """Names come from an engine that its learner owns."""
    for change in everything(name):
        card = changes_card([change], speech, owner=OWNER, compact=compact)
        assert_fits(card)
        assert "\u202e" not in shown(card)
    many = changes_card(everything(name) * 50, speech, owner=OWNER, compact=compact)
    assert_fits(many)
    assert len(shown(many)) < 1500


async def test_a_change_is_a_line_with_before_and_after(texts: Texts) -> None:
    """And what helps to go on: image, ports, the code that it ended with."""
    speech = texts.for_language("ko")
    started = Change("container", "web", "absent", "running", WEB)
    ended = Change(
        "container", "web", "running", "exited", replace(WEB, status="exited", exit_code=137)
    )

    text = shown(changes_card([started, ended], speech, owner=OWNER, compact=False))

    assert "🟢 `web` 컨테이너: 없음 → **실행 중** · `nginx` · `8080` → `80`" in text
    assert "⚪ `web` 컨테이너: 실행 중 → **끝남(종료 코드 137)**" in text


async def test_buttons_are_for_the_container_that_runs(speech: Speech) -> None:
    """One that no docker would name so has none; a long name gives way to its id."""

    def ids(container: SeenContainer) -> list[str]:
        change = Change("container", container.name, "absent", "running", container)
        card = changes_card([change], speech, owner=OWNER, compact=False)
        assert_fits(card)
        parts = card.walk_children()
        return [str(part.custom_id) for part in parts if isinstance(part, discord.ui.Button)]

    page = f"docent:visit:v1:{OWNER}:8080:/"
    looks = [f"docent:do:v1:{OWNER}:logs:web", f"docent:do:v1:{OWNER}:inspect:web"]
    assert ids(WEB) == [page, *looks]
    assert ids(replace(WEB, ports=())) == looks
    assert ids(replace(WEB, status="exited")) == looks
    assert ids(replace(WEB, name="x" * 90))[1].endswith(":logs:aaaaaaaaaaaa")
    assert ids(replace(WEB, name="$(id)", id="; rm")) == []
