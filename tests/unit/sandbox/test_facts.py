"""What a learner's engine says becomes facts, or a failure; nothing in between."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.attached import end_attached
from sandbox.contract import EngineFacts
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from sandbox.facts import API, LONGEST_TEXT, MOST_CONTAINERS, MOST_ENTRIES, read_facts
from tests.unit.sandbox.test_engine_api import Engine

ID = "a" * 64
ANSWERS: dict[str, Any] = {
    "/version": {
        "Version": "26.1.5", "ApiVersion": "1.45", "KernelVersion": "6.1",
        "Components": [{"Name": "runc", "Version": "1.1.15"}, {"Name": "x", "Version": None}],
    },
    "/info": {"Driver": "overlay2", "OperatingSystem": "Debian", "CgroupVersion": "2"},
    "/containers/json?all=1": [{"Id": ID}],
    "/images/json": [
        {"Id": "sha256:1", "RepoTags": ["nginx:latest", "<none>:<none>"], "RepoDigests": None,
         "Size": 5}
    ],
    "/networks": [{"Id": "n1", "Name": "bridge", "Driver": "bridge", "Internal": False}],
    "/volumes": {"Volumes": None},
    f"/containers/{ID}/json": {
        "Id": ID, "Name": "/hellonginx", "Created": "2026-01-01T00:00:00Z",
        "Image": "sha256:1", "Path": "nginx", "Args": ["-g", "daemon off;"], "RestartCount": 0,
        "State": {"Status": "running", "ExitCode": 0, "OOMKilled": True, "StartedAt": "now",
                  "Health": {"Status": "healthy"}},
        "Config": {"Image": "nginx", "Env": ["A=1"], "Labels": None, "User": "",
                   "ExposedPorts": {"80/tcp": {}, "443/tcp": {}}},
        "HostConfig": {"Memory": 6, "NanoCpus": 7, "RestartPolicy": {"Name": "no"},
                       "Privileged": False, "CapAdd": None, "CapDrop": ["ALL"],
                       "NetworkMode": "bridge", "PidMode": "", "AutoRemove": False,
                       "ReadonlyRootfs": True, "PortBindings": {}},
        "NetworkSettings": {
            "Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"},
                                 {"HostIp": "::", "HostPort": "8080"}], "443/tcp": None},
            "Networks": {"bridge": {"IPAddress": "172.16.0.2"}},
        },
        "Mounts": [{"Type": "volume", "Name": "v", "Source": "/s", "Destination": "/d",
                    "RW": False}],
    },
}  # fmt: skip


class AnsweringApi:
    """An engine that answers by path; what is not there is 404."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {
            f"/v1.44{path}": json.dumps(said).encode() for path, said in answers.items()
        }
        self.killed: list[str] = []

    async def get(self, path: str) -> bytes | None:
        """The answer to this path."""
        return self.answers.get(path)

    async def post(self, path: str) -> None:
        """Remember it."""
        self.killed.append(path)


async def read(answers: dict[str, Any]) -> EngineFacts:
    """Facts of an engine that answers like this."""
    return await read_facts(AnsweringApi(answers), client_version="26.1.5")  # type: ignore[arg-type]


async def test_facts_are_what_the_engine_says() -> None:
    """Names without slash, ports once, null as empty."""
    facts = await read(ANSWERS)

    assert (facts.version.client, facts.version.server) == ("26.1.5", "26.1.5")
    assert facts.version.runc == "1.1.15"
    assert facts.version.containerd == ""
    [container] = facts.containers
    assert (container.name, container.image, container.status) == ("hellonginx", "nginx", "running")
    assert container.command == ["nginx", "-g", "daemon off;"]
    assert container.oom_killed
    assert container.health == "healthy"
    assert [(p.container_port, p.host_port) for p in container.ports] == [(80, 8080), (443, None)]
    assert container.networks == {"bridge": "172.16.0.2"}
    assert container.mounts[0].target == "/d"
    assert not container.mounts[0].writable
    assert container.labels == {}
    assert container.read_only
    assert facts.images[0].tags == ["nginx:latest"]
    assert facts.networks[0].containers == ["hellonginx"]
    assert facts.volumes == []
    assert not facts.truncated


async def test_a_container_that_does_not_run_shows_the_ports_it_asked_for() -> None:
    """The engine has them in another place then."""
    said = json.loads(json.dumps(ANSWERS[f"/containers/{ID}/json"]))
    said["NetworkSettings"] = {"Ports": {}, "Networks": None}
    said["HostConfig"]["PortBindings"] = {"80/tcp": [{"HostIp": "", "HostPort": "8080"}],
                                          "53/udp": [{"HostIp": "", "HostPort": ""}]}  # fmt: skip
    facts = await read(ANSWERS | {f"/containers/{ID}/json": said})

    ports = {(p.container_port, p.protocol, p.host_port) for p in facts.containers[0].ports}
    assert ports == {(80, "tcp", 8080), (443, "tcp", None), (53, "udp", None)}


