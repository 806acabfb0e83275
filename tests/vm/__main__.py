"""`python -m tests.vm [ARGS]`, ARGS for pytest; `./docent test vm` prepares the machine for it."""

from __future__ import annotations

import sys

from ops.builds import ROOT
from ops.errors import OpsError
from ops.home import default_home
from ops.progress import TerminalProgress
from tests.vm import cargo, machine
from tests.vm.first_boot import ensure_loaded
from tests.vm.root import ensure_root

CACHE = ROOT / "build" / "vm"
LIMIT_S = 5400
"""For the whole machine: in emulation each test takes up to minutes."""


def main(arguments: list[str]) -> int:
    """Boot the VM with the tests in it; gives the exit status that pytest had in there."""
    progress = TerminalProgress()
    root = ensure_root(CACHE, progress)
    loaded = cargo.load(CACHE, default_home(), arguments, progress)
    root = ensure_loaded(CACHE, root, loaded, progress)
    console, transcript = CACHE / "console.log", CACHE / "transcript.txt"
    progress.say(f"the VM starts; what its kernel says goes to {console}")
    call = machine.command(root, loaded, console)
    return machine.run(call, transcript, limit_s=LIMIT_S, show=print)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OpsError as error:
        print(f"docent: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
