"""`./docent check`: everything about the code that can be judged without running it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ops import ROOT, languages, locked
from ops.errors import OpsError
from ops.packages import can_install, ensure_packages
from ops.progress import Progress

TOOL_LIMIT_S = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check ended; `report` is what a person reads to mend it. `held` None: not done."""

    held: bool | None
    report: str = ""


def run_checks(progress: Progress) -> int:
    """Run every check and show a line for each; the reports of failed ones come last.

    Returns:
        Exit status: 0 only if all hold.
    """
    _offer_shellcheck(progress)
    failed = []
    for name, check in _checks().items():
        started = time.monotonic()
        outcome = check()
        mark = {True: "ok", False: "FAILED", None: "left out"}[outcome.held]
        progress.say(f"{name:<44} {mark:<8} {time.monotonic() - started:5.1f} s")
        if outcome.held is False:
            failed.append(f"\n--- {name}\n{outcome.report.strip()}")
        elif outcome.report and outcome.held is None:
            progress.say(f"    {outcome.report}")
    if failed:
        print("\n".join(failed), file=sys.stderr)
    return 1 if failed else 0


def _checks() -> dict[str, Callable[[], Outcome]]:
    return {
        "style (ruff check)": lambda: _tool(["ruff", "check", "--quiet", "."]),
        "format (ruff format)": lambda: _tool(["ruff", "format", "--check", "--quiet", "."]),
        "types (mypy --strict)": lambda: _tool(["mypy"]),
        "who may import whom (import-linter)": lambda: _tool(["lint-imports", "--no-cache"]),
        "shell scripts (shellcheck)": _shell_scripts,
        "languages in step": lambda: _problems(languages.problems(ROOT / "bot" / "locale")),
        "locked dependencies in step with pyproject": lambda: _problems(locked.problems(ROOT)),
    }


def _tool(command: Sequence[str]) -> Outcome:
    program = Path(sys.executable).parent / command[0]
    return _run([str(program), *command[1:]])


def _run(command: Sequence[str]) -> Outcome:
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TOOL_LIMIT_S,
        check=False,
    )
    return Outcome(held=done.returncode == 0, report=done.stdout)


def _problems(found: Sequence[str]) -> Outcome:
    return Outcome(held=not found, report="\n".join(found))


def shell_scripts(root: Path) -> list[Path]:
    """Every file of the repository that starts as a shell script."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    files = (root / name for name in listed.stdout.split("\0") if name)
    return [path for path in files if path.is_file() and _is_shell_script(path)]


def _is_shell_script(path: Path) -> bool:
    if path.suffix in {".py", ".js", ".md", ".png"}:
        return False
    with path.open("rb") as file:
        first = file.readline(80)
    return first.startswith(b"#!") and first.split()[-1].rsplit(b"/", 1)[-1] in {b"sh", b"bash"}


def _shell_scripts() -> Outcome:
    if shutil.which("shellcheck") is None:
        in_ci = os.environ.get("CI") == "true"
        return Outcome(held=False if in_ci else None, report="shellcheck is not installed")
    scripts = [str(path.relative_to(ROOT)) for path in shell_scripts(ROOT)]
    # SC1090, SC1091: scripts of images read files by paths that are only there in the image.
    return _run(["shellcheck", "--exclude=SC1090,SC1091", *scripts])


def _offer_shellcheck(progress: Progress) -> None:
    if shutil.which("shellcheck") is None and can_install():
        try:
            ensure_packages(["shellcheck"], progress)
        except OpsError as error:
            progress.say(str(error))
