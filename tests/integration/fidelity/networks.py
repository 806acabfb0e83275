"""Operations on networks: names, addresses, isolation, published ports."""

from __future__ import annotations

from typing import Any

from docker.types import IPAMConfig, IPAMPool

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    refusal,
    state,
    until,
)

SUBNET = "10.77.0.0/24"
SERVE = ("sh", "-c", "mkdir /w; echo served >/w/index.html; httpd -f -p 80 -h /w")


def ipam() -> IPAMConfig:
    """Addresses that both engines have free."""
    return IPAMConfig(pool_configs=[IPAMPool(subnet=SUBNET, gateway="10.77.0.1")])


@operation(gives=["bridge bridge local", "host host local", "none null local"])
def networks_at_the_start(on: Subject) -> object:
    found = [network.attrs for network in on.docker.networks.list()]
    return sorted(f"{network['Name']} {network['Driver']} {network['Scope']}" for network in found)


@operation(gives=lambda seen: seen["IPAM"]["Config"][0]["Subnet"] == SUBNET and seen["Internal"])
def network_create(on: Subject) -> object:
    network = on.docker.networks.create(
        "one", ipam=ipam(), internal=True, labels={"who": "me"}, options={"a": "b"}
    )
    network.reload()
    about = dict(network.attrs)
    del about["Id"], about["Created"]
    return about


@operation(gives=lambda seen: seen[0] == 409 and "already exists" in seen[1])
def network_name_taken(on: Subject) -> object:
    on.docker.networks.create("one")
    return refusal(lambda: on.docker.networks.create("one", check_duplicate=True))


@operation(gives=lambda seen: seen[0] == 403 and "Pool overlaps" in seen[1])
def network_addresses_taken(on: Subject) -> object:
    on.docker.networks.create("one", ipam=ipam())
    return refusal(lambda: on.docker.networks.create("two", ipam=ipam()))


@operation(gives=lambda seen: seen[0] == 403 and "active endpoints" in seen[1])
def network_in_use(on: Subject) -> object:
    network = on.docker.networks.create("one")
    on.start(name="box", network="one")
    status, words = refusal(network.remove)
    return status, words.partition(" id ")[0] + words.partition("has ")[2]


@operation(gives=lambda seen: seen[0] == 403 and "pre-defined" in seen[1])
def network_of_the_engine(on: Subject) -> object:
    return refusal(on.docker.networks.get("host").remove)


@operation(gives=["served", "served"])
def names_in_a_network(on: Subject) -> object:
    network = on.docker.networks.create("one")
    server = on.docker.containers.create(IMAGE, list(SERVE), name="server")
    network.connect(server, aliases=["web"])
    server.start()
    script = "for host in server web; do wget -qO- http://$host/; done"
    _await_server(on, "server", network="one")
    return on.sh(script, network="one").split()


def _await_server(on: Subject, host: str, **options: Any) -> None:
    on.sh(f"until wget -qO- http://{host}/; do sleep 0.1; done", **options)


@operation(gives="wget: bad address 'server'\n")
def no_names_on_the_default_bridge(on: Subject) -> object:
    on.start(*SERVE, name="server")
    # Nobody answers there at once: a resolver that is not there would be waited for.
    return on.sh("wget -qO- http://server/ || true", dns=["127.0.0.1"])


@operation(gives="served\n")
def addresses_on_the_default_bridge(on: Subject) -> object:
    server = on.start(*SERVE, name="server")
    server.reload()
    address = server.attrs["NetworkSettings"]["IPAddress"]
    _await_server(on, address)
    return on.sh(f"wget -qO- http://{address}/")


@operation(gives="served\n")
def links(on: Subject) -> object:
    on.start(*SERVE, name="server")
    _await_server(on, "web", links={"server": "web"})
    return on.sh("wget -qO- http://web/", links={"server": "web"})


@operation(gives=["wget: download timed out", "1"])
def networks_are_apart(on: Subject) -> object:
    one = on.docker.networks.create("one", ipam=ipam())
    on.docker.networks.create("two")
    server = on.docker.containers.create(IMAGE, list(SERVE))
    one.connect(server, ipv4_address="10.77.0.9")
    server.start()
    _await_server(on, "10.77.0.9", network="one")
    # Both streams as one: in which order two of them arrive is nobody's promise.
    script = "exec 2>&1; wget -T 1 -qO- http://10.77.0.9/; echo $?"
    return on.sh(script, network="two").splitlines()


