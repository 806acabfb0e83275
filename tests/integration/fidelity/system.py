"""Operations on the engine itself."""

from __future__ import annotations

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    has_ended,
    refusal,
    without_noise,
)


@operation(gives=lambda seen: seen["ApiVersion"] >= "1.45" and seen["Os"] == "linux")
def version(on: Subject) -> object:
    return on.docker.version()


@operation(gives=True)
def ping(on: Subject) -> object:
    return on.docker.ping()


@operation(gives=lambda seen: seen["Driver"] == "overlay2" and seen["LoggingDriver"] == "json-file")
def info(on: Subject) -> object:
    about = on.docker.info()
    names = (
        *("Driver", "LoggingDriver", "CgroupDriver", "CgroupVersion", "DefaultRuntime"),
        *("ServerVersion", "OSType", "Architecture", "KernelVersion"),
        *("NCPU", "MemTotal", "Name", "Plugins", "Runtimes", "SecurityOptions", "Swarm"),
        *("MemoryLimit", "SwapLimit", "CpuCfsQuota", "CPUShares", "CPUSet", "PidsLimit"),
        *("IPv4Forwarding", "BridgeNfIptables", "OomKillDisable", "LiveRestoreEnabled"),
        *("ContainerdCommit", "RuncCommit", "InitBinary", "Isolation", "DockerRootDir"),
    )
    return {name: about[name] for name in names}


@operation(gives={"Containers": 2, "ContainersRunning": 1, "ContainersStopped": 1, "Images": 3})
def info_counts(on: Subject) -> object:
    on.start()
    has_ended(on.start("true"))
    about = on.docker.info()
    return {
        name: about[name]
        for name in ("Containers", "ContainersRunning", "ContainersStopped", "Images")
    }


@operation(gives={"Images": 3, "Containers": [2], "Volumes": [("data", 1)]})
def disk_use(on: Subject) -> object:
    container = on.start(
        "sh", "-c", "echo 1 >/file", volumes={"data": {"bind": "/data", "mode": "rw"}}
    )
    has_ended(container)
    found = on.docker.df()
    return {
        "Images": len(found["Images"]),
        "Containers": [entry["SizeRw"] for entry in found["Containers"]],
        "Volumes": [(entry["Name"], entry["UsageData"]["RefCount"]) for entry in found["Volumes"]],
    }


@operation(gives=(404, "page not found"))
def unknown_path(on: Subject) -> object:
    return refusal(lambda: on.docker.api._result(on.docker.api._get("http://x/v1.45/nonsense")))


@operation(gives=lambda seen: "client version 1.12 is too old" in seen)
def too_old_a_client(on: Subject) -> object:
    url = on.docker.api.base_url
    answer = on.docker.api.get(f"{url}/v1.12/info")
    return without_noise(answer.json()["message"])


@operation(gives=lambda seen: seen[0] == 500 and "connection refused" in seen[1])
def registry_that_is_not_there(on: Subject) -> object:
    return refusal(lambda: on.docker.images.pull("127.0.0.1:9/some/image", tag="1"))


@operation(gives=lambda seen: "connection refused" in seen)
def push_to_nowhere(on: Subject) -> object:
    image = on.docker.images.get(IMAGE)
    image.tag("127.0.0.1:9/mine", tag="1")
    told = list(on.docker.images.push("127.0.0.1:9/mine", tag="1", stream=True, decode=True))
    on.docker.images.remove("127.0.0.1:9/mine:1")
    return told[-1]["error"]


@operation(gives=[])
def plugins(on: Subject) -> object:
    return on.docker.plugins.list()


@operation(gives=lambda seen: seen[0] in (500, 501) and "does not support reading" in seen[1])
def log_driver_none(on: Subject) -> object:
    container = on.start("true", log_config={"Type": "none"})
    has_ended(container)
    return refusal(container.logs)


@operation(gives=["one   busybox   Exited (0)"])
def cli_lists(on: Subject) -> object:
    has_ended(on.start("true", name="one"))
    said = on.cli("docker ps -a --format 'table {{.Names}}   {{.Image}}   {{.Status}}'")
    return [line.partition(") ")[0] + ")" for line in said.splitlines()[1:]]


@operation(gives="one 64MiB 1")
def cli_stats(on: Subject) -> object:
    on.start("sleep", "600", name="one", mem_limit="64m")
    form = "{{.Name}} {{.MemUsage}} {{.PIDs}}"
    name, _, _, limit, pids = on.cli(f"docker stats --no-stream --format '{form}'").split()
    return f"{name} {limit} {pids}"


@operation(gives=["Images 3", "Containers 0", "Local Volumes 0"])
def cli_disk_use(on: Subject) -> object:
    said = on.cli("docker system df --format '{{.Type}} {{.TotalCount}}'").splitlines()
    return [line for line in said if not line.startswith("Build")]


@operation(gives="Error response from daemon: No such container: nobody\n")
def cli_not_found(on: Subject) -> object:
    return on.cli("docker logs nobody")


@operation(gives=["hello", "0"])
def cli_run_attached(on: Subject) -> object:
    return on.cli("echo hello | docker run -i --rm busybox cat; echo $?").split()


@operation(gives=lambda seen: seen[0] == 500 and "connection refused" in seen[1])
def login_to_nowhere(on: Subject) -> object:
    return refusal(lambda: on.docker.login("somebody", "secret", registry="127.0.0.1:9"))
