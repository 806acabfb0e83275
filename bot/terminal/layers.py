"""The progress of `docker pull` as a terminal shows it: one line a layer.

Without a terminal docker prints a new line whenever a layer gets on. With one it goes back to the
layer's line; so do we.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.terminal.screen import Line, text_of

_LAYER = re.compile(
    r"(?P<id>[0-9a-f]{12}): "
    r"(?:Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting"
    r"|Pull complete|Already exists|Preparing|Pushing|Pushed|Layer already exists|Mounted from)\b.*"
)


def one_line_a_layer(lines: Sequence[Line]) -> list[Line]:
    """The lines with each layer's newest news in the place of its first."""
    shown: list[Line] = []
    places: dict[str, int] = {}
    for line in lines:
        found = _LAYER.fullmatch(text_of(line))
        if found is None:
            places.clear()
            shown.append(line)
        elif found["id"] in places:
            shown[places[found["id"]]] = line
        else:
            places[found["id"]] = len(shown)
            shown.append(line)
    return shown
