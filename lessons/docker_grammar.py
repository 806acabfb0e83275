"""What a docker command means, whichever way it is written.

`docker ps -a`, `docker container ls --all` and `docker -D container list -a` mean the same. The
tables hold what beginners type; an option that is not in them is read as one without a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

Path = tuple[str, ...]
Option = tuple[str, str | None]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _short(letters: str) -> dict[str, str]:
    """`"a=all f=filter"` → letter to long name."""
    return dict(pair.split("=") for pair in letters.split())


_CONTAINER_WORDS = _words(
    "attach commit cp create diff exec export kill logs pause port rename restart rm run start"
    " stats stop top unpause update wait"
)
_OLD_FORMS: dict[str, Path] = {
    **{word: ("container", word) for word in _CONTAINER_WORDS},
    **{word: ("image", word) for word in _words("build history import load pull push save tag")},
    "events": ("system", "events"),
    "images": ("image", "ls"),
    "info": ("system", "info"),
    "ps": ("container", "ls"),
    "rmi": ("image", "rm"),
}
_GROUPS = _words(
    "builder buildx checkpoint compose config container context image manifest network node plugin"
    " secret service stack swarm system trust volume"
)
_ALIASES = {"ps": "ls", "list": "ls", "remove": "rm"}
_RUN: set[Path] = {("container", "run"), ("container", "create")}
TAKES_IMAGE_FIRST: Set[Path] = _RUN | {("image", "pull")}
"""Those whose first argument is the name of an image."""
# Their options end at the first word that is none: what follows belongs to the container.
_STOPS_AT_FIRST_WORD: set[Path] = {*_RUN, ("container", "exec"), ("compose", "exec")}

_GLOBAL_SHORT = _short("c=context D=debug H=host h=help l=log-level v=version")
_GLOBAL_VALUES = _words("config context host log-level tlscacert tlscert tlskey")

# `run` has so many options with a value that the others are listed.
_RUN_SHORT = _short(
    "a=attach c=cpu-shares d=detach e=env h=hostname i=interactive l=label m=memory P=publish-all"
    " p=publish q=quiet t=tty u=user v=volume w=workdir"
)
_RUN_SWITCHES = _words(
    "detach disable-content-trust help init interactive no-healthcheck oom-kill-disable privileged"
    " publish-all quiet read-only rm sig-proxy tty use-api-socket"
)
_RUN_SAME = {"net": "network", "net-alias": "network-alias", "dns-opt": "dns-option"}

_VALUES: dict[Path, Set[str]] = {
    ("compose", "config"): {"format", "hash", "output"},
    ("compose", "down"): {"rmi", "timeout"},
    ("compose", "exec"): {"env", "index", "user", "workdir"},
    ("compose", "logs"): {"index", "since", "tail", "until"},
    ("compose", "ps"): {"filter", "format", "status"},
    ("compose", "restart"): {"timeout"},
    ("compose", "stop"): {"timeout"},
    ("compose", "up"): {"exit-code-from", "pull", "scale", "timeout", "wait-timeout"},
    ("container", "exec"): {"detach-keys", "env", "env-file", "user", "workdir"},
    ("container", "inspect"): {"format"},
    ("container", "kill"): {"signal"},
    ("container", "logs"): {"since", "tail", "until"},
    ("container", "ls"): {"filter", "format", "last"},
    ("container", "restart"): {"signal", "timeout"},
    ("container", "stats"): {"format"},
    ("container", "stop"): {"signal", "timeout"},
    ("image", "build"): {"build-arg", "file", "label", "network", "platform", "tag", "target"},
    ("image", "history"): {"format", "platform"},
    ("image", "inspect"): {"format"},
    ("image", "ls"): {"filter", "format"},
    ("inspect",): {"format", "type"},
    ("system", "events"): {"filter", "format", "since", "until"},
    ("system", "info"): {"format"},
    ("version",): {"format"},
}
_SHORT: dict[Path, dict[str, str]] = {
    ("compose", "config"): _short("o=output q=quiet"),
    ("compose", "down"): _short("t=timeout v=volumes"),
    ("compose", "exec"): _short("d=detach e=env T=no-TTY u=user w=workdir"),
    ("compose", "logs"): _short("f=follow n=tail t=timestamps"),
    ("compose", "ps"): _short("a=all q=quiet"),
    ("compose", "restart"): _short("t=timeout"),
    ("compose", "stop"): _short("t=timeout"),
    ("compose", "up"): _short("d=detach t=timeout V=renew-anon-volumes y=yes"),
    ("container", "exec"): _short("d=detach e=env i=interactive t=tty u=user w=workdir"),
    ("container", "inspect"): _short("f=format s=size"),
    ("container", "kill"): _short("s=signal"),
    ("container", "logs"): _short("f=follow n=tail t=timestamps"),
    ("container", "ls"): _short("a=all f=filter l=latest n=last q=quiet s=size"),
    ("container", "restart"): _short("s=signal t=timeout"),
    ("container", "rm"): _short("f=force l=link v=volumes"),
    ("container", "start"): _short("a=attach i=interactive"),
    ("container", "stats"): _short("a=all"),
    ("container", "stop"): _short("s=signal t=timeout"),
    ("image", "build"): _short("f=file q=quiet t=tag"),
    ("image", "inspect"): _short("f=format"),
    ("image", "ls"): _short("a=all f=filter q=quiet"),
    ("image", "rm"): _short("f=force"),
    ("inspect",): _short("f=format s=size"),
    ("system", "events"): _short("f=filter"),
    ("system", "info"): _short("f=format"),
    ("version",): _short("f=format"),
}
_SAME: dict[Path, dict[str, str]] = {
    ("container", "stop"): {"time": "timeout"},
    ("container", "restart"): {"time": "timeout"},
}


@dataclass(frozen=True, slots=True)
class DockerCommand:
    """A docker command by its meaning.

    `path` is the management form: `("container", "ls")` for `docker ps`; it is empty for `docker`
    alone. Options have their long names; one without a value has None. `help` says that it only
    shows help, `version` that it is `docker --version`. `written` are the path's words as they were
    typed, which is no part of the meaning: `("ps",)`.
    """

    path: tuple[str, ...]
    options: tuple[Option, ...] = ()
    arguments: tuple[str, ...] = ()
    help: bool = False
    version: bool = False
    written: tuple[str, ...] = field(default=(), compare=False)

    def values_of(self, option: str) -> tuple[str | None, ...]:
        """Every value given to an option, in their order."""
        return tuple(value for name, value in self.options if name == option)


@dataclass(frozen=True, slots=True)
class _Options:
    """How a command's options are written."""

    short: Mapping[str, str]
    values: Set[str] | None
    """Those followed by a value; None: all but `_RUN_SWITCHES`."""
    same: Mapping[str, str] = field(default_factory=dict)

    def long(self, name: str) -> str:
        """The one long name that we know an option by."""
        return self.same.get(name, name)

    def takes_value(self, name: str) -> bool:
        """Whether the next word belongs to this option."""
        return name not in _RUN_SWITCHES if self.values is None else name in self.values


