"""What takes room on a learner's disk."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pydantic import TypeAdapter

from sandbox.contract import UsageFact
from sandbox.errors import EngineFailed
from sandbox.facts.bounds import API
from sandbox.facts.events import Answers
from sandbox.facts.said import SaidRoom

DISK_SCRIPT = "df --block-size=1 --output=used,size /srv"
DISK_SAYS_BYTES = 200
LARGEST = 2**53
"""What a number on the wire may be."""

_ROOM = TypeAdapter(SaidRoom)
_DISK = re.compile(rb"\n *(\d{1,15}) +(\d{1,15})\n")


async def usage_fact(api: Answers, disk: bytes) -> UsageFact:
    """What the engine adds up; `disk` is what `DISK_SCRIPT` printed.

    Raises:
        EngineFailed: it does not answer.
        ValidationError: what it says makes no sense.
    """
    body = await api.get(f"{API}/system/df")
    match = _DISK.search(disk)
    if body is None or match is None:
        raise EngineFailed("the engine does not say what takes room")
    room = _ROOM.validate_json(body)
    return UsageFact(
        images_bytes=_sum([room.layers_size]),
        containers_bytes=_sum(container.size_rw for container in room.containers),
        volumes_bytes=_sum(v.usage_data.size for v in room.volumes if v.usage_data is not None),
        build_cache_bytes=_sum(entry.size for entry in room.build_cache),
        disk_used_bytes=int(match[1]),
        disk_size_bytes=int(match[2]),
    )


def _sum(sizes: Iterable[int]) -> int:
    """All together; what the engine doesn't know is less than nothing there."""
    return min(LARGEST, sum(size for size in sizes if size > 0))
