"""Which container an author or a learner meant: by its image, or by a name nearly right."""

from __future__ import annotations

import difflib
import re

from lessons.facts import Container, EngineFacts
from lessons.references import same_image


def made_from(container: Container, image: str, facts: EngineFacts) -> bool:
    """Whether the container was made from this image, named or by its id."""
    if same_image(image, container.image):
        return True
    # A container that was started by an image's id shows that id instead of a name.
    image_id = container.image.removeprefix("sha256:")
    if not re.fullmatch(r"[0-9a-f]{4,64}", image_id):
        return False
    return any(
        candidate.id.removeprefix("sha256:").startswith(image_id)
        and any(same_image(image, tag) for tag in candidate.tags)
        for candidate in facts.images
    )


def similar_container(name: str, image: str | None, facts: EngineFacts) -> Container | None:
    """The container that was probably meant: a name nearly right, else one from the same image."""
    candidates = [c for c in facts.containers if not _is_neighbour(c, name)]
    close = difflib.get_close_matches(name, [c.name for c in candidates], n=1, cutoff=0.7)
    if close:
        return facts.container(close[0])
    from_image = [c for c in candidates if image and made_from(c, image, facts)]
    return min(from_image, key=lambda container: not container.running, default=None)


def _is_neighbour(container: Container, name: str) -> bool:
    """Whether compose named it for the same project: another service, and no slip of the pen."""
    project = container.labels.get("com.docker.compose.project")
    return bool(project) and name.startswith(f"{project}-")
