"""Errors of `docker build`, with BuildKit and without."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "no_build_folder",
        r'unable to prepare context: path "(?P<path>[^"\n]{0,200})" not found',
        marks="unable to prepare context: path",
    ),
    known(
        "no_dockerfile",
        r"failed to read dockerfile: open (?P<file>[^\n:]{1,200}): no such file",
        r"unable to evaluate symlinks in Dockerfile path: lstat (?P<file>[^\n:]{1,200}): no such",
        r"Cannot locate specified Dockerfile: (?P<file>[^\s]{1,200})",
        marks=(
            "failed to read dockerfile",
            "symlinks in dockerfile path",
            "cannot locate specified dockerfile",
        ),
    ),
    known(
        "unknown_instruction",
        r"dockerfile parse error (?:on )?line (?P<line>\d{1,6}): "
        r"unknown instruction: (?P<word>[^\s]{1,80})",
        marks="unknown instruction",
    ),
    known(
        "copy_source_missing",
        r'failed to calculate checksum of ref [^\n]{1,200}?: "(?P<path>[^"\n]{1,200})": not found',
        r"(?:COPY|ADD) failed: [^\n]{0,120}?(?:stat |: )(?P<path>[^\s:]{1,200}): "
        r"(?:no such file|file does not exist)",
        marks=("failed to calculate checksum", "copy failed", "add failed"),
    ),
    known(
        "build_step_failed",
        r'process "(?:/bin/sh -c )?(?P<command>[^\n]{1,400}?)" did not complete successfully: '
        r"exit code: (?P<code>\d{1,3})",
        r"The command '(?:/bin/sh -c )?(?P<command>[^\n]{1,400}?)' returned a non-zero code: "
        r"(?P<code>\d{1,3})",
        marks=("did not complete successfully", "returned a non-zero code"),
    ),
)
