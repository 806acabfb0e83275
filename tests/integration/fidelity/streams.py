"""Operations that stream: logs, attach, exec, events, stats, and files in and out."""

from __future__ import annotations

import datetime
import io
import socket
import tarfile
from collections.abc import Iterable
from typing import Any, cast

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    has_ended,
    refusal,
    until,
    without_noise,
)

BOTH = "echo out; echo err >&2"


def archive(**files: bytes) -> bytes:
    """A tar archive of these files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.uid, member.mtime = len(content), 0o640, 1000, 1
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def members(packed: Iterable[bytes]) -> list[tuple[str, int, int, bytes]]:
    """Name, mode, owner and content of what is in a tar archive."""
    with tarfile.open(fileobj=io.BytesIO(b"".join(packed))) as tar:
        return [
            (member.name, member.mode, member.uid, content.read() if content else b"")
            for member in tar
            for content in [tar.extractfile(member) if member.isfile() else None]
        ]


@operation(gives={"all": b"out\nerr\n", "out": b"out\n", "err": b"err\n"})
def logs_by_stream(on: Subject) -> object:
    container = on.start("sh", "-c", "echo out; sleep 0.1; echo err >&2")
    has_ended(container)
    return {
        "all": container.logs(),
        "out": container.logs(stderr=False),
        "err": container.logs(stdout=False),
    }


@operation(gives=(b"3\n4\n", "TIME 4"))
def logs_tail_and_times(on: Subject) -> object:
    container = on.start("seq", "4")
    has_ended(container)
    timed = container.logs(tail=1, timestamps=True).decode()
    return container.logs(tail=2), without_noise(timed).strip()


@operation(gives=b"late\n")
def logs_since(on: Subject) -> object:
    container = on.start("sh", "-c", "echo early; sleep 1.2; echo late")
    has_ended(container)
    moments = container.logs(timestamps=True).decode().split()[::2]
    # Whole seconds are what the API takes here; the two lines are more than one apart.
    late = moments[1].partition(".")[0]
    return container.logs(since=float(_seconds(late)))


def _seconds(moment: str) -> float:
    return datetime.datetime.fromisoformat(moment + "+00:00").timestamp()


@operation(gives=[b"1\n", b"2\n", b"3\n"])
def logs_follow(on: Subject) -> object:
    """Each line comes when it is written, and the stream ends with the container."""
    container = on.start("sh", "-c", "for n in 1 2 3; do echo $n; sleep 0.2; done")
    return list(container.logs(stream=True, follow=True))


@operation(gives=b"after\n")
def attach_hears_what_comes(on: Subject) -> object:
    script = "echo before; while [ ! -e /go ]; do sleep 0.1; done; echo after"
    container = on.start("sh", "-c", script)
    until(container.logs, "it printed")
    said = container.attach(stream=True)
    container.exec_run("touch /go")
    return b"".join(said)


@operation(gives=[(b"out\n", None), (None, b"err\n")])
def attach_separates_streams(on: Subject) -> object:
    container = on.docker.containers.create(IMAGE, ["sh", "-c", "sleep 0.3; " + BOTH])
    streams = container.attach(stream=True, demux=True)
    container.start()
    return sorted(streams, key=str, reverse=True)


@operation(gives="HELLO\n")
def attach_with_input(on: Subject) -> object:
    """What is written arrives, the end of input too, and the answer comes back."""
    container = on.docker.containers.create(IMAGE, ["tr", "a-z", "A-Z"], stdin_open=True, tty=False)
    connection = container.attach_socket(params={"stdin": 1, "stream": 1})
    container.start()
    raw: socket.socket = connection._sock  # the SDK gives no other way to write
    raw.sendall(b"hello\n")
    raw.shutdown(socket.SHUT_WR)
    has_ended(container)
    connection.close()
    return container.logs().decode()


@operation(gives=(b"a b\r\n24 80\r\n", True))
def terminal(on: Subject) -> object:
    container = on.docker.containers.create(
        IMAGE, ["sh", "-c", "echo a b; read _; stty size"], tty=True, stdin_open=True
    )
    connection = container.attach_socket(params={"stdin": 1, "stdout": 1, "stream": 1})
    container.start()
    container.resize(height=24, width=80)
    until(lambda: b"a b" in container.logs(), "it printed")
    connection._sock.sendall(b"\n")
    has_ended(container)
    connection.close()
    said = container.logs()
    return said.replace(b"\r\n\r\n", b"\r\n"), container.attrs["Config"]["Tty"]


@operation(gives=(7, (b"out\n", b"err\n")))
def exec_tells_all(on: Subject) -> object:
    container = on.start()
    code, output = container.exec_run(["sh", "-c", f"{BOTH}; exit 7"], demux=True)
    return code, output


@operation(gives=["/tmp", "33", "apple", "0"])
def exec_with_surroundings(on: Subject) -> object:
    container = on.start(environment={"LEFT": "0"})
    script = "pwd; id -u; echo $FRUIT; echo $LEFT"
    said = container.exec_run(
        ["sh", "-c", script], workdir="/tmp", user="33", environment={"FRUIT": "apple"}
    )
    return said[1].decode().split()


@operation(gives=(126, True))
def exec_without_program(on: Subject) -> object:
    code, said = on.start().exec_run("no-such-program")
    return code, b"executable file not found" in said


@operation(gives=(b"40 100\r\n", {"ExitCode": 0, "Running": False}))
def exec_on_terminal(on: Subject) -> object:
    api, container = on.docker.api, on.start()
    begun = api.exec_create(container.id, ["sh", "-c", "sleep 0.5; stty size"], tty=True)
    stream = api.exec_start(begun, tty=True, stream=True)
    api.exec_resize(begun, height=40, width=100)
    said = b"".join(stream)
    found = api.exec_inspect(begun)
    return said, {name: found[name] for name in ("ExitCode", "Running")}


@operation(gives=lambda seen: seen[0] == 409 and "is not running" in seen[1])
def exec_in_what_ended(on: Subject) -> object:
    container = on.start("true")
    has_ended(container)
    return refusal(lambda: container.exec_run("true"))


@operation(gives=["create", "start", "die 3", "destroy"])
def events_of_a_container(on: Subject) -> object:
    name = "one"
    events = on.docker.events(decode=True, filters={"container": name})
    container = on.start("sh", "-c", "exit 3", name=name)
    has_ended(container)
    container.remove()
    seen = []
    for event in cast(Iterable[dict[str, Any]], events):
        code = event["Actor"]["Attributes"].get("exitCode", "")
        seen.append(f"{event['Action']} {code}".strip())
        if event["Action"] == "destroy":
            break
    events.close()
    return seen


@operation(gives=["network create", "volume create", "volume destroy"])
def events_of_the_past(on: Subject) -> object:
    begun = _seconds(on.docker.api.info()["SystemTime"][:26])
    on.docker.volumes.create("one").remove()
    on.docker.networks.create("one")
    found = on.docker.events(
        decode=True,
        since=begun,
        until=begun + 2,
        filters={"type": ["network", "volume"]},
    )
    return sorted(f"{event['Type']} {event['Action']}" for event in found)


@operation(gives=lambda seen: seen["limit"] == 64 << 20 and seen["pids"] == 2 and seen["used"])
def stats(on: Subject) -> object:
    container = on.start("sh", "-c", "sleep 600 & wait", mem_limit="64m")
    until(lambda: b"sleep" in container.exec_run("ps")[1], "it runs")
    found = cast(dict[str, Any], container.stats(stream=False))
    return {
        "keys": sorted(found),
        "limit": found["memory_stats"]["limit"],
        "used": 0 < found["memory_stats"]["usage"] < 64 << 20,
        "pids": found["pids_stats"]["current"],
        "cpu": found["cpu_stats"]["cpu_usage"]["total_usage"] > 0,
        "online_cpus": found["cpu_stats"]["online_cpus"],
        "networks": sorted(found["networks"]),
    }


@operation(gives=2)
def stats_stream(on: Subject) -> object:
    stream = on.start().stats(stream=True, decode=True)
    seen = [next(stream), next(stream)]
    return len({entry["read"] for entry in seen})


@operation(gives="alpha 640 1000\n")
def copy_in(on: Subject) -> object:
    container = on.start()
    container.put_archive("/tmp", archive(file=b"alpha"))
    script = "echo $(cat /tmp/file) $(stat -c '%a %u' /tmp/file)"
    return container.exec_run(["sh", "-c", script])[1].decode()


@operation(gives=("file", 5, [("file", 0o600, 33, b"alpha")]))
def copy_out(on: Subject) -> object:
    container = on.start(
        "sh", "-c", "printf alpha >/tmp/file; chmod 600 /tmp/file; chown 33 /tmp/file"
    )
    has_ended(container)
    packed, about = container.get_archive("/tmp/file")
    return about["name"], about["size"], members(packed)


@operation(gives=["d", "d/a", "d/link"])
def copy_folder_out(on: Subject) -> object:
    script = "mkdir /tmp/d; echo a >/tmp/d/a; ln -s /etc/passwd /tmp/d/link"
    container = on.start("sh", "-c", script)
    has_ended(container)
    packed, _ = container.get_archive("/tmp/d")
    return sorted(name for name, *_ in members(packed))


@operation(gives=(404, 404))
def copy_what_is_not_there(on: Subject) -> object:
    container = on.start()
    into = refusal(lambda: container.put_archive("/no/such", archive(file=b"")))
    return refusal(lambda: container.get_archive("/no/such"))[0], into[0]


@operation(gives=lambda seen: "bin/sh" in seen and "tmp/mark" in seen)
def export(on: Subject) -> object:
    container = on.start("touch", "/tmp/mark")
    has_ended(container)
    return sorted(name for name, *_ in members(container.export()) if "/proc/" not in name)


@operation(gives=["in container", "out of container"])
def cli_copies(on: Subject) -> object:
    _keep(on.start(name="one"))
    return [
        on.cli(
            "echo in container | tee /tmp/a >/dev/null; docker cp -q /tmp/a one:/tmp/a;"
            " docker exec one cat /tmp/a"
        ).strip(),
        on.cli(
            "docker exec one sh -c 'echo out of container >/tmp/b'; docker cp -q one:/tmp/b -"
            " | tar -xO"
        ).strip(),
    ]


def _keep(container: Any) -> None:
    until(lambda: container.exec_run("true")[0] == 0, "it takes commands")
