"""What a learner's engine says becomes facts, or a failure; nothing in between."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from sandbox.attached import end_attached
from sandbox.contract import EngineFacts
from sandbox.engine_api import EngineApi
from sandbox.errors import EngineFailed
from sandbox.facts import API, FactsReader
from sandbox.facts.bounds import (
    LONGEST_TEXT,
    MOST_CONTAINERS,
    MOST_ENTRIES,
    MOST_EVENTS,
    MOST_OOM_KILLED,
)
from sandbox.facts.reader import ALL_CONTAINERS
from tests.unit.sandbox.test_engine_api import Engine

ID = "a" * 64
ANSWERS: dict[str, Any] = {
    "/version": {
        "Version": "26.1.5", "ApiVersion": "1.45", "KernelVersion": "6.1",
        "Components": [{"Name": "runc", "Version": "1.1.15"}, {"Name": "x", "Version": None}],
    },
    "/info": {"Driver": "overlay2", "OperatingSystem": "Debian", "CgroupVersion": "2"},
    ALL_CONTAINERS: [{"Id": ID}],
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
        self.answers = {f"{API}{path}": json.dumps(said).encode() for path, said in answers.items()}
        self.opened = 1
        self.events: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.killed: list[str] = []

    async def get(self, path: str) -> bytes | None:
        """The answer to this path; of the events those since then."""
        self.asked.append(path.removeprefix(API).partition("?")[0])
        if "/events?" not in path:
            return self.answers.get(path)
        since = float(path.partition("since=")[2].partition("&")[0])
        kept = [event for event in self.events[-256:] if event["timeNano"] / 1e9 >= since]
        return "".join(json.dumps(event) + "\n" for event in kept).encode()

    async def get_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """One after the other."""
        return [await self.get(path) for path in paths]

    def happens(self, action: str, actor: str = ID, kind: str = "container", **said: str) -> None:
        """One more event, a second after the last."""
        at = (len(self.events) + 1) * 10**9
        self.events.append(
            {"Type": kind, "Action": action, "timeNano": at,
             "Actor": {"ID": actor, "Attributes": {"name": "web", **said}}}
        )  # fmt: skip

    async def post(self, path: str) -> None:
        """Remember it."""
        self.killed.append(path)


async def read(answers: dict[str, Any]) -> EngineFacts:
    """Facts of an engine that answers like this."""
    return await FactsReader(AnsweringApi(answers)).read(client_version="26.1.5")


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
    answers = ANSWERS | {ALL_CONTAINERS: many}
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


async def test_what_ended_is_looked_at_once() -> None:
    """Unless an event names it, or its line in the list changes by more than time that passes."""
    container = f"/containers/{ID}/json"
    said = json.loads(json.dumps(ANSWERS[container]))
    said["State"]["Status"] = "exited"
    api = AnsweringApi(ANSWERS | {container: said})
    reader = FactsReader(api)

    async def looks(status: str = "Exited (0) 1 second ago") -> bool:
        listed = [{"Id": ID, "Names": ["/hellonginx"], "Status": status}]
        api.answers[API + ALL_CONTAINERS] = json.dumps(listed).encode()
        api.asked.clear()
        await reader.read(client_version="")
        return container in api.asked

    api.happens("die", exitCode="0")
    assert await looks()
    assert not await looks("Exited (0) 2 seconds ago")
    api.happens("pull", "nginx", kind="image")
    assert not await looks()
    api.happens("rename")
    assert await looks()
    api.happens("connect", "n" * 64, kind="network", container=ID)
    assert await looks()
    assert await looks("Exited (128) 1 second ago")  # a start that failed says nothing else
    assert not await looks("Exited (128) 2 seconds ago")


async def test_what_runs_is_always_looked_at() -> None:
    """It may have ended a moment ago, with the event still to come."""
    api = AnsweringApi(ANSWERS)
    api.happens("start")
    reader = FactsReader(api)
    for _ in range(2):
        api.asked.clear()
        await reader.read(client_version="")
        assert f"/containers/{ID}/json" in api.asked


async def test_another_engine_is_read_anew() -> None:
    """A stream ends with its engine; the next one's version and containers are its own."""
    api = AnsweringApi(ANSWERS)
    api.happens("start")
    reader = FactsReader(api)
    await reader.read(client_version="")
    api.asked.clear()
    await reader.read(client_version="")
    assert "/version" not in api.asked
    api.opened += 1
    await reader.read(client_version="")

    assert "/version" in api.asked


@pytest.mark.parametrize("events", [257, 1000])
async def test_more_events_than_an_engine_keeps_mean_that_all_may_have_changed(events: int) -> None:
    """What we saw last is gone, so there may have been anything since."""
    container = f"/containers/{ID}/json"
    said = json.loads(json.dumps(ANSWERS[container]))
    said["State"]["Status"] = "exited"
    api = AnsweringApi(ANSWERS | {container: said})
    api.happens("die")
    reader = FactsReader(api)
    await reader.read(client_version="")
    for _ in range(events):
        api.happens("pull", "nginx", kind="image")
    api.asked.clear()
    await reader.read(client_version="")

    assert container in api.asked


