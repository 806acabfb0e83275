"""What tests beyond the pure ones need around them: packages, engine, images, Postgres."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from ops import postgres
from ops.errors import OpsError
from ops.home import default_home
from ops.host_engine import ensure_engine
from ops.images import ImageSource, ensure_images
from ops.packages import can_install, ensure_packages
from ops.progress import Progress

BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")
SPELLING_PACKAGES = ("hunspell", "hunspell-en-gb", "hunspell-ko")
FONT_PACKAGES = ("fonts-nanum",)
"""What pictures are drawn with where Docent runs."""
TEST_PACKAGES = (
    "e2fsprogs",
    "postgresql",
    *BROWSER_PACKAGES,
    *FONT_PACKAGES,
    *SPELLING_PACKAGES,
)
HOME_VARIABLE = "DOCENT_TEST_IMAGES_HOME"
POSTGRES_VARIABLE = "DOCENT_TEST_POSTGRES_URL"


@contextmanager
def prepared(_folder: str | None, progress: Progress) -> Generator[dict[str, str], None, None]:
    """Make ready what the tests need; gives the environment variables that tell them where it is.

    Raises:
        OpsError: something is missing; on a laptop only that without which nothing runs.
    """
    home = default_home()
    _packages(progress)
    ensure_engine(progress, home / "log" / "dockerd.log")
    ensure_images(home, ImageSource(os.environ.get("DOCENT_SOURCE", "auto")), progress)
    with ExitStack() as stack:
        environment = {HOME_VARIABLE: str(home)}
        if POSTGRES_VARIABLE not in os.environ and postgres.binaries() is not None:
            with progress.step("PostgreSQL for the tests"):
                url = stack.enter_context(postgres.temporary_server())
            environment[POSTGRES_VARIABLE] = url
        yield environment


def _packages(progress: Progress) -> None:
    """Install what is missing; without apt-get, tests of what is missing skip outside of CI."""
    if can_install():
        ensure_packages([p for p in TEST_PACKAGES if not _served_otherwise(p)], progress)
    elif os.environ.get("CI") == "true":
        raise OpsError(f"The tests need: {' '.join(TEST_PACKAGES)}.")


def _served_otherwise(package: str) -> bool:
    """Whether the tests are told to use another server than the package's."""
    return package == "postgresql" and POSTGRES_VARIABLE in os.environ