@operation(gives="10.77.0.9 10.77.0.1\n")
def fixed_address(on: Subject) -> object:
    network = on.docker.networks.create("one", ipam=ipam())
    script = "echo $(ip -4 addr show eth1 | awk '/inet/ {print $2}' | cut -d/ -f1)"
    script += " $(ip route | awk '/default/ {print $3; exit}')"
    container = on.docker.containers.create(IMAGE, ["sh", "-c", script.replace("eth1", "eth0")])
    on.docker.networks.get("bridge").disconnect(container)
    network.connect(container, ipv4_address="10.77.0.9")
    container.start()
    container.wait()
    return container.logs().decode()


@operation(gives=lambda seen: seen[0] == 400 and "no configured subnet" in seen[1])
def address_outside_of_its_network(on: Subject) -> object:
    network = on.docker.networks.create("one", ipam=ipam())
    container = on.start()
    return refusal(lambda: network.connect(container, ipv4_address="10.78.0.9"))


@operation(gives=(["bridge", "one"], "eth0 eth1 lo", ["bridge"]))
def connect_and_disconnect(on: Subject) -> object:
    network = on.docker.networks.create("one")
    container = on.start()
    network.connect(container)
    container.reload()
    both = sorted(container.attrs["NetworkSettings"]["Networks"])
    cards = container.exec_run("ls /sys/class/net")[1].decode().split()
    network.disconnect(container)
    container.reload()
    after = sorted(container.attrs["NetworkSettings"]["Networks"])
    return both, " ".join(card for card in cards if card in ("lo", "eth0", "eth1")), after


@operation(gives=(["80/tcp"], "8080", "served\n"))
def published_port(on: Subject) -> object:
    server = on.start(*SERVE, ports={"80/tcp": 8080})
    server.reload()
    (binding, *_) = server.ports["80/tcp"]
    _await_server(on, "127.0.0.1:8080", network_mode="host")
    answer = on.sh("wget -qO- http://127.0.0.1:8080/", network_mode="host")
    return sorted(server.ports), binding["HostPort"], answer


@operation(gives=["0.0.0.0", "::"])
def published_anywhere(on: Subject) -> object:
    server = on.start(ports={"80/tcp": None})
    server.reload()
    return sorted(binding["HostIp"] for binding in server.ports["80/tcp"])


@operation(gives=lambda seen: seen[0] == 500 and "port is already allocated" in seen[1])
def published_port_taken(on: Subject) -> object:
    on.start(name="one", ports={"80/tcp": 8080})
    status, words = refusal(lambda: on.start(name="two", ports={"80/tcp": 8080}))
    return status, words.partition("ID")[2]


@operation(gives=["lo"])
def without_network(on: Subject) -> object:
    seen = on.sh("ls /sys/class/net; cat /proc/net/route | wc -l", network_mode="none").split()
    return [card for card in seen if card == "lo" or card.startswith("eth")]


@operation(gives="served\n")
def network_of_another_container(on: Subject) -> object:
    on.start(*SERVE, name="server")
    _await_server(on, "127.0.0.1", network_mode="container:server")
    return on.sh("wget -qO- http://127.0.0.1/", network_mode="container:server")


@operation(gives=["10.9.9.9 db", "nameserver 10.9.9.8", "search example.org", "box.example.org"])
def hosts_and_resolver(on: Subject) -> object:
    said = on.sh(
        "cat /etc/hosts; cat /etc/resolv.conf; hostname -f",
        extra_hosts={"db": "10.9.9.9"},
        dns=["10.9.9.8"],
        dns_search=["example.org"],
        hostname="box.example.org",
    )
    wanted = ("10.9.9", "nameserver", "search", "box.example.org")
    lines = [" ".join(line.split()) for line in said.splitlines()]
    return [line for line in lines if line.startswith(wanted)]


@operation(gives="02:42:0a:4d:00:63\n")
def hardware_address(on: Subject) -> object:
    return on.sh("cat /sys/class/net/eth0/address", mac_address="02:42:0a:4d:00:63")


@operation(gives=["one"])
def network_prune(on: Subject) -> object:
    on.docker.networks.create("one")
    on.docker.networks.create("two")
    on.start(network="two")
    deleted: list[str] = on.docker.networks.prune()["NetworksDeleted"]
    return deleted


@operation(gives=("exited", 0))
def container_ends_while_connected(on: Subject) -> object:
    """A network takes its container back after a restart."""
    network = on.docker.networks.create("one")
    container = on.start("sleep", "0.2", network="one")
    until(lambda: state(container)["Status"] == "exited", "it ended")
    network.reload()
    return state(container)["Status"], len(network.attrs["Containers"])
