"""What Discord refuses in components of messages."""

from typing import Any

import pytest

from playground.component_rules import check_message_components
from playground.errors import FormErrors
from playground.json_types import Json
from tests.unit.playground.guild import noted

BUTTON: Json = {"type": 2, "style": 1, "label": "OK", "custom_id": "ok"}
TEXT: Json = {"type": 10, "content": "text"}
OPTION: Json = {"label": "A", "value": "a"}
SELECT: Json = {"type": 3, "custom_id": "pick", "options": [OPTION]}


def row(*children: Json) -> Json:
    return {"type": 1, "components": list(children)}


def box(*children: Json) -> Json:
    return {"type": 17, "components": list(children)}


def v1(*components: Any) -> dict[str, str]:
    faults = FormErrors()
    check_message_components(faults, list(components), uses_v2=False)
    return noted(faults)


def v2(*components: Any) -> dict[str, str]:
    faults = FormErrors()
    check_message_components(faults, list(components), uses_v2=True)
    return noted(faults)


def buttons(count: int) -> list[Json]:
    return [BUTTON | {"custom_id": f"b{n}"} for n in range(count)]


def test_rows_of_buttons_and_selects_pass() -> None:
    """Five rows, five buttons in a row, a select alone in its row."""
    rows = [row(*[BUTTON | {"custom_id": f"{r}:{n}"} for n in range(5)]) for r in range(4)]

    assert v1(*rows, row(SELECT)) == {}


