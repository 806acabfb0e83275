"""The commands and flags that exist: what may have been meant by one that does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.terminal.error_help.typed import docker_commands
from bot.terminal.vocabulary import DOCKER_COMMANDS, DOCKER_NESTED, words

_FLAGS_OF_RUN: Final = sorted(
    words(
        "add-host annotation attach blkio-weight cap-add cap-drop cidfile cpu-period cpu-quota"
        " cpu-shares cpus cpuset-cpus detach detach-keys device dns dns-option entrypoint env"
        " env-file expose gpus group-add health-cmd health-interval health-retries health-timeout"
        " help hostname init interactive ip ipc isolation label label-file link log-driver log-opt"
        " mac-address memory memory-reservation memory-swap mount name network network-alias"
        " no-healthcheck oom-kill-disable oom-score-adj pid pids-limit platform privileged publish"
        " publish-all pull quiet read-only restart rm runtime security-opt shm-size sig-proxy"
        " stop-signal stop-timeout storage-opt sysctl tmpfs tty ulimit user userns uts volume"
        " volume-driver volumes-from workdir"
    )
)
_OTHER_FLAGS: Final = sorted(
    words(
        "all attach build-arg cached detach digests driver env file filter follow force format"
        " gateway help human internal interactive label last latest mount name network no-cache"
        " no-trunc options output platform progress pull quiet remove-orphans rmi scale services"
        " signal since size subnet tag tail target timeout timestamps tty type until user volumes"
        " wait workdir"
    )
)


def command_names(group: str) -> Sequence[str]:
    """The words that may follow `docker`, or a group such as `container`."""
    return sorted(DOCKER_NESTED if group else DOCKER_COMMANDS)


def flag_names(line: str) -> Sequence[str]:
    """The long flags of the last docker command that the line has, without their dashes."""
    commands = docker_commands(line)
    is_run = bool(commands) and commands[-1].path in {("container", "run"), ("container", "create")}
    return _FLAGS_OF_RUN if is_run else _OTHER_FLAGS
