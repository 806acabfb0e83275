"""Errors and warnings of `docker compose`."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "no_compose_file",
        r"no configuration file provided: not found",
        marks="no configuration file provided",
    ),
    known(
        "not_declared",
        r'service "(?P<service>[^"\n]{1,80})" depends on undefined service '
        r'"?(?P<name>[^\s":]{1,80})',
        r'service "(?P<service>[^"\n]{1,80})" refers to undefined '
        r"(?:network|volume|config|secret) (?P<name>[^\s:]{1,80})",
        marks=("depends on undefined service", "refers to undefined"),
    ),
    known(
        "service_without_image",
        r'service "(?P<service>[^"\n]{1,80})" has neither an image nor a build context',
        marks="neither an image nor a build context",
    ),
    known(
        "unknown_compose_key",
        r"additional propert(?:y|ies) '?(?P<key>[^\s']{1,80})'? (?:is )?not allowed",
        marks="additional propert",
    ),
    known(
        "compose_yaml",
        r"yaml: (?:line (?P<line>\d{1,6})[^\n]{0,20}: )?(?P<reason>(?:did not|could not|mapping "
        r"values|found|block|cannot|unmarshal|control)[^\n]{1,200})",
        marks="yaml: ",
    ),
    known(
        "compose_version_key",
        r"`version` is obsolete",
        r"attribute \\?[`\"]version\\?[`\"] is obsolete",
        marks="is obsolete",
        warning=True,
    ),
    known(
        "variable_not_set",
        r'The \\?"(?P<variable>\w{1,80})\\?" variable is not set\. Defaulting to a blank string',
        marks="variable is not set",
        warning=True,
    ),
    known(
        "dependency_unhealthy",
        r"dependency failed to start: container (?P<container>[^\s]{1,200}) is unhealthy",
        r"container (?P<container>[^\s]{1,200}) is unhealthy",
        marks="is unhealthy",
    ),
    known(
        "dependency_exited",
        r"dependency failed to start: container (?P<container>[^\s]{1,200}) exited "
        r"\((?P<code>\d{1,3})\)",
        marks="dependency failed to start",
    ),
    known(
        "orphan_containers",
        r"Found orphan containers \(\[?(?P<container>[^\])\n]{1,200})\]?\) for this project",
        marks="found orphan containers",
        warning=True,
    ),
)
