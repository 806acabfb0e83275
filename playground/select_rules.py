"""What Discord refuses in selects, and in the option lists that modals know besides them."""

from typing import Any

from playground.component_kinds import STRING_SELECT
from playground.errors import FormErrors
from playground.json_types import Json, JsonList

Path = tuple[str | int, ...]
MAX_OPTIONS = 25


def check_select(faults: FormErrors, path: Path, select: Json) -> None:
    """Note the faults of a select of any kind (its custom id aside)."""
    placeholder = select.get("placeholder")
    if isinstance(placeholder, str):
        faults.length((*path, "placeholder"), placeholder, 0, 150)
    check_bounds(faults, path, select, MAX_OPTIONS)
    if select["type"] == STRING_SELECT:
        options = select.get("options")
        check_options(faults, (*path, "options"), options, 1, MAX_OPTIONS)
        if isinstance(options, list):
            _check_defaults(faults, path, select, options)


def check_bounds(faults: FormErrors, path: Path, component: Json, most: int) -> None:
    """Note `min_values` and `max_values` out of their bounds."""
    least, largest = _bound(component, "min_values"), _bound(component, "max_values")
    faults.number((*path, "min_values"), least, 0, most)
    faults.number((*path, "max_values"), largest, 1, most)
    if least > largest >= 1:
        message = "min_values must be less than or equal to max_values"
        faults.add((*path, "min_values"), "SELECT_COMPONENT_MIN_VALUES_GREATER_THAN_MAX", message)
    options = component.get("options")
    if isinstance(options, list) and options:
        faults.number((*path, "max_values"), min(largest, most), 1, len(options))


def check_options(faults: FormErrors, path: Path, options: Any, least: int, most: int) -> None:
    """Note the faults of a list of options."""
    if not isinstance(options, list):
        faults.required(path)
        return
    faults.count(path, len(options), least, most)
    seen: set[str] = set()
    for index, option in enumerate(options):
        here = (*path, index)
        _check_option(faults, here, option)
        value = str(option.get("value"))
        if value in seen:
            message = "The specified option value is already used"
            faults.add((*here, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        seen.add(value)


def _check_option(faults: FormErrors, path: Path, option: Json) -> None:
    for key in ("label", "value"):
        text = option.get(key)
        if not isinstance(text, str):
            faults.required((*path, key))
        else:
            faults.length((*path, key), text, 1, 100)
    description = option.get("description")
    if isinstance(description, str):
        faults.length((*path, "description"), description, 0, 100)


def _check_defaults(faults: FormErrors, path: Path, select: Json, options: JsonList) -> None:
    chosen = sum(1 for option in options if option.get("default"))
    if chosen > _bound(select, "max_values"):
        message = "The number of default values must be at most max_values"
        faults.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", message)


def _bound(component: Json, key: str) -> int:
    value = component.get(key)
    return value if isinstance(value, int) else 1
