"""What the card of changes looks like: a line for each, before → after; compact: one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from discord import ui

from bot.classroom.changes import Change
from bot.classroom.visiting import Published
from bot.features.changes._buttons import LOGS, LOOK_AT, name_in_button
from bot.terminal.escape import inline_code
from bot.texts import Speech
from bot.ui.actions import custom_id
from bot.ui.layout import Card, button, note, panel, row, text
from bot.ui.theme import CALM
from bot.ui.visits import published_buttons

MOST_LINES: Final = 6
MOST_IN_ONE_LINE: Final = 3
LONGEST_NAME: Final = 48
MOST_PORTS: Final = 3
ANONYMOUS: Final = 64
"""A volume that nobody named has a name of so many letters."""
MB: Final = 1_000_000

MARKS: Final = {
    "absent": "➖", "there": "➕", "running": "🟢", "paused": "⏸️", "restarting": "🔁",
    "created": "🆕", "exited": "⚪", "dead": "⚫", "removing": "➖",
}  # fmt: skip


def changes_card(found: Sequence[Change], speech: Speech, *, owner: int, compact: bool) -> Card:
    """What changed, at least one thing; the rest is counted."""
    if compact:
        return note(f"-# {speech('changes.title')} {_one_line(found, speech)}")
    lines = [f"-# {speech('changes.title')}"]
    lines += [_line(change, speech) for change in found[:MOST_LINES]]
    if len(found) > MOST_LINES:
        lines.append(f"-# {speech('changes.more', n=len(found) - MOST_LINES)}")
    body = text("\n".join(lines))
    buttons = _buttons(found, speech, owner)
    return Card(panel(body, *([row(*buttons)] if buttons else []), colour=CALM))


def _one_line(found: Sequence[Change], speech: Speech) -> str:
    shown = [_short(change, speech) for change in found[:MOST_IN_ONE_LINE]]
    if len(found) > MOST_IN_ONE_LINE:
        shown.append(speech("changes.more", n=len(found) - MOST_IN_ONE_LINE))
    return " · ".join(shown)


def _short(change: Change, speech: Speech) -> str:
    if change.kind in {"name", "joined", "left"}:
        return _sentence(change, speech)
    return f"{_name(change.name)} → {_state(change, change.after, speech)}"


def _line(change: Change, speech: Speech) -> str:
    sentence = _sentence(change, speech)
    mark = MARKS.get(change.after, "🔄") if change.kind in _THINGS else "🔄"
    return " · ".join([f"{mark} {sentence}", *_more(change)])


def _sentence(change: Change, speech: Speech) -> str:
    if change.kind in _THINGS:
        return speech(
            f"changes.{change.kind}",
            name=_name(change.name),
            before=_state(change, change.before, speech),
            after=f"**{_state(change, change.after, speech)}**",
        )
    return speech(f"changes.{change.kind}", name=_name(change.name), other=_name(change.other))


def _state(change: Change, state: str, speech: Speech) -> str:
    if state == "exited" and state == change.after and change.container is not None:
        return speech("changes.state.exited_with", code=change.container.exit_code)
    key = f"changes.state.{state}"
    return speech(key if key in speech else "changes.state.other")


def _more(change: Change) -> list[str]:
    """What else is worth knowing of something new: image and ports, or size."""
    if change.size_bytes:
        return [f"{change.size_bytes / MB:,.1f} MB"]
    container = change.container
    if container is None or change.kind != "container":
        return []
    found = [_name(container.image)] if change.before == "absent" else []
    if container.running:
        found += [f"`{host}` → `{inside}`" for host, inside in container.ports[:MOST_PORTS]]
    return found


def _name(name: str) -> str:
    if len(name) == ANONYMOUS and name.isalnum():
        name = name[:12] + "…"
    return inline_code(name, longest=LONGEST_NAME) or "`?`"


def _buttons(found: Sequence[Change], speech: Speech, owner: int) -> list[ui.Button[Card]]:
    """For the container that matters most: one that runs and can be visited, else the first."""
    there = [change.container for change in found if change.container is not None]
    if not there:
        return []
    chosen = max(there, key=lambda each: (each.running, bool(each.ports)))
    name = name_in_button(chosen.name, chosen.id)
    if name is None:
        return []
    shown = chosen.name[:20]
    port = next((host for host, _ in chosen.ports), None) if chosen.running else None
    visits = [] if port is None else published_buttons([Published(port, name)], speech, owner)
    return [
        *visits,
        button(speech("changes.logs", name=shown), custom_id("do", owner, LOGS, name)),
        button(speech("changes.look_at", name=shown), custom_id("do", owner, LOOK_AT, name)),
    ]


_THINGS: Final = frozenset({"container", "image", "volume", "network"})
