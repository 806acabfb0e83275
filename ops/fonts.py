"""Korean letters for the pictures that the bot draws: a font, if the machine has none."""

from __future__ import annotations

from bot.pictures.fonts import TrueFonts, find_fonts
from bot.pictures.studio import PACKAGE
from ops.errors import OpsError
from ops.packages import can_install, ensure_packages
from ops.progress import Progress


def ensure_fonts(progress: Progress) -> None:
    """Have a font; where none can be had, say so, and what that costs: all else works without."""
    if find_fonts() is not None:
        return
    try:
        if can_install():
            ensure_packages([PACKAGE], progress)
            return
    except OpsError as exc:
        progress.say(str(exc))
    progress.say(f"no Korean font: pictures become words (mend: apt-get install {PACKAGE})")


def found() -> str | None:
    """Which file the letters come from."""
    fonts: TrueFonts | None = find_fonts()
    return None if fonts is None else str(fonts.files[0])
