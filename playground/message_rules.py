"""What Discord refuses in a message: lengths, empty messages, embeds, mentions, files."""

from collections.abc import Sequence
from typing import Final

from playground import objects
from playground.component_rules import check_message_components
from playground.embed_rules import check_embeds
from playground.errors import ApiError, FormErrors
from playground.json_types import Json, JsonList
from playground.shapes import MESSAGE_SHAPE, hold
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
    hold(body, MESSAGE_SHAPE)
    faults = FormErrors()
    _check_parts(faults, body, files, uses_v2=bool(flags_of(body) & objects.COMPONENTS_V2))
    faults.raise_if_any()
    if not (files or any(body.get(key) for key in ("embeds", "components", "poll", "sticker_ids"))):
        _check_says_something(body)


def check_edit(message: Json, body: Json, files: Sequence[Upload]) -> None:
    """Refuse a change of `message` that Discord would refuse."""
    hold(body, MESSAGE_SHAPE)
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
    if not (body.get("content") or "").strip():
        raise ApiError(400, 50006, "Cannot send an empty message")


def flags_of(body: Json) -> int:
    """Return the request's flags; 0 when they are no number, which is a fault of its own."""
    flags = body.get("flags")
    return flags if isinstance(flags, int) else 0


def _check_parts(faults: FormErrors, body: Json, files: Sequence[Upload], *, uses_v2: bool) -> None:
    faults.length(("content",), body.get("content") or "", 0, CONTENT_LIMIT)
    check_embeds(faults, body.get("embeds") or [])
    check_message_components(faults, body.get("components") or [], uses_v2=uses_v2)
    _check_allowed_mentions(faults, body.get("allowed_mentions") or {})
    reference = body.get("message_reference")
    if reference is not None and reference.get("message_id") is None:
        faults.required(("message_reference", "message_id"))
    if uses_v2:
        for key in _LEGACY_FIELDS:
            if body.get(key):
                _legacy_field(faults, key)
    _check_nonce(faults, body.get("nonce"))
    _check_files(faults, body, files)


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


def _check_nonce(faults: FormErrors, nonce: object) -> None:
    if isinstance(nonce, str):
        faults.length(("nonce",), nonce, 0, 25)
    elif nonce is not None and not isinstance(nonce, int):
        faults.add(("nonce",), "BASE_TYPE_BAD_TYPE", "Must be a string or an integer.")


def _check_files(faults: FormErrors, body: Json, files: Sequence[Upload]) -> None:
    if any(len(file.data) > MAX_FILE_BYTES for file in files):
        raise too_large()
    faults.count(("attachments",), len(files), 0, MAX_FILES)
    for index, entry in enumerate(body.get("attachments") or []):
        description = entry.get("description") or ""
        faults.length(("attachments", index, "description"), description, 0, MAX_DESCRIPTION)


def _check_kept(
    faults: FormErrors, described: JsonList, message: Json, files: Sequence[Upload]
) -> None:
    known = {a["id"] for a in message["attachments"]} | {file.index for file in files}
    for index, entry in enumerate(described):
        if str(entry.get("id")) not in known:
            faults.add(
                ("attachments", index, "id"),
                "ATTACHMENT_NOT_FOUND",
                f"Attachment data cannot be found for attachment {entry.get('id')}.",
            )
