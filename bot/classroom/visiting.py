"""Looking at a learner's page as a browser in their sandbox shows it, and at what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.classroom.commands import Commands, Page
from bot.errors import LearnerError
from bot.terminal.address import Address, aim_of
from sandbox.client import Sandboxes
from sandbox.contract import ContainerFact
from sandbox.errors import NoBrowser, NoPage, SandboxError, SandboxGone

MOST_HOPS: Final = 4
"""So many redirects of the learner's own server are followed."""

WIDTH: Final = 1024
HEIGHT: Final = 768
SCALE: Final = 1.28
"""A page of 800 × 600, with letters that can be read on a phone."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NO_CONTENT: Final = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True)
class Published:
    """A port of the learner's machine, and the container behind it."""

    port: int
    container: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What was seen at `address`, which is where the learner's own redirects ended."""

    address: Address
    page: Page
    hops: tuple[Address, ...] = ()
    """The addresses before that redirected."""
    aim: str | None = None
    """Where a redirect leads that was not followed."""
    aim_here: Address | None = None
    """The same, where it is another port of the learner's machine."""
    picture: bytes | None = None
    why_no_picture: str | None = None
    """`no_browser`, or as `NoPage.problem` has it; None where nobody tried."""
    published: tuple[Published, ...] = ()
    """All that could be visited; only told when nothing answered, or when it was asked for."""


class Visits:
    """Pages of learners. Methods raise `SandboxError` and `DatabaseError`, too."""

    def __init__(
        self,
        *,
        commands: Commands,
        sandboxes: Sandboxes | None,
    ) -> None:
        self._commands = commands
        self._sandboxes = sandboxes

    async def visit(self, learner_id: int, address: Address) -> Visit:
        """Look at a page; without a port, at the lowest that is published.

        Each look is in the learner's history, those at redirects included.

        Raises:
            LearnerError: There is no engine here, or no port was given and none is published.
        """
        published: tuple[Published, ...] = ()
        if address.port is None:
            published = await self.published(learner_id)
            if not published:
                raise LearnerError("visit.nothing_published")
            address = Address(published[0].port, address.path)
        try:
            visit = await self._follow(learner_id, address)
        except SandboxGone as exc:  # there never was one
            raise LearnerError("visit.nothing_published") from exc
        if visit.page.status is None:
            published = published or await self.published(learner_id)
        picture, why = await self._picture(learner_id, visit)
        return Visit(
            visit.address,
            visit.page,
            hops=visit.hops,
            aim=visit.aim,
            aim_here=visit.aim_here,
            picture=picture,
            why_no_picture=why,
            published=published,
        )

    async def published(self, learner_id: int) -> tuple[Published, ...]:
        """The ports that running containers of the learner's publish, the lowest first."""
        ports = {
            port: container.name
            for container in await self._running(learner_id)
            for port in _ports(container)
        }
        return tuple(Published(port, ports[port]) for port in sorted(ports))

    async def _running(self, learner_id: int) -> list[ContainerFact]:
        if self._sandboxes is None:
            raise LearnerError("engine.absent")
        try:
            facts = await self._sandboxes.facts(str(learner_id))
        except SandboxGone:
            return []
        return [each for each in facts.containers if each.status == "running"]

    async def _follow(self, learner_id: int, address: Address) -> Visit:
        hops: list[Address] = []
        while True:
            page = await self._commands.look_at_page(learner_id, _port(address), address.path)
            visit = Visit(address, page, hops=tuple(hops))
            if page.status not in _REDIRECTS or not page.location:
                return visit
            aim = aim_of(page.location, address)
            hops.append(address)
            follows = aim is not None and aim.port == address.port and aim not in hops
            if aim is None or not follows or len(hops) > MOST_HOPS:
                return Visit(address, page, hops=visit.hops, aim=page.location, aim_here=aim)
            address = aim

    async def _picture(self, learner_id: int, visit: Visit) -> tuple[bytes | None, str | None]:
        page = visit.page
        # What did not end in eight seconds does not end for the browser, either.
        unfinished = page.status is None or page.problem is not None
        if self._sandboxes is None or unfinished or visit.aim or page.status in _NO_CONTENT:
            return None, None
        try:
            picture = await self._sandboxes.screenshot(
                str(learner_id),
                _port(visit.address),
                visit.address.path,
                width=WIDTH,
                height=HEIGHT,
                scale=SCALE,
            )
        except NoBrowser:
            return None, "no_browser"
        except NoPage as exc:
            return None, exc.problem
        except SandboxError:
            return None, "failed"  # the page itself was read: that is shown
        return picture, None


def _port(address: Address) -> int:
    if address.port is None:
        raise LearnerError("visit.nothing_published")
    return address.port


def _ports(container: ContainerFact) -> set[int]:
    return {
        port.host_port
        for port in container.ports
        if port.host_port is not None and port.protocol == "tcp"
    }
