"""Permissions as Discord computes them."""

import re
from pathlib import Path

import pytest

from playground.errors import ApiError
from playground.permissions import ALL, EVERYONE, Permission
from playground.permissions import BOT as BOTS
from tests.unit.playground.guild import BOT, make_guild, refusal

P = Permission
REPOSITORY = Path(__file__).parents[3]


def overwrite(target: str, *, allow: int = 0, deny: int = 0, kind: int = 0) -> dict[str, object]:
    return {"id": target, "type": kind, "allow": str(int(allow)), "deny": str(int(deny))}


def test_newcomers_may_chat_but_not_manage() -> None:
    """Everyone has what @everyone has; the owner has all."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")

    assert guild.world.permissions(newcomer) == EVERYONE
    assert not EVERYONE & P.MANAGE_GUILD
    assert guild.world.permissions(guild.world.owner_id) == ALL


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_bot_has_what_the_invite_link_asks_for(readme: str) -> None:
    """What works in the playground works on a server to which the link of the README led."""
    guild = make_guild()
    (asked,) = re.findall(r"permissions=(\d+)", (REPOSITORY / readme).read_text("utf-8"))
    (role_id,) = guild.world.member(BOT)["roles"]

    assert int(guild.world.roles[role_id]["permissions"]) == int(asked) == BOTS


def test_overwrites_apply_in_discords_order() -> None:
    """@everyone first, then roles (denials before grants), then the member."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    world, general = guild.world, guild.general
    world.member(newcomer)["roles"] = [world.instructors]
    general["permission_overwrites"] = [
        overwrite(world.guild_id, deny=P.SEND_MESSAGES | P.ATTACH_FILES | P.ADD_REACTIONS),
        overwrite(world.instructors, allow=P.SEND_MESSAGES | P.ATTACH_FILES),
        overwrite(newcomer, deny=P.ATTACH_FILES, kind=1),
    ]

    held = world.permissions(newcomer, general)

    assert held & P.SEND_MESSAGES
    assert not held & P.ATTACH_FILES
    assert not held & P.ADD_REACTIONS


def test_learners_do_not_see_the_staff_room() -> None:
    """A board of a class has names in it: instructors and the bot are there, nobody else."""
    guild = make_guild()
    newcomer, assistant = guild.enrol("newcomer"), guild.enrol("assistant")
    world = guild.world
    world.member(assistant)["roles"] = [world.instructors]
    staff = next(c for c in world.guild_channels() if c["name"] == "staff")

    assert not world.can_see(newcomer, staff)
    assert world.can_see(assistant, staff)
    assert world.can_see(world.owner_id, staff)
    assert world.permissions(BOT, staff) & P.SEND_MESSAGES


def test_who_cannot_see_a_channel_can_do_nothing_there() -> None:
    """Without VIEW_CHANNEL nothing else is left, and posting is refused as 50001."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    deny = overwrite(guild.world.guild_id, deny=P.VIEW_CHANNEL)
    guild.general["permission_overwrites"] = [deny]

    assert guild.world.permissions(newcomer, guild.general) == 0
    with pytest.raises(ApiError) as refused:
        guild.say(newcomer, {"content": "hello"})
    assert refusal(refused.value) == (403, 50001)


@pytest.mark.parametrize(
    ("denied", "body"),
    [
        (P.SEND_MESSAGES, {"content": "hello"}),
        (P.EMBED_LINKS, {"embeds": [{"title": "hello"}]}),
        (P.READ_MESSAGE_HISTORY, {"content": "re", "message_reference": {"message_id": "1"}}),
    ],
)
def test_each_deed_needs_its_permission(denied: Permission, body: dict[str, object]) -> None:
    """The bot is held to its permissions and gets 50013."""
    guild = make_guild()
    guild.general["permission_overwrites"] = [overwrite(BOT, deny=denied, kind=1)]

    with pytest.raises(ApiError) as refused:
        guild.say(BOT, body)

    assert refusal(refused.value) == (403, 50013)


def test_a_private_thread_is_closed_to_others() -> None:
    """Members of the thread see it; others don't, unless they manage threads."""
    guild = make_guild()
    inside, outside = guild.enrol("inside"), guild.enrol("outside")
    thread = guild.threads.open(guild.general, BOT, {"name": "lab", "type": 12})
    thread = guild.world.channel(thread["id"])
    guild.threads.add(thread, inside, BOT)

    assert guild.world.can_see(inside, thread)
    assert not guild.world.can_see(outside, thread)
    assert guild.world.can_see(guild.world.owner_id, thread)
    with pytest.raises(ApiError) as refused:
        guild.say(outside, {"content": "hello"}, channel=thread)
    assert refusal(refused.value) == (403, 50001)
