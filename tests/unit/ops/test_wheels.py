"""Which wheels the app image needs, judged for its Python and not for the host's."""

from __future__ import annotations

from ops.wheels import pins

LOCK = """\
# made by a tool
aiohttp==3.14.5 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via discord-py
audioop-lts==0.2.2 ; python_full_version >= '3.13' \\
    --hash=sha256:cc
async-timeout==5.0.1 ; python_full_version < '3.12' \\
    --hash=sha256:dd
pywin32==312 ; sys_platform == 'win32' \\
    --hash=sha256:ee
"""


def test_pins_are_those_of_the_images_python_on_linux() -> None:
    """What another Python or system needs stays out, whichever Python runs the set-up."""
    assert [pin.split(" ")[0] for pin in pins(LOCK)] == ["aiohttp==3.14.5", "audioop-lts==0.2.2"]


def test_every_pin_keeps_its_hashes() -> None:
    """A wheel that is not the locked one is refused."""
    assert pins(LOCK)[0] == "aiohttp==3.14.5 --hash=sha256:aa --hash=sha256:bb"
