"""A challenge on `--sandboxes` (20) engines at once: same start, right winners, all given back.

It is the test of integration with more engines; what it asserts has to hold here, too.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys

from ops.errors import OpsError
from ops.progress import Progress
from tests.bench.arguments import Asked
from tests.bench.figures import Figure

ENGINES = 20
TEST = "tests/integration/test_challenge_engines.py"
LIMIT_S = 3600.0
_TIMES = re.compile(r"(\d+) engines: prepared in (\d+) s, given back in (\d+) s")


async def measure(asked: Asked, progress: Progress) -> list[Figure]:
    """How long all engines take to be prepared, and to be given back.

    Raises:
        OpsError: What the test asserts does not hold.
    """
    engines = asked.sandboxes or ENGINES
    with progress.step(f"a challenge on {engines} engines"):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", TEST),
            env=os.environ | {"DOCENT_CHALLENGE_ENGINES": str(engines)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(LIMIT_S):
            said, _ = await process.communicate()
    text = said.decode(errors="replace")
    found = _TIMES.search(text)
    if process.returncode != 0 or found is None:
        raise OpsError(f"the challenge failed:\n{text[-3000:]}")
    return [
        Figure(f"challenge: {engines} engines prepared", float(found[2]), "s"),
        Figure(f"challenge: {engines} engines given back", float(found[3]), "s"),
    ]
