"""The commands of `./docent` after its environment is ready: `python -m ops COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ops.errors import OpsError
from ops.progress import TerminalProgress


def main(arguments: Sequence[str]) -> int:
    """Run one command; a failure that somebody can mend is one sentence and exit status 1."""
    if arguments[:1] == ["test"]:  # what follows is pytest's: it keeps its own argument rules
        return _guarded(lambda: _test(arguments[1:]))
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.command
    return _guarded(lambda: command(chosen))


def _guarded(command: Callable[[], int]) -> int:
    try:
        return command()
    except OpsError as error:
        print(f"docent: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docent")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("check").set_defaults(command=_check)
    return parser


def _path(text: str) -> Path:
    """A path as the caller of the script meant it."""
    return Path(os.environ.get("DOCENT_CALLED_FROM", ".")) / text


# Each command imports what it needs when it runs: `test unit` and `check` stay quick.


def _check(_chosen: argparse.Namespace) -> int:
    from ops.check import run_checks  # noqa: PLC0415

    return run_checks(TerminalProgress())


def _test(arguments: Sequence[str]) -> int:
    from ops.testing import run_tests  # noqa: PLC0415

    return run_tests(arguments, TerminalProgress())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