async def test_a_failure_leaves_nothing_half_known() -> None:
    """The events of a read that failed were seen, but what they name was not looked at."""
    container = f"/containers/{ID}/json"
    said = json.loads(json.dumps(ANSWERS[container]))
    said["State"]["Status"] = "exited"
    api = AnsweringApi(ANSWERS | {container: said})
    api.happens("die")
    reader = FactsReader(api)
    await reader.read(client_version="")
    api.happens("rename")
    good = api.answers.pop(f"{API}/volumes")
    with pytest.raises(EngineFailed):
        await reader.read(client_version="")
    api.answers[f"{API}/volumes"] = good
    api.asked.clear()
    await reader.read(client_version="")

    assert container in api.asked


async def test_events_and_what_ran_out_of_memory_are_told() -> None:
    """The newest, in order; those of exec are left out, and only numbers are exit codes."""
    api = AnsweringApi(ANSWERS)
    api.happens("start", name="web")
    api.happens("exec_start: sh", name="web")
    api.happens("oom", name="web")
    api.happens("oom", name="web")
    api.happens("die", name="web", exitCode="137")
    api.happens("die", name="odd", exitCode="1" * 400)
    api.happens("mount", "data", kind="volume", container=ID, name="")
    facts = await FactsReader(api).read(client_version="")

    told = [(event.type, event.action, event.name, event.exit_code) for event in facts.events]
    assert told == [
        ("container", "start", "web", None), ("container", "oom", "web", None),
        ("container", "oom", "web", None), ("container", "die", "web", 137),
        ("container", "die", "odd", None), ("volume", "mount", "data", None),
    ]  # fmt: skip
    assert facts.events[-1].container == ID
    assert [(kill.container, kill.count) for kill in facts.oom_kills] == [("web", 2)]


async def test_events_are_bounded() -> None:
    """However many names an engine makes up."""
    api = AnsweringApi(ANSWERS)
    for number in range(250):
        api.happens("oom", name=f"c{number}")
    facts = await FactsReader(api).read(client_version="")

    assert len(facts.events) == MOST_EVENTS
    assert len(facts.oom_kills) == MOST_OOM_KILLED


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b'{"Type": 5}', b"\n\n", b"\xff", b'{"timeNano": 1e400}']
)
async def test_events_that_make_no_sense_are_the_engines_failure(body: bytes) -> None:
    """A stranger's answer is not guessed at."""

    class Odd(AnsweringApi):
        async def get(self, path: str) -> bytes | None:
            return body if "/events?" in path else await super().get(path)

    with pytest.raises(EngineFailed):
        await FactsReader(Odd(ANSWERS)).read(client_version="")


async def test_compose_projects_come_from_labels() -> None:
    """Of any container that claims to belong to one."""
    said = json.loads(json.dumps(ANSWERS[f"/containers/{ID}/json"]))
    said["Config"]["Labels"] = {
        "com.docker.compose.project": "shop", "com.docker.compose.service": "web",
    }  # fmt: skip
    facts = await read(ANSWERS | {f"/containers/{ID}/json": said})

    [project] = facts.compose_projects
    assert (project.name, project.services, project.containers) == ("shop", ["web"], ["hellonginx"])


async def test_what_takes_room_is_added_up() -> None:
    """Sizes that the engine does not know are none."""
    api = AnsweringApi(
        ANSWERS
        | {
            "/system/df": {
                "LayersSize": 100,
                "Containers": [{"SizeRw": 7}, {}],
                "Volumes": [{"UsageData": {"Size": 5}}, {"UsageData": {"Size": -1}}, {}],
                "BuildCache": None,
            }
        }
    )
    disk = b"       Used  1B-blocks\n  111 222\n"
    usage = (await FactsReader(api).read(client_version="", disk=disk)).usage

    assert usage is not None
    assert (usage.images_bytes, usage.containers_bytes, usage.volumes_bytes) == (100, 7, 5)
    assert (usage.build_cache_bytes, usage.disk_used_bytes, usage.disk_size_bytes) == (0, 111, 222)
    for odd in (b"", b"no\n", b"\n-1 5\n", b"\n" + b"9" * 40 + b" 1\n"):
        with pytest.raises(EngineFailed):
            await FactsReader(api).read(client_version="", disk=odd)


@pytest.mark.parametrize(
    ("path", "nonsense"),
    [
        ("/version", []), ("/version", "text"), ("/info", {"Driver": {"deep": 1}}),
        (ALL_CONTAINERS, {}), (ALL_CONTAINERS, [{"Id": "../../images/json"}]),
        (ALL_CONTAINERS, [{"Id": 5}]), ("/networks", [{"Name": None}]),
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
        await FactsReader(api).read(client_version="")


async def test_text_that_can_not_be_sent_on_is_refused() -> None:
    """Half a surrogate pair would break the answer to the bot."""
    api = AnsweringApi(ANSWERS)
    api.answers[f"{API}/version"] = b'{"Version": "\\ud800"}'
    with pytest.raises(EngineFailed):
        await FactsReader(api).read(client_version="")


async def test_an_engine_without_an_answer_has_failed() -> None:
    """Its stream ends at once."""
    with pytest.raises(EngineFailed):
        await FactsReader(EngineApi(Engine([b""], [b""]).open)).read(client_version="")


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
