"""The colours of pictures, for eyes that are used to the dark and for those that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ThemeName = Literal["dark", "light"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`; `hues` tell things apart, in an order that all pictures share."""

    background: str
    panel: str
    card: str
    line: str
    text: str
    muted: str
    accent: str
    good: str
    warn: str
    bad: str
    idle: str
    on_hue: str
    hues: tuple[str, ...]


DARK: Final = Theme(
    background="#1b1e23",
    panel="#23272e",
    card="#2d323b",
    line="#414853",
    text="#eceef1",
    muted="#a9b1bc",
    accent="#7fd3db",
    good="#4cc38a",
    warn="#eaa069",
    bad="#ff9d94",
    idle="#9aa4b0",
    on_hue="#15171b",
    hues=("#5aa9e6", "#58c08a", "#c792ea", "#eab464", "#e98080", "#7fd3db"),
)
LIGHT: Final = Theme(
    background="#fdfcfa",
    panel="#f3f0ea",
    card="#ffffff",
    line="#cfc8bb",
    text="#23272d",
    muted="#5c626b",
    accent="#0b6069",
    good="#1d7440",
    warn="#9c4a14",
    bad="#a31f18",
    idle="#666d77",
    on_hue="#ffffff",
    hues=("#1f6fb2", "#1d7440", "#7a3fb0", "#8a5a00", "#b3362c", "#0b6069"),
)


def theme_of(name: str) -> Theme:
    """The theme of this name; the dark one for a name that is none."""
    return LIGHT if name == "light" else DARK
