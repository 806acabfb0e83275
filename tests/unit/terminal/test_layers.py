"""The progress of a pull: one line a layer, as in a terminal."""

from __future__ import annotations

from bot.terminal.layers import one_line_a_layer
from bot.terminal.screen import Screen, text_of

PULL = """\
Using default tag: latest
latest: Pulling from library/nginx
fe051a7ec81a: Already exists
6f9fe7b952fd: Pulling fs layer
2f4d48f392a4: Pulling fs layer
2f4d48f392a4: Waiting
2f4d48f392a4: Verifying Checksum
2f4d48f392a4: Download complete
6f9fe7b952fd: Download complete
6f9fe7b952fd: Pull complete
2f4d48f392a4: Pull complete
Digest: sha256:c5b4e7de
Status: Downloaded newer image for nginx:latest
"""


def shown(output: str) -> list[str]:
    screen = Screen()
    screen.feed(output)
    return [text_of(line) for line in one_line_a_layer(screen.lines)]


def test_each_layer_has_one_line_with_its_newest_news() -> None:
    """In the order in which the layers first appeared."""
    assert shown(PULL) == [
        "Using default tag: latest",
        "latest: Pulling from library/nginx",
        "fe051a7ec81a: Already exists",
        "6f9fe7b952fd: Pull complete",
        "2f4d48f392a4: Pull complete",
        "Digest: sha256:c5b4e7de",
        "Status: Downloaded newer image for nginx:latest",
    ]


def test_a_second_pull_has_lines_of_its_own() -> None:
    """A layer that two images share is told twice."""
    assert shown(PULL + PULL) == shown(PULL) * 2


def test_other_lines_stay() -> None:
    """A log that looks a little like it is not touched."""
    log = "fe051a7ec81a: hello\nfe051a7ec81a: hello\n6f9fe7b952fd\n"
    assert shown(log) == log.splitlines()
