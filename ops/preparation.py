"""All that has to be there before the parts start; quick when it is there already."""

from __future__ import annotations

import os

from ops.apparmor import load_profile
from ops.egress import allowed_packages, ensure_proxy_image, prepare_proxy_folder
from ops.fonts import ensure_fonts
from ops.home import prepare_home
from ops.host_engine import ensure_engine
from ops.image_source import REMEMBERED, chosen_source
from ops.images import ensure_app_image, ensure_images
from ops.packages import ensure_packages
from ops.plan import Plan
from ops.progress import Progress
from ops.registry import prepare_folders
from ops.sysctls import raise_limits

PACKAGES = ("e2fsprogs",)
"""What sandboxes need of the host besides an engine: learners' disks are ext4 files."""


APP_USER = 10_001
"""The user that bot and playground are in their containers; see the target `app` of Dockerfile."""


def prepare(plan: Plan, progress: Progress) -> None:
    """Make folders, token and, with an engine, everything that sandboxes need.

    Raises:
        OpsError: something is missing that can't be made ready here.
    """
    prepare_home(plan.home)
    ensure_fonts(progress)
    if plan.with_engine:
        ensure_packages(PACKAGES, progress)
        ensure_engine(progress, plan.home / "log" / "dockerd.log")
        raise_limits(progress)
        load_profile(progress)
        ensure_images(plan.home, plan.source, progress)
        if allowed_packages():
            ensure_proxy_image(plan.home, plan.source, progress)


def prepare_for_compose(plan: Plan, progress: Progress) -> str:
    """Make ready what compose.yaml expects on the host; gives where learners' images come from.

    Raises:
        OpsError: something is missing that can't be made ready here.
    """
    prepare(plan, progress)
    ensure_app_image(progress, plan.source)
    prepare_folders(plan.home)
    prepare_proxy_folder(plan.home)
    (plan.home / REMEMBERED).chmod(0o644)  # the registry reads it as a user of its own
    # The bot reads the token as a user of its own, root reads everything: the mode stays 0600.
    os.chown(plan.home / "token", APP_USER, APP_USER)
    return chosen_source(plan.home, plan.source).value
