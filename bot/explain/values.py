"""Values of options: what kind each is, what this one means, what is wrong with it.

The kind comes from the option's name, else from what the CLI's help says of it. A reader takes the
value as the program gets it and answers with what it means and what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.explain.cli_table import Flag, nearest
from bot.explain.said import Said, said
from bot.terminal.vocabulary import words

Read = tuple[list[Said], list[Said]]
"""What it means, what is wrong with it."""

Reader = Callable[[str], Read]
Path_ = tuple[str, ...]

MOST_PORT: Final = 65535
LEAST_MEMORY: Final = 6 * 1024 * 1024
"""dockerd refuses a container with less."""

_UNITS: Final = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4, "p": 1024**5}
_MEMORY = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s?(?P<unit>[bkmgtp])?i?b?", re.IGNORECASE)
_DURATION = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
_NUMBER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"\d*\.?\d+")
_SPAN = re.compile(r"\d+(?:-\d+)?")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_HERE: Final = ("$(pwd)", "$PWD", "${PWD}", "`pwd`", "$(PWD)")
_IMAGE = re.compile(
    r"(?:(?P<registry>[\w.-]+(?:\.[\w.-]+|:\d+)|localhost)/)?"
    r"(?P<name>[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?(?:@(?P<digest>\w+:[0-9a-f]+))?",
    re.ASCII,
)

PORTS_OF_IMAGES: Final = {
    "nginx": 80, "httpd": 80, "redis": 6379, "postgres": 5432, "registry": 5000, "mysql": 3306,
    "mariadb": 3306, "mongo": 27017, "caddy": 80, "wordpress": 80, "traefik": 80,
}  # fmt: skip
"""Where programs in well-known images listen."""

RESTARTS: Final = ("no", "always", "unless-stopped", "on-failure")
PULLS: Final = ("always", "missing", "never")
SIGNALS: Final = {
    "TERM": "term", "KILL": "kill", "INT": "int", "HUP": "hup", "QUIT": "quit", "USR1": "user",
    "USR2": "user", "STOP": "freeze", "CONT": "freeze", "WINCH": "user",
}  # fmt: skip
_SIGNAL_NUMBERS: Final = {"1": "HUP", "2": "INT", "3": "QUIT", "9": "KILL", "15": "TERM"}
FILTERS: Final = words(
    "ancestor before capability config container daemon dangling description desired-state driver"
    " enabled engine.label event exited expose health id image inuse is-automated is-official"
    " is-task isolation label membership mode mutable name network node node.label parents plugin"
    " private profile publish reference role scope secret service shared since source stars status"
    " type until unused-for volume"
)
"""What lists can be filtered by, of all commands."""

STATES: Final = ("created", "restarting", "running", "removing", "paused", "exited", "dead")
MOUNT_KEYS: Final = {
    "type": "type", "source": "source", "src": "source", "target": "target", "dst": "target",
    "destination": "target", "readonly": "readonly", "ro": "readonly",
}  # fmt: skip
MOUNT_TYPES: Final = ("bind", "volume", "tmpfs", "npipe", "image", "cluster")
_VOLUME_MODES: Final = words(
    "ro rw z Z nocopy consistent cached delegated shared slave private rshared rslave rprivate rro"
)
_TOLD_FILTERS: Final = words(
    "status name label ancestor dangling exited health reference network volume until since before"
    " event type driver id"
)
"""Those that have a sentence of their own."""


def _port_number(text: str) -> bool:
    ends = text.split("-")
    return 1 <= len(ends) <= 2 and all(  # noqa: PLR2004 - a range has two ends
        end.isdecimal() and len(end) <= 5 and 0 <= int(end) <= MOST_PORT  # noqa: PLR2004
        for end in ends
    )


def split_ports(value: str) -> tuple[str, str, str, str]:
    """`ip:host:container/protocol` in its four pieces; what is missing is empty."""
    ports, _, protocol = value.partition("/")
    before, _, container = ports.rpartition(":")
    if before.startswith("["):
        ip, _, host = before.rpartition("]:")
        return ip + "]" if ip else before, host, container, protocol
    ip, _, host = before.rpartition(":")
    return ip, host, container, protocol


def ports(value: str) -> Read:
    """`-p 8080:80`."""
    if "=" in value:
        return [said("value.keys", value=value)], []
    ip, host, container, protocol = split_ports(value)
    wrong = []
    if not _port_number(container):
        wrong.append(said("wrong.port", value=container))
    elif _IPV4.fullmatch(host):
        wrong.append(said("wrong.port_address", right=f"{host}::{container}"))
    elif host and not _port_number(host):
        wrong.append(said("wrong.port", value=host))
    if protocol and protocol not in {"tcp", "udp", "sctp"}:
        wrong.append(said("wrong.protocol", value=protocol))
    if host and not wrong and ("-" in host) != ("-" in container) and "-" in container:
        wrong.append(said("wrong.port_range", host=host, container=container))
    if wrong:
        return [], wrong
    means = [_ports_said(host, container)]
    if ip:
        local = ip in {"127.0.0.1", "localhost", "[::1]"}
        means.append(said("value.ports.local" if local else "value.ports.ip", ip=ip))
    if protocol == "udp":
        means.append(said("value.ports.udp"))
    return means, []


def _ports_said(host: str, container: str) -> Said:
    if not host or host == "0":
        return said("value.ports.any", container=container)
    return said("value.ports", host=host, container=container)


def port_is_reversed(value: str, image: str) -> bool:
    """Whether the two ports were swapped, as far as the image is known."""
    _, host, container, _ = split_ports(value)
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    known = str(PORTS_OF_IMAGES.get(name, ""))
    return bool(known) and host == known and container != known


def volume(value: str) -> Read:
    """`-v data:/var/lib/data:ro`."""
    for here in _HERE:
        value = value.replace(here, "./", 1) if value.startswith(here) else value
    value = re.sub(r"^\./+", "./", value)
    if value.startswith("$"):
        return [said("value.open")], []
    pieces = value.split(":")
    if len(pieces) == 1:
        if not value.startswith("/"):
            return [], [said("wrong.volume_path", path=value)]
        return [said("value.volume.anonymous", path=value)], []
    source, path = pieces[0], pieces[1]
    modes = pieces[2].split(",") if len(pieces) > 2 else []  # noqa: PLR2004 - the third is the mode
    wrong = []
    if not path.startswith(("/", "$")):
        wrong.append(said("wrong.volume_path", path=path))
    wrong += [said("wrong.volume_mode", mode=m) for m in modes if m not in _VOLUME_MODES]
    is_folder = source.startswith(("/", ".", "~", "$"))
    if not is_folder and "/" in source:
        wrong.append(said("wrong.volume_name", name=source))
    elif not is_folder and not _NAME.fullmatch(source):
        wrong.append(said("wrong.name", name=source))
    if wrong:
        return [], wrong
    if is_folder:
        means = [said("value.volume.bind", source=source, path=path)]
    else:
        means = [said("value.volume.named", name=source, path=path)]
    return [*means, *([said("value.volume.ro")] if "ro" in modes else [])], []


def mount(value: str) -> Read:
    """`--mount type=volume,source=data,target=/data`."""
    given: dict[str, str] = {}
    wrong: list[Said] = []
    for pair in value.split(","):
        key, equals, content = pair.partition("=")
        if not equals and MOUNT_KEYS.get(key) != "readonly":
            wrong.append(said("wrong.key_value", pair=pair))
        given[MOUNT_KEYS.get(key.strip(), key)] = content
    kind = given.get("type", "volume")
    if kind not in MOUNT_TYPES:
        wrong.append(_choice_wrong(kind, MOUNT_TYPES))
    if not given.get("target"):
        wrong.append(said("wrong.mount_target"))
    elif not given["target"].startswith(("/", "$")):
        wrong.append(said("wrong.volume_path", path=given["target"]))
    if kind == "bind" and not given.get("source"):
        wrong.append(said("wrong.mount_source"))
    if wrong:
        return [], wrong
    source, path = given.get("source", ""), given["target"]
    if kind == "tmpfs":
        means = [said("value.tmpfs", path=path)]
    elif kind == "bind":
        means = [said("value.volume.bind", source=source, path=path)]
    elif source:
        means = [said("value.volume.named", name=source, path=path)]
    else:
        means = [said("value.volume.anonymous", path=path)]
    read_only = given.get("readonly", "false") in {"", "true", "1"}
    return [*means, *([said("value.volume.ro")] if read_only else [])], []


def memory(value: str) -> Read:
    """`-m 256m`: an amount of bytes."""
    if value == "-1":
        return [said("value.unlimited")], []
    found = _MEMORY.fullmatch(value)
    if not found:
        return [], [said("wrong.memory", value=value)]
    number, unit = float(found["number"]), (found["unit"] or "").lower()
    if not unit or unit == "b":
        return [said("value.memory.bytes", value=value)], []
    key = {"k": "kib", "m": "mib", "g": "gib"}.get(unit)
    if key is None:
        return [said("value.memory.bytes", value=f"{number * _UNITS[unit]:.0f}")], []
    return [said(f"value.memory.{key}", value=f"{number:g}")], []


def limit_of_memory(value: str) -> Read:
    """An amount of memory for a container, of which there is a least."""
    means, wrong = memory(value)
    found = _MEMORY.fullmatch(value)
    if found:
        size = float(found["number"]) * _UNITS[(found["unit"] or "b").lower()]
        if 0 < size < LEAST_MEMORY:
            wrong.append(said("wrong.memory_small", value=value))
    return means, wrong


def cpus(value: str) -> Read:
    """`--cpus 0.5`."""
    if not _DECIMAL.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.cpus", value=value, percent=f"{float(value) * 100:.0f}%")], []


def cpu_list(value: str) -> Read:
    """`--cpuset-cpus 0-2,4`."""
    if not all(_SPAN.fullmatch(piece) for piece in value.split(",")):
        return [], [said("wrong.number", value=value)]
    return [said("value.cpu_list", value=value)], []


def restart(value: str) -> Read:
    """`--restart on-failure:3`."""
    policy, colon, times = value.partition(":")
    if policy not in RESTARTS:
        return [], [_choice_wrong(policy, RESTARTS)]
    if colon and policy != "on-failure":
        return [], [said("wrong.restart_times", value=value)]
    if colon and not times.isdecimal():
        return [], [said("wrong.number", value=times)]
    if times:
        return [said("value.restart.on_failure_times", times=times)], []
    return [said(f"value.restart.{policy.replace('-', '_')}")], []


def env(value: str) -> Read:
    """`-e NAME=value`."""
    name, equals, content = value.partition("=")
    if not name.strip():
        return [], [said("wrong.env", value=value)]
    if not equals:
        return [said("value.env.from_shell", name=name)], []
    if not content:
        return [said("value.env.empty", name=name)], []
    return [said("value.env", name=name, value=content)], []


def label(value: str) -> Read:
    """`--label team=web`."""
    name, _, content = value.partition("=")
    if not content:
        return [said("value.label.bare", name=name)], []
    return [said("value.label", name=name, value=content)], []


def key_value(value: str) -> Read:
    """`--opt name=value`."""
    name, equals, content = value.partition("=")
    if not equals:
        return [said("value.text", value=value)], []
    return [said("value.key_value", name=name, value=content)], []


def build_arg(value: str) -> Read:
    """`--build-arg VERSION=2`."""
    name, equals, content = value.partition("=")
    if not equals:
        return [said("value.env.from_shell", name=name)], []
    return [said("value.build_arg", name=name, value=content)], []


def name(value: str) -> Read:
    """`--name web`: a name that docker keeps."""
    if not _NAME.fullmatch(value):
        return [], [said("wrong.name", name=value)]
    return [said("value.name", name=value)], []


def hostname(value: str) -> Read:
    """`--hostname web`."""
    return [said("value.hostname", name=value)], []


def network(value: str) -> Read:
    """`--network shop`."""
    if value in {"host", "none", "bridge"}:
        return [said(f"value.network.{value}")], []
    kind, colon, other = value.partition(":")
    if colon and kind == "container":
        return [said("value.network.container", name=other)], []
    if "=" in value:
        return [said("value.keys", value=value)], []
    return [said("value.network", name=value)], []


def mode(value: str) -> Read:
    """`--pid host`: whose namespace."""
    kind, colon, other = value.partition(":")
    if colon and kind == "container":
        return [said("value.mode.container", name=other)], []
    if value in {"host", "private", "shareable", "none"}:
        return [said(f"value.mode.{value}")], []
    return [said("value.text", value=value)], []


def filters(value: str) -> Read:
    """`--filter status=exited`."""
    key, equals, content = value.partition("=")
    negated = key.endswith("!")
    key = key.rstrip("!")
    wrong = _filter_wrong(key, content) if equals else said("wrong.filter", value=value)
    if wrong is not None:
        return [], [wrong]
    if negated:
        return [said("value.filter.not", key=key, value=content)], []
    if key in _TOLD_FILTERS:
        return [said(f"value.filter.{key}", value=content)], []
    return [said("value.filter", key=key, value=content)], []


def _filter_wrong(key: str, content: str) -> Said | None:
    if key not in FILTERS:
        near = nearest(key, FILTERS)
        if near:
            return said("wrong.filter_key_near", key=key, near=near)
        return said("wrong.filter_key", key=key)
    near = nearest(content, STATES) if key == "status" and content not in STATES else None
    return said("wrong.choice_near", value=content, near=near) if near else None


def template(value: str) -> Read:
    """`--format '{{.Names}}'`."""
    if value in {"json", "table", "raw", "pretty", "yaml"}:
        return [said(f"value.format.{value}")], []
    if value.startswith("table "):
        return [said("value.format.table_of", value=value.removeprefix("table ").strip())], []
    opened, closed = value.count("{{"), value.count("}}")
    if opened != closed:
        return [], [said("wrong.template")]
    if not opened:
        return [], [said("wrong.template_plain", value=value)]
    if "json " in value or "| json" in value:
        return [said("value.format.json_of", value=value)], []
    return [said("value.format.template", value=value)], []


def duration(value: str) -> Read:
    """`--health-interval 5s`."""
    if value == "0":
        return [said("value.duration", value=value)], []
    if not _DURATION.fullmatch(value):
        if _NUMBER.fullmatch(value):
            return [], [said("wrong.duration_unit", value=value, seconds=f"{value}s")]
        return [], [said("wrong.duration", value=value)]
    return [said("value.duration", value=value)], []


def seconds(value: str) -> Read:
    """`--time 5`: seconds without a unit."""
    if value == "0":
        return [said("value.seconds.none")], []
    if value == "-1":
        return [said("value.seconds.ever")], []
    if not _NUMBER.fullmatch(value):
        return [], [said("wrong.seconds", value=value)]
    return [said("value.seconds", value=value)], []


def moment(value: str) -> Read:
    """`--since 10m`."""
    if _DURATION.fullmatch(value):
        return [said("value.moment.ago", value=value)], []
    if re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]*)?(?:Z|[+-][\d:]+)?", value):
        return [said("value.moment", value=value)], []
    if re.fullmatch(r"\d{9,}(?:\.\d+)?", value):
        return [said("value.moment.unix", value=value)], []
    if _NUMBER.fullmatch(value):
        return [], [said("wrong.duration_unit", value=value, seconds=f"{value}s")]
    return [], [said("wrong.moment", value=value)]


def tail(value: str) -> Read:
    """`--tail 20`."""
    if value == "all":
        return [said("value.tail.all")], []
    if not _NUMBER.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.tail", value=value)], []


def number(value: str) -> Read:
    """A whole number."""
    if not _NUMBER.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.number", value=value)], []


def decimal(value: str) -> Read:
    """A number that may have a fraction."""
    if not _DECIMAL.fullmatch(value):
        return [], [said("wrong.number", value=value)]
    return [said("value.number", value=value)], []


def limit_of_processes(value: str) -> Read:
    """`--pids-limit 50`."""
    if value in {"-1", "0"}:
        return [said("value.unlimited")], []
    return number(value)


def user(value: str) -> Read:
    """`-u 1000:1000`."""
    who, _, group = value.partition(":")
    root = [said("value.user.root")] if who in {"0", "root"} else []
    if group:
        return [said("value.user.group", user=who, group=group), *root], []
    return [said("value.user", user=who), *root], []


def folder(value: str) -> Read:
    """`-w /app`: a folder in a container."""
    if not value.startswith(("/", "$")):
        return [said("value.folder", path=value)], [said("wrong.workdir", path=value)]
    return [said("value.folder", path=value)], []


def file(value: str) -> Read:
    """A file here, where the command runs; `-` is what comes in."""
    if value == "-":
        return [said("value.file.stdin")], []
    return [said("value.file", path=value)], []


def output(value: str) -> Read:
    """`-o file`: where the result goes."""
    if "=" in value:
        return [said("value.keys", value=value)], []
    return [said("value.output", path=value)], []


def signal(value: str) -> Read:
    """`-s SIGTERM`."""
    bare = value.upper().removeprefix("SIG")
    bare = _SIGNAL_NUMBERS.get(bare, bare)
    if bare in SIGNALS:
        return [said(f"value.signal.{SIGNALS[bare]}", name=f"SIG{bare}")], []
    if bare.isdecimal() or bare.startswith("RTM"):
        return [said("value.signal", name=value)], []
    near = nearest(bare, SIGNALS)
    if near:
        return [], [said("wrong.choice_near", value=value, near=f"SIG{near}")]
    return [said("value.signal", name=value)], []


def image(value: str) -> Read:
    """`nginx:1.25`: the name of an image."""
    if re.fullmatch(r"(?:sha256:)?[0-9a-f]{12,64}", value):
        return [said("value.image.id", id=value)], []
    found = _IMAGE.fullmatch(value)
    if not found:
        return [], [said("wrong.image", name=value)]
    path = found["name"]
    if path != path.lower():
        return [], [said("wrong.image_capitals", name=value, lower=value.lower())]
    means = [_image_said(path, found["tag"], found["digest"])]
    if found["registry"]:
        means.append(said("value.image.registry", registry=found["registry"]))
    return means, []


def _image_said(path: str, tag: str | None, digest: str | None) -> Said:
    if digest:
        return said("value.image.digest", name=path, digest=digest)
    if tag:
        return said("value.image.tag", name=path, tag=tag)
    return said("value.image.latest", name=path)


def scale(value: str) -> Read:
    """`--scale web=3`."""
    service, equals, count = value.partition("=")
    if not equals or not count.isdecimal():
        return [], [said("wrong.scale", value=value)]
    return [said("value.scale", service=service, count=count)], []


def host_address(value: str) -> Read:
    """`--add-host db:10.0.0.5`."""
    host, mark, address = re.match(r"([^:=]*)([:=]?)(.*)", value, re.DOTALL).groups()  # type: ignore[union-attr] # matches anything
    if not mark or not address:
        return [], [said("wrong.host_address", value=value)]
    if address == "host-gateway":
        return [said("value.host_address.gateway", host=host)], []
    return [said("value.host_address", host=host, address=address)], []


def address(value: str) -> Read:
    """An IP address."""
    if _IPV4.fullmatch(value) and any(int(piece) > 255 for piece in value.split(".")):  # noqa: PLR2004
        return [], [said("wrong.address", value=value)]
    return [said("value.address", value=value)], []


def subnet(value: str) -> Read:
    """`--subnet 10.0.0.0/24`."""
    base, slash, bits = value.partition("/")
    if not slash or not bits.isdecimal() or len(bits) > 3:  # noqa: PLR2004 - at most 128
        return [], [said("wrong.subnet", value=value)]
    if ":" in base or int(bits) > 32:  # noqa: PLR2004 - the bits of an IPv4 address
        return [said("value.text", value=value)], []
    return [said("value.subnet", value=value, count=f"{2 ** (32 - int(bits)):,}")], []


def tmpfs(value: str) -> Read:
    """`--tmpfs /run:size=64m`."""
    path, _, options = value.partition(":")
    if not path.startswith("/"):
        return [], [said("wrong.volume_path", path=path)]
    means = [said("value.tmpfs", path=path)]
    return ([*means, said("value.keys", value=options)] if options else means), []


def device(value: str) -> Read:
    """`--device /dev/fuse`."""
    return [said("value.device", path=value.partition(":")[0])], []


def capability(value: str) -> Read:
    """`--cap-drop ALL`."""
    bare = value.upper().removeprefix("CAP_")
    return [said("value.capability.all" if bare == "ALL" else "value.capability", name=bare)], []


def security(value: str) -> Read:
    """`--security-opt no-new-privileges`."""
    key, _, content = value.replace("=", ":", 1).partition(":")
    if key == "no-new-privileges":
        return [said("value.security.no_new_privileges")], []
    if content == "unconfined":
        return [said("value.security.unconfined", name=key)], []
    return [said("value.text", value=value)], []


def ulimit(value: str) -> Read:
    """`--ulimit nofile=1024:2048`."""
    key, equals, limits = value.partition("=")
    if not equals:
        return [], [said("wrong.key_value", pair=value)]
    return [said("value.ulimit", name=key, value=limits)], []


def program(value: str) -> Read:
    """`--entrypoint sh`."""
    return [said("value.program.none") if not value else said("value.program", name=value)], []


def expose(value: str) -> Read:
    """`--expose 80`."""
    number_, _, _ = value.partition("/")
    if not _port_number(number_):
        return [], [said("wrong.port", value=number_)]
    return [said("value.expose", port=value)], []


def pull(value: str) -> Read:
    """`--pull always`."""
    if value in {"build", "newer", "policy", "if_not_present"}:
        return [said("value.text", value=value)], []
    if value not in PULLS:
        return [], [_choice_wrong(value, PULLS)]
    return [said(f"value.pull.{value}")], []


def platform(value: str) -> Read:
    """`--platform linux/arm64`."""
    return [said("value.platform", value=value)], []


def container(value: str) -> Read:
    """The name of another container."""
    return [said("value.container", name=value.partition(":")[0])], []


def kind_of_object(value: str) -> Read:
    """`--type image`."""
    return [said("value.type", value=value)], []


def driver(value: str) -> Read:
    """`--driver overlay`."""
    known = {"bridge", "overlay", "host", "none", "macvlan", "ipvlan", "local", "json-file"}
    if value in known:
        return [said(f"value.driver.{value.replace('-', '_')}")], []
    return [said("value.text", value=value)], []


def service(value: str) -> Read:
    """The name of a compose service."""
    return [said("value.service", name=value)], []


def stage(value: str) -> Read:
    """`--target build`."""
    return [said("value.stage", name=value)], []


def keys(value: str) -> Read:
    """`type=local,dest=out`: several settings in one."""
    return [said("value.keys", value=value)], []


def text(value: str) -> Read:
    """Whatever else."""
    return [said("value.text", value=value)], []


def _choice_wrong(value: str, choices: Iterable[str]) -> Said:
    listed = tuple(choices)
    near = nearest(value, listed)
    if near:
        return said("wrong.choice_near", value=value, near=near)
    return said("wrong.choice", value=value, choices=" | ".join(listed))


READERS: Final[Mapping[str, Reader]] = {
    "ports": ports, "volume": volume, "mount": mount, "memory": memory, "cpus": cpus,
    "memory_limit": limit_of_memory, "cpu_list": cpu_list, "restart": restart, "env": env,
    "label": label, "key_value": key_value, "build_arg": build_arg, "name": name,
    "hostname": hostname, "network": network, "mode": mode, "filter": filters, "format": template,
    "duration": duration, "seconds": seconds, "moment": moment, "tail": tail, "number": number,
    "decimal": decimal, "processes": limit_of_processes, "user": user, "folder": folder,
    "file": file, "output": output, "signal": signal, "image": image, "scale": scale,
    "host_address": host_address, "address": address, "subnet": subnet, "tmpfs": tmpfs,
    "device": device, "capability": capability, "security": security, "ulimit": ulimit,
    "program": program, "expose": expose, "pull": pull, "platform": platform,
    "container": container, "object": kind_of_object, "driver": driver, "service": service,
    "stage": stage, "keys": keys, "text": text,
}  # fmt: skip
"""Every kind of value, and who reads it."""

_KIND_OF_NAME: Final[Mapping[str, str]] = {
    "publish": "ports", "publish-add": "ports", "volume": "volume", "mount": "mount",
    "mount-add": "mount", "memory": "memory_limit", "memory-reservation": "memory",
    "memory-swap": "memory", "shm-size": "memory", "cpus": "cpus", "cpuset-cpus": "cpu_list",
    "cpuset-mems": "cpu_list", "restart": "restart", "env": "env", "env-add": "env",
    "label": "label", "label-add": "label", "container-label": "label", "build-arg": "build_arg",
    "name": "name", "hostname": "hostname", "network": "network", "pid": "mode", "ipc": "mode",
    "uts": "mode", "userns": "mode", "cgroupns": "mode", "filter": "filter", "format": "format",
    "since": "moment", "until": "moment", "tail": "tail", "time": "seconds", "timeout": "seconds",
    "stop-timeout": "seconds", "wait-timeout": "seconds", "user": "user", "workdir": "folder",
    "file": "file", "env-file": "file", "label-file": "file", "compose-file": "file",
    "cidfile": "file", "iidfile": "file", "metadata-file": "file", "input": "file",
    "output": "output", "signal": "signal", "stop-signal": "signal", "scale": "scale",
    "add-host": "host_address", "dns": "address", "ip": "address", "ip6": "address",
    "gateway": "address", "aux-address": "key_value", "subnet": "subnet", "ip-range": "subnet",
    "tmpfs": "tmpfs", "device": "device", "cap-add": "capability", "cap-drop": "capability",
    "security-opt": "security", "ulimit": "ulimit", "entrypoint": "program",
    "health-cmd": "program", "expose": "expose", "pull": "pull", "platform": "platform",
    "volumes-from": "container", "link": "container", "type": "object", "driver": "driver",
    "log-driver": "driver", "opt": "key_value", "log-opt": "key_value", "driver-opt": "key_value",
    "storage-opt": "key_value", "sysctl": "key_value", "exit-code-from": "service",
    "target": "stage", "pids-limit": "processes", "limit-pids": "processes",
    "limit-memory": "memory", "reserve-memory": "memory", "limit-cpu": "cpus",
    "cache-from": "keys", "cache-to": "keys", "secret": "keys", "ssh": "keys", "image": "image",
    "project-directory": "file",
}  # fmt: skip
_KIND_IN_COMMAND: Final[Mapping[tuple[str, str], str]] = {
    ("build", "tag"): "image", ("build", "volume"): "volume", ("build", "network"): "network",
    ("bake", "file"): "file", ("wait", "timeout"): "seconds",
    ("create", "timeout"): "duration", ("network", "name"): "name",
}  # fmt: skip
_KIND_OF_CLI: Final[Mapping[str, str]] = {
    "bytes": "memory", "duration": "duration", "decimal": "decimal", "float": "decimal",
    "uint32": "number", "int": "number",
    "uint": "number", "uint16": "number", "uint64": "number", "int64": "number",
    "mount": "mount", "ulimit": "ulimit", "network": "network", "port": "ports",
    "filter": "filter", "map": "key_value", "scale": "scale", "secret": "keys", "config": "keys",
    "signal": "signal",
}  # fmt: skip


def kind_of(path: Path_, flag: Flag) -> str:
    """The kind of value that a flag takes: a name in `READERS`."""
    last = path[-1] if path else ""
    if flag.kind == "duration":
        return "duration"
    return (
        _KIND_IN_COMMAND.get((last, flag.name))
        or _KIND_OF_NAME.get(flag.name)
        or _KIND_OF_CLI.get(flag.kind)
        or "text"
    )
