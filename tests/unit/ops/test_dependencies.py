"""What the code imports is there when it runs."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("bot", "db", "lessons", "ops", "playground", "sandbox")


def imported(folder: Path) -> set[str]:
    """Names of the packages that the code below a folder imports."""
    names = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names


def canonical(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_everything_imported_is_locked_for_running() -> None:
    """A package that only a tool of ours brings along is missing on a fresh machine."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {canonical(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    names = set().union(*(imported(ROOT / package) for package in PACKAGES))
    distributions = packages_distributions()
    lacking = {
        name
        for name in names - set(sys.stdlib_module_names) - set(PACKAGES)
        if not {canonical(found) for found in distributions.get(name, [name])} & locked
    }
    assert lacking == set()