def test_all_kinds_of_v2_pass() -> None:
    """Every V2 component in its place is taken."""
    media = {"url": "attachment://a.png"}
    section = {"type": 9, "components": [TEXT], "accessory": {"type": 11, "media": media}}
    gallery = {"type": 12, "items": [{"media": media}]}
    file = {"type": 13, "file": {"url": "attachment://a.txt"}}
    everything = box(TEXT, section, gallery, file, {"type": 14, "spacing": 2}, row(BUTTON))

    assert v2(everything, TEXT, row(SELECT)) == {}


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ([BUTTON], {"components.0.type": "UNION_TYPE_CHOICES"}),
        (["x"], {"components.0": "DICT_TYPE_CONVERT"}),
        ([{}], {"components.0.type": "UNION_TYPE_CHOICES"}),
        ([row()], {"components.0.components": "BASE_TYPE_BAD_LENGTH"}),
        (
            [row(*buttons(6))],
            {"components.0.components.5": "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
        ),
        (
            [row(BUTTON, SELECT)],
            {"components.0.components.1": "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
        ),
        (
            [row(BUTTON), row(BUTTON)],
            {"components.1.components.0.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED"},
        ),
        (
            [row(BUTTON | {"custom_id": f"b{n}"}) for n in range(6)],
            {"components": "BASE_TYPE_BAD_LENGTH"},
        ),
    ],
)
def test_rows_have_their_rules(components: list[Any], expected: dict[str, str]) -> None:
    """What may be where, how much fits, and that custom ids are unique."""
    assert v1(*components) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"label": "x" * 81}, {"label": "BASE_TYPE_MAX_LENGTH"}),
        ({"label": None}, {"": "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"}),
        ({"label": None, "emoji": {"name": "✅"}}, {}),
        ({"style": 7}, {"style": "BASE_TYPE_CHOICES"}),
        ({"custom_id": None}, {"custom_id": "BASE_TYPE_REQUIRED"}),
        ({"custom_id": ""}, {"custom_id": "BASE_TYPE_BAD_LENGTH"}),
        ({"custom_id": "x" * 101}, {"custom_id": "BASE_TYPE_MAX_LENGTH"}),
        ({"style": 5, "custom_id": None}, {"": "BUTTON_COMPONENT_URL_REQUIRED"}),
        ({"style": 5, "custom_id": None, "url": "https://a.example"}, {}),
        (
            {"style": 5, "custom_id": None, "url": "javascript:1"},
            {"url": "URL_TYPE_INVALID_SCHEME"},
        ),
        (
            {"style": 5, "url": "https://a.example"},
            {"": "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"},
        ),
    ],
)
def test_buttons_have_their_rules(change: Json, expected: dict[str, str]) -> None:
    """Labels, styles, custom ids and links."""
    place = "components.0.components.0"

    assert v1(row(BUTTON | change)) == {
        f"{place}.{key}".rstrip("."): code for key, code in expected.items()
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"options": []}, {"options": "BASE_TYPE_BAD_LENGTH"}),
        ({"options": None}, {"options": "BASE_TYPE_REQUIRED"}),
        (
            {"options": [OPTION | {"value": str(n)} for n in range(26)]},
            {"options": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            {"options": [OPTION, OPTION]},
            {"options.1.value": "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
        ),
        (
            {"options": [{"label": "x" * 101, "value": "a"}]},
            {"options.0.label": "BASE_TYPE_MAX_LENGTH"},
        ),
        ({"options": [{"label": "A"}]}, {"options.0.value": "BASE_TYPE_REQUIRED"}),
        (
            {"options": [OPTION | {"description": "x" * 101}]},
            {"options.0.description": "BASE_TYPE_MAX_LENGTH"},
        ),
        ({"placeholder": "x" * 151}, {"placeholder": "BASE_TYPE_MAX_LENGTH"}),
        ({"max_values": 2}, {"max_values": "NUMBER_TYPE_RANGE"}),
        ({"min_values": -1}, {"min_values": "NUMBER_TYPE_RANGE"}),
        (
            {"type": 5, "options": None, "min_values": 3, "max_values": 2},
            {"min_values": "SELECT_COMPONENT_MIN_VALUES_GREATER_THAN_MAX"},
        ),
    ],
)
def test_selects_have_their_rules(change: Json, expected: dict[str, str]) -> None:
    """Options, their lengths, and how many may be chosen."""
    place = "components.0.components.0"

    assert v1(row(SELECT | change)) == {f"{place}.{k}": code for k, code in expected.items()}


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        (box(), {"components.0.components": "BASE_TYPE_BAD_LENGTH"}),
        (box(box(TEXT)), {"components.0.components.0.type": "UNION_TYPE_CHOICES"}),
        (box(TEXT) | {"accent_color": -1}, {"components.0.accent_color": "NUMBER_TYPE_RANGE"}),
        (
            {"type": 9, "components": [TEXT]},
            {"components.0.accessory": "BASE_TYPE_REQUIRED"},
        ),
        (
            {"type": 9, "components": [TEXT] * 4, "accessory": BUTTON},
            {"components.0.components": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            {"type": 9, "components": [BUTTON], "accessory": BUTTON},
            {"components.0.components.0.type": "UNION_TYPE_CHOICES"},
        ),
        ({"type": 10, "content": ""}, {"components.0.content": "BASE_TYPE_BAD_LENGTH"}),
        ({"type": 10}, {"components.0.content": "BASE_TYPE_REQUIRED"}),
        ({"type": 11, "media": {}}, {"components.0.type": "UNION_TYPE_CHOICES"}),
        ({"type": 12, "items": []}, {"components.0.items": "BASE_TYPE_BAD_LENGTH"}),
        (
            {"type": 13, "file": {"url": "https://a.example/a.txt"}},
            {"components.0.file.url": "URL_TYPE_INVALID_SCHEME"},
        ),
        ({"type": 14, "spacing": 3}, {"components.0.spacing": "BASE_TYPE_CHOICES"}),
    ],
)
def test_v2_has_its_rules(component: Json, expected: dict[str, str]) -> None:
    """What may be in what, and what each must have."""
    assert v2(component) == expected


def test_v2_counts_all_components() -> None:
    """Forty components in all, the nested ones and accessories too."""
    section = {"type": 9, "components": [TEXT], "accessory": BUTTON}
    sections = [section | {"accessory": BUTTON | {"custom_id": str(n)}} for n in range(13)]

    assert v2(box(*sections)) == {}
    assert v2(box(*sections), TEXT) == {"components": "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"}


def test_v2_counts_all_text() -> None:
    """Four thousand characters in all texts together."""
    half = {"type": 10, "content": "한" * 2000}

    assert v2(half, box(half)) == {}
    assert v2(half, box(half), TEXT) == {"components": "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"}


def test_an_accessory_shares_the_custom_ids() -> None:
    """A button beside a section clashes with a button of the same id in a row."""
    section = {"type": 9, "components": [TEXT], "accessory": BUTTON}

    assert v2(row(BUTTON), section) == {
        "components.1.accessory.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED"
    }
