"""Which AppArmor profile a sandbox gets: ours where it is loaded, none where it is not.

`sandbox/apparmor/docent-sandbox` is the profile. What Docker gives to containers by itself forbids
the mounts that a sandbox is made of, so without ours it has to be "unconfined", and rests on its
other walls.
"""

from __future__ import annotations

from pathlib import Path

PROFILE = "docent-sandbox"
UNCONFINED = "unconfined"
LOADED = Path("sys/kernel/security/apparmor/profiles")
LOADED_IN_CONTAINER = Path("run/kernel-security/apparmor/profiles")
"""The same where compose.yaml mounts it: what Docker's own profile confines may not read it under
its usual path."""


def profile_for(wanted: str, *, engine_has_it: bool, root: Path = Path("/")) -> str:
    """The profile of the next sandbox.

    What an operator named is taken at their word: where it is not loaded, no sandbox starts. With
    nothing named (""), ours is used if the host's engine works with AppArmor (`engine_has_it`) and
    the kernel says that it is loaded.
    """
    if wanted:
        return wanted
    return PROFILE if engine_has_it and is_loaded(PROFILE, root) else UNCONFINED


def is_loaded(profile: str, root: Path = Path("/")) -> bool:
    """Whether the kernel enforces a profile of this name; False too where it can't be asked."""
    return any(
        f"{profile} (enforce)" in _lines(root / place) for place in (LOADED, LOADED_IN_CONTAINER)
    )


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # no AppArmor, or a container that doesn't see it
        return []
