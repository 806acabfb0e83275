"""Operations on containers: their life, their state, and what they are told at the start."""

from __future__ import annotations

from typing import Any

import docker.errors

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    has_ended,
    refusal,
    state,
    until,
    without_noise,
)

# Ends at TERM, as a program does that wants to be asked.
POLITE = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.1; done"


@operation(gives="hello\n")
def run_prints(on: Subject) -> object:
    return on.run("echo", "hello")


@operation(gives=(3, "oops\n"))
def run_tells_exit_code_and_errors(on: Subject) -> object:
    try:
        on.sh("echo oops >&2; exit 3")
    except docker.errors.ContainerError as exc:
        said: Any = exc.stderr
        return exc.exit_status, said.decode()
    return None


@operation(gives=["0", "/etc", "box", "apple", "0"])
def run_with_environment(on: Subject) -> object:
    script = "id -u; pwd; hostname; echo $FRUIT; id -g"
    return on.sh(
        script, environment={"FRUIT": "apple"}, working_dir="/etc", hostname="box"
    ).splitlines()


@operation(gives="33 33 1000\n")
def run_as_somebody(on: Subject) -> object:
    return on.sh("echo $(id -u) $(id -G)", user="33:33", group_add=["1000"])


@operation(gives="from the entry point a b\n")
def run_with_entry_point(on: Subject) -> object:
    return on.run("a", "b", entrypoint=["echo", "from the entry point"])


@operation(gives=lambda seen: seen[0] == 400 and "executable file not found" in seen[1])
def run_without_program(on: Subject) -> object:
    return refusal(lambda: on.run("no-such-program"))


@operation(gives=lambda seen: seen[0] == 409 and "already in use" in seen[1])
def run_with_taken_name(on: Subject) -> object:
    on.start(name="one")
    return refusal(lambda: on.start(name="one"))


@operation(gives=lambda seen: seen[0] == 400 and "Invalid container name" in seen[1])
def run_with_bad_name(on: Subject) -> object:
    return refusal(lambda: on.start(name="no spaces"))


@operation(gives=(404, "No such image: never-was:latest"))
def create_without_image(on: Subject) -> object:
    return refusal(lambda: on.docker.api.create_container("never-was"))


@operation(gives=lambda seen: seen["Cmd"] == ["sleep", "9"] and seen["Labels"]["who"] == "me")
def create_and_inspect(on: Subject) -> object:
    """All of the configuration, which is not the learner's engine's to change."""
    container = on.docker.containers.create(
        IMAGE,
        ["sleep", "9"],
        name="one",
        hostname="one",
        labels={"who": "me"},
        environment=["A=1"],
        stop_signal="SIGINT",
        tty=True,
    )
    return container.attrs["Config"]


@operation(gives=lambda seen: seen["RestartPolicy"]["Name"] == "no" and not seen["Privileged"])
def inspect_host_config(on: Subject) -> object:
    host_config: dict[str, Any] = dict(on.docker.containers.create(IMAGE).attrs["HostConfig"])
    del host_config["LogConfig"]  # see `by_design`
    return host_config


@operation(gives=["created", "exited", "exited"])
def list_by_state(on: Subject) -> object:
    on.docker.containers.create(IMAGE)
    on.start()
    for code in ("0", "1"):
        has_ended(on.start("sh", "-c", f"exit {code}"))
    filters = {"status": ["created", "exited"]}
    # Whoever waits for an end may be told of it before the list knows.
    found = until(
        lambda: (
            len(all_three := on.docker.containers.list(all=True, filters=filters)) == 3
            and all_three
        ),
        "both have ended",
    )
    return sorted(container.status for container in found)


@operation(gives={"label": ["one"], "name": ["two"], "exited": ["three"], "ancestor": 3})
def list_by_filters(on: Subject) -> object:
    on.start(name="one", labels={"who": "me"})
    on.start(name="two")
    has_ended(on.start("sh", "-c", "exit 3", name="three"))

    def names(**filters: object) -> list[str]:
        found = on.docker.containers.list(all=True, filters=filters)
        return sorted(container.name or "" for container in found)

    return {
        "label": names(label="who=me"),
        "name": names(name="tw"),
        "exited": names(exited=3),
        "ancestor": len(names(ancestor=IMAGE)),
    }


@operation(gives=(0, "ready\nbye\n"))
def stop_asks_first(on: Subject) -> object:
    container = on.start("sh", "-c", POLITE)
    until(lambda: b"ready" in container.logs(), "it is ready")
    container.stop(timeout=10)
    return has_ended(container), container.logs().decode()


@operation(gives=137)
def stop_kills_who_does_not_listen(on: Subject) -> object:
    container = on.start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done")
    until(lambda: b"ready" in container.logs(), "it is ready")
    container.stop(timeout=1)
    return has_ended(container)


@operation(gives=(0, "ready\ngot it\n"))
def stop_with_signal_of_its_own(on: Subject) -> object:
    script = POLITE.replace("TERM", "INT").replace("bye", "got it")
    container = on.start("sh", "-c", script, stop_signal="SIGINT")
    until(lambda: b"ready" in container.logs(), "it is ready")
    container.stop(timeout=10)
    return has_ended(container), container.logs().decode()


