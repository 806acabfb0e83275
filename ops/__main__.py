"""The commands of `./docent` after its environment is ready: `python -m ops COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ops import env_file
from ops.errors import OpsError
from ops.progress import TerminalProgress

# Each command imports what it needs when it runs, so that `test unit` and `check` stay quick.
# ruff: noqa: PLC0415


def main(arguments: Sequence[str]) -> int:
    """Run one command; a failure that somebody can mend is one sentence and exit status 1."""
    if arguments[:1] == ["test"]:  # what follows is pytest's: it keeps its own argument rules
        return _guarded(lambda: _test(arguments[1:]))
    if arguments[:1] == ["bench"]:  # what follows is read where it is measured
        return _guarded(lambda: _bench(arguments[1:]))
    chosen = _parser().parse_args(arguments)
    return _guarded(lambda: _with_settings(chosen))


def _guarded(command: Callable[[], int]) -> int:
    try:
        return command()
    except OpsError as error:
        print(f"docent: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _with_settings(chosen: argparse.Namespace) -> int:
    env_file.load(env_file.place())
    command: Callable[[argparse.Namespace], int] = chosen.command
    return command(chosen)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="docent")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name)
        added.set_defaults(command=command)
        added.add_argument("--home", type=_path, metavar="DIR")
        return added

    start = add("up", _up)
    start.add_argument("--port", type=int, default=8080, metavar="N")
    start.add_argument("--source", choices=("auto", "hub", "catalogue"))
    start.add_argument("--without-engine", action="store_true")
    make_ready = add("prepare", _prepare)
    make_ready.add_argument("--source", choices=("auto", "hub", "catalogue"))
    add("check", _check)
    add("doctor", _doctor)
    add("backup", _backup)
    add("migrate", _migrate)
    add("flags", _flags)
    desk = add("lessons", _lessons)
    desk.add_argument("what", choices=("new", "verify", "preview", "draw"))
    desk.add_argument("lesson", nargs="?", metavar="LESSON")
    desk.add_argument("--port", type=int, default=8080, metavar="N")
    desk.add_argument("--without-engine", action="store_true")
    return parser


def _path(text: str) -> Path:
    """A path as the caller of the script meant it."""
    return Path(os.environ.get("DOCENT_CALLED_FROM", ".")) / text


def _up(chosen: argparse.Namespace) -> int:
    from ops.plan import make_plan
    from ops.up import up

    plan = make_plan(
        home=chosen.home,
        port=chosen.port,
        source=chosen.source,
        with_engine=not chosen.without_engine,
    )
    return up(plan, TerminalProgress())


def _prepare(chosen: argparse.Namespace) -> int:
    from ops.compose_plugin import what_is_missing
    from ops.plan import SOURCE_VARIABLE, make_plan
    from ops.preparation import prepare_for_compose

    plan = make_plan(home=chosen.home, port=0, source=chosen.source, with_engine=True)
    source = prepare_for_compose(plan, TerminalProgress())
    said = os.environ.get(SOURCE_VARIABLE) or "auto"
    if said not in ("auto", source):  # compose.yaml goes by it
        print(f"Set DOCENT_SOURCE={source}, in .env too: it is {said} now.")
    if missing := what_is_missing():
        print(missing)
    print("Ready: docker compose up --detach")
    return 0


def _check(_chosen: argparse.Namespace) -> int:
    from ops.check import run_checks

    return run_checks(TerminalProgress())


def _test(arguments: Sequence[str]) -> int:
    from ops.testing import OF_IMAGES, run_tests

    env_file.load(env_file.place(), only=OF_IMAGES)
    return run_tests(arguments, TerminalProgress())


def _bench(arguments: Sequence[str]) -> int:
    from ops.benchmark import run_benchmark
    from ops.testing import OF_IMAGES

    env_file.load(env_file.place(), only=OF_IMAGES)
    return run_benchmark(arguments)


def _doctor(chosen: argparse.Namespace) -> int:
    from ops.doctor import examine
    from ops.finding import report
    from ops.home import home_in_use

    return report(examine(chosen.home or home_in_use()))


def _backup(chosen: argparse.Namespace) -> int:
    from ops.backup import back_up
    from ops.home import home_in_use, must_write

    home = chosen.home or home_in_use()
    must_write(home, "backup")
    print(f"The database is copied to {back_up(home)}.")
    print(f"Learners' disks are not in it: {home / 'disks'} (copy them while Docent is stopped).")
    return 0


def _lessons(chosen: argparse.Namespace) -> int:
    from ops import lesson_desk

    match chosen.what:
        case "new":
            return lesson_desk.make_new(chosen.lesson)
        case "verify":
            return lesson_desk.verify(chosen.lesson, TerminalProgress())
        case "preview":
            os.environ["DOCENT_LESSONS_PREVIEW"] = "true"
            chosen.source = None
            return _up(chosen)
        case _:
            return lesson_desk.draw_all()


def _flags(_chosen: argparse.Namespace) -> int:
    from ops import cli_flags

    return cli_flags.write()


def _migrate(chosen: argparse.Namespace) -> int:
    from db.errors import DatabaseError
    from db.migrate import migrate
    from ops.backup import database_of
    from ops.home import home_in_use, must_write

    home = chosen.home or home_in_use()
    must_write(home, "migrate")
    url = database_of(home, composed="run --rm migrate")
    try:
        migrate(url)
    except (DatabaseError, ValueError) as error:
        raise OpsError(f"The database could not be brought up to date: {error}") from error
    print(f"The database of {home} is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
