"""`./docent test`: pytest with what the tests need around it, all stopped again at the end."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence, Set
from contextlib import ExitStack

from ops import ROOT
from ops.env_file import INSTEAD_VARIABLE
from ops.errors import OpsError
from ops.foreground import InBackground, run_in_foreground
from ops.progress import Progress

PURE = frozenset({"unit", "content"})
"""Folders of tests that need neither Docker nor a browser nor Postgres."""
APART = frozenset({"vm"})
"""Folders that only run when they are named."""
BESIDE = frozenset({"content", "contract", "openapi", "trials", "unit"})
"""What runs beside the rest when all of it runs: half the time of each is waiting."""
LAST = frozenset({"crowd", "faults", "security"})
"""What has the machine to itself after that: neighbours of attacks, and hundreds who press a button
at once, have to be answered in time."""
TOGETHER_VARIABLE = "DOCENT_TEST_TOGETHER"
"""Tells tests that all of them run: what two folders try is then tried in one of them."""
MADE_FROM = frozenset({"DOCENT_SOURCE", "DOCENT_ENGINE_BROWSER"})
"""The operator's settings that tests take over: those that set Docent up make the same images."""
OF_IMAGES = MADE_FROM | {"DOCENT_HOME"}
"""These, and where the images are."""
INTERRUPTED = 2
"""Exit status of pytest: https://docs.pytest.org/en/stable/reference/exit-codes.html"""
PYTEST = (sys.executable, "-m", "pytest")


def folders() -> list[str]:
    """The names that `./docent test NAME` takes."""
    return sorted(path.name for path in (ROOT / "tests").iterdir() if any(path.rglob("test_*.py")))


def run_tests(arguments: Sequence[str], progress: Progress) -> int:
    """Run all tests, or those of the folder that the first argument names.

    Args:
        arguments: An optional name of a folder in tests/, then arguments for pytest.
        progress: Where the set-up reports to.

    Returns:
        Exit status of pytest: 0 only if all of it holds.

    Raises:
        OpsError: there is no such folder, or something that the tests need is missing.
    """
    name, rest = split_arguments(arguments)
    if name == "vm":
        from ops.vm import run_vm_tests  # noqa: PLC0415 - unit tests do without all this

        return run_vm_tests(rest, progress)
    with ExitStack() as stack:
        environment = clean_environment(os.environ)
        if name not in PURE:
            from ops.surroundings import prepared  # noqa: PLC0415 - unit tests do without all this

            environment |= stack.enter_context(prepared(folders_of(name, rest), progress))
        if name or rest:
            return run_in_foreground([*PYTEST, *targets(name, rest), *rest], environment)
        return _run_all(environment)


def _run_all(environment: Mapping[str, str]) -> int:
    """All tests, in three runs of pytest; the first status that is not 0."""
    environment = {**environment, TOGETHER_VARIABLE: "1"}
    apart = BESIDE | LAST | APART
    with InBackground(_pytest(BESIDE), environment) as others:
        status = run_in_foreground(_pytest(set(folders()) - apart), environment)
        if status == INTERRUPTED:
            return status
        status = others.finish() or status
    return run_in_foreground(_pytest(LAST), environment) or status


def _pytest(names: Set[str]) -> list[str]:
    return [*PYTEST, *(f"tests/{name}" for name in sorted(names))]


def clean_environment(
    environment: Mapping[str, str], keep: Collection[str] = MADE_FROM
) -> dict[str, str]:
    """The environment without the operator's settings: tests bring their own.

    A `./docent` that is started with it does not read the operator's `.env` either.
    """
    ours = {
        name: value
        for name, value in environment.items()
        if name in keep
        or name.startswith("DOCENT_TEST_")
        or not (name == "DISCORD_TOKEN" or name.startswith("DOCENT_"))
    }
    return {**ours, INSTEAD_VARIABLE: os.devnull}


def split_arguments(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The folder that is named, if any, and what is left for pytest.

    Raises:
        OpsError: there is no such folder.
    """
    if not arguments or arguments[0].startswith("-") or "/" in arguments[0]:
        return None, list(arguments)
    name = arguments[0]
    if not (ROOT / "tests" / name).is_dir():
        raise OpsError(f"There is no folder tests/{name}. There are: {', '.join(folders())}.")
    return name, list(arguments[1:])


def folders_of(name: str | None, rest: Sequence[str]) -> set[str]:
    """The folders whose tests are to run, for all that the arguments say."""
    if name is not None:
        return {name}
    named = {argument.split("/")[1] for argument in rest if argument.startswith("tests/")}
    return named or set(folders())


def targets(name: str | None, rest: Sequence[str]) -> list[str]:
    """Where pytest looks for tests; empty when the arguments say that themselves."""
    if any(argument.startswith("tests/") for argument in rest):
        return []  # a file or a test was named; pytest takes it from there
    if name is not None:
        return [f"tests/{name}"]
    return [f"tests/{folder}" for folder in folders() if folder not in APART]
