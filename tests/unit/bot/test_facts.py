"""What the sandbox reports, in the words of the checks."""

from __future__ import annotations

from bot.classroom.facts import facts_for_checks
from tests.fakes.sandboxes import make_container, make_facts, make_image


def test_containers_and_images_come_through() -> None:
    """A check sees the container with its ports, the image's tags and the networks."""
    facts = facts_for_checks(
        make_facts(containers=[make_container("web")], images=[make_image("nginx:latest")])
    )

    web = facts.container("web")
    assert web is not None
    assert web.running
    assert [(port.host_port, port.container_port) for port in web.ports] == [(80, 80)]
    assert facts.images[0].tags == ("nginx:latest",)
    assert facts.networks == ("bridge", "host", "none")
