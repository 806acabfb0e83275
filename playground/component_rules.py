"""What Discord refuses in components: the first kind, V2, and how they may be nested."""

from collections.abc import Callable
from typing import Any, Final

from playground.component_fill import walk
from playground.component_kinds import (
    ACTION_ROW,
    BUTTON,
    CONTAINER,
    FILE,
    MEDIA_GALLERY,
    SECTION,
    SELECTS,
    SEPARATOR,
    TEXT_DISPLAY,
    THUMBNAIL,
)
from playground.errors import MAX_COLOR, FormErrors
from playground.json_types import Json
from playground.select_rules import check_select

Path = tuple[str | int, ...]

MAX_ROWS = 5
MAX_COMPONENTS = 40
MAX_V2_TEXT = 4000
MAX_CUSTOM_ID = 100
LINK, PREMIUM = 5, 6

_IN_CONTAINER: Final = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR)
_TOP_V2: Final = (*_IN_CONTAINER, CONTAINER)


def check_message_components(faults: FormErrors, components: list[Any], *, uses_v2: bool) -> None:
    """Note the faults of a message's components."""
    top = _TOP_V2 if uses_v2 else (ACTION_ROW,)
    if not check_children(faults, ("components",), components, top):
        return
    _check_counts(faults, components, uses_v2=uses_v2)
    check_custom_ids(faults, ("components",), components)


def check_children(faults: FormErrors, path: Path, children: Any, allowed: tuple[int, ...]) -> bool:
    """Note the faults of these components and of all below; say whether all are of known kinds."""
    if not isinstance(children, list):
        faults.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        return False
    sound = [
        check_component(faults, (*path, index), child, allowed)
        for index, child in enumerate(children)
    ]
    return all(sound)


