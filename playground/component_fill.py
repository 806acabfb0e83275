"""Components as Discord gives them back: numbered, with defaults, `attachment://` resolved."""

import itertools
from collections.abc import Iterator
from typing import Any, Final

from playground.component_kinds import FILE
from playground.errors import FormErrors
from playground.json_types import Json, JsonList
from playground.snowflakes import Snowflakes
from playground.uploads import safe_name

_SELECT_DEFAULTS: Final[Json] = {"min_values": 1, "max_values": 1, "disabled": False}
_DEFAULTS: Final[dict[int, Json]] = {
    2: {"style": 2},
    3: _SELECT_DEFAULTS,
    5: _SELECT_DEFAULTS,
    6: _SELECT_DEFAULTS,
    7: _SELECT_DEFAULTS,
    8: _SELECT_DEFAULTS,
    11: {"description": None, "spoiler": False},
    13: {"spoiler": False},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}


def without_nulls(value: Any) -> Any:
    """Return JSON without the nulls that a client put in: Discord does not echo them."""
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return [without_nulls(inner) for inner in value] if isinstance(value, list) else value


class ComponentFill:
    """Fills in one message's (or modal's) components."""

    def __init__(self, ids: Snowflakes, attachments: JsonList) -> None:
        self._ids = ids
        self._attachments = attachments

    def fill(self, components: JsonList) -> JsonList:
        """Return the components as Discord returns them.

        Raises:
            ApiError: 400 when a component refers to a file that is not attached.
        """
        taken = set(_given_ids(components))
        free = (number for number in itertools.count(1) if number not in taken)
        return [self._one(component, free) for component in components]

    def _one(self, asked: Json, free: Iterator[int]) -> Json:
        filled: Json = _DEFAULTS.get(asked["type"], {}) | without_nulls(asked)
        filled["id"] = filled.get("id") or next(free)
        # Depth first, in the order of the document: this is how Discord numbers.
        if "components" in filled:
            filled["components"] = [self._one(c, free) for c in filled["components"]]
        for key in ("component", "accessory"):
            if key in filled:
                filled[key] = self._one(filled[key], free)
        if "items" in filled:
            filled["items"] = [self._gallery_item(item) for item in filled["items"]]
        if "media" in filled:
            filled["media"] = self._media(filled["media"])
        if filled["type"] == FILE:
            filled |= self._file(filled["file"])
        return filled

    def _gallery_item(self, item: Json) -> Json:
        media = self._media(item["media"])
        return {"description": None, "spoiler": False} | item | {"media": media}

    def _file(self, asked: Json) -> Json:
        attachment = self._attached(asked["url"])
        name, size = (attachment["filename"], attachment["size"]) if attachment else ("", 0)
        return {"file": self._media(asked), "name": name, "size": size}

    def _media(self, asked: Json) -> Json:
        attachment = self._attached(asked["url"])
        found = attachment or {"url": asked["url"], "proxy_url": asked["url"]}
        media: Json = {
            "id": self._ids.next(),
            "url": found["url"],
            "proxy_url": found["proxy_url"],
            "width": found.get("width"),
            "height": found.get("height"),
            "content_type": found.get("content_type"),
        }
        return media | ({"attachment_id": attachment["id"]} if attachment else {})

    def _attached(self, url: str) -> Json | None:
        if not url.startswith("attachment://"):
            return next((a for a in self._attachments if a["url"] == url), None)
        name = safe_name(url.removeprefix("attachment://"))
        for attachment in self._attachments:
            if attachment["filename"] == name:
                return attachment
        faults = FormErrors()
        faults.add(
            ("components",),
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
            f"The referenced attachment {name} was not found.",
        )
        faults.raise_if_any()
        return None


def _given_ids(components: JsonList) -> Iterator[int]:
    for component in walk(components):
        if component.get("id"):
            yield component["id"]


def walk(components: JsonList) -> Iterator[Json]:
    """Yield each component, the nested ones too, in the order of the document."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("component", "accessory"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])