@operation(gives="ready\nusr1\n")
def kill_with_a_signal(on: Subject) -> object:
    script = "trap 'echo usr1' USR1; echo ready; while :; do sleep 0.1; done"
    container = on.start("sh", "-c", script)
    until(lambda: b"ready" in container.logs(), "it is ready")
    container.kill("SIGUSR1")
    until(lambda: b"usr1" in container.logs(), "the signal came")
    return container.logs().decode()


@operation(gives=lambda seen: seen[0] == 409 and "is not running" in seen[1])
def kill_what_does_not_run(on: Subject) -> object:
    container = on.docker.containers.create(IMAGE, name="one")
    return refusal(container.kill)


@operation(gives=("paused", 409, "running", 0))
def pause_and_unpause(on: Subject) -> object:
    container = on.start()
    container.pause()
    paused = state(container)["Status"]
    status, _ = refusal(lambda: container.exec_run("true"))
    container.unpause()
    return paused, status, state(container)["Status"], container.exec_run("true")[0]


@operation(gives=(True, "1\n1\n"))
def restart(on: Subject) -> object:
    """Processes are new, files are not."""
    container = on.start("sh", "-c", "echo 1 >>/mark; cat /mark; exec sleep 600")
    before = until(lambda: container.logs() and state(container)["StartedAt"], "it wrote")
    container.restart(timeout=0)
    until(lambda: container.logs().count(b"\n") == 3, "it wrote again")
    return state(container)["StartedAt"] > before, container.exec_run("cat /mark")[1].decode()


@operation(gives=("two", 404))
def rename(on: Subject) -> object:
    container = on.start(name="one")
    container.rename("two")
    container.reload()
    return container.name, refusal(lambda: on.docker.containers.get("one"))[0]


@operation(gives=lambda seen: seen[0][-1] == "CMD" and seen[1][0][-1] == "sleep 600")
def top(on: Subject) -> object:
    container = on.start("sleep", "600")
    found = container.top()
    rows = [[row[0], row[-1]] for row in found["Processes"] or []]
    return found["Titles"], rows


@operation(gives=["/etc 0", "/etc/added 1", "/tmp 0", "/tmp/new 1", "/var 0", "/var/www 2"])
def diff(on: Subject) -> object:
    container = on.start("sh", "-c", "touch /etc/added /tmp/new; rmdir /var/www")
    has_ended(container)
    return sorted(f"{change['Path']} {change['Kind']}" for change in container.diff() or [])


@operation(gives=lambda seen: seen[0] == 409 and "container is running" in seen[1])
def remove_what_runs(on: Subject) -> object:
    container = on.start(name="one")
    return refusal(container.remove)


@operation(gives=("removed", 404))
def remove_by_force(on: Subject) -> object:
    container = on.start()
    container.remove(force=True)
    return "removed", refusal(container.reload)[0]


@operation(gives=0)
def remove_by_itself(on: Subject) -> object:
    on.start("sleep", "1", auto_remove=True)
    until(lambda: not on.docker.api.containers(all=True), "it is gone")
    return len(on.docker.api.containers(all=True))


@operation(gives=(2, True))
def prune(on: Subject) -> object:
    on.start(name="stays")
    for _ in range(2):
        has_ended(on.start("sh", "-c", "echo 12345 >/file"))
    pruned = on.docker.containers.prune()
    return len(pruned["ContainersDeleted"]), pruned["SpaceReclaimed"] >= 12


@operation(gives={"not-running": 5, "removed": 0})
def wait_for(on: Subject) -> object:
    ended = on.start("sh", "-c", "exit 5")
    removed = on.start("sleep", "1", auto_remove=True)
    return {
        "not-running": ended.wait(condition="not-running")["StatusCode"],
        "removed": removed.wait(condition="removed")["StatusCode"],
    }


@operation(gives=lambda seen: seen["Memory"] == 64 << 20 and seen["cgroup"] == "67108864")
def update_limits(on: Subject) -> object:
    container = on.start(mem_limit="128m")
    container.update(mem_limit="64m", memswap_limit="64m", cpu_shares=512)
    container.reload()
    seen = {name: container.attrs["HostConfig"][name] for name in ("Memory", "CpuShares")}
    script = "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes 2>/dev/null || cat memory.max"
    return seen | {"cgroup": container.exec_run(["sh", "-c", script])[1].decode().strip()}


@operation(gives=lambda seen: seen.startswith("/sbin/docker-init"))
def init_reaps(on: Subject) -> object:
    """What is left by its parent does not stay as a zombie."""
    container = on.start(init=True)
    container.exec_run(["sh", "-c", "(sleep 0.05 &)"])
    until(lambda: b"sleep 0.05" not in container.exec_run("ps")[1], "it was reaped")
    return container.exec_run(["sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"])[1].decode()


@operation(gives="No such container: nobody")
def not_found(on: Subject) -> object:
    return without_noise(refusal(lambda: on.docker.containers.get("nobody"))[1])
