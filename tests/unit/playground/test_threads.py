"""Threads: archiving, locking, members."""

import pytest

from playground.errors import ApiError
from playground.json_types import Json
from tests.unit.playground.guild import BOT, Guild, make_guild, refusal


def lab(guild: Guild, *people: str, **body: object) -> Json:
    opened = guild.threads.open(guild.general, BOT, {"name": "lab", "type": 12, **body})
    thread = guild.world.channel(opened["id"])
    for person in people:
        guild.threads.add(thread, person, BOT)
    return thread


def test_a_message_opens_an_archived_thread() -> None:
    """Archived and not locked: writing opens it, which is told before the message."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    thread = lab(guild, newcomer)
    guild.threads.update(thread, BOT, {"archived": True})
    guild.told.clear()

    guild.say(newcomer, {"content": "hello"}, channel=thread)

    assert not thread["thread_metadata"]["archived"]
    assert guild.names() == ["THREAD_UPDATE", "MESSAGE_CREATE"]


def test_a_locked_thread_stays_closed() -> None:
    """Archived and locked: learners get 50083; who manages threads may write."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    thread = lab(guild, newcomer)
    guild.threads.update(thread, guild.world.owner_id, {"archived": True, "locked": True})

    with pytest.raises(ApiError) as refused:
        guild.say(newcomer, {"content": "hello"}, channel=thread)

    assert refusal(refused.value) == (400, 50083)
    guild.say(guild.world.owner_id, {"content": "open again"}, channel=thread)
    assert not thread["thread_metadata"]["archived"]


def test_nothing_changes_in_an_archived_thread() -> None:
    """Edits, reactions, members and names are refused with 50083 until it is open again."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    thread = lab(guild)
    message = guild.say(BOT, {"content": "hello"}, channel=thread)
    guild.threads.update(thread, BOT, {"archived": True})

    for deed in (
        lambda: guild.posting.check_own(message, BOT),
        lambda: guild.reactions.add(message, "👍", BOT),
        lambda: guild.threads.add(thread, newcomer, BOT),
        lambda: guild.threads.update(thread, BOT, {"name": "new"}),
    ):
        with pytest.raises(ApiError) as refused:
            deed()
        assert refusal(refused.value) == (400, 50083)

    guild.threads.update(thread, BOT, {"archived": False, "name": "new"})
    assert thread["name"] == "new"


def test_learners_do_not_manage_the_bots_thread() -> None:
    """Neither renaming nor locking nor deleting is for its members."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    thread = lab(guild, newcomer)

    for body in ({"name": "mine"}, {"locked": True}):
        with pytest.raises(ApiError) as refused:
            guild.threads.update(thread, newcomer, body)
        assert refusal(refused.value) == (403, 50013)
    with pytest.raises(ApiError):
        guild.threads.delete(thread, newcomer)


def test_only_some_may_invite_when_it_is_said_so() -> None:
    """`invitable: false` leaves adding people to the owner and those who manage threads."""
    guild = make_guild()
    inside, other = guild.enrol("inside"), guild.enrol("other")
    thread = lab(guild, inside, invitable=False)

    with pytest.raises(ApiError) as refused:
        guild.threads.add(thread, other, inside)

    assert refusal(refused.value) == (403, 50013)


def test_a_mention_brings_someone_in() -> None:
    """Whoever is mentioned in a thread is in it from then on; adding says so in the thread."""
    guild = make_guild()
    added, mentioned = guild.enrol("added"), guild.enrol("mentioned")
    thread = lab(guild, added)

    guild.say(BOT, {"content": f"<@{mentioned}>"}, channel=thread)

    assert guild.world.is_in_thread(thread["id"], mentioned)
    assert thread["member_count"] == 3
    kinds = [m["type"] for m in guild.world.messages[thread["id"]].values()]
    assert kinds == [1, 0]


def test_whoever_leaves_is_out() -> None:
    """Leaving takes the thread away, and its page is told."""
    guild = make_guild()
    newcomer = guild.enrol("newcomer")
    thread = lab(guild, newcomer)

    guild.threads.remove(thread, newcomer, newcomer)

    assert not guild.world.can_see(newcomer, thread)
    assert guild.told[-1].name == "THREAD_DELETE"
    assert guild.told[-1].only_for == newcomer


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": 12}, 50035),
        ({"name": "  ", "type": 12}, 50035),
        ({"name": "x" * 101, "type": 12}, 50035),
        ({"name": "x", "type": 5}, 50035),
        ({"name": "x", "type": 12, "auto_archive_duration": 5}, 50035),
        ({"name": "x", "type": 12, "rate_limit_per_user": 21601}, 50035),
    ],
)
def test_a_thread_needs_a_proper_request(body: Json, code: int) -> None:
    """Names, kinds and durations are checked."""
    guild = make_guild()
    with pytest.raises(ApiError) as refused:
        guild.threads.open(guild.general, BOT, body)

    assert refused.value.code == code


def test_a_message_has_one_thread_at_most() -> None:
    """The second thread from the same message is refused with 160004; threads have no threads."""
    guild = make_guild()
    message = guild.say(BOT, {"content": "hello"})
    opened = guild.threads.open(guild.general, BOT, {"name": "talk"}, message)

    with pytest.raises(ApiError) as refused:
        guild.threads.open(guild.general, BOT, {"name": "talk"}, message)
    assert refused.value.code == 160004
    with pytest.raises(ApiError) as refused:
        guild.threads.open(guild.world.channel(opened["id"]), BOT, {"name": "x", "type": 12})
    assert refused.value.code == 50024


def test_a_deleted_thread_takes_its_messages_along() -> None:
    """Afterwards neither the thread nor what was said in it can be found."""
    guild = make_guild()
    thread = lab(guild)
    message = guild.say(BOT, {"content": "hello"}, channel=thread)

    guild.threads.delete(thread, guild.world.owner_id)

    assert guild.world.find_message(message["id"]) is None
    with pytest.raises(ApiError) as refused:
        guild.world.channel(thread["id"])
    assert refused.value.code == 10003
