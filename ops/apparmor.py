"""The AppArmor profile of sandboxes, loaded into the kernel of this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from ops.progress import Said
from sandbox.apparmor import PROFILE

SOURCE = Path(__file__).resolve().parent.parent / "sandbox" / "apparmor" / PROFILE
ENABLED = Path("sys/module/apparmor/parameters/enabled")
LOAD_LIMIT_S = 60


def is_enabled(root: Path = Path("/")) -> bool:
    """Whether this machine's kernel works with AppArmor."""
    try:
        return (root / ENABLED).read_text(encoding="ascii").strip() == "Y"
    except OSError:
        return False


def load_profile(progress: Said, root: Path = Path("/")) -> None:
    """Have the profile as it is in this version; sandboxes that run follow it at once.

    Without AppArmor, or without its parser, sandboxes do without: `./docent doctor` says so.
    """
    parser = shutil.which("apparmor_parser", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not is_enabled(root) or parser is None:
        return
    try:
        subprocess.run(
            [parser, "--replace", "--skip-cache", str(SOURCE)],
            check=True,
            capture_output=True,
            timeout=LOAD_LIMIT_S,
        )
    except (OSError, subprocess.SubprocessError) as exc:
        said = getattr(exc, "stderr", b"") or str(exc).encode()
        progress.say(f"the AppArmor profile of sandboxes was not loaded: {_last_line(said)}")


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "?"
