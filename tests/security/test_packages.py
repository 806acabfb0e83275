"""Builds reach the package mirrors that an operator allows, to a limit, and nothing else.

The mirror is a server of ours on an address that is nobody's (198.51.100.1, kept for examples), in
a network of Docker's that has the proxy in it as well.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ops.egress import ensure_proxy_image, start_egress, stop_egress
from ops.image_source import ImageSource
from ops.registry import start_registry, stop_registry
from tests.docker_fixtures import QuietProgress, ServiceProcess, docker, new_home
from tests.security.stage import Stage

pytestmark = pytest.mark.docker

LEARNER = "104"
OTHER = "105"
ADDRESS = "198.51.100.1"
NETWORK = "docent-packages-test"
NAMES = "mirror.test,.below.test,inner.test,metadata.test"
HOSTS = {
    "mirror.test": ADDRESS,
    "deep.below.test": ADDRESS,
    "other.test": ADDRESS,
    "inner.test": "10.0.0.1",
    "metadata.test": "169.254.169.254",
}
WAY = "http://192.0.2.1:65002"
MIB = 1024 * 1024
DAY_MIB = 6
KIB_S = 1024


class Mirror(BaseHTTPRequestHandler):
    """Packages of the size that the path names, in KiB."""

    def do_GET(self) -> None:
        size = int(self.path.strip("/")) * 1024
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(b"p" * size)

    def do_CONNECT(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def network() -> Generator[str]:
    """A network with a mirror in it, on the ports of the web and on one that is not."""
    docker("network", "create", "--subnet", "198.51.100.0/24", "--gateway", ADDRESS, NETWORK)
    servers = [ThreadingHTTPServer((ADDRESS, port), Mirror) for port in (80, 443, 8080)]
    threads = [threading.Thread(target=server.serve_forever) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield NETWORK
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
        docker("network", "rm", NETWORK)


@pytest.fixture(scope="module")
def open_live(images_home: Path, network: str) -> Generator[Stage]:
    """A service whose operator allows some mirrors."""
    ensure_proxy_image(images_home, ImageSource.AUTO, QuietProgress())
    hosts = [f"--add-host={name}:{address}" for name, address in HOSTS.items()]
    with new_home(images_home) as root:
        start_registry(root, ImageSource.AUTO, QuietProgress())
        start_egress(root, NAMES, options=["--network", network, *hosts])
        service = ServiceProcess(
            root, PACKAGES=NAMES, PACKAGES_MIB=str(DAY_MIB), PACKAGES_KIB_S=str(KIB_S)
        )
        service.start()
        try:
            yield Stage(service)
        finally:
            service.stop()
            stop_egress(root)
            stop_registry(root)


@pytest.fixture
async def learner(open_live: Stage) -> str:
    """A learner with a new sandbox, who has busybox."""
    # The service looks for new sandboxes once a second.
    ask = "docker image inspect busybox >/dev/null 2>&1 || { docker pull -q busybox; sleep 2; }"
    answer = await open_live.run(LEARNER, ask)
    assert answer.exit_code == 0, answer
    return LEARNER


def _build(line: str) -> str:
    return f"printf 'FROM busybox\\nRUN {line}\\n' | docker build --no-cache --progress=plain -"


async def test_a_build_fetches_from_a_mirror_that_is_allowed(
    open_live: Stage, learner: str
) -> None:
    """As `RUN apt-get` does: by plain HTTP, through the way that a build is told."""
    answer = await open_live.run(
        learner, _build("wget -qO- http://mirror.test/3 | wc -c && env | grep -c _proxy=")
    )

    assert "3072" in answer.output, answer
    assert answer.exit_code == 0


async def test_a_container_is_told_nothing(open_live: Stage, learner: str) -> None:
    """With a proxy in the environment, containers could not talk to each other by name."""
    answer = await open_live.run(learner, "docker run --rm busybox env; docker version")

    assert "proxy" not in answer.output.lower()
    assert "Server:" in answer.output


REFUSED = {
    "another name": "http://other.test/1",
    "a name that is not": "http://nowhere.test/1",
    "the address itself": f"http://{ADDRESS}/1",
    "the address as a number": "http://3325256705/1",
    "another port": "http://mirror.test:8080/1",
    "a name that leads inside": "http://inner.test/1",
    "a name that leads to secrets": "http://metadata.test/latest/meta-data/",
    "the cloud's secrets": "http://169.254.169.254/latest/meta-data/",
    "the proxy itself": "http://127.0.0.1:3128/squid-internal-mgr/info",
    "names that look alike": "http://mirror.test.other.test/1",
    "a name with another before it": "http://evil-mirror.test/1",
    "another protocol": "ftp://mirror.test/1",
    "the address of the newer protocol": "http://[::ffff:198.51.100.1]/1",
}


@pytest.mark.parametrize("what", REFUSED)
async def test_nothing_else_is_reached(open_live: Stage, learner: str, what: str) -> None:
    """Neither by name nor by address, neither inside nor outside."""
    ask = f"curl -s -m 20 -o /dev/null -w '%{{http_code}}' -x {WAY} '{REFUSED[what]}'"
    answer = await open_live.run(learner, ask)

    assert answer.output.startswith(("403", "400", "404", "503")), answer


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("mirror.test:443", "200"),
        ("deep.below.test:443", "200"),
        ("mirror.test:80", "403"),
        ("mirror.test:22", "403"),
        ("mirror.test:8080", "403"),
        (f"{ADDRESS}:443", "403"),
        ("other.test:443", "403"),
        ("inner.test:443", "403"),
        ("127.0.0.1:3128", "403"),
    ],
)
async def test_a_tunnel_leads_to_allowed_names_only(
    open_live: Stage, learner: str, target: str, status: str
) -> None:
    """What is encrypted is decided by its name and port."""
    request = f"printf 'CONNECT {target} HTTP/1.1\\r\\nHost: {target}\\r\\n\\r\\n'"
    ask = f"({request}; sleep 1) | timeout 5 socat - TCP:192.0.2.1:65002 | head -1"
    answer = await open_live.run(learner, ask)

    assert f" {status} " in answer.output, answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PURGE"])
async def test_nothing_is_sent_to_a_mirror(open_live: Stage, learner: str, method: str) -> None:
    """A mirror is read; it is no place to leave things, nor to command others from."""
    ask = f"curl -s -o /dev/null -w '%{{http_code}}' -x {WAY} -X {method} -d x http://mirror.test/1"
    answer = await open_live.run(learner, ask)

    assert answer.output == "403"


async def test_a_learner_is_held_to_a_rate_and_a_day(open_live: Stage, learner: str) -> None:
    """Who fetches much waits, then is told that it was enough; nobody else notices."""
    size = 3 * 1024
    ask = (
        f"curl -s -o /dev/null -w '%{{http_code}} %{{size_download}}' -x {WAY} http://mirror.test/"
    )
    slow = await open_live.run(learner, f"{ask}{size}")
    cut = await open_live.run(learner, f"{ask}{DAY_MIB * 1024}")
    told = await open_live.run(learner, f"curl -si -x {WAY} http://mirror.test/1 | head -1")
    await open_live.run(OTHER, "sleep 2")
    theirs = await open_live.run(OTHER, f"{ask}8")

    assert slow.output == f"200 {size * 1024}"
    assert slow.took_s > size / KIB_S - 1.5
    assert int(cut.output.split()[1]) < DAY_MIB * MIB
    assert "403" in told.output
    assert "used up" in told.output
    assert theirs.output == f"200 {8 * 1024}"


async def test_without_the_setting_there_is_no_way(live: Stage, attacker: str) -> None:
    """Off by default: no address, no socket, the program as it was."""
    ask = (
        f"curl -s -m 3 -x {WAY} http://mirror.test/1; echo status=$?; ls /media; file=$(readlink -f"
    )
    answer = await live.run(attacker, f"{ask} /usr/bin/docker); head -c 2 $file")

    assert "status=7" in answer.output or "status=28" in answer.output, answer
    assert "packages.sock" not in answer.output
    assert "#!" not in answer.output
