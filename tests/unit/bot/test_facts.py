"""What the sandbox reports, in the words of the checks."""

from __future__ import annotations

from bot.classroom.facts import facts_for_checks
from lessons import facts as known
from sandbox.contract import ComposeProjectFact, EventFact, OomKillsFact
from tests.fakes.sandboxes import make_container, make_facts, make_image


def test_containers_images_and_versions_come_through() -> None:
    """A check sees the container with its ports, the image's tags and both versions."""
    facts = facts_for_checks(
        make_facts(containers=[make_container("web")], images=[make_image("nginx:latest")])
    )

    web = facts.container("web")
    assert web is not None
    assert web.running
    assert [(port.host_port, port.container_port) for port in web.ports] == [(80, 80)]
    assert facts.images[0].tags == ("nginx:latest",)
    assert (facts.client_version, facts.server_version) == ("26.1.5", "26.1.5")
    assert facts.networks == ("bridge", "host", "none")


def test_projects_events_and_memory_kills_come_through() -> None:
    """A lesson may ask how something ended, though it is gone by now."""
    facts = facts_for_checks(
        make_facts(
            compose_projects=[
                ComposeProjectFact(name="shop", services=["web"], containers=["shop-web-1"])
            ],
            events=[EventFact(at=1.0, type="container", action="die", name="web", exit_code=137)],
            oom_kills=[OomKillsFact(container="web", count=2)],
        )
    )

    assert facts.projects == (known.Project("shop", ("web",), ("shop-web-1",)),)
    assert facts.events == (known.Event("container", "die", "web", 137),)
    assert facts.out_of_memory == {"web"}
