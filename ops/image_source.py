"""Where learners' images come from: Docker Hub, or the catalogue."""

from __future__ import annotations

import enum
from pathlib import Path

from ops.debian_base import hub_answers

REMEMBERED = "image-source"
"""The file in a home that says what it came to."""


class ImageSource(enum.StrEnum):
    """What the operator may ask for."""

    AUTO = "auto"
    """Docker Hub if it answers when a home is set up, else the catalogue."""
    HUB = "hub"
    CATALOGUE = "catalogue"


def chosen_source(home: Path, source: ImageSource) -> ImageSource:
    """Hub or catalogue.

    What `auto` came to is remembered in the home: asking again takes seconds where nobody answers,
    and learners should not find other images after every restart.
    """
    remembered = home / REMEMBERED
    if source is ImageSource.AUTO:
        if remembered.exists():
            return ImageSource(remembered.read_text(encoding="ascii").strip())
        source = ImageSource.HUB if hub_answers() else ImageSource.CATALOGUE
    home.mkdir(parents=True, exist_ok=True)
    remembered.write_text(source.value, encoding="ascii")
    return source
