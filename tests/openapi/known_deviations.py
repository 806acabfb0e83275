"""Findings that are no faults of the playground, each with its reason."""

import re
from typing import Final

KNOWN: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r" 4\d\d .*errors.*code"),
        "nested error codes are strings on Discord (BASE_TYPE_MAX_LENGTH); described as integers",
    ),
)


def is_known(finding: str) -> bool:
    """Say whether the finding is on the list."""
    return any(pattern.search(finding) for pattern, _ in KNOWN)
