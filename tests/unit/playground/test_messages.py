"""Messages: mentions, replies, nonces, edits, and how many are kept."""

import pytest

from playground.errors import ApiError
from playground.messages import Draft
from playground.uploads import Upload
from playground.world import KEPT_MESSAGES
from tests.unit.playground.guild import BOT, make_guild


def test_mentions_are_those_that_are_allowed() -> None:
    """`allowed_mentions` decides; @everyone needs the permission besides."""
    guild = make_guild()
    one, two = guild.enrol("one"), guild.enrol("two")
    content = f"<@{one}> <@!{two}> @everyone"

    everyone = guild.say(BOT, {"content": content})
    some = guild.say(BOT, {"content": content, "allowed_mentions": {"users": [two]}})
    nobody = guild.say(BOT, {"content": content, "allowed_mentions": {"parse": []}})
    owners = guild.say(guild.world.owner_id, {"content": content})

    assert [u["id"] for u in everyone["mentions"]] == [one, two]
    assert [u["id"] for u in some["mentions"]] == [two]
    assert nobody["mentions"] == []
    assert not everyone["mention_everyone"]
    assert owners["mention_everyone"]


def test_a_reply_mentions_its_author_unless_told_not_to() -> None:
    """`replied_user` decides; without `allowed_mentions` a reply pings."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    said = guild.say(newcomer, {"content": "hello"})
    reply = {"content": "re", "message_reference": {"message_id": int(said["id"])}}

    loud = guild.say(BOT, reply)
    quiet = guild.say(BOT, reply | {"allowed_mentions": {"replied_user": False}})

    assert (loud["type"], len(loud["mentions"])) == (19, 1)
    assert quiet["mentions"] == []
    shown = guild.world.shown(loud, newcomer)
    assert shown["referenced_message"]["content"] == "hello"


def test_a_reply_to_nothing() -> None:
    """It is refused, or sent as a plain message when the sender prefers that."""
    guild = make_guild()
    reference = {"message_id": "5"}

    with pytest.raises(ApiError):
        guild.say(BOT, {"content": "re", "message_reference": reference})

    plain = reference | {"fail_if_not_exists": False}
    assert guild.say(BOT, {"content": "re", "message_reference": plain})["type"] == 0


def test_a_reply_survives_what_it_answers_to() -> None:
    """When the other message is deleted, the reply stays and points to nothing."""
    guild = make_guild()
    said = guild.say(BOT, {"content": "hello"})
    reply = guild.say(BOT, {"content": "re", "message_reference": {"message_id": said["id"]}})

    guild.messages.delete(said)

    assert guild.world.shown(reply, BOT)["referenced_message"] is None


def test_a_nonce_that_is_enforced_is_written_once() -> None:
    """The second message with the same nonce is the first one."""
    guild = make_guild()
    body = {"content": "hello", "nonce": "7", "enforce_nonce": True}

    assert guild.say(BOT, body)["id"] == guild.say(BOT, body)["id"]
    assert guild.say(BOT, body | {"enforce_nonce": False})["id"] != guild.say(BOT, body)["id"]


def test_an_edit_keeps_what_it_does_not_name() -> None:
    """Content, embeds, components and files change independently."""
    guild = make_guild()
    embed = {"title": "title"}
    message = guild.say(BOT, {"content": "a", "embeds": [embed]}, Upload("0", "a.txt", b"a"))
    file_id = message["attachments"][0]["id"]

    guild.messages.edit(message, {"content": "b"})
    assert (message["content"], len(message["embeds"])) == ("b", 1)
    guild.messages.edit(message, {"embeds": []})
    assert message["attachments"][0]["id"] == file_id
    body = {"attachments": [{"id": file_id}, {"id": 0, "filename": "b.txt"}]}
    guild.messages.edit(message, body, [Upload("0", "b.txt", b"b")])
    assert [a["filename"] for a in message["attachments"]] == ["a.txt", "b.txt"]
    guild.messages.edit(message, {"attachments": []})
    assert message["attachments"] == []


def test_a_refused_edit_changes_nothing() -> None:
    """Neither an empty edit nor a bad one touches the message."""
    guild = make_guild()
    message = guild.say(BOT, {"content": "hello"})
    for body in ({"content": ""}, {"content": "new", "embeds": [{"title": "x" * 257}]}):
        with pytest.raises(ApiError):
            guild.messages.edit(message, body)

    assert message["content"] == "hello"
    assert message["edited_timestamp"] is None


def test_history_is_paged() -> None:
    """Newest first; before, after and around; never what only one person sees."""
    guild = make_guild()
    said = [guild.say(BOT, {"content": str(n)}) for n in range(5)]
    channel_id = guild.general["id"]
    hidden = Draft(guild.general, guild.world.bot, {"content": "psst"}, only_for="1")
    guild.messages.post(hidden)

    def contents(**asked: str) -> list[str]:
        return [m["content"] for m in guild.messages.history(channel_id, asked)]

    assert contents() == ["4", "3", "2", "1", "0"]
    assert contents(before=said[2]["id"], limit="1") == ["1"]
    assert contents(after=said[2]["id"], limit="1") == ["3"]
    assert contents(around=said[2]["id"], limit="3") == ["3", "2", "1"]
    with pytest.raises(ApiError):
        contents(limit="101")


def test_a_channel_keeps_a_bounded_number() -> None:
    """The oldest messages go, with all that belongs to them."""
    guild = make_guild()
    first = guild.say(BOT, {"content": "first"})
    guild.reactions.add(first, "👍", BOT)
    for number in range(KEPT_MESSAGES):
        guild.say(BOT, {"content": str(number)})

    assert len(guild.world.messages[guild.general["id"]]) == KEPT_MESSAGES
    assert guild.world.find_message(first["id"]) is None
    assert guild.world.reactors == {}


def test_a_file_is_found_by_its_name() -> None:
    """`attachment://` becomes an address in embeds and components; an unknown name is refused."""
    guild = make_guild()
    text = {"type": 13, "file": {"url": "attachment://my notes.txt"}}
    body = {"components": [text], "flags": 1 << 15}

    message = guild.say(BOT, body, Upload("0", "my notes.txt", b"notes"))

    component = message["components"][0]
    assert component["file"]["url"] == message["attachments"][0]["url"]
    assert (component["name"], component["size"]) == ("my_notes.txt", 5)
    with pytest.raises(ApiError):
        guild.say(BOT, body)


def test_components_are_numbered_like_discord_does() -> None:
    """Depth first from 1, around the numbers that were given; nulls are not echoed."""
    guild = make_guild()
    button = {"type": 2, "style": 1, "label": "OK", "custom_id": "ok", "emoji": None}
    section = {"type": 9, "components": [{"type": 10, "content": "a"}], "accessory": button}
    box = {"type": 17, "id": 2, "components": [section, {"type": 14}]}

    (filled,) = guild.say(BOT, {"components": [box], "flags": 1 << 15})["components"]

    inner, separator = filled["components"]
    ids = [inner["id"], inner["components"][0]["id"], inner["accessory"]["id"], separator["id"]]
    assert (filled["id"], ids) == (2, [1, 3, 4, 5])
    assert "emoji" not in inner["accessory"]
    assert separator["divider"] is True


def test_pins_and_reactions() -> None:
    """A pin is noted in the channel; reactions are counted per viewer."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    message = guild.say(BOT, {"content": "hello"})

    guild.pins.pin(message, guild.world.owner_id)
    guild.reactions.add(message, "👍", newcomer)
    guild.reactions.add(message, "👍", newcomer)
    guild.reactions.add(message, "👍", BOT)

    assert [m["id"] for m in guild.pins.of(guild.general["id"])] == [message["id"]]
    (reaction,) = guild.world.shown(message, newcomer)["reactions"]
    assert (reaction["count"], reaction["me"]) == (2, True)
    guild.reactions.remove(message, "👍", newcomer)
    (reaction,) = guild.world.shown(message, newcomer)["reactions"]
    assert (reaction["count"], reaction["me"]) == (1, False)
    with pytest.raises(ApiError) as refused:
        guild.reactions.add(message, "nonsense", BOT)
    assert refused.value.code == 10014
    with pytest.raises(ApiError) as refused:
        guild.pins.pin(message, newcomer)
    assert refused.value.code == 50013
