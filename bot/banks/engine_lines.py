"""Which commands a question from others may run on an engine: docker, on names of its own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from lessons.docker_grammar import DockerCommand, read_docker
from lessons.questions import EngineQuestion, Question


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Outside of quotes only letters that no shell expands: so a shell reads the same words as `shlex`.
_PLAIN: Final = re.compile(
    r"""(?:[A-Za-z0-9 _@%+=:,./-]|'[^';|&$`<>\\\n]*'|"[^"!;|&$`<>\\\n]*")+"""
)
_NAME: Final = re.compile(r"quiz-[A-Za-z0-9][A-Za-z0-9_.-]*(?::[A-Za-z0-9][A-Za-z0-9_.-]*)?")
_OF_OTHERS: Final = frozenset({"none", "bridge"})
"""Networks that everybody has."""

_LOOKS: Final = frozenset(
    {
        *(("container", verb) for verb in ("diff", "inspect", "logs", "ls", "port", "top")),
        *(("image", verb) for verb in ("history", "inspect", "ls")),
        *((kind, verb) for kind in ("network", "volume") for verb in ("inspect", "ls")),
        *(("system", verb) for verb in ("df", "events", "info")),
        ("inspect",),
        ("version",),
    }
)
"""Those that change nothing, whatever their options are."""

_RUN_OPTIONS: Final = _words(
    "cap-drop cpu-shares cpus detach entrypoint env hostname init interactive label memory"
    " memory-swap name network network-alias no-healthcheck pids-limit publish publish-all quiet"
    " read-only restart rm stop-signal stop-timeout tmpfs tty user workdir"
)
_CHANGES: Final[Mapping[tuple[str, ...], frozenset[str]]] = {
    ("container", "commit"): frozenset(),
    ("container", "kill"): frozenset({"signal"}),
    ("container", "pause"): frozenset(),
    ("container", "rename"): frozenset(),
    ("container", "restart"): frozenset({"signal", "timeout"}),
    ("container", "rm"): frozenset({"force", "volumes"}),
    ("container", "start"): frozenset({"attach"}),
    ("container", "stop"): frozenset({"signal", "timeout"}),
    ("container", "unpause"): frozenset(),
    ("container", "wait"): frozenset(),
    ("image", "rm"): frozenset({"force"}),
    ("network", "connect"): frozenset(),
    ("network", "create"): frozenset({"internal"}),
    ("network", "disconnect"): frozenset({"f", "force"}),
    ("network", "rm"): frozenset({"f", "force"}),
    ("volume", "create"): frozenset(),
    ("volume", "rm"): frozenset({"f", "force"}),
}
"""Those whose arguments are all names, and the options that they may have."""


@lru_cache(maxsize=1024)  # lists of lessons ask for the same lines again and again
def is_harmless(line: str) -> bool:
    """Whether the line is one docker command that touches only names beginning with `quiz-`.

    There is no shell in it, no folder of the engine's, and nothing that is removed by the dozen.
    """
    if not _PLAIN.fullmatch(line):
        return False
    words = tuple(shlex.split(line))
    if words[:1] != ("docker",) or words[1:2] == () or words[1].startswith("-"):
        return False  # an option before the command may point to another engine
    command = read_docker(words)
    if command is None or command.help:
        return False
    if command.path in _LOOKS:
        return True
    if command.path in _CHANGES:
        return _is_tidy(command, words, _CHANGES[command.path]) and _all_ours(command.arguments)
    judge = _JUDGES.get(command.path)
    return judge is not None and judge(command, words)


def is_trusted(question: Question) -> bool:
    """Whether all that the question runs is harmless."""
    if not isinstance(question, EngineQuestion):
        return True
    return all(is_harmless(line) for line in (*question.setup, question.run))


def _all_ours(names: tuple[str, ...]) -> bool:
    return bool(names) and all(_NAME.fullmatch(name) for name in names)


def _is_tidy(command: DockerCommand, words: tuple[str, ...], options: frozenset[str]) -> bool:
    """Whether it has these options only, and none that the grammar reads away."""
    # What stands last belongs to a container where options end at the first argument.
    inside = len(command.arguments) if command.path in _JUDGES else 0
    head = words[: len(words) - inside]
    if any(word in {"--", "false"} or word.endswith("=false") for word in head):
        return False
    return all(name in options for name, _ in command.options)


def _runs(command: DockerCommand, words: tuple[str, ...]) -> bool:
    """A container with a name of ours, and of the engine nothing but networks of ours."""
    names = command.values_of("name")
    return (
        _is_tidy(command, words, _RUN_OPTIONS)
        and bool(command.arguments)
        and bool(names)
        and all(name is not None and _NAME.fullmatch(name) for name in names)
        and all(_is_network(name) for name in command.values_of("network"))
        # A variable without a value is taken from whose engine it is.
        and all("=" in (value or "") for value in command.values_of("env"))
    )


def _is_network(name: str | None) -> bool:
    own = (name or "").removeprefix("container:")
    return name in _OF_OTHERS or _NAME.fullmatch(own) is not None


def _executes(command: DockerCommand, words: tuple[str, ...]) -> bool:
    options = frozenset({"detach", "interactive", "tty", "user", "workdir"})
    return _is_tidy(command, words, options) and _all_ours(command.arguments[:1])


def _tags(command: DockerCommand, words: tuple[str, ...]) -> bool:
    """The new name is ours; the image may be any."""
    return not command.options and len(command.arguments) == 2 and _all_ours(command.arguments[1:])  # noqa: PLR2004


_JUDGES: Final[Mapping[tuple[str, ...], Callable[[DockerCommand, tuple[str, ...]], bool]]] = {
    ("container", "create"): _runs,
    ("container", "exec"): _executes,
    ("container", "run"): _runs,
    ("image", "tag"): _tags,
}
