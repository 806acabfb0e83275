"""What `./docent bench` understands."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to measure; numbers that are None are each benchmark's own."""

    name: str | None
    sandboxes: int | None = None
    learners: int | None = None
    minutes: float | None = None
    picture: Path | None = None
    json: Path | None = None


def read(names: Iterable[str], about: str) -> Asked:
    """The arguments of this program; ends it with a usage text when they make no sense."""
    parser = argparse.ArgumentParser(
        prog="docent bench", epilog=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", choices=sorted(names), metavar="NAME")
    parser.add_argument("--sandboxes", type=_count, metavar="N", help="how many at once")
    parser.add_argument("--learners", type=_count, metavar="N", help="day: how many there are")
    parser.add_argument("--minutes", type=_minutes, metavar="N", help="for how long")
    parser.add_argument(
        "--picture", type=_path, metavar="FILE", help="cost, density: the curve of costs as PNG"
    )
    parser.add_argument("--json", type=_path, metavar="FILE", help="the figures for programs")
    return Asked(**vars(parser.parse_args()))


def _count(text: str) -> int:
    if int(text) <= 0:
        raise argparse.ArgumentTypeError("has to be more than 0")
    return int(text)


def _minutes(text: str) -> float:
    if float(text) <= 0:
        raise argparse.ArgumentTypeError("has to be more than 0")
    return float(text)


def _path(text: str) -> Path:
    """A path as the caller of the script meant it."""
    return Path(os.environ.get("DOCENT_CALLED_FROM", ".")) / text
