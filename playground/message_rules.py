"""What Discord refuses in a message: lengths, empty messages, embeds, mentions, files."""

from collections.abc import Sequence
from typing import Any, Final

from playground import objects
from playground.component_rules import check_message_components
from playground.embed_rules import check_embeds
from playground.errors import ApiError, FormErrors
from playground.json_types import Json
from playground.snowflakes import is_snowflake
from playground.uploads import MAX_FILE_BYTES, MAX_FILES, Upload, too_large

CONTENT_LIMIT = 2000
MAX_DESCRIPTION = 1024
_MENTION_KINDS: Final = ("roles", "users", "everyone")
_LEGACY_FIELDS: Final = ("content", "embeds", "poll", "sticker_ids")


def check_message(body: Json, files: Sequence[Upload]) -> None:
    """Refuse a new message that Discord would refuse.

    Raises:
        ApiError: 50035 with the tree of faults, 50006 when it says nothing, 40005 for large files.
    """
    faults = FormErrors()
    _check_parts(faults, body, files, uses_v2=bool(flags_of(body) & objects.COMPONENTS_V2))
    faults.raise_if_any()
    if not (files or any(body.get(key) for key in ("embeds", "components", "poll", "sticker_ids"))):
        _check_says_something(body)


def check_edit(message: Json, body: Json, files: Sequence[Upload]) -> None:
    """Refuse a change of `message` that Discord would refuse."""
    faults = FormErrors()
    both = message["flags"] | flags_of(body)
    uses_v2 = bool(both & objects.COMPONENTS_V2)
    _check_parts(faults, body, files, uses_v2=uses_v2)
    if uses_v2 and not message["flags"] & objects.COMPONENTS_V2:
        # What stays on the message must not clash with the flag either.
        for key in ("content", "embeds"):
            if message[key] and key not in body:
                _legacy_field(faults, key)
    if "attachments" in body:
        _check_kept(faults, body["attachments"] or [], message, files)
    faults.raise_if_any()


def _check_says_something(body: Json) -> None:
    content = body.get("content")
    if not isinstance(content, str) or not content.strip():
        raise ApiError(400, 50006, "Cannot send an empty message")


def flags_of(body: Json) -> int:
    """Return the request's flags; 0 when they are no number, which is a fault of its own."""
    flags = body.get("flags")
    return flags if isinstance(flags, int) else 0


def _check_parts(faults: FormErrors, body: Json, files: Sequence[Upload], *, uses_v2: bool) -> None:
    if _has_type(faults, body, "content", str):
        faults.length(("content",), body["content"], 0, CONTENT_LIMIT)
    _has_type(faults, body, "flags", int)
    if _has_type(faults, body, "embeds", list):
        check_embeds(faults, body["embeds"])
    if _has_type(faults, body, "components", list):
        check_message_components(faults, body["components"], uses_v2=uses_v2)
    if _has_type(faults, body, "allowed_mentions", dict):
        _check_allowed_mentions(faults, body["allowed_mentions"])
    if _has_type(faults, body, "message_reference", dict):
        _check_reference(faults, body["message_reference"])
    if uses_v2:
        for key in _LEGACY_FIELDS:
            if body.get(key):
                _legacy_field(faults, key)
    _check_nonce(faults, body.get("nonce"))
    _check_files(faults, body, files)


_NAMES: Final[dict[type, tuple[str, str]]] = {
    str: ("STRING_TYPE_CONVERT", "Could not interpret value as string."),
    int: ("NUMBER_TYPE_COERCE", "Value is not int."),
    list: ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    dict: ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
}


def _has_type(faults: FormErrors, body: Json, key: str, kind: type[Any]) -> bool:
    """Say whether the field is there and well typed; a wrong type is noted."""
    value = body.get(key)
    if value is None:
        return False
    if not isinstance(value, kind) or isinstance(value, bool):
        faults.add((key,), *_NAMES[kind])
        return False
    return True


def _legacy_field(faults: FormErrors, key: str) -> None:
    faults.add(
        (key,),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    )


def _check_allowed_mentions(faults: FormErrors, allowed: Json) -> None:
    parse = allowed.get("parse") or []
    for index, kind in enumerate(parse):
        if kind not in _MENTION_KINDS:
            message = f"Value must be one of {{{', '.join(map(repr, _MENTION_KINDS))}}}."
            faults.add(("allowed_mentions", "parse", index), "BASE_TYPE_CHOICES", message)
    for kind in ("users", "roles"):
        named = allowed.get(kind) or []
        faults.count(("allowed_mentions", kind), len(named), 0, 100)
        if named and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            faults.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        for index, snowflake in enumerate(named):
            _check_snowflake(faults, ("allowed_mentions", kind, index), snowflake)


def _check_reference(faults: FormErrors, reference: Json) -> None:
    if "message_id" not in reference:
        faults.required(("message_reference", "message_id"))
        return
    _check_snowflake(faults, ("message_reference", "message_id"), reference["message_id"])


def _check_snowflake(faults: FormErrors, path: tuple[str | int, ...], value: object) -> None:
    if not is_snowflake(value):
        message = f'Value "{value}" is not snowflake.'
        faults.add(path, "NUMBER_TYPE_COERCE", message)


def _check_nonce(faults: FormErrors, nonce: object) -> None:
    if isinstance(nonce, str):
        faults.length(("nonce",), nonce, 0, 25)
    elif nonce is not None and not isinstance(nonce, int):
        faults.add(("nonce",), "BASE_TYPE_BAD_TYPE", "Must be a string or an integer.")


def _check_files(faults: FormErrors, body: Json, files: Sequence[Upload]) -> None:
    if any(len(file.data) > MAX_FILE_BYTES for file in files):
        raise too_large()
    faults.count(("attachments",), len(files), 0, MAX_FILES)
    described = body.get("attachments") or []
    if not isinstance(described, list):
        faults.add(("attachments",), *_NAMES[list])
        return
    for index, entry in enumerate(described):
        if not isinstance(entry, dict):
            faults.add(("attachments", index), *_NAMES[dict])
        elif len(entry.get("description") or "") > MAX_DESCRIPTION:
            faults.too_long(("attachments", index, "description"), MAX_DESCRIPTION)


def _check_kept(
    faults: FormErrors, described: list[Any], message: Json, files: Sequence[Upload]
) -> None:
    known = {a["id"] for a in message["attachments"]} | {file.index for file in files}
    for index, entry in enumerate(described):
        if isinstance(entry, dict) and str(entry.get("id")) not in known:
            faults.add(
                ("attachments", index, "id"),
                "ATTACHMENT_NOT_FOUND",
                f"Attachment data cannot be found for attachment {entry.get('id')}.",
            )
