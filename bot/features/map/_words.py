"""The map in words, for those who can't see it: as much of it as an alt text may be long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.classroom.engine_map import EngineMap, MapContainer
from bot.pictures.alt import name_for_alt, told
from bot.pictures.engine_map import counts, limits_line, limits_of, state_of
from bot.pictures.words import size_words
from bot.texts import Speech


def map_words(engine: EngineMap, say: Speech, *, most: int) -> str:
    """Everything that the picture shows, the containers first."""
    first = [f"{line}." for line in (counts(engine, say), limits_line(engine, say)) if line]
    return told(first, list(_sentences(engine, say)), say, most=most)


def _sentences(engine: EngineMap, say: Speech) -> Iterator[str]:
    for container in engine.containers:
        yield say(
            "map.alt.container", name=name_for_alt(container.name), about=_about(container, say)
        )
    if engine.volumes:
        yield say("map.alt.volumes", names=_listed(each.name for each in engine.volumes))
    if engine.images:
        names = (
            f"{name_for_alt(each.name)} {size_words(each.size_bytes)}" for each in engine.images
        )
        yield say("map.alt.images", names=", ".join(names))


def _about(container: MapContainer, say: Speech) -> str:
    found = [say("map.alt.image", name=name_for_alt(container.image)), state_of(container, say)]
    if container.ports:
        found.append(say("map.alt.port", ports=", ".join(map(str, container.ports))))
    if container.networks:
        found.append(say("map.alt.networks", names=_listed(container.networks)))
    if container.mounts:
        mounts = (f"{mount.source}→{mount.target}" for mount in container.mounts)
        found.append(say("map.alt.mounts", names=_listed(mounts)))
    if limits := limits_of(container, say):
        found.append(say("map.alt.limits", limits=", ".join(limits)))
    return ", ".join(found)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(name_for_alt, names))