def check_component(
    faults: FormErrors, path: Path, component: Any, allowed: tuple[int, ...]
) -> bool:
    """Note the faults of one component; say whether it is of a kind allowed here."""
    if not isinstance(component, dict):
        faults.add(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return False
    kind = component.get("type")
    if kind not in allowed:
        choices = ", ".join(map(str, allowed)) + ("," if len(allowed) == 1 else "")
        message = f'Value of field "type" must be one of ({choices}).'
        faults.add((*path, "type"), "UNION_TYPE_CHOICES", message)
        return False
    check = _CHECKS.get(kind)
    return check(faults, path, component) if check else True


def _check_counts(faults: FormErrors, components: list[Json], *, uses_v2: bool) -> None:
    if not uses_v2:
        faults.count(("components",), len(components), 0, MAX_ROWS)
        return
    everything = list(walk(components))
    if len(everything) > MAX_COMPONENTS:
        message = f"Must be {MAX_COMPONENTS} or fewer in length."
        faults.add(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    text = sum(len(c["content"]) for c in everything if c["type"] == TEXT_DISPLAY)
    if text > MAX_V2_TEXT:
        message = f"Displayable text size exceeds maximum size of {MAX_V2_TEXT}"
        faults.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)


def check_custom_ids(faults: FormErrors, where: Path, components: list[Json]) -> None:
    """Note custom ids that appear twice, with the place of the second one."""
    seen: set[str] = set()
    numbers: set[int] = set()
    for path, component in _walk_with_paths(where, components):
        custom_id, number = component.get("custom_id"), component.get("id")
        if isinstance(custom_id, str):
            if custom_id in seen:
                message = "Component custom id cannot be duplicated"
                faults.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
            seen.add(custom_id)
        if isinstance(number, int) and number:
            if number in numbers:
                message = "Component id cannot be duplicated"
                faults.add((*path, "id"), "COMPONENT_ID_DUPLICATED", message)
            numbers.add(number)


def _walk_with_paths(path: Path, components: list[Json]) -> list[tuple[Path, Json]]:
    found: list[tuple[Path, Json]] = []
    for index, component in enumerate(components):
        here = (*path, index)
        found.append((here, component))
        found += _walk_with_paths((*here, "components"), component.get("components") or [])
        for key in ("component", "accessory"):
            if isinstance(component.get(key), dict):
                inner = _walk_with_paths((*here, key), [component[key]])
                # A single child has no index of its own in Discord's error tree.
                found += [((*here, key, *p[len(here) + 2 :]), c) for p, c in inner]
    return found


def check_custom_id(faults: FormErrors, path: Path, component: Json) -> None:
    """Note a custom id that is missing or too long."""
    custom_id = component.get("custom_id")
    if not isinstance(custom_id, str):
        faults.required((*path, "custom_id"))
    else:
        faults.length((*path, "custom_id"), custom_id, 1, MAX_CUSTOM_ID)


def _row(faults: FormErrors, path: Path, row: Json) -> bool:
    children = row.get("components")
    inside = (*path, "components")
    if not isinstance(children, list) or not children:
        faults.add(inside, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        return False
    if not check_children(faults, inside, children, (BUTTON, *SELECTS)):
        return False
    # Five places in a row: a button takes one, a select all of them.
    width = sum(1 if child["type"] == BUTTON else MAX_ROWS for child in children)
    if width > MAX_ROWS:
        message = "The specified component exceeds the maximum width"
        faults.add((*inside, len(children) - 1), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    return True


def _button(faults: FormErrors, path: Path, button: Json) -> bool:
    style = button.get("style")
    if not isinstance(style, int) or style not in range(1, 7):
        message = "Value must be one of {1, 2, 3, 4, 5, 6}."
        faults.add((*path, "style"), "BASE_TYPE_CHOICES", message)
        return True
    label = button.get("label")
    if isinstance(label, str):
        faults.length((*path, "label"), label, 0, 80)
    if not label and not button.get("emoji") and style != PREMIUM:
        message = "A label or an emoji is required"
        faults.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", message)
    _check_button_target(faults, path, button, style)
    return True


def _check_button_target(faults: FormErrors, path: Path, button: Json, style: int) -> None:
    if style == LINK:
        url = button.get("url")
        if not isinstance(url, str) or not url:
            faults.add(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        else:
            check_url(faults, (*path, "url"), url, ("http", "https", "discord"), most=512)
        if button.get("custom_id"):
            message = "A custom id and url cannot both be specified"
            faults.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    elif style != PREMIUM:
        check_custom_id(faults, path, button)


def check_url(
    faults: FormErrors, path: Path, url: str, schemes: tuple[str, ...], most: int
) -> None:
    """Note a URL that is too long or of another scheme."""
    faults.length(path, url, 1, most)
    scheme = url.partition(":")[0]
    if scheme not in schemes:
        quoted = ", ".join(f"'{known}'" for known in schemes)
        message = f'Scheme "{scheme}" must be one of ({quoted}).'
        faults.add(path, "URL_TYPE_INVALID_SCHEME", message)


def _section(faults: FormErrors, path: Path, section: Json) -> bool:
    inside = (*path, "components")
    children = section.get("components")
    sound = check_children(faults, inside, children, (TEXT_DISPLAY,))
    if isinstance(children, list):
        faults.count(inside, len(children), 1, 3)
    if not section.get("accessory"):
        faults.required((*path, "accessory"))
        return False
    accessory = section["accessory"]
    return check_component(faults, (*path, "accessory"), accessory, (BUTTON, THUMBNAIL)) and sound


def check_text(faults: FormErrors, path: Path, display: Json) -> bool:
    """Note a text display without text; its length counts towards the whole message."""
    content = display.get("content")
    if not isinstance(content, str):
        faults.required((*path, "content"))
        return False
    faults.length((*path, "content"), content, 1, MAX_V2_TEXT)
    return True


def _thumbnail(faults: FormErrors, path: Path, thumbnail: Json) -> bool:
    return _check_media(faults, path, thumbnail, "media")


def _check_media(faults: FormErrors, path: Path, component: Json, key: str) -> bool:
    media = component.get(key)
    if not isinstance(media, dict) or not isinstance(media.get("url"), str):
        faults.required((*path, key))
        return False
    schemes = ("attachment",) if key == "file" else ("http", "https", "attachment")
    url = media["url"]
    # A file that the message has already may be named by its own address, as clients do in edits.
    if not (key == "file" and "/cdn/attachments/" in url):
        check_url(faults, (*path, key, "url"), url, schemes, most=2048)
    description = component.get("description")
    if isinstance(description, str):
        faults.length((*path, "description"), description, 0, 1024)
    return True


def _gallery(faults: FormErrors, path: Path, gallery: Json) -> bool:
    items = gallery.get("items")
    if not isinstance(items, list):
        faults.required((*path, "items"))
        return False
    faults.count((*path, "items"), len(items), 1, 10)
    sound = [
        _check_media(faults, (*path, "items", index), item, "media")
        for index, item in enumerate(items)
    ]
    return all(sound)


def _file(faults: FormErrors, path: Path, file: Json) -> bool:
    return _check_media(faults, path, file, "file")


def _separator(faults: FormErrors, path: Path, separator: Json) -> bool:
    if separator.get("spacing") not in (None, 1, 2):
        faults.add((*path, "spacing"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    return True


def _container(faults: FormErrors, path: Path, container: Json) -> bool:
    color = container.get("accent_color")
    if isinstance(color, int):
        faults.number((*path, "accent_color"), color, 0, MAX_COLOR)
    inside = (*path, "components")
    children = container.get("components")
    sound = check_children(faults, inside, children, _IN_CONTAINER)
    if isinstance(children, list):
        faults.count(inside, len(children), 1, MAX_COMPONENTS)
    return sound


def _select(faults: FormErrors, path: Path, select: Json) -> bool:
    check_custom_id(faults, path, select)
    check_select(faults, path, select)
    return True


_CHECKS: Final[dict[int, Callable[[FormErrors, Path, Json], bool]]] = {
    ACTION_ROW: _row,
    BUTTON: _button,
    SECTION: _section,
    TEXT_DISPLAY: check_text,
    THUMBNAIL: _thumbnail,
    MEDIA_GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
    **dict.fromkeys(SELECTS, _select),
}
