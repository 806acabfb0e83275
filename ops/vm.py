"""`./docent test vm`: makes ready what the VM is built from; tests/vm says what happens in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ops.foreground import run_in_foreground
from ops.home import default_home
from ops.packages import ensure_packages
from ops.plan import make_plan
from ops.preparation import prepare
from ops.progress import Progress

PACKAGES = ("qemu-system-x86", "mmdebstrap", "debian-archive-keyring", "e2fsprogs")


def run_vm_tests(arguments: Sequence[str], progress: Progress) -> int:
    """Run the tests of tests/vm/inside in a Debian 13 VM; gives pytest's exit status.

    Args:
        arguments: For the pytest in the VM; files or tests they name replace tests/vm/inside.
        progress: Where the set-up reports to.

    Raises:
        OpsError: something that the VM needs is missing.
    """
    # The engine image and the mirror's data are this machine's: the VM gets copies.
    prepare(make_plan(home=default_home(), port=0, source=None, with_engine=True), progress)
    ensure_packages(PACKAGES, progress)
    return run_in_foreground([sys.executable, "-m", "tests.vm", *arguments], os.environ)
