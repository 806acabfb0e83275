"""What `./docent check` finds in languages, lock files and shell scripts."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ops import languages, locked
from ops.check import shell_scripts

PYPROJECT = """
[project]
dependencies = ["discord.py>=2.7", "aiohttp"]
[dependency-groups]
dev = ["ruff"]
"""
LOCK = """aiohttp==3.1.0 \\
    --hash=sha256:aa
    # via docent (pyproject.toml)
discord-py==2.7.1 \\
    --hash=sha256:bb
    # via docent (pyproject.toml)
"""
DEV_LOCK = LOCK + "ruff==0.1 \\\n    --hash=sha256:cc\n    # via docent (pyproject.toml:dev)\n"


def project(folder: Path, *, pyproject: str = PYPROJECT, lock: str = LOCK) -> Path:
    (folder / "pyproject.toml").write_text(pyproject)
    (folder / "requirements.lock").write_text(lock)
    (folder / "requirements-dev.lock").write_text(DEV_LOCK)
    return folder


def catalogue(locale: Path, language: str, entries: dict[str, str], file: str = "core.po") -> None:
    folder = locale / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in entries.items()]
    (folder / file).write_text("\n".join(lines), encoding="utf-8")


def test_locks_in_step_have_no_problems(tmp_path: Path) -> None:
    """Names are compared as package indexes do, so discord.py and discord-py are one."""
    assert locked.problems(project(tmp_path)) == []


def test_a_dependency_that_was_not_locked_is_named(tmp_path: Path) -> None:
    """Whoever adds a dependency hears that the lock lacks it."""
    project(tmp_path, pyproject=PYPROJECT.replace('"aiohttp"', '"aiohttp", "babel"'))
    assert any("requirements.lock lacks babel" in line for line in locked.problems(tmp_path))


def test_a_dependency_that_went_must_leave_the_lock(tmp_path: Path) -> None:
    """Whoever removes a dependency hears that the lock still has it."""
    project(tmp_path, pyproject=PYPROJECT.replace(', "aiohttp"', ""))
    assert any("still has aiohttp" in line for line in locked.problems(tmp_path))


def test_a_lock_below_the_lower_bound_is_found(tmp_path: Path) -> None:
    """A raised lower bound needs a new lock."""
    project(tmp_path, pyproject=PYPROJECT.replace("2.7", "2.10"))
    assert any("discord-py 2.7.1" in line for line in locked.problems(tmp_path))


def test_a_pin_without_a_hash_is_found(tmp_path: Path) -> None:
    """Every locked package is held by hash."""
    project(tmp_path, lock=LOCK.replace("    --hash=sha256:bb\n", ""))
    assert "requirements.lock: discord-py has no hash." in locked.problems(tmp_path)


def test_languages_in_step_have_no_problems(tmp_path: Path) -> None:
    """The same keys and placeholders, spread over files as one likes."""
    catalogue(tmp_path, "ko", {"a.b": "{name} 컨테이너", "c": "네"})
    catalogue(tmp_path, "en", {"a.b": "container {name}"})
    catalogue(tmp_path, "en", {"c": "yes"}, "other.po")
    assert languages.problems(tmp_path) == []


def test_a_missing_translation_is_named(tmp_path: Path) -> None:
    """A text that one language lacks is found."""
    catalogue(tmp_path, "ko", {"a": "가"})
    catalogue(tmp_path, "en", {"a": "a", "b": "b"})
    assert languages.problems(tmp_path) == ["b is missing in: ko."]


def test_different_placeholders_are_found(tmp_path: Path) -> None:
    """A placeholder that one language forgot is found."""
    catalogue(tmp_path, "ko", {"a": "{port} 포트"})
    catalogue(tmp_path, "en", {"a": "the port"})
    assert any("different placeholders" in line for line in languages.problems(tmp_path))


def test_empty_and_double_texts_are_found(tmp_path: Path) -> None:
    """A text left empty and a key in two files are mistakes."""
    catalogue(tmp_path, "ko", {"a": "", "b": "나"})
    catalogue(tmp_path, "ko", {"b": "나"}, "other.po")
    found = languages.problems(tmp_path)
    assert "ko/core.po: a is empty." in found
    assert "ko/other.po: b is there twice." in found


def test_shell_scripts_are_found_by_their_first_line(tmp_path: Path) -> None:
    """Scripts without an ending are checked too; other files are not."""
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / "run").write_text("#!/usr/bin/env bash\n")
    (tmp_path / "init").write_text("#!/bin/sh\n")
    (tmp_path / "tool").write_text("#!/usr/bin/env python3\n")
    (tmp_path / "notes").write_text("sh\n")
    assert sorted(path.name for path in shell_scripts(tmp_path)) == ["init", "run"]
