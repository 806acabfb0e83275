"""Names of images."""

from __future__ import annotations

import pytest

from lessons.references import same_image


@pytest.mark.parametrize(
    ("wanted", "actual", "same"),
    [
        ("nginx", "nginx", True),
        ("nginx", "nginx:latest", True),
        ("nginx", "nginx:alpine", True),
        ("nginx", "docker.io/library/nginx", True),
        ("nginx", "library/nginx:1.27", True),
        ("nginx", "nginx@sha256:" + "a" * 64, True),
        ("nginx:latest", "nginx", True),
        ("nginx:alpine", "nginx:alpine", True),
        ("nginx:alpine", "nginx", False),
        ("nginx", "httpd", False),
        ("nginx", "nginx2", False),
        ("nginx", "someone/nginx", False),
        ("nginx", "localhost:5000/nginx", False),
        ("localhost:5000/hello", "localhost:5000/hello:1", True),
        ("nginx", "", False),
    ],
)
def test_the_same_image_by_another_name(wanted: str, actual: str, same: bool) -> None:
    """Docker Hub's long names are its short names; a wanted tag counts, another registry too."""
    assert same_image(wanted, actual) is same
