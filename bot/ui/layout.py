"""Cards made of Components V2 that are drawn once and never listened to.

discord.py keeps a sent view in memory to call its items. Ours are called by their custom ids
instead (see `bot.ui.actions`), so that buttons work after a restart and a thousand open cards cost
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import discord
from discord import ui


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that was made just now; `alt` is for those who can't see it."""

    name: str
    content: bytes
    alt: str

    def file(self) -> discord.File:
        """As it goes with a message."""
        return discord.File(BytesIO(self.content), filename=self.name, description=self.alt)


class Card(ui.LayoutView):
    """A finished drawing: send it or edit it into a message; its buttons answer by custom id.

    `pictures` are the files that its items name as `attachment://`; they go with the message.
    """

    def __init__(self, *items: ui.Item[Card], pictures: Sequence[Path | Drawn] = ()) -> None:
        super().__init__(timeout=None)
        self.pictures = tuple(pictures)
        for item in items:
            self.add_item(item)
        # A view that has ended is sent like any other, but not kept.
        self.stop()

    def files(self) -> list[discord.File]:
        """The pictures, opened anew: a file can be sent once."""
        return [
            picture.file()
            if isinstance(picture, Drawn)
            else discord.File(picture, filename=picture.name)
            for picture in self.pictures
        ]


def panel(*items: ui.Item[Card], colour: discord.Colour) -> ui.Container[Card]:
    """A box with a coloured edge."""
    return ui.Container(*items, accent_colour=colour)


def text(content: str) -> ui.TextDisplay[Card]:
    """Markdown text."""
    return ui.TextDisplay(content)


def drawn(made: Drawn) -> ui.MediaGallery[Card]:
    """A picture that was made just now."""
    place = discord.MediaGalleryItem(f"attachment://{made.name}", description=made.alt)
    return ui.MediaGallery(place)


def picture(file: Path, alt: str) -> ui.MediaGallery[Card]:
    """A picture that goes with the card; `alt` is for those who can't see it."""
    return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{file.name}", description=alt))


def rule() -> ui.Separator[Card]:
    """A thin line."""
    return ui.Separator()


def row(*buttons: ui.Item[Card]) -> ui.ActionRow[Card]:
    """Up to five buttons, or one select, side by side."""
    return ui.ActionRow(*buttons)


def button(
    label: str,
    custom_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
    disabled: bool = False,
) -> ui.Button[Card]:
    """A button that whoever registered its custom id answers."""
    return ui.Button(label=label, custom_id=custom_id, style=style, emoji=emoji, disabled=disabled)


def link(label: str, url: str) -> ui.Button[Card]:
    """A button that leads to a message or a page."""
    return ui.Button(label=label, url=url)


def note(content: str, *rows: ui.ActionRow[Card]) -> Card:
    """A short text without a box, with its buttons below."""
    return Card(text(content), *rows)
