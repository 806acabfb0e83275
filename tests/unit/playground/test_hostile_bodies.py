"""Whatever a bot sends, it is taken or refused; nothing makes a handler stumble."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from playground.command_rules import check_commands
from playground.errors import ApiError
from playground.interaction_rules import check_choices, check_modal
from playground.json_types import Json
from tests.unit.playground.guild import BOT, make_guild

ODD: tuple[Any, ...] = (None, True, -1, 1.5, 1 << 70, "", "x", "\x00", "9", [], {}, [None], [{}])
ROUNDS = 400
TEXT: Json = {"type": 10, "content": "text"}
BUTTON: Json = {"type": 2, "style": 1, "label": "OK", "custom_id": "ok", "emoji": {"name": "✅"}}
SELECT: Json = {
    "type": 3,
    "custom_id": "pick",
    "options": [{"label": "A", "value": "a", "description": "x", "default": True}],
    "min_values": 0,
    "max_values": 1,
}
CLASSIC: Json = {
    "content": "hello <@1>",
    "nonce": "1",
    "enforce_nonce": True,
    "flags": 4,
    "embeds": [
        {
            "title": "t",
            "url": "https://a.example",
            "color": 1,
            "footer": {"text": "f"},
            "image": {"url": "https://a.example/a.png"},
            "fields": [{"name": "n", "value": "v", "inline": True}],
        }
    ],
    "components": [{"type": 1, "components": [BUTTON]}, {"type": 1, "components": [SELECT]}],
    "allowed_mentions": {"parse": ["roles"], "users": ["1"], "replied_user": True},
    "message_reference": {"message_id": "1", "fail_if_not_exists": False},
    "attachments": [{"id": 0, "description": "x"}],
}
MEDIA: Json = {"url": "https://a.example/a.png"}
SECOND: Json = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "id": 5,
            "accent_color": 5,
            "components": [
                TEXT,
                {"type": 9, "components": [TEXT], "accessory": {"type": 11, "media": MEDIA}},
                {"type": 12, "items": [{"media": MEDIA, "description": "x"}]},
                {"type": 14, "spacing": 1},
                {"type": 1, "components": [BUTTON]},
            ],
        }
    ],
}
COMMANDS: list[Json] = [
    {
        "name": "lesson",
        "description": "x",
        "name_localizations": {"ko": "강의"},
        "default_member_permissions": "32",
        "contexts": [0],
        "options": [
            {
                "type": 3,
                "name": "a",
                "description": "x",
                "choices": [{"name": "x", "value": "x"}],
            },
            {"type": 1, "name": "b", "description": "x", "options": []},
        ],
    }
]
MODAL: Json = {
    "title": "t",
    "custom_id": "c",
    "components": [
        {"type": 18, "label": "l", "component": SELECT},
        {"type": 1, "components": [{"type": 4, "custom_id": "t", "style": 1, "label": "l"}]},
    ],
}


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each container and key in the body."""
    keys: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node)))
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list):
            yield from places(node[key])


def spoiled(body: Any, chance: random.Random) -> Any:
    """The body with one to three of its values replaced by odd ones."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        node, key = chance.choice(list(places(body)))
        node[key] = copy.deepcopy(chance.choice(ODD))
        if not list(places(body)):
            break
    return body


def post(body: Any) -> None:
    guild = make_guild()
    message = guild.say(BOT, body)
    guild.world.shown(message, BOT)


def edit(body: Any) -> None:
    guild = make_guild()
    message = guild.say(BOT, {"content": "first"})
    guild.messages.edit(message, body)


def register(body: Any) -> None:
    check_commands(body)
    make_guild().commands.overwrite(body)


def open_thread(body: Any) -> None:
    guild = make_guild()
    guild.threads.open(guild.general, BOT, body)


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        (post, CLASSIC),
        (post, SECOND),
        (edit, CLASSIC),
        (edit, SECOND),
        (register, COMMANDS),
        (check_modal, MODAL),
        (check_choices, {"choices": [{"name": "x", "value": "x"}]}),
        (open_thread, {"name": "lab", "type": 12, "auto_archive_duration": 60}),
    ],
)
def test_nothing_makes_a_handler_stumble(deed: Callable[[Any], object], body: Any) -> None:
    """Values of the wrong kind anywhere in a body end in a refusal at most."""
    chance = random.Random(20261124)
    refused = 0
    for _ in range(ROUNDS):
        odd = spoiled(body, chance)
        try:
            deed(odd)
        except ApiError:
            refused += 1
        except Exception as stumbled:
            raise AssertionError(f"{stumbled!r} over {odd}") from stumbled
    assert refused
