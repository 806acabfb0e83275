"""Image names: `nginx`, `nginx:latest` and `docker.io/library/nginx` are the same image."""

from __future__ import annotations

_HUB = ("docker.io/", "index.docker.io/", "registry-1.docker.io/")


def same_image(wanted: str, actual: str) -> bool:
    """Whether `actual` is the wanted image; a wanted name without a tag accepts every tag."""
    wanted_name, wanted_tag = _split(wanted)
    actual_name, actual_tag = _split(actual)
    if wanted_name != actual_name:
        return False
    return not wanted_tag or wanted_tag == (actual_tag or "latest")


def _split(reference: str) -> tuple[str, str]:
    reference = reference.partition("@")[0]
    for host in _HUB:
        reference = reference.removeprefix(host)
    name, colon, tag = reference.rpartition(":")
    if not colon or "/" in tag:
        name, tag = reference, ""
    return name.removeprefix("library/"), tag
