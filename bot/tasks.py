"""Ending tasks that would go on for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

CANCELLED_TIMES: Final = 6
CANCELLED_EVERY_S: Final = 0.5


async def end_tasks(tasks: Iterable[asyncio.Task[Any] | None]) -> None:
    """Cancel them and wait until they are over; what still runs after some seconds is left.

    Once may be too few: a library that waits with `asyncio.wait_for` loses the cancel when what it
    waits for comes at the same moment (https://github.com/python/cpython/issues/86296, before
    Python 3.12), and a loop then goes on.
    """
    left = {task for task in tasks if task is not None}
    for _ in range(CANCELLED_TIMES):
        if not left:
            return
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=CANCELLED_EVERY_S)
    for task in left:
        log.warning("task_left_behind", task=task.get_name())