_GLOBAL = _Options(_GLOBAL_SHORT, _GLOBAL_VALUES)
# `docker compose -f FILE up`: options of its own, which stand before the command.
_COMPOSE = _Options(
    _short("f=file h=help p=project-name"),
    _words("ansi env-file file parallel profile progress project-directory project-name"),
)
_OF_RUN = _Options(_RUN_SHORT, None, _RUN_SAME)


def _options_of(path: Path) -> _Options:
    if path in _RUN:
        return _OF_RUN
    short = {"h": "help"} | _SHORT.get(path, {})
    return _Options(short, _VALUES.get(path, frozenset()), _SAME.get(path, {}))


def read_docker(words: tuple[str, ...]) -> DockerCommand | None:
    """What these words mean; None when the program is not docker."""
    if not words or words[0] != "docker":
        return None
    queue = list(words[1:])
    first = {name for name, _ in _take_options(queue, _GLOBAL)}
    if "version" in first:
        return DockerCommand((), version=True)
    wants_help = "help" in first
    if queue[:1] == ["help"]:
        queue, wants_help = queue[1:], True
    typed = tuple(queue)
    path, before = _take_path(queue)
    written = typed[: len(typed) - len(queue)]
    wants_help = wants_help or ("help", None) in before
    if not path or (len(path) == 1 and path[0] in _GROUPS):
        return DockerCommand(path, help=True, written=written)
    return replace(_read_rest(path, queue, before, wants_help=wants_help), written=written)


def _take_path(queue: list[str]) -> tuple[Path, list[Option]]:
    """Take the command's words off the queue, in the management form, and what is between them."""
    if not queue or queue[0].startswith("-"):
        return (), []
    word = queue.pop(0)
    if word not in _GROUPS:
        return _OLD_FORMS.get(word, (word,)), []
    between = _take_options(queue, _COMPOSE) if word == "compose" else []
    if not queue or queue[0].startswith("-"):
        return (word,), between
    verb = queue.pop(0)
    return (word, _ALIASES.get(verb, verb)), between


def _read_rest(
    path: Path, queue: list[str], before: list[Option], *, wants_help: bool
) -> DockerCommand:
    grammar = _options_of(path)
    options = list(before)
    arguments: list[str] = []
    while queue:
        options += _take_options(queue, grammar)
        if path in _STOPS_AT_FIRST_WORD or queue[:1] == ["--"]:
            arguments += queue[1:] if queue[:1] == ["--"] else queue
            break
        arguments += queue[:1]
        del queue[:1]
    wants_help = wants_help or any(name == "help" for name, _ in options)
    kept = tuple(option for option in options if option[0] != "help")
    return DockerCommand(path, kept, tuple(arguments), help=wants_help)


def _take_options(queue: list[str], grammar: _Options) -> list[Option]:
    """Take the options at the head of the queue; `--switch=false` counts as not given."""
    taken: list[Option] = []
    while queue and queue[0].startswith("-") and queue[0] not in {"-", "--"}:
        for name, joined in _split_option(queue.pop(0), grammar):
            value = joined
            if joined is None and grammar.takes_value(name) and queue:
                value = queue.pop(0)
            if value != "false":
                taken.append((name, None if value == "true" else value))
    return taken


def _split_option(word: str, grammar: _Options) -> Iterator[Option]:
    """`--name=x` → name; `-dp80:80` → detach, publish. A value that is still to come is None."""
    if word.startswith("--"):
        name, equals, value = word[2:].partition("=")
        yield grammar.long(name), value if equals else None
        return
    letters = word[1:]
    while letters:
        name, letters = grammar.short.get(letters[0], letters[0]), letters[1:]
        if letters.startswith("=") or (letters and grammar.takes_value(name)):
            yield name, letters.removeprefix("=")
            return
        yield name, None
