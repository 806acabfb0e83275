"""All that has to be there before the parts start; quick when it is there already."""

from __future__ import annotations

from ops.home import prepare_home
from ops.host_engine import ensure_engine
from ops.images import ensure_images
from ops.packages import ensure_packages
from ops.plan import Plan
from ops.progress import Progress
from ops.sysctls import raise_limits

PACKAGES = ("e2fsprogs",)
"""What sandboxes need of the host besides an engine: learners' disks are ext4 files."""


def prepare(plan: Plan, progress: Progress) -> None:
    """Make folders, token and, with an engine, everything that sandboxes need.

    Raises:
        OpsError: something is missing that can't be made ready here.
    """
    prepare_home(plan.home)
    if plan.with_engine:
        ensure_packages(PACKAGES, progress)
        ensure_engine(progress, plan.home / "log" / "dockerd.log")
        raise_limits(progress)
        ensure_images(plan.home, plan.source, progress)
