"""What Discord refuses in messages, and what it lets pass."""

from typing import Any

import pytest

from playground.errors import ApiError
from playground.json_types import Json
from playground.message_rules import check_edit, check_message
from playground.uploads import MAX_FILE_BYTES, Upload
from tests.unit.playground.guild import faults_of

V2 = 1 << 15
TEXT: Json = {"type": 10, "content": "text"}


def faults(body: Json, *files: Upload) -> dict[str, str]:
    try:
        check_message(body, files)
    except ApiError as error:
        return faults_of(error.errors or {})
    return {}


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"content": "한" * 2000},
        {"embeds": [{"title": "x" * 256, "description": "x" * 4096}]},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "roles": ["1"]}},
        {"content": "x", "nonce": 5},
        {"content": "x", "nonce": "x" * 25},
        {"components": [TEXT], "flags": V2},
        {"content": None, "components": [TEXT], "flags": V2, "embeds": []},
    ],
)
def test_what_discord_takes_passes(body: Json) -> None:
    """Bodies at the very limits are no faults."""
    assert faults(body) == {}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"content": "x" * 2001}, {"content": "BASE_TYPE_MAX_LENGTH"}),
        ({"content": 5}, {"content": "STRING_TYPE_CONVERT"}),
        ({"content": "x", "flags": "4"}, {"flags": "NUMBER_TYPE_COERCE"}),
        ({"content": "x", "components": {}}, {"components": "LIST_TYPE_CONVERT"}),
        ({"content": "x", "nonce": "x" * 26}, {"nonce": "BASE_TYPE_MAX_LENGTH"}),
        (
            {"content": "x", "allowed_mentions": {"parse": ["all"]}},
            {"allowed_mentions.parse.0": "BASE_TYPE_CHOICES"},
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            {"allowed_mentions": "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"},
        ),
        (
            {"content": "x", "allowed_mentions": {"users": ["everyone"]}},
            {"allowed_mentions.users.0": "NUMBER_TYPE_COERCE"},
        ),
        (
            {"content": "x", "message_reference": {}},
            {"message_reference.message_id": "BASE_TYPE_REQUIRED"},
        ),
        (
            {"content": "x", "components": [TEXT], "flags": V2},
            {"content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
        ),
        (
            {"embeds": [{"title": "x"}], "components": [TEXT], "flags": V2},
            {"embeds": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"},
        ),
        ({"components": [TEXT]}, {"components.0.type": "UNION_TYPE_CHOICES"}),
        ({"content": "x", "attachments": ["a"]}, {"attachments.0": "DICT_TYPE_CONVERT"}),
        (
            {"content": "x", "attachments": [{"id": 0, "description": "x" * 1025}]},
            {"attachments.0.description": "BASE_TYPE_MAX_LENGTH"},
        ),
    ],
)
def test_what_discord_refuses_is_refused(body: Json, expected: dict[str, str]) -> None:
    """Each fault is named at its place with Discord's code."""
    assert faults(body) == expected


@pytest.mark.parametrize(
    ("embed", "expected"),
    [
        ({"title": "x" * 257}, {"embeds.0.title": "BASE_TYPE_MAX_LENGTH"}),
        ({"description": "x" * 4097}, {"embeds.0.description": "BASE_TYPE_MAX_LENGTH"}),
        ({"footer": {"text": "x" * 2049}}, {"embeds.0.footer.text": "BASE_TYPE_MAX_LENGTH"}),
        ({"color": 0x1000000}, {"embeds.0.color": "NUMBER_TYPE_RANGE"}),
        ({"url": "javascript:1"}, {"embeds.0.url": "URL_TYPE_INVALID_SCHEME"}),
        ({"image": {"url": "http:"}}, {"embeds.0.image.url": "URL_TYPE_INVALID_URL"}),
        ({"fields": [{"name": "x"}]}, {"embeds.0.fields.0.value": "BASE_TYPE_REQUIRED"}),
        (
            {"fields": [{"name": "x" * 257, "value": "x"}]},
            {"embeds.0.fields.0.name": "BASE_TYPE_MAX_LENGTH"},
        ),
        (
            {"fields": [{"name": "x", "value": "x"}] * 26},
            {"embeds.0.fields": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            {"description": "x" * 4096, "footer": {"text": "x" * 2000}},
            {"embeds": "MAX_EMBED_SIZE_EXCEEDED"},
        ),
    ],
)
def test_embeds_have_their_limits(embed: Json, expected: dict[str, str]) -> None:
    """Each text has its own limit, and all together have one."""
    assert faults({"embeds": [embed]}) == expected


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": " \n"}, {"embeds": []}])
def test_an_empty_message_is_refused(body: Json) -> None:
    """A message must say something; white space is nothing."""
    with pytest.raises(ApiError) as refused:
        check_message(body, ())

    assert refused.value.code == 50006


def test_a_file_is_enough() -> None:
    """A message may consist of a file alone."""
    check_message({}, [Upload("0", "a.txt", b"x")])


def test_a_file_above_the_limit_is_refused() -> None:
    """10 MiB is the most, and the refusal is a 413."""
    check_message({}, [Upload("0", "a.bin", bytes(MAX_FILE_BYTES))])
    with pytest.raises(ApiError) as refused:
        check_message({}, [Upload("0", "a.bin", bytes(MAX_FILE_BYTES + 1))])

    assert (refused.value.status, refused.value.code) == (413, 40005)


def edit_faults(message: Json, body: Json) -> dict[str, str]:
    whole: dict[str, Any] = {"flags": 0, "content": "", "embeds": [], "attachments": []}
    try:
        check_edit(whole | message, body, ())
    except ApiError as error:
        return faults_of(error.errors or {})
    return {}


def test_an_edit_to_v2_must_clear_what_v2_forbids() -> None:
    """Text that stays on the message clashes with the flag as much as new text."""
    body = {"components": [TEXT], "flags": V2}

    assert edit_faults({"content": "old"}, body) == {
        "content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    }
    assert edit_faults({"content": "old"}, body | {"content": None}) == {}


def test_a_v2_message_stays_one() -> None:
    """An edit of a V2 message is judged as V2 without repeating the flag."""
    assert edit_faults({"flags": V2}, {"content": "text"}) == {
        "content": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    }


def test_an_edit_can_only_keep_what_is_there() -> None:
    """An attachment that the message does not have can't be kept."""
    message = {"attachments": [{"id": "7"}]}

    assert edit_faults(message, {"attachments": [{"id": 7}]}) == {}
    assert edit_faults(message, {"attachments": [{"id": "8"}]}) == {
        "attachments.0.id": "ATTACHMENT_NOT_FOUND"
    }
