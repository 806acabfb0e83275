"""Ports, networks and addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.explain.said import Said, said
from bot.explain.values.reading import IPV4, Read, Reader

MOST_PORT: Final = 65535

PORTS_OF_IMAGES: Final = {
    "nginx": 80, "httpd": 80, "redis": 6379, "postgres": 5432, "registry": 5000, "mysql": 3306,
    "mariadb": 3306, "mongo": 27017, "caddy": 80, "wordpress": 80, "traefik": 80,
}  # fmt: skip
"""Where programs in well-known images listen."""


def ports(value: str) -> Read:
    """`-p 8080:80`."""
    if "=" in value:
        return [said("value.keys", value=value)], []
    ip, host, container, protocol = split_ports(value)
    wrong = []
    if not _port_number(container):
        wrong.append(said("wrong.port", value=container))
    elif IPV4.fullmatch(host):
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


def split_ports(value: str) -> tuple[str, str, str, str]:
    """`ip:host:container/protocol` in its four pieces; what is missing is empty."""
    ports, _, protocol = value.partition("/")
    before, _, container = ports.rpartition(":")
    if before.startswith("["):
        ip, _, host = before.rpartition("]:")
        return ip + "]" if ip else before, host, container, protocol
    ip, _, host = before.rpartition(":")
    return ip, host, container, protocol


def _ports_said(host: str, container: str) -> Said:
    if not host or host == "0":
        return said("value.ports.any", container=container)
    return said("value.ports", host=host, container=container)


def _port_number(text: str) -> bool:
    ends = text.split("-")
    return 1 <= len(ends) <= 2 and all(  # noqa: PLR2004 - a range has two ends
        end.isdecimal() and len(end) <= 5 and 0 <= int(end) <= MOST_PORT  # noqa: PLR2004
        for end in ends
    )


def port_is_reversed(value: str, image: str) -> bool:
    """Whether the two ports were swapped, as far as the image is known."""
    _, host, container, _ = split_ports(value)
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    known = str(PORTS_OF_IMAGES.get(name, ""))
    return bool(known) and host == known and container != known


def expose(value: str) -> Read:
    """`--expose 80`."""
    number_, _, _ = value.partition("/")
    if not _port_number(number_):
        return [], [said("wrong.port", value=number_)]
    return [said("value.expose", port=value)], []


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


def hostname(value: str) -> Read:
    """`--hostname web`."""
    return [said("value.hostname", name=value)], []


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
    if IPV4.fullmatch(value) and any(int(piece) > 255 for piece in value.split(".")):  # noqa: PLR2004
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


READERS: Final[Mapping[str, Reader]] = {
    "ports": ports, "hostname": hostname, "network": network, "mode": mode,
    "host_address": host_address, "address": address, "subnet": subnet, "expose": expose,
}  # fmt: skip
