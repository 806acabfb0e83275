"""Reads an engine's facts, and asks again only for what may have changed since.

What is kept, and until when:

- version and info, which take the engine 8 ms each: as long as the stream to it holds, since a
  stream ends with its engine;
- a container that has ended: until an event names it, or its line in the list looks different. One
  that runs is always looked at. Its end shows in the list, and to whoever waits for it, before
  there is an event; looking at it waits for the engine to be done with that.

Lists are always read. They take a millisecond each, and events don't tell everything: an image
that was built without a name, a network of a swarm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from sandbox.contract import ContainerFact, EngineFacts, LimitsFact, VersionFact
from sandbox.errors import EngineFailed
from sandbox.facts.bounds import (
    API,
    MOST_BYTES,
    MOST_CONTAINERS,
    MOST_IMAGES,
    MOST_NETWORKS,
    MOST_VOLUMES,
    TIMEOUT_S,
)
from sandbox.facts.events import Answers, EventLog, News
from sandbox.facts.said import (
    SaidContainer,
    SaidContainers,
    SaidImage,
    SaidImages,
    SaidInfo,
    SaidListed,
    SaidNetwork,
    SaidNetworks,
    SaidVersion,
    SaidVolumes,
)
from sandbox.facts.shaping import (
    compose_projects,
    container_fact,
    image_fact,
    network_fact,
    version_fact,
    volume_fact,
)
from sandbox.facts.usage import usage_fact

ALL_CONTAINERS = f"/containers/json?all=1&limit={MOST_CONTAINERS + 1}"
"""The newest; one more than there may be, to know that there are more."""
LOOKED_AT_ONCE = 10
"""Containers; `MOST_BYTES` bounds what is kept, this what is on its way beyond that."""

_VERSION = TypeAdapter(SaidVersion)
_INFO = TypeAdapter(SaidInfo)
_LISTED: TypeAdapter[list[SaidListed]] = TypeAdapter(SaidContainers)
_CONTAINER = TypeAdapter(SaidContainer)
_IMAGES: TypeAdapter[list[SaidImage]] = TypeAdapter(SaidImages)
_NETWORKS: TypeAdapter[list[SaidNetwork]] = TypeAdapter(SaidNetworks)
_VOLUMES = TypeAdapter(SaidVolumes)

_Said = TypeVar("_Said")

_name = attrgetter("name")


def _newest_first(image: SaidImage) -> tuple[int, str]:
    return -image.created, image.id


@dataclass(frozen=True, slots=True)
class _Seen:
    """A container as it was, and its line in the list then."""

    fact: ContainerFact
    size: int
    """Of what the engine said, in bytes."""
    summary: tuple[str, int]

    def still_holds(self, entry: SaidListed, news: News) -> bool:
        """Whether it has to be as it was."""
        return (
            self.fact.status == "exited"
            and entry.id not in news.containers
            and entry.summary == self.summary
        )


@dataclass(slots=True)
class _Kept:
    """What we know of one engine."""

    stream: int
    version: VersionFact | None = None
    containers: dict[str, _Seen] = field(default_factory=dict)


class FactsReader:
    """The facts of one learner's engine; readers wait for each other."""

    def __init__(self, api: Answers, limits: LimitsFact | None = None) -> None:
        self._api = api
        self._limits = limits
        self._turn = asyncio.Lock()
        self._log = EventLog()
        self._kept: _Kept | None = None

    async def read(self, *, client_version: str, disk: bytes | None = None) -> EngineFacts:
        """Everything a check may want to know; with `disk` also what takes room.

        Args:
            client_version: Of the docker command.
            disk: What `sandbox.facts.usage.DISK_SCRIPT` printed.

        Raises:
            EngineFailed: the engine does not answer, not in time, or nonsense.
            SandboxGone: the sandbox ended.
        """
        try:
            async with asyncio.timeout(TIMEOUT_S), self._turn:
                facts = await self._read(client_version)
                if disk is None:
                    return facts
                usage = await usage_fact(self._api, disk)
                return facts.model_copy(update={"usage": usage})
        except TimeoutError as exc:
            raise EngineFailed("the engine does not answer in time") from exc
        except ValidationError as exc:
            raise EngineFailed("the engine's answer makes no sense") from exc

    async def _read(self, client_version: str) -> EngineFacts:
        # Taken away while it is brought up to date: a failure leaves nothing half known.
        kept, self._kept = self._kept, None
        news = await self._log.news(self._api)
        if kept is None or kept.stream != self._api.opened:
            kept = _Kept(self._api.opened)
        elif news.missed:
            kept.containers.clear()
        kept.version = kept.version or await self._version(client_version)
        facts = await self._lists(kept, kept.version, news)
        if self._api.opened == kept.stream:
            self._kept = kept
        return facts

    async def _version(self, client_version: str) -> VersionFact:
        version, info = await self._get("/version", "/info")
        return version_fact(
            await _parsed(_VERSION, version), await _parsed(_INFO, info), client_version
        )

    async def _lists(self, kept: _Kept, version: VersionFact, news: News) -> EngineFacts:
        said = await self._get(ALL_CONTAINERS, "/images/json", "/networks", "/volumes")
        listed = await _parsed(_LISTED, said[0])
        # The engine may have these in another order each time.
        images = await _parsed(_IMAGES, said[1])
        images.sort(key=_newest_first)
        networks = await _parsed(_NETWORKS, said[2])
        networks.sort(key=_name)
        volumes = sorted((await _parsed(_VOLUMES, said[3])).volumes, key=_name)
        kept.containers = await self._containers(listed[:MOST_CONTAINERS], kept.containers, news)
        containers = [seen.fact for seen in kept.containers.values()]
        return EngineFacts(
            version=version,
            containers=containers,
            images=[image_fact(image) for image in images[:MOST_IMAGES]],
            networks=[network_fact(network, containers) for network in networks[:MOST_NETWORKS]],
            volumes=[volume_fact(volume) for volume in volumes[:MOST_VOLUMES]],
            truncated=len(listed) > len(containers)
            or len(images) > MOST_IMAGES
            or len(networks) > MOST_NETWORKS
            or len(volumes) > MOST_VOLUMES,
            compose_projects=compose_projects(containers),
            events=self._log.newest,
            oom_kills=self._log.oom_kills,
            limits=self._limits,
        )

    async def _containers(
        self, listed: list[SaidListed], kept: dict[str, _Seen], news: News
    ) -> dict[str, _Seen]:
        """As many as fit; one that went away since it was listed is left out."""
        containers: dict[str, _Seen] = {}
        size = 0
        for some in _batches(listed):
            bodies = await self._look_at(
                [entry for entry in some if not _holds(kept.get(entry.id), entry, news)]
            )
            for entry in some:
                body = bodies.get(entry.id)
                seen = None if entry.id in bodies else kept.get(entry.id)
                size += len(body or b"") + (seen.size if seen is not None else 0)
                if size > MOST_BYTES:
                    return containers
                if body is not None:
                    seen = await _seen(entry, body)
                if seen is not None:
                    containers[entry.id] = seen
        return containers

    async def _look_at(self, entries: list[SaidListed]) -> dict[str, bytes | None]:
        """What is said of those that changed, or may have; None for one that is no more."""
        if not entries:
            return {}
        bodies = await self._api.get_all([f"{API}/containers/{e.id}/json" for e in entries])
        return {entry.id: body for entry, body in zip(entries, bodies, strict=True)}

    async def _get(self, *paths: str) -> list[bytes]:
        bodies = await self._api.get_all([API + path for path in paths])
        return [_there(path, body) for path, body in zip(paths, bodies, strict=True)]


def _batches(listed: list[SaidListed]) -> Iterator[list[SaidListed]]:
    for at in range(0, len(listed), LOOKED_AT_ONCE):
        yield listed[at : at + LOOKED_AT_ONCE]


def _holds(seen: _Seen | None, entry: SaidListed, news: News) -> bool:
    return seen is not None and seen.still_holds(entry, news)


async def _seen(entry: SaidListed, body: bytes) -> _Seen:
    return _Seen(container_fact(await _parsed(_CONTAINER, body)), len(body), entry.summary)


async def _parsed(adapter: TypeAdapter[_Said], body: bytes) -> _Said:
    """In a turn of its own: one of these takes a moment, and nobody should wait for several."""
    await asyncio.sleep(0)
    return adapter.validate_json(body)


def _there(path: str, body: bytes | None) -> bytes:
    if body is None:
        raise EngineFailed(f"the engine knows no {path.partition('?')[0]}")
    return body
