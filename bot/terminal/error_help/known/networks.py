"""Errors about published ports and networks."""

from __future__ import annotations

from typing import Final

from bot.terminal.error_help.model import Known, known

TABLE: Final[tuple[Known, ...]] = (
    known(
        "port_taken",
        r"Bind for [^\s]{0,60}?:(?P<port>\d{1,5}) failed: port is already allocated",
        marks="port is already allocated",
    ),
    known(
        "port_of_other_program",
        r"failed to bind host port (?:for )?[^\s]{0,60}?:(?P<port>\d{1,5})[:/][^\s]{0,80}: "
        r"address already in use",
        r"listen (?:tcp|udp|sctp)[46]? [^\s]{0,60}?:(?P<port>\d{1,5}): bind: "
        r"address already in use",
        marks="address already in use",
    ),
    known(
        "bad_port",
        r"invalid (?:container|host)Port: (?P<value>[^\s]{0,80}?)\.?$",
        r'invalid (?:port specification|proto|IP address): "?(?P<value>[^\s"]{0,80}?)"?\.?$',
        r"No port specified: (?P<value>[^\s<]{0,80})",
        r"invalid (?:range format|ranges specified) for (?:container|host)",
        marks=(
            "invalid containerport",
            "invalid hostport",
            "invalid port",
            "invalid proto",
            "invalid ip address",
            "no port specified",
            "invalid range",
        ),
    ),
    known(
        "no_such_network",
        r"network (?P<network>[^\s]{1,200}) not found",
        r"No such network: (?P<network>[^\s]{1,200})",
        r"network (?P<network>[^\s]{1,200}) declared as external, but could not be found",
        marks=("not found", "no such network", "declared as external"),
        misspelt={"network": "network"},
    ),
    known(
        "network_exists",
        r"network with name (?P<network>[^\s]{1,200}) already exists",
        marks="network with name",
    ),
    known(
        "network_used",
        r"network (?P<network>[^\s]{1,200})(?: id [^\s]{1,200})? has active endpoints"
        r'(?: \(name:"(?P<container>[^"\n]{1,200})")?',
        marks="has active endpoints",
    ),
    known(
        "already_connected",
        r"endpoint with name (?P<container>[^\s]{1,200}) already exists in network "
        r"(?P<network>[^\s]{1,200}?)\.?$",
        marks="endpoint with name",
    ),
    known(
        "subnet_taken",
        r"Pool overlaps with other one on this address space",
        marks="pool overlaps",
    ),
    known(
        "no_subnets_left",
        r"all predefined address pools have been fully subnetted",
        r"could not find an available, non-overlapping IPv[46] address pool",
        marks=("address pools have been", "non-overlapping"),
    ),
)