async def test_a_container_that_went_away_is_left_out() -> None:
    """Between the list and the look at it."""
    facts = await read({k: v for k, v in ANSWERS.items() if k != f"/containers/{ID}/json"})

    assert facts.containers == []


async def test_more_than_fits_is_cut_and_said() -> None:
    """Containers, texts, and entries have their most."""
    many = [{"Id": f"{number:064x}"} for number in range(MOST_CONTAINERS + 5)]
    said = json.loads(json.dumps(ANSWERS[f"/containers/{ID}/json"]))
    said["Config"]["Env"] = ["x" * 10_000] * 1000
    said["Config"]["Labels"] = {str(n) + "k" * 2000: "v" * 2000 for n in range(500)}
    answers = ANSWERS | {"/containers/json?all=1": many}
    small = {f"/containers/{entry['Id']}/json": ANSWERS[f"/containers/{ID}/json"] for entry in many}
    facts = await read(answers | small)
    big = (await read(ANSWERS | {f"/containers/{ID}/json": {**said, "Mounts": None}})).truncated

    assert len(facts.containers) == MOST_CONTAINERS
    assert facts.truncated
    assert big  # it alone is more than all containers may be
    said["Config"]["Env"] = ["x" * 10_000] * 100
    [container] = (await read(ANSWERS | {f"/containers/{ID}/json": said})).containers
    assert len(container.env) == MOST_ENTRIES
    assert len(container.env[0]) == LONGEST_TEXT
    assert len(container.labels) == MOST_ENTRIES
    assert max(map(len, container.labels)) == LONGEST_TEXT


@pytest.mark.parametrize(
    ("path", "nonsense"),
    [
        ("/version", []), ("/version", "text"), ("/info", {"Driver": {"deep": 1}}),
        ("/containers/json?all=1", {}), ("/containers/json?all=1", [{"Id": "../../images/json"}]),
        ("/containers/json?all=1", [{"Id": 5}]), ("/networks", [{"Name": None}]),
        (f"/containers/{ID}/json", {"Id": ID}), ("/volumes", {"Volumes": "x"}),
    ],
)  # fmt: skip
async def test_nonsense_is_the_engines_failure(path: str, nonsense: object) -> None:
    """Nothing that is not understood becomes a fact."""
    with pytest.raises(EngineFailed):
        await read(ANSWERS | {path: nonsense})


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b'"\\ud800"', b"\xff\xfe", b"1" * 10_000, b"NaN"]
)
async def test_what_is_no_json_is_the_engines_failure(body: bytes) -> None:
    """However it is broken: too deep, half a letter, no text at all."""
    api = AnsweringApi(ANSWERS)
    api.answers[f"{API}/version"] = body
    with pytest.raises(EngineFailed):
        await read_facts(api, client_version="")  # type: ignore[arg-type]


async def test_text_that_can_not_be_sent_on_is_refused() -> None:
    """Half a surrogate pair would break the answer to the bot."""
    api = AnsweringApi(ANSWERS)
    api.answers[f"{API}/version"] = b'{"Version": "\\ud800"}'
    with pytest.raises(EngineFailed):
        await read_facts(api, client_version="")  # type: ignore[arg-type]


async def test_an_engine_without_an_answer_has_failed() -> None:
    """Its stream ends at once."""
    with pytest.raises(EngineFailed):
        await read_facts(EngineApi(Engine([b""], [b""]).open), client_version="")


async def test_only_young_containers_in_the_foreground_are_ended() -> None:
    """What was started with -d, or before, runs on."""
    ids = {name: letter * 64 for name, letter in (("old", "a"), ("front", "b"), ("back", "c"))}
    api = AnsweringApi(
        {
            "/containers/json": [
                {"Id": ids["old"], "Created": 99},
                {"Id": ids["front"], "Created": 100},
                {"Id": ids["back"], "Created": 101},
            ],
            f"/containers/{ids['old']}/json": {"Config": {"AttachStdout": True}},
            f"/containers/{ids['front']}/json": {"Config": {"AttachStdout": True}},
            f"/containers/{ids['back']}/json": {"Config": {"AttachStdout": False}},
        }
    )

    assert await end_attached(api, since=100.7) == 1  # type: ignore[arg-type]
    assert api.killed == [f"{API}/containers/{ids['front']}/kill"]
