"""What tests beyond the pure ones need around them: packages, engine, images, Postgres."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager

from ops import postgres
from ops.errors import OpsError
from ops.home import default_home
from ops.host_engine import ensure_engine
from ops.images import ImageSource, ensure_images
from ops.packages import can_install, ensure_packages, is_known, missing
from ops.progress import Progress

BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")
SPELLING_PACKAGES = ("hunspell", "hunspell-en-gb", "hunspell-ko")
FONT_PACKAGES = ("fonts-nanum",)
"""What pictures are drawn with where Docent runs."""
DATABASE_PACKAGES = ("postgresql",)
ENGINE_PACKAGES = ("e2fsprogs",)
OF_FOLDER: Mapping[str, Sequence[str]] = {
    "unit": (*DATABASE_PACKAGES, *FONT_PACKAGES),
    "content": SPELLING_PACKAGES,
    "integration": (*DATABASE_PACKAGES, *FONT_PACKAGES),
    "e2e": (*BROWSER_PACKAGES, *FONT_PACKAGES),
}
"""What tests of a folder need besides an engine; those of the others need nothing."""
HOME_VARIABLE = "DOCENT_TEST_IMAGES_HOME"
POSTGRES_VARIABLE = "DOCENT_TEST_POSTGRES_URL"


@contextmanager
def prepared(folders: Set[str], progress: Progress) -> Generator[dict[str, str], None, None]:
    """Make ready what the tests of these folders need; gives the variables that say where it is.

    Raises:
        OpsError: something is missing; on a laptop only that without which nothing runs.
    """
    home = default_home()
    _packages(packages_of(folders), progress)
    ensure_engine(progress, home / "log" / "dockerd.log")
    ensure_images(home, ImageSource(os.environ.get("DOCENT_SOURCE", "auto")), progress)
    with ExitStack() as stack:
        environment = {HOME_VARIABLE: str(home)}
        if POSTGRES_VARIABLE not in os.environ and postgres.binaries() is not None:
            with progress.step("PostgreSQL for the tests"):
                url = stack.enter_context(postgres.temporary_server())
            environment[POSTGRES_VARIABLE] = url
        yield environment


def packages_of(folders: Set[str]) -> list[str]:
    """What tests of these folders need; some of them may be here by another name."""
    found = [*ENGINE_PACKAGES]
    for folder in sorted(folders):
        found += OF_FOLDER.get(folder, ())
    return [p for p in dict.fromkeys(found) if not _served_otherwise(p)]


def _packages(wanted: Sequence[str], progress: Progress) -> None:
    """Install what is missing; outside of CI, tests of what can't be had skip."""
    in_ci = os.environ.get("CI") == "true"
    if can_install():
        ensure_packages([p for p in wanted if in_ci or _can_be_had(p, progress)], progress)
    elif in_ci:
        raise OpsError(f"The tests need: {' '.join(wanted)}.")


def _can_be_had(package: str, progress: Progress) -> bool:
    """Not all that Debian has is in Ubuntu, where Chromium is no package of the archive's."""
    if not missing([package]) or is_known(package):
        return True
    progress.say(f"this system has no package {package}: tests that need it are skipped")
    return False


def _served_otherwise(package: str) -> bool:
    """Whether the tests are told to use another server than the package's."""
    return package == "postgresql" and POSTGRES_VARIABLE in os.environ
