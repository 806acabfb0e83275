"""What Discord refuses in answers to interactions."""

import pytest

from playground.errors import ApiError
from playground.interaction_rules import check_choices, check_kind, check_modal
from playground.json_types import Json
from tests.unit.playground.guild import faults_of

TEXT_INPUT: Json = {"type": 4, "custom_id": "name", "style": 1}
LABEL: Json = {"type": 18, "label": "Name", "component": TEXT_INPUT}
MODAL: Json = {"title": "Form", "custom_id": "form", "components": [LABEL]}
OPTIONS: list[Json] = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]


@pytest.mark.parametrize(
    ("interaction", "has_message", "allowed"),
    [
        (2, False, {4, 5, 9}),
        (3, True, {4, 5, 6, 7, 9}),
        (4, False, {8}),
        (5, False, {4, 5}),
        (5, True, {4, 5, 6, 7}),
    ],
)
def test_each_interaction_has_its_answers(
    interaction: int, has_message: bool, allowed: set[int]
) -> None:
    """A modal can't answer a modal, an update needs a message, and so on."""
    for kind in allowed:
        assert check_kind({"type": kind}, interaction, has_message=has_message) == kind
    for kind in set(range(1, 10)) - allowed:
        with pytest.raises(ApiError) as refused:
            check_kind({"type": kind}, interaction, has_message=has_message)
        assert refused.value.code == 50035


def modal_faults(modal: Json) -> dict[str, str]:
    try:
        check_modal(modal)
    except ApiError as error:
        return faults_of((error.errors or {})["data"])
    return {}


@pytest.mark.parametrize(
    "inner",
    [
        TEXT_INPUT,
        {"type": 3, "custom_id": "a", "options": OPTIONS},
        {"type": 5, "custom_id": "a"},
        {"type": 19, "custom_id": "a", "min_values": 0, "max_values": 10},
        {"type": 21, "custom_id": "a", "options": OPTIONS},
        {"type": 22, "custom_id": "a", "options": OPTIONS},
        {"type": 23, "custom_id": "a"},
    ],
)
def test_a_label_may_hold_any_input(inner: Json) -> None:
    """Texts, selects, files, radio buttons and boxes are taken."""
    assert modal_faults(MODAL | {"components": [LABEL | {"component": inner}]}) == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": "x" * 46}, {"title": "BASE_TYPE_MAX_LENGTH"}),
        ({"title": None}, {"title": "BASE_TYPE_REQUIRED"}),
        ({"custom_id": ""}, {"custom_id": "BASE_TYPE_BAD_LENGTH"}),
        ({"components": []}, {"components": "BASE_TYPE_BAD_LENGTH"}),
        (
            {"components": [{"type": 10, "content": "x"}] * 6},
            {"components": "BASE_TYPE_BAD_LENGTH"},
        ),
        ({"components": [TEXT_INPUT]}, {"components.0.type": "UNION_TYPE_CHOICES"}),
        (
            {"components": [LABEL | {"label": "x" * 46}]},
            {"components.0.label": "BASE_TYPE_MAX_LENGTH"},
        ),
        (
            {"components": [LABEL | {"component": None}]},
            {"components.0.component": "BASE_TYPE_REQUIRED"},
        ),
        (
            {"components": [LABEL | {"component": TEXT_INPUT | {"style": 3}}]},
            {"components.0.component.style": "BASE_TYPE_CHOICES"},
        ),
        (
            {"components": [LABEL | {"component": TEXT_INPUT | {"max_length": 4001}}]},
            {"components.0.component.max_length": "NUMBER_TYPE_RANGE"},
        ),
        (
            {"components": [LABEL, LABEL]},
            {"components.1.component.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED"},
        ),
        (
            {"components": [{"type": 1, "components": [TEXT_INPUT]}]},
            {"components.0.components.0.label": "BASE_TYPE_REQUIRED"},
        ),
    ],
)
def test_modals_have_their_rules(change: Json, expected: dict[str, str]) -> None:
    """Titles, labels, how many, and what may be inside."""
    assert modal_faults(MODAL | change) == expected


def test_choices_are_at_most_25() -> None:
    """Autocomplete may offer 25 choices of 100 characters."""
    choice = {"name": "n" * 100, "value": "v" * 100}

    assert len(check_choices({"choices": [choice] * 25})) == 25
    with pytest.raises(ApiError):
        check_choices({"choices": [choice] * 26})
    with pytest.raises(ApiError):
        check_choices({"choices": [choice | {"name": "n" * 101}]})
