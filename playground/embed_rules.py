"""What Discord refuses in embeds."""

from typing import Any, Final
from urllib.parse import urlsplit

from playground.errors import MAX_COLOR, FormErrors
from playground.json_types import Json, JsonList

MAX_EMBEDS = 10
MAX_TOTAL = 6000
MAX_FIELDS = 25
_TEXTS: Final = (  # where, the most characters
    (("title",), 256),
    (("description",), 4096),
    (("footer", "text"), 2048),
    (("author", "name"), 256),
)
_URLS: Final = (
    (("url",), ("http", "https")),
    (("image", "url"), ("http", "https", "attachment")),
    (("thumbnail", "url"), ("http", "https", "attachment")),
    (("author", "url"), ("http", "https")),
    (("author", "icon_url"), ("http", "https", "attachment")),
    (("footer", "icon_url"), ("http", "https", "attachment")),
)


def check_embeds(faults: FormErrors, embeds: JsonList) -> None:
    """Note the faults of a message's embeds."""
    faults.count(("embeds",), len(embeds), 0, MAX_EMBEDS)
    total = 0
    for index, embed in enumerate(embeds):
        _check_embed(faults, ("embeds", index), embed)
        total += _size(embed)
    if total > MAX_TOTAL:
        message = f"Embed size exceeds maximum size of {MAX_TOTAL}"
        faults.add(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", message)


def _check_embed(faults: FormErrors, path: tuple[str | int, ...], embed: Json) -> None:
    for where, most in _TEXTS:
        text = _at(embed, where)
        if isinstance(text, str) and len(text) > most:
            faults.too_long((*path, *where), most)
    for where, schemes in _URLS:
        _check_url(faults, (*path, *where), _at(embed, where), schemes)
    color = embed.get("color")
    if isinstance(color, int):
        faults.number((*path, "color"), color, 0, MAX_COLOR)
    fields = embed.get("fields") or []
    faults.count((*path, "fields"), len(fields), 0, MAX_FIELDS)
    for index, field in enumerate(fields):
        _check_field(faults, (*path, "fields", index), field)


def _check_field(faults: FormErrors, path: tuple[str | int, ...], field: Json) -> None:
    for key, most in (("name", 256), ("value", 1024)):
        text = field.get(key)
        if not isinstance(text, str) or not text.strip():
            faults.required((*path, key))
        elif len(text) > most:
            faults.too_long((*path, key), most)


def _check_url(
    faults: FormErrors, path: tuple[str | int, ...], url: object, schemes: tuple[str, ...]
) -> None:
    if not isinstance(url, str) or not url:
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        faults.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        return
    if parts.scheme not in schemes:
        quoted = ", ".join(f"'{scheme}'" for scheme in schemes)
        message = f'Scheme "{parts.scheme}" must be one of ({quoted}).'
        faults.add(path, "URL_TYPE_INVALID_SCHEME", message)
    elif not parts.netloc:
        faults.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _size(embed: Json) -> int:
    texts = [_at(embed, where) for where, _ in _TEXTS]
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return sum(len(text) for text in texts if isinstance(text, str))


def _at(embed: Json, where: tuple[str, ...]) -> object:
    found: Any = embed
    for key in where:
        found = found.get(key) if isinstance(found, dict) else None
    return found
