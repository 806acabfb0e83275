"""Visits as a use case: pictures, redirects, and nobody at home."""

from __future__ import annotations

import pytest

from bot.classroom.commands import Page
from bot.classroom.visiting import MOST_HOPS, Published
from bot.errors import LearnerError
from bot.terminal.address import Address
from db import history
from db.history import Record
from sandbox.contract import ContainerFact, PortFact
from sandbox.errors import NoBrowser, NoPage, SandboxError
from tests.fakes.sandboxes import make_container, make_facts
from tests.unit.bot.conftest import YUNA, Room

ME = str(YUNA)
GOOD = Page(status=200, reason="OK", content_type="text/html", title="Hello")


def publishing(name: str, *ports: int, **changes: object) -> ContainerFact:
    facts = [PortFact(container_port=80, protocol="tcp", host_port=port) for port in ports]
    return make_container(name, ports=facts, id=name * 8, **changes)


def redirect(location: str) -> Page:
    return Page(status=302, reason="Found", location=location)


async def looks(room: Room) -> list[Record]:
    async with room.database.transaction() as session:
        return await history.recent(session, YUNA, 20)


async def test_a_page_is_seen_with_its_picture(room: Room) -> None:
    """And counts as a look at it."""
    room.sandboxes.pages[8080] = GOOD
    room.sandboxes.pictures[8080] = b"png"
    visit = await room.classroom.visits.visit(YUNA, Address(8080, "/x"))

    assert (visit.page, visit.picture, visit.why_no_picture) == (GOOD, b"png", None)
    (look,) = await looks(room)
    assert (look.kind, look.port, look.status, look.line) == ("page", 8080, 200, "/x")


async def test_without_a_port_the_lowest_is_meant(room: Room) -> None:
    """Of what is published by containers that run."""
    stopped = publishing("a", 70, status="exited")
    room.sandboxes.set_facts(
        ME, make_facts(containers=[publishing("b", 9000, 8080), stopped, publishing("c", 8443)])
    )
    room.sandboxes.pages[8080] = GOOD
    visit = await room.classroom.visits.visit(YUNA, Address(None, "/"))

    assert visit.address == Address(8080, "/")
    assert visit.published == (Published(8080, "b"), Published(8443, "c"), Published(9000, "b"))


async def test_nothing_published_is_said(room: Room) -> None:
    """Also to who never had a sandbox."""
    for learner in (YUNA, 77):
        with pytest.raises(LearnerError, match=r"visit\.nothing_published"):
            await room.classroom.visits.visit(learner, Address(None, "/"))
    with pytest.raises(LearnerError, match=r"visit\.nothing_published"):
        await room.classroom.visits.visit(77, Address(80, "/"))


async def test_when_nobody_answers_all_that_is_published_is_told(room: Room) -> None:
    """With no picture of a browser's own words about it."""
    room.sandboxes.set_facts(ME, make_facts(containers=[publishing("web", 8080)]))
    visit = await room.classroom.visits.visit(YUNA, Address(80, "/"))

    assert visit.page.problem == "refused"
    assert visit.published == (Published(8080, "web"),)
    assert visit.picture is None


async def test_redirects_of_the_same_server_are_followed(room: Room) -> None:
    """Each is a look; the picture is of where they end."""
    room.sandboxes.paths[80, "/"] = redirect("/login")
    room.sandboxes.paths[80, "/login"] = redirect("http://localhost/in?a=1")
    room.sandboxes.paths[80, "/in?a=1"] = GOOD
    room.sandboxes.pictures[80] = b"png"
    visit = await room.classroom.visits.visit(YUNA, Address(80, "/"))

    assert visit.address == Address(80, "/in?a=1")
    assert visit.hops == (Address(80, "/"), Address(80, "/login"))
    assert (visit.aim, visit.picture) == (None, b"png")
    assert [look.status for look in await looks(room)] == [200, 302, 302]


@pytest.mark.parametrize(
    ("location", "here"),
    [
        ("http://example.com/", None),
        ("https://localhost/", None),
        ("http://localhost:8080/x", Address(8080, "/x")),
        ("/", Address(80, "/")),
    ],
)
async def test_other_redirects_are_named_and_not_followed(
    room: Room, location: str, here: Address | None
) -> None:
    """To other hosts, other ports, and round in a circle."""
    room.sandboxes.paths[80, "/"] = redirect(location)
    room.sandboxes.pictures[80] = b"png"
    visit = await room.classroom.visits.visit(YUNA, Address(80, "/"))

    assert (visit.aim, visit.aim_here, visit.picture) == (location, here, None)
    assert len(await looks(room)) == 1


async def test_redirects_without_end_end(room: Room) -> None:
    """After a few."""
    for n in range(20):
        room.sandboxes.paths[80, f"/{n}"] = redirect(f"/{n + 1}")
    visit = await room.classroom.visits.visit(YUNA, Address(80, "/0"))

    assert visit.aim == f"/{MOST_HOPS + 1}"
    assert len(await looks(room)) == MOST_HOPS + 1


async def test_a_page_that_never_ends_is_not_tried_again_with_a_browser(room: Room) -> None:
    """Its beginning is shown."""
    room.sandboxes.pages[80] = GOOD.model_copy(update={"problem": "timeout"})
    room.sandboxes.pictures[80] = b"png"
    visit = await room.classroom.visits.visit(YUNA, Address(80, "/"))

    assert (visit.picture, visit.page.title) == (None, "Hello")


@pytest.mark.parametrize(
    ("error", "why"), [(NoBrowser(), "no_browser"), (NoPage("too_big"), "too_big")]
)
async def test_without_a_picture_the_reason_is_told(
    room: Room, error: SandboxError, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page was read all the same."""

    async def refuse(*_: object, **__: object) -> bytes:
        raise error

    room.sandboxes.pages[80] = GOOD
    monkeypatch.setattr(room.sandboxes, "screenshot", refuse)
    visit = await room.classroom.visits.visit(YUNA, Address(80, "/"))

    assert (visit.page, visit.picture, visit.why_no_picture) == (GOOD, None, why)
