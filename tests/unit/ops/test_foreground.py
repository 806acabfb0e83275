"""Programs side by side: what the second one prints, how it ends."""

from __future__ import annotations

import os
import sys
import time

import pytest

from ops.foreground import InBackground


def test_what_it_printed_is_shown_at_its_end(capfd: pytest.CaptureFixture[str]) -> None:
    """Both of its streams, and its exit status."""
    program = "import sys; print('fine'); print('but', file=sys.stderr); sys.exit(3)"
    with InBackground([sys.executable, "-c", program], os.environ) as beside:
        assert capfd.readouterr().out == ""
        assert beside.finish() == 3

    assert sorted(capfd.readouterr().out.split()) == ["but", "fine"]


def test_leaving_early_ends_it() -> None:
    """It is asked to end, as by Ctrl-C, and gets the time to clean up."""
    program = "import time; time.sleep(60)"
    began = time.monotonic()
    with InBackground([sys.executable, "-c", program], os.environ):
        pass

    assert time.monotonic() - began < 30
