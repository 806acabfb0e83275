"""Operations that hold containers within limits, watch over them, and start them again."""

from __future__ import annotations

from typing import Any

from docker.types import Healthcheck, Ulimit

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    has_ended,
    refusal,
    state,
    until,
)

SECOND_NS = 1_000_000_000
TWICE_ON_FAILURE = {"Name": "on-failure", "MaximumRetryCount": 2}
ALWAYS = {"Name": "always"}


def cgroup_files(on: Subject, *names: str, **options: Any) -> list[str]:
    """Content of a container's cgroup files, of whichever there are."""
    script = f"cd /sys/fs/cgroup; cat {' '.join(names)} 2>/dev/null || true"
    return on.sh(script, **options).split()


@operation(gives=(137, True))
def memory_limit_kills(on: Subject) -> object:
    container = on.start("sh", "-c", "head -c 128m /dev/zero | tail", mem_limit="32m")
    code = has_ended(container)
    if code != 137:  # the shell lives on when only the greedy one is killed
        code = 137 if state(container)["OOMKilled"] else code
    return code, state(container)["OOMKilled"]


@operation(gives=["67108864"])
def memory_limit_is_seen_inside(on: Subject) -> object:
    return cgroup_files(on, "memory/memory.limit_in_bytes", "memory.max", mem_limit="64m")


@operation(gives=lambda seen: seen[0] == 400 and "Minimum memory limit" in seen[1])
def memory_limit_too_small(on: Subject) -> object:
    return refusal(lambda: on.docker.containers.create(IMAGE, mem_limit="1m"))


@operation(gives=["33554432"])
def memory_reservation(on: Subject) -> object:
    names = ("memory/memory.soft_limit_in_bytes", "memory.low")
    return cgroup_files(on, *names, mem_reservation="32m", mem_limit="64m")


