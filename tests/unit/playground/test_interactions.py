"""Interactions from the person's deed to the bot's last word, with short deadlines."""

import asyncio
from dataclasses import dataclass

import pytest

from playground.errors import ApiError
from playground.events import Event, Events
from playground.interaction import Interaction, Request
from playground.interactions import Interactions, Limits
from playground.json_types import Json
from playground.messages import Messages
from playground.posting import Posting
from playground.threads import Threads
from playground.uploads import Uploads
from playground.world import World
from tests.unit.playground.guild import BOT, refusal

EPHEMERAL, LOADING = 64, 128
FORM: Json = {
    "title": "Form",
    "custom_id": "form",
    "components": [
        {"type": 18, "label": "Name", "component": {"type": 4, "custom_id": "n", "style": 1}}
    ],
}


@dataclass
class Room:
    """A guild with one learner who does things."""

    world: World
    events: Events
    interactions: Interactions
    messages: Messages
    told: list[Event]
    learner: str

    @property
    def general(self) -> Json:
        return self.world.guild_channels()[0]

    def command(self) -> Interaction:
        data = {"id": "1", "name": "start", "type": 1}
        return self.interactions.send(Request(2, data, self.general, self.learner))

    def click(self, message: Json) -> Interaction:
        data = {"custom_id": "ok", "component_type": 2, "id": 1}
        return self.interactions.send(Request(3, data, self.general, self.learner, message))

    def answer(self, interaction: Interaction, kind: int, **data: object) -> Json:
        body = {"type": kind, "data": data}
        return self.interactions.acknowledge(
            interaction.interaction_id, interaction.token, body, ()
        )

    def seen(self) -> list[Json]:
        return list(self.world.messages[self.general["id"]].values())

    def states(self) -> list[str]:
        return [e.data["state"] for e in self.told if e.name == "INTERACTION"]


def make_room(limits: Limits | None = None) -> Room:
    world, events = World(BOT, "Docent"), Events()
    told: list[Event] = []
    events.listen(told.append)
    messages = Messages(world, events, Uploads(world.ids, None))
    posting = Posting(world, messages, Threads(world, events, messages))
    interactions = Interactions(world, events, messages, posting, limits or Limits())
    learner = str(world.enrol("newcomer")["user"]["id"])
    return Room(world, events, interactions, messages, told, learner)


async def test_an_answer_says_whom_it_answers() -> None:
    """The message carries the command and who ran it; the callback's answer carries the message."""
    room = make_room()
    answer = room.answer(room.command(), 4, content="hello")

    (message,) = room.seen()
    assert answer["interaction"]["response_message_id"] == message["id"]
    assert answer["resource"]["message"]["content"] == "hello"
    assert message["interaction_metadata"]["user"]["id"] == room.learner
    assert message["interaction"]["name"] == "start"
    assert room.states() == ["sent", "acknowledged"]


async def test_only_the_first_answer_counts() -> None:
    """The second acknowledgement is refused with 40060."""
    room = make_room()
    interaction = room.command()
    room.answer(interaction, 4, content="hello")

    with pytest.raises(ApiError) as refused:
        room.answer(interaction, 4, content="again")

    assert refusal(refused.value) == (400, 40060)


async def test_a_malformed_answer_may_be_mended() -> None:
    """Within the three seconds a refused answer does not use up the interaction."""
    room = make_room()
    interaction = room.command()
    for kind, data in ((4, {"content": "x" * 2001}), (8, {}), (7, {"content": "x"})):
        with pytest.raises(ApiError):
            room.answer(interaction, kind, **data)

    assert room.answer(interaction, 4, content="short")


async def test_silence_is_told_and_final() -> None:
    """After the limit the person hears that nobody answered, and an answer gets 10062."""
    room = make_room(Limits(acknowledge_s=0.02))
    interaction = room.command()
    await asyncio.sleep(0.05)

    with pytest.raises(ApiError) as refused:
        room.answer(interaction, 4, content="late")

    assert room.states() == ["sent", "failed"]
    assert refusal(refused.value) == (404, 10062)


async def test_a_token_runs_out() -> None:
    """After its life (15 minutes; here a moment) it opens nothing any more."""
    room = make_room(Limits(token_s=0.02))
    interaction = room.command()
    room.answer(interaction, 4, content="hello")
    await asyncio.sleep(0.05)

    with pytest.raises(ApiError) as refused:
        room.interactions.follow_up(interaction.token, {"content": "late"}, ())

    assert refusal(refused.value) == (401, 50027)


async def test_a_foreign_token_opens_nothing() -> None:
    """Neither a made-up token nor another interaction's id."""
    room = make_room()
    one, two = room.command(), room.command()

    with pytest.raises(ApiError) as refused:
        room.interactions.acknowledge(one.interaction_id, two.token, {"type": 5}, ())
    assert refused.value.code == 10062
    with pytest.raises(ApiError) as refused:
        room.interactions.follow_up("made-up", {"content": "x"}, ())
    assert refused.value.code == 50027


