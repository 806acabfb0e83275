"""Errors of the command-line client: commands, options, arguments, templates, filters."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "unknown_command",
        r"^docker: '(?P<command>[^'\n]{1,80})' is not a docker command",  # 27 and older
        r"^docker: unknown command: docker (?P<command>[^\s]{1,80})$",
        marks=("is not a docker command", "unknown command: docker"),
        misspelt={"command": "command"},
    ),
    known(
        "unknown_subcommand",
        r"^docker: unknown command: docker (?P<group>\S{1,40}) (?P<command>[^\n]{1,80})$",
        r'^unknown docker command: "(?P<group>compose) (?P<command>[^"\n]{1,80})"',
        r'unknown command "(?P<command>[^"\n]{1,80})" for "docker (?P<group>[^"\n]{1,40})"',
        r"^Usage:  docker (?P<group>[a-z]{1,20}) COMMAND$",  # 27 and older show the help instead
        marks=("unknown command", "unknown docker command", "usage:  docker"),
        misspelt={"command": "command"},
    ),
    known(
        "unknown_flag",
        r"unknown flag: (?P<flag>--[^\s]{1,80})",
        marks="unknown flag:",
        misspelt={"flag": "flag"},
    ),
    known(
        "unknown_short_flag",
        r"unknown shorthand flag: '(?P<flag>[^\n]{1,8})' in (?P<typed>-[^\s]{1,80})",
        marks="unknown shorthand flag:",
        misspelt={"typed": "flag"},
    ),
    known(
        "flag_needs_value",
        r"flag needs an argument: (?:'[^'\n]{1,8}' in )?(?P<flag>-{1,2}[^\s]{1,80})",
        marks="flag needs an argument:",
    ),
    known(
        "bad_flag_value",
        r'invalid argument "(?P<value>[^"\n]{0,200})" for "(?P<flag>[^"\n]{1,80})" flag: '
        r"(?P<reason>[^\n]{1,200}?)\.?$",
        marks="invalid argument",
    ),
    known(
        "too_few_arguments",
        r"""["']docker (?P<command>[^"'\n]{1,60})["'] requires at least """
        r"(?P<count>\d{1,3}) argument",
        marks="requires at least",
    ),
    known(
        "wrong_argument_count",
        r"""["']docker (?P<command>[^"'\n]{1,60})["'] requires (?:exactly |at most )?"""
        r"(?P<count>\d{1,3}) argument",
        marks=("requires exactly", "requires at most", "' requires ", '" requires '),
    ),
    known(
        "takes_no_arguments",
        r"""["']docker (?P<command>[^"'\n]{1,60})["'] accepts no arguments""",
        marks="accepts no arguments",
    ),
    known(
        "not_a_terminal",
        r"the input device is not a TTY",
        r"cannot attach stdin to a TTY-enabled container",
        marks=("not a tty", "tty-enabled container"),
    ),
    known(
        "login_without_terminal",
        r"Cannot perform an interactive login from a non[- ]TTY device",
        marks="interactive login",
    ),
    known(
        "bad_template",
        r'template: [^\n]{0,200}map has no entry for key "(?P<key>[^"\n]{1,80})"',
        r"template: [^\n]{0,200}can't evaluate field (?P<key>[^\s]{1,80}) in type",
        r"template parsing error: [^\n]{1,200}",
        marks=("map has no entry for key", "can't evaluate field", "template parsing error"),
    ),
    known(
        "bad_filter",
        r"invalid filter '(?P<filter>[^'\n]{1,80})'",
        marks="invalid filter",
    ),
    known(
        "rm_with_restart",
        r"conflicting options: (?:cannot specify both )?--restart and --rm",
        marks="--restart and --rm",
    ),
    known(
        "no_env_file",
        r"^docker: open (?P<path>[^\n:]{1,200}): no such file or directory",
        r"env file (?P<path>[^\n:]{1,200}) not found",
        marks=("docker: open ", "env file "),
    ),
)