@operation(gives=["50000", "100000"])
def cpus(on: Subject) -> object:
    names = ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us", "cpu.max")
    return cgroup_files(on, *names, nano_cpus=SECOND_NS // 2)


@operation(gives=True)
def cpus_hold_back(on: Subject) -> object:
    """A tenth of a processor is felt."""
    container = on.start("sh", "-c", "while :; do :; done", nano_cpus=SECOND_NS // 10)
    stream = container.stats(stream=True, decode=True)
    return until(
        lambda: next(stream)["cpu_stats"]["throttling_data"]["throttled_periods"] > 0,
        "it was held back",
    )


@operation(gives=lambda seen: seen[0] == 400 and "Range of CPUs" in seen[1])
def more_cpus_than_there_are(on: Subject) -> object:
    return refusal(lambda: on.docker.containers.create(IMAGE, nano_cpus=512 * SECOND_NS))


@operation(gives=["0", "256"])
def cpu_set_and_shares(on: Subject) -> object:
    names = ("cpuset/cpuset.cpus", "cpu/cpu.shares")
    return cgroup_files(on, *names, cpuset_cpus="0", cpu_shares=256)


@operation(gives=(True, "10"))
def pids_limit(on: Subject) -> object:
    script = "for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 5 & done; wait"
    container = on.start("sh", "-c", script, pids_limit=10)
    until(lambda: b"fork" in container.logs(), "there was no room for another")
    (limit,) = cgroup_files(on, "pids/pids.max", "pids.max", pids_limit=10)
    return b"can't fork" in container.logs(), limit


@operation(gives="64 128\n")
def ulimits(on: Subject) -> object:
    limit = Ulimit(name="nofile", soft=64, hard=128)
    return on.sh("echo $(ulimit -Sn) $(ulimit -Hn)", ulimits=[limit])


@operation(gives="1024 65000\n")
def sysctl(on: Subject) -> object:
    names = {"net.ipv4.ip_local_port_range": "1024 65000"}
    return on.sh("echo $(cat /proc/sys/net/ipv4/ip_local_port_range)", sysctls=names)


@operation(gives=["00000000a80425fb", "0", "2"])
def confined_by_default(on: Subject) -> object:
    """Capabilities, the right to gain more, and seccomp."""
    script = "awk '/^CapEff|^NoNewPrivs|^Seccomp:/ {print $2}' /proc/self/status"
    return on.sh(script).split()


@operation(gives=["00000000a80425fa", "00000000a80435fb", "0000000000000001"])
def capabilities(on: Subject) -> object:
    script = "awk '/^CapEff/ {print $2}' /proc/self/status"
    return [
        on.sh(script, cap_drop=["CHOWN"]).strip(),
        on.sh(script, cap_add=["NET_ADMIN"]).strip(),
        on.sh(script, cap_drop=["ALL"], cap_add=["CHOWN"]).strip(),
    ]


@operation(gives=["chown: /tmp: Operation not permitted", "1"])
def dropped_capability_is_missed(on: Subject) -> object:
    return on.sh("chown 1 /tmp 2>&1; echo $?", cap_drop=["CHOWN"]).splitlines()


@operation(gives="1\n")
def no_new_privileges(on: Subject) -> object:
    script = "awk '/^NoNewPrivs/ {print $2}' /proc/self/status"
    return on.sh(script, security_opt=["no-new-privileges"])


@operation(gives=["/proc/kcore", "/proc/keys", "/proc/timer_list"])
def masked_paths(on: Subject) -> object:
    script = "for file in /proc/kcore /proc/keys /proc/timer_list; do"
    script += ' [ -s "$file" ] && [ -n "$(head -c1 "$file" | tr -d "\\0")" ] || echo $file; done'
    return on.sh(script).split()


@operation(gives=True)
def processes_of_another_container(on: Subject) -> object:
    on.start("sleep", "601", name="one")
    return "sleep 601" in on.run("ps", "-o", "args", pid_mode="container:one")


@operation(gives="shared\n")
def memory_of_another_container(on: Subject) -> object:
    on.start("sh", "-c", "echo shared >/dev/shm/file; sleep 600", name="one", ipc_mode="shareable")
    script = "until cat /dev/shm/file; do sleep 0.1; done 2>/dev/null"
    return on.sh(script, ipc_mode="container:one")


# What watches over containers.


@operation(gives=("healthy", ["0"]))
def health_check(on: Subject) -> object:
    check = Healthcheck(test=["CMD-SHELL", "echo fine"], interval=SECOND_NS // 2)
    container = on.start(healthcheck=check)
    until(lambda: health(container)["Status"] == "healthy", "it is healthy")
    found = health(container)
    return found["Status"], sorted({str(entry["ExitCode"]) for entry in found["Log"]})


def health(container: Any) -> dict[str, Any]:
    """What the health check found so far."""
    found: dict[str, Any] = state(container)["Health"]
    return found


@operation(gives=("unhealthy", 2, "broken"))
def health_check_fails(on: Subject) -> object:
    check = Healthcheck(
        test=["CMD-SHELL", "echo broken; exit 1"], interval=SECOND_NS // 5, retries=2
    )
    container = on.start(healthcheck=check)
    until(lambda: health(container)["Status"] == "unhealthy", "it is unhealthy")
    found = health(container)
    streak = min(found["FailingStreak"], 2)
    return found["Status"], streak, found["Log"][0]["Output"].strip()


@operation(gives=["starting", "healthy", "unhealthy"])
def health_check_follows(on: Subject) -> object:
    check = Healthcheck(test=["CMD", "test", "-e", "/fine"], interval=SECOND_NS // 5, retries=1)
    container = on.start("sh", "-c", "touch /fine; sleep 600", healthcheck=check)
    seen = ["starting"]
    until(lambda: health(container)["Status"] == "healthy", "it is healthy")
    seen.append("healthy")
    container.exec_run("rm /fine")
    until(lambda: health(container)["Status"] == "unhealthy", "it is unhealthy")
    return [*seen, "unhealthy"]


@operation(gives=(2, 3, "1\n1\n1\n"))
def restart_on_failure(on: Subject) -> object:
    container = on.start("sh", "-c", "echo 1; exit 3", restart_policy=TWICE_ON_FAILURE)
    until(lambda: state(container)["Status"] == "exited", "it was given up")
    return container.attrs["RestartCount"], state(container)["ExitCode"], container.logs().decode()


@operation(gives=(0, "exited"))
def no_restart_on_success(on: Subject) -> object:
    container = on.start("true", restart_policy=TWICE_ON_FAILURE)
    until(lambda: state(container)["Status"] == "exited", "it ended")
    return container.attrs["RestartCount"], state(container)["Status"]


@operation(gives=["killed: running", "stopped: exited"])
def restart_always(on: Subject) -> object:
    """What dies is started again, what was stopped is not."""
    container = on.start("sleep", "600", restart_policy=ALWAYS)
    pid = state(container)["Pid"]
    # Not `kill`, which the engine takes for a wish of the operator's.
    on.sh(f"kill -9 {pid}", pid_mode="host", privileged=True)
    until(lambda: state(container)["Pid"] not in (0, pid), "it runs again")
    seen = [f"killed: {state(container)['Status']}"]
    container.stop(timeout=0)
    return [*seen, f"stopped: {state(container)['Status']}"]


@operation(gives=lambda seen: seen[0] == 400 and "AutoRemove" in seen[1])
def restart_and_auto_remove(on: Subject) -> object:
    return refusal(
        lambda: on.docker.containers.create(IMAGE, restart_policy=ALWAYS, auto_remove=True)
    )
