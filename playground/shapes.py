"""The shapes of request bodies: which field holds what kind of value.

Every body is held against its shape before any rule looks at it, so rules may rely on kinds. As on
Discord, null is taken for "not there", and fields that nobody knows are passed over.
"""

from typing import Any, Final, TypeAlias

from playground.errors import FormErrors
from playground.snowflakes import is_snowflake

Path = tuple[str | int, ...]
ID: Final = "id"
COMPONENT: Final = "component"
ANY: Final = "any"
TEXTS: Final = "texts"
Shape: TypeAlias = "type | str | list[Shape] | dict[str, Shape]"
"""A type; ID, COMPONENT, ANY, or TEXTS (by language); a list with the shape of its items; an
object's known fields."""

_MEDIA: Final[Shape] = {"url": str}
_EMOJI: Final[Shape] = {"id": ID, "name": str, "animated": bool}
_EMBED: Final[Shape] = {
    "title": str,
    "description": str,
    "url": str,
    "timestamp": str,
    "color": int,
    "footer": {"text": str, "icon_url": str},
    "image": _MEDIA,
    "thumbnail": _MEDIA,
    "author": {"name": str, "url": str, "icon_url": str},
    "fields": [{"name": str, "value": str, "inline": bool}],
}
_COMPONENT: Final[Shape] = {
    "type": int,
    "id": int,
    "custom_id": str,
    "label": str,
    "style": int,
    "url": str,
    "emoji": _EMOJI,
    "disabled": bool,
    "placeholder": str,
    "min_values": int,
    "max_values": int,
    "min_length": int,
    "max_length": int,
    "required": bool,
    "options": [{"label": str, "value": str, "description": str, "default": bool, "emoji": _EMOJI}],
    "default_values": [{"id": ID, "type": str}],
    "channel_types": [int],
    "content": str,
    "components": [COMPONENT],
    "component": COMPONENT,
    "accessory": COMPONENT,
    "media": _MEDIA,
    "file": _MEDIA,
    "items": [{"media": _MEDIA, "description": str, "spoiler": bool}],
    "description": str,
    "spoiler": bool,
    "spacing": int,
    "divider": bool,
    "accent_color": int,
}
MESSAGE_SHAPE: Final[Shape] = {
    "content": str,
    "tts": bool,
    "flags": int,
    "embeds": [_EMBED],
    "components": [COMPONENT],
    "allowed_mentions": {"parse": [str], "users": [ID], "roles": [ID], "replied_user": bool},
    "message_reference": {"message_id": ID, "channel_id": ID, "fail_if_not_exists": bool},
    "attachments": [{"id": ID, "filename": str, "description": str}],
    "enforce_nonce": bool,
}
MODAL_SHAPE: Final[Shape] = {"title": str, "custom_id": str, "components": [COMPONENT]}
_CHOICE: Final[Shape] = {"name": str, "value": ANY, "name_localizations": TEXTS}
CHOICES_SHAPE: Final[Shape] = {"choices": [_CHOICE]}
_OPTION: Final = "option"
_NAMED: Final[dict[str, Shape]] = {
    "name": str,
    "description": str,
    "name_localizations": TEXTS,
    "description_localizations": TEXTS,
    "options": [_OPTION],
}
COMMAND_SHAPE: Final[Shape] = _NAMED | {
    "type": int,
    "default_member_permissions": ID,
    "contexts": [int],
    "integration_types": [int],
    "nsfw": bool,
    "dm_permission": bool,
}
THREAD_SHAPE: Final[Shape] = {
    "name": str,
    "type": int,
    "archived": bool,
    "locked": bool,
    "invitable": bool,
    "auto_archive_duration": int,
    "rate_limit_per_user": int,
    "flags": int,
}
_RECURSIVE: Final[dict[str, Shape]] = {
    COMPONENT: _COMPONENT,
    _OPTION: _NAMED
    | {
        "type": int,
        "required": bool,
        "autocomplete": bool,
        "choices": [_CHOICE],
        "channel_types": [int],
        "min_length": int,
        "max_length": int,
        "min_value": float,
        "max_value": float,
    },
}
_FAULTS: Final[dict[type, tuple[str, str]]] = {
    str: ("STRING_TYPE_CONVERT", "Could not interpret value as string."),
    int: ("NUMBER_TYPE_COERCE", "Value is not int."),
    float: ("NUMBER_TYPE_COERCE", "Value is not float."),
    bool: ("BOOLEAN_TYPE_CHOICES", "Must be either true or false."),
    list: ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    dict: ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
}
_MOST = 1 << 63


def hold(body: Any, shape: Shape, path: Path = ()) -> None:
    """Refuse a body that does not have the shape.

    Raises:
        ApiError: 50035 with each value of the wrong kind at its place.
    """
    faults = FormErrors()
    check_shape(faults, path, body, shape)
    faults.raise_if_any()


def check_shape(faults: FormErrors, path: Path, value: Any, shape: Shape) -> None:
    """Note each value of the wrong kind; `value` itself must be there."""
    if isinstance(shape, dict):
        _check_object(faults, path, value, shape)
    elif isinstance(shape, list):
        _check_list(faults, path, value, shape[0])
    elif isinstance(shape, type):
        if not _is_a(value, shape):
            faults.add(path, *_FAULTS[shape])
    elif shape == ID:
        if not is_snowflake(value) and value not in (0, "0"):
            faults.add(path, "NUMBER_TYPE_COERCE", f'Value "{str(value)[:40]}" is not snowflake.')
    elif shape == TEXTS:
        languages: dict[str, Shape] = dict.fromkeys(value, str) if isinstance(value, dict) else {}
        _check_object(faults, path, value, languages)
    elif shape in _RECURSIVE:
        check_shape(faults, path, value, _RECURSIVE[shape])


def _check_object(faults: FormErrors, path: Path, value: Any, fields: dict[str, Shape]) -> None:
    if not isinstance(value, dict):
        faults.add(path, *_FAULTS[dict])
        return
    for key, shape in fields.items():
        if value.get(key) is not None:
            check_shape(faults, (*path, key), value[key], shape)


def _check_list(faults: FormErrors, path: Path, value: Any, shape: Shape) -> None:
    if not isinstance(value, list):
        faults.add(path, *_FAULTS[list])
        return
    for index, item in enumerate(value):
        check_shape(faults, (*path, index), item, shape)


def _is_a(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float) and abs(value) < _MOST
    if kind is int:
        return isinstance(value, int) and abs(value) < _MOST
    return isinstance(value, kind)
