"""Settings in a file `.env`: lines of KEY=VALUE; what the environment says already goes first."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from ops import ROOT
from ops.errors import OpsError

INSTEAD_VARIABLE = "DOCENT_TEST_ENV_FILE"
"""Where tests say which file to read: what the operator wrote is none of theirs."""

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def parse(text: str) -> dict[str, str]:
    """The settings in the text of such a file.

    Raises:
        OpsError: a line is not understood.
    """
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            raise OpsError(f".env line {number} is not KEY=VALUE.")  # its text may be a secret
        found[match[1]] = _value(match[2])
    return found


def load(path: Path, only: Collection[str] | None = None) -> None:
    """Put the settings of the file, if there is one, into this process's environment.

    Args:
        path: The file.
        only: Names of those that are wanted; by default all.

    Raises:
        OpsError: a line is not understood.
    """
    if path.is_file():
        for name, value in parse(path.read_text(encoding="utf-8")).items():
            if only is None or name in only:
                os.environ.setdefault(name, value)


def place() -> Path:
    """The operator's file, beside the script `docent`."""
    return Path(os.environ.get(INSTEAD_VARIABLE) or ROOT / ".env")


def _value(raw: str) -> str:
    for quote in "\"'":
        if raw.startswith(quote):
            return raw[1:].split(quote, 1)[0]
    return re.split(r"\s+#", raw, maxsplit=1)[0].rstrip()
