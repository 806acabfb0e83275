"""The judge itself: it takes what is right and names what is wrong."""

from collections.abc import Callable

import pytest

from playground.json_types import Json
from playground.traffic import Exchange
from tests.openapi.description import PATH, Description
from tests.openapi.known_deviations import is_known
from tests.unit.playground.guild import BOT, make_guild

pytestmark = pytest.mark.skipif(not PATH.is_file(), reason="Discord's description is not here")


@pytest.fixture(scope="module")
def description() -> Description:
    return Description()


def posted(change: Callable[[Json], object] = lambda _: None) -> Exchange:
    guild = make_guild()
    body = {"content": "hello", "nonce": 5, "message_reference": None}
    message = dict(guild.say(BOT, body))
    change(message)
    path = f"/channels/{guild.general['id']}/messages"
    return Exchange("POST", path, {}, body, 200, message)


def test_a_right_exchange_has_no_findings(description: Description) -> None:
    """A message that was posted and answered as Discord would."""
    assert description.findings(posted()) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda m: m.pop("author"), "'author' is a required property"),
        (lambda m: m.update(id=5), "$.id"),
        (lambda m: m.update(timestamp=None), "$.timestamp"),
        (lambda m: m.update(mentions=["1"]), "$.mentions[0]"),
    ],
)
def test_a_wrong_answer_is_found(
    description: Description, change: Callable[[Json], object], place: str
) -> None:
    """Missing fields and wrong types are named at their place."""
    (finding,) = description.findings(posted(change))

    assert place in finding
    assert not is_known(finding)


def test_an_unknown_route_is_found(description: Description) -> None:
    """What Discord does not have, the playground must not have either."""
    assert description.findings(Exchange("GET", "/nowhere", {}, None, 200, {}))


def test_events_are_judged_too(description: Description) -> None:
    """An event's object is held against the object that REST has."""
    broken = {"id": "1", "content": "x"}

    assert description.findings(Exchange("GATEWAY", "MESSAGE_CREATE", {}, None, 0, broken))