async def test_first_acknowledge_then_follow_up() -> None:
    """A follow-up before any answer is refused."""
    room = make_room()

    with pytest.raises(ApiError) as refused:
        room.interactions.follow_up(room.command().token, {"content": "x"}, ())

    assert refusal(refused.value) == (404, 10015)


async def test_a_deferred_answer_is_filled_once() -> None:
    """The first follow-up fills the waiting message, the second is a message of its own."""
    room = make_room()
    interaction = room.command()
    room.answer(interaction, 5, flags=EPHEMERAL)
    (waiting,) = room.seen()
    assert waiting["flags"] == EPHEMERAL | LOADING

    first = room.interactions.follow_up(interaction.token, {"content": "first"}, ())
    second = room.interactions.follow_up(interaction.token, {"content": "second"}, ())

    assert first["id"] == waiting["id"]
    assert first["flags"] == EPHEMERAL
    assert first["edited_timestamp"] is None
    assert second["message_reference"]["message_id"] == first["id"]
    assert room.world.ephemeral_for == {first["id"]: room.learner}


async def test_the_original_can_be_fetched_edited_and_deleted() -> None:
    """`@original` is the first answer; other people's messages are out of reach."""
    room = make_room()
    interaction = room.command()
    room.answer(interaction, 4, content="hello")
    token = interaction.token

    edited = room.interactions.edit(token, "@original", {"content": "edited"}, ())
    assert room.interactions.message(token, "@original")["id"] == edited["id"]
    stranger = room.interactions.follow_up(token, {"content": "mine"}, ())
    other = room.command()
    room.answer(other, 4, content="theirs")
    with pytest.raises(ApiError) as refused:
        room.interactions.edit(other.token, stranger["id"], {"content": "x"}, ())
    assert refused.value.code == 10008
    room.interactions.delete(token, "@original")
    with pytest.raises(ApiError):
        room.interactions.message(token, "@original")


async def test_a_click_may_change_its_message() -> None:
    """Type 7 edits the message with the button; type 6 only acknowledges."""
    room = make_room()
    room.answer(room.command(), 4, content="hello")
    (message,) = room.seen()

    answer = room.answer(room.click(message), 7, content="changed")
    assert answer["interaction"]["response_message_id"] == message["id"]
    assert message["content"] == "changed"
    clicked = room.click(message)
    assert "resource" not in room.answer(clicked, 6)
    room.interactions.edit(clicked.token, "@original", {"content": "later"}, ())
    assert message["content"] == "later"


async def test_a_form_leads_to_the_next_interaction() -> None:
    """A modal is shown to the person alone, and what it triggers says where it came from."""
    room = make_room()
    interaction = room.command()
    room.answer(interaction, 9, **FORM)

    shown = next(e for e in room.told if e.name == "MODAL")
    assert shown.only_for == room.learner
    assert shown.data["modal"]["components"][0]["component"]["id"] == 2
    data: Json = {"custom_id": "form", "components": []}
    submitted = room.interactions.send(
        Request(5, data, room.general, room.learner, triggered_by=interaction)
    )
    room.answer(submitted, 4, content="thanks")
    metadata = room.seen()[0]["interaction_metadata"]
    assert metadata["triggering_interaction_metadata"]["name"] == "start"


async def test_choices_go_to_whoever_types() -> None:
    """Autocomplete answers carry the nonce; silence gives an empty list."""
    room = make_room(Limits(acknowledge_s=0.02))
    data = {"id": "1", "name": "start", "type": 1, "options": []}
    for nonce in ("a", "b"):
        request = Request(4, data, room.general, room.learner, nonce=nonce)
        interaction = room.interactions.send(request)
        if nonce == "a":
            room.answer(interaction, 8, choices=[{"name": "x", "value": "x"}])
    await asyncio.sleep(0.05)

    answers = {e.data["nonce"]: e.data["choices"] for e in room.told if e.name == "AUTOCOMPLETE"}
    assert answers == {"a": [{"name": "x", "value": "x"}], "b": []}
    assert room.states() == []


async def test_the_bot_learns_who_and_where() -> None:
    """Guild, member with permissions, language and size limit are in every interaction."""
    room = make_room()
    room.world.locales[room.learner] = "en-US"
    room.command()

    told = next(e.data for e in room.told if e.name == "INTERACTION_CREATE")
    assert told["guild_id"] == room.world.guild_id
    assert told["member"]["user"]["id"] == room.learner
    assert told["locale"] == "en-US"
    assert told["attachment_size_limit"] == 10 * 1024 * 1024
    assert "user" not in told
