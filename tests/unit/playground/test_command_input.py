"""What a person fills in is held to what was asked."""

import re
from typing import Any

import pytest

from playground.command_input import Filled
from playground.errors import ApiError
from playground.json_types import Json
from playground.refusals import SENTENCES, Refused, sentence_for
from playground.uploads import Upload, Uploads
from tests.unit.playground.guild import Guild, make_guild


def form(guild: Guild, *files: Upload) -> Filled:
    newcomer = guild.enrol("newcomer")
    return Filled(guild.world, Uploads(guild.world.ids, None), guild.general, newcomer, files)


def given(kind: int, value: object, **rules: object) -> Any:
    known: Json = {"name": "x", "type": kind, **rules}
    option = {"name": "x", "type": kind, "value": value}
    (filled,) = form(make_guild()).options([known], [option], complete=True)
    return filled["value"]


@pytest.mark.parametrize(
    ("kind", "value", "rules"),
    [
        (3, "abc", {"min_length": 3, "max_length": 3}),
        (4, 5, {"min_value": 5, "max_value": 5}),
        (5, True, {}),
        (10, 1.5, {}),
        (3, "a", {"choices": [{"name": "A", "value": "a"}]}),
    ],
)
def test_what_fits_is_sent_on(kind: int, value: object, rules: dict[str, object]) -> None:
    """Texts, whole numbers, yes or no, numbers, choices."""
    assert given(kind, value, **rules) == value


@pytest.mark.parametrize(
    ("kind", "value", "rules"),
    [
        (3, 5, {}),
        (3, "ab", {"min_length": 3}),
        (4, "5", {}),
        (4, True, {}),
        (4, 6, {"max_value": 5}),
        (5, "true", {}),
        (3, "b", {"choices": [{"name": "A", "value": "a"}]}),
        (6, "5", {}),
        (7, "5", {}),
        (11, "0", {}),
    ],
)
def test_what_does_not_fit_is_refused(kind: int, value: object, rules: dict[str, object]) -> None:
    """Wrong kinds, out of bounds, not on the list, unknown people, channels and files."""
    with pytest.raises(ApiError):
        given(kind, value, **rules)


def test_required_options_must_be_there() -> None:
    """Running needs them, completing does not; one sub-command must be chosen."""
    required = [{"name": "x", "type": 3, "required": True}]
    filled = form(make_guild())

    assert filled.options(required, [], complete=False) == []
    with pytest.raises(ApiError, match="x"):
        filled.options(required, [], complete=True)
    with pytest.raises(ApiError, match="open"):
        filled.options([{"name": "open", "type": 1}], [], complete=True)
    with pytest.raises(ApiError, match="no option"):
        filled.options(required, [{"name": "y", "type": 3, "value": ""}], complete=True)


def test_a_file_is_resolved() -> None:
    """The value becomes the attachment's id, and the bot gets the attachment."""
    filled = form(make_guild(), Upload("0", "a.txt", b"a"))
    option = {"name": "x", "type": 11, "value": 0}

    (sent,) = filled.options([{"name": "x", "type": 11}], [option], complete=True)

    attachment = filled.resolved.objects["attachments"][sent["value"]]
    assert (attachment["filename"], attachment["ephemeral"]) == ("a.txt", True)


def test_a_select_takes_as_many_as_it_says() -> None:
    """Neither too few nor too many nor what is not on the list."""
    select: Json = {
        "type": 3,
        "min_values": 1,
        "max_values": 2,
        "options": [{"label": v, "value": v} for v in "abc"],
    }
    filled = form(make_guild())

    assert filled.chosen(select, ["a", "b"]) == ["a", "b"]
    for values in ([], ["a", "b", "c"], ["d"]):
        with pytest.raises(ApiError):
            filled.chosen(select, values)


def test_a_modal_is_filled_in_as_asked() -> None:
    """Values are matched by custom id, held to the fields' rules, and sent in the asked order."""
    fields: list[Json] = [
        {"type": 10, "id": 1, "content": "Read this"},
        {
            "type": 18,
            "id": 2,
            "label": "Name",
            "component": {"type": 4, "id": 3, "custom_id": "name", "max_length": 5},
        },
        {
            "type": 18,
            "id": 4,
            "label": "Sure?",
            "component": {"type": 23, "id": 5, "custom_id": "sure"},
        },
    ]
    filled = form(make_guild())

    def answered(name: str) -> list[Json]:
        return [{"type": 18, "component": {"type": 4, "custom_id": "name", "value": name}}]

    sent = filled.modal_fields(fields, answered("Ann"))

    assert sent[0] == {"type": 10, "id": 1}
    assert sent[1]["component"] == {"type": 4, "id": 3, "custom_id": "name", "value": "Ann"}
    assert sent[2]["component"]["value"] is False
    for name in ("", "too long"):
        with pytest.raises(ApiError):
            filled.modal_fields(fields, answered(name))


def test_people_are_told_in_their_language() -> None:
    """Each refusal has a sentence in Korean and in English, with the same placeholders."""
    refused = Refused("option.least", name="count", least=3)

    assert sentence_for(refused, "ko") == "count 항목은 3 이상이어야 해요."
    assert sentence_for(refused, "en-US") == "count must be at least 3."
    assert sentence_for(ApiError(400, 50006, "Cannot send"), "ko") == "빈 메시지는 보낼 수 없어요."
    for korean, english in SENTENCES.values():
        assert set(re.findall(r"{\w+}", korean)) == set(re.findall(r"{\w+}", english))
