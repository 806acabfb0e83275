"""How lists are filtered, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.explain.cli_table import nearest
from bot.explain.said import Said, said
from bot.explain.values.reading import Read, Reader
from bot.terminal.vocabulary import words

FILTERS: Final = words(
    "ancestor before capability config container daemon dangling description desired-state driver"
    " enabled engine.label event exited expose health id image inuse is-automated is-official"
    " is-task isolation label membership mode mutable name network node node.label parents plugin"
    " private profile publish reference role scope secret service shared since source stars status"
    " type until unused-for volume"
)
"""What lists can be filtered by, of all commands."""
_TOLD_FILTERS: Final = words(
    "status name label ancestor dangling exited health reference network volume until since before"
    " event type driver id"
)
"""Those that have a sentence of their own."""
STATES: Final = ("created", "restarting", "running", "removing", "paused", "exited", "dead")


def filters(value: str) -> Read:
    """`--filter status=exited`."""
    key, equals, content = value.partition("=")
    negated = key.endswith("!")
    key = key.rstrip("!")
    wrong = _filter_wrong(key, content) if equals else said("wrong.filter", value=value)
    if wrong is not None:
        return [], [wrong]
    if negated:
        return [said("value.filter.not", key=key, value=content)], []
    if key in _TOLD_FILTERS:
        return [said(f"value.filter.{key}", value=content)], []
    return [said("value.filter", key=key, value=content)], []


def _filter_wrong(key: str, content: str) -> Said | None:
    if key not in FILTERS:
        near = nearest(key, FILTERS)
        if near:
            return said("wrong.filter_key_near", key=key, near=near)
        return said("wrong.filter_key", key=key)
    near = nearest(content, STATES) if key == "status" and content not in STATES else None
    return said("wrong.choice_near", value=content, near=near) if near else None


def template(value: str) -> Read:
    """`--format '{{.Names}}'`."""
    if value in {"json", "table", "raw", "pretty", "yaml"}:
        return [said(f"value.format.{value}")], []
    if value.startswith("table "):
        return [said("value.format.table_of", value=value.removeprefix("table ").strip())], []
    opened, closed = value.count("{{"), value.count("}}")
    if opened != closed:
        return [], [said("wrong.template")]
    if not opened:
        return [], [said("wrong.template_plain", value=value)]
    if "json " in value or "| json" in value:
        return [said("value.format.json_of", value=value)], []
    return [said("value.format.template", value=value)], []


READERS: Final[Mapping[str, Reader]] = {
    "filter": filters, "format": template,
}  # fmt: skip
