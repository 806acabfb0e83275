"""What Discord refuses in the answer to an interaction: its kind, choices, and modals."""

from typing import Any, Final

from playground.component_kinds import (
    ACTION_ROW,
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
)
from playground.component_rules import Path, check_component, check_custom_id, check_custom_ids
from playground.errors import FormErrors
from playground.json_types import Json, JsonList
from playground.select_rules import check_bounds, check_options
from playground.shapes import CHOICES_SHAPE, MODAL_SHAPE, hold

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
_ANSWERS: Final[dict[int, tuple[int, ...]]] = {
    COMMAND: (MESSAGE, DEFERRED_MESSAGE, MODAL),  # a command: message, deferred message, modal
    COMPONENT: (
        MESSAGE,
        DEFERRED_MESSAGE,
        DEFERRED_UPDATE,
        UPDATE,
        MODAL,
    ),  # a component: also an update of its message
    AUTOCOMPLETE: (CHOICES,),  # autocomplete: choices and nothing else
    MODAL_SUBMIT: (MESSAGE, DEFERRED_MESSAGE),  # a submitted modal can't open the next one
}
_UPDATES: Final = (DEFERRED_UPDATE, UPDATE)
MAX_CHOICES = 25
MAX_TITLE = 45
MAX_MODAL_COMPONENTS = 5
_IN_LABEL: Final = (
    *SELECTS,
    TEXT_INPUT,
    FILE_UPLOAD,
    RADIO_GROUP,
    CHECKBOX_GROUP,
    CHECKBOX,
)


def check_kind(body: Json, interaction_kind: int, *, has_message: bool) -> int:
    """Return the kind of answer, refusing one that this kind of interaction can't have."""
    allowed = _ANSWERS[interaction_kind]
    if interaction_kind == MODAL_SUBMIT and has_message:
        allowed += _UPDATES
    kind = body.get("type")
    faults = FormErrors()
    if not isinstance(kind, int):
        faults.required(("type",))
    elif kind not in allowed:
        choices = ", ".join(map(str, allowed))
        faults.add(("type",), "BASE_TYPE_CHOICES", f"Value must be one of {{{choices}}}.")
    data = body.get("data")
    if data is not None and not isinstance(data, dict):
        faults.add(("data",), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
    faults.raise_if_any()
    return int(body["type"])


def check_choices(data: Json) -> list[Json]:
    """Return the autocomplete choices, refusing too many or malformed ones."""
    hold(data, CHOICES_SHAPE, ("data",))
    choices: JsonList = data.get("choices") or []
    faults = FormErrors()
    if data.get("choices") is None:
        faults.required(("data", "choices"))
    faults.count(("data", "choices"), len(choices), 0, MAX_CHOICES)
    for index, choice in enumerate(choices):
        check_choice(faults, ("data", "choices", index), choice)
    faults.raise_if_any()
    return choices


def check_choice(faults: FormErrors, path: Path, choice: Json) -> None:
    """Note the faults of one choice of a command's option."""
    name, value = choice.get("name"), choice.get("value")
    if not isinstance(name, str):
        faults.required((*path, "name"))
    else:
        faults.length((*path, "name"), name, 1, 100)
    if value is None:
        faults.required((*path, "value"))
    elif isinstance(value, str):
        faults.length((*path, "value"), value, 1, 100)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        faults.add((*path, "value"), "BASE_TYPE_BAD_TYPE", "Must be a string or a number.")


def check_modal(data: Json) -> None:
    """Refuse a modal that Discord would refuse."""
    hold(data, MODAL_SHAPE, ("data",))
    faults = FormErrors()
    for key, most in (("title", MAX_TITLE), ("custom_id", 100)):
        text = data.get(key)
        if not isinstance(text, str):
            faults.required(("data", key))
        else:
            faults.length(("data", key), text, 1, most)
    components = data.get("components")
    path: Path = ("data", "components")
    if not isinstance(components, list):
        faults.required(path)
    else:
        faults.count(path, len(components), 1, MAX_MODAL_COMPONENTS)
        sound = [_check_top(faults, (*path, n), c) for n, c in enumerate(components)]
        if all(sound):
            check_custom_ids(faults, path, components)
    faults.raise_if_any()


def _check_top(faults: FormErrors, path: Path, component: Any) -> bool:
    # A row is judged here: in a modal it holds one text input, which no message may have.
    if isinstance(component, dict) and component.get("type") == ACTION_ROW:
        return _check_row(faults, (*path, "components"), component.get("components"))
    if not check_component(faults, path, component, (ACTION_ROW, LABEL, TEXT_DISPLAY)):
        return False
    return component["type"] != LABEL or _check_label(faults, path, component)


def _check_row(faults: FormErrors, path: Path, children: Any) -> bool:
    if not isinstance(children, list) or len(children) != 1:
        faults.add(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 1 in length.")
        return False
    if not check_input(faults, (*path, 0), children[0], (TEXT_INPUT,)):
        return False
    if not children[0].get("label"):
        faults.required((*path, 0, "label"))
    return True


def _check_label(faults: FormErrors, path: Path, label: Json) -> bool:
    text = label.get("label")
    if not isinstance(text, str):
        faults.required((*path, "label"))
    else:
        faults.length((*path, "label"), text, 1, 45)
    description = label.get("description")
    if isinstance(description, str):
        faults.length((*path, "description"), description, 0, 100)
    inner = label.get("component")
    if inner is None:
        faults.required((*path, "component"))
        return False
    return check_input(faults, (*path, "component"), inner, _IN_LABEL)


def check_input(faults: FormErrors, path: Path, component: Any, allowed: tuple[int, ...]) -> bool:
    """Note the faults of something that a modal asks for; say whether its kind is allowed."""
    if not check_component(faults, path, component, allowed):
        return False
    kind = component["type"]
    if kind not in SELECTS:
        check_custom_id(faults, path, component)
    if kind == TEXT_INPUT:
        _check_text_input(faults, path, component)
    if kind == FILE_UPLOAD:
        check_bounds(faults, path, component, 10)
    if kind == RADIO_GROUP:
        check_options(faults, (*path, "options"), component.get("options"), 2, 10)
    if kind == CHECKBOX_GROUP:
        check_options(faults, (*path, "options"), component.get("options"), 1, 10)
    return True


def _check_text_input(faults: FormErrors, path: Path, asked: Json) -> None:
    if asked.get("style") not in (1, 2):
        faults.add((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    for key, most in (("placeholder", 100), ("value", 4000), ("label", 45)):
        text = asked.get(key)
        if isinstance(text, str):
            faults.length((*path, key), text, 0, most)
    for key, least in (("min_length", 0), ("max_length", 1)):
        number = asked.get(key)
        if isinstance(number, int):
            faults.number((*path, key), number, least, 4000)
