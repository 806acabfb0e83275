"""Operations on volumes and other mounts."""

from __future__ import annotations

from docker.types import Mount

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.subject import IMAGE, Subject, has_ended, refusal

DATA = {"data": {"bind": "/data", "mode": "rw"}}


@operation(gives=lambda seen: seen["Driver"] == "local" and seen["Labels"] == {"who": "me"})
def volume_create(on: Subject) -> object:
    about = dict(on.docker.volumes.create("data", labels={"who": "me"}).attrs)
    del about["CreatedAt"]
    return about


@operation(gives={"all": 3, "label": ["two"], "name": ["one"], "dangling": ["one", "two"]})
def volume_list(on: Subject) -> object:
    on.docker.volumes.create("one")
    on.docker.volumes.create("two", labels={"who": "me"})
    on.docker.containers.create(IMAGE, volumes=DATA)

    def names(**filters: object) -> list[str]:
        return sorted(volume.name or "" for volume in on.docker.volumes.list(filters=filters))

    return {
        "all": len(names()),
        "label": names(label="who=me"),
        "name": names(name="on"),
        "dangling": names(dangling=True),
    }


@operation(gives="kept\n")
def volume_outlives_container(on: Subject) -> object:
    on.sh("echo kept >/data/file", volumes=DATA)
    return on.sh("cat /data/file", volumes=DATA)


@operation(gives=lambda seen: "index.html" in seen)
def volume_takes_over_what_the_image_has(on: Subject) -> object:
    html = {"data": {"bind": "/usr/share/nginx/html", "mode": "rw"}}
    on.run("true", image="nginx", volumes=html)
    return sorted(on.sh("ls /data", volumes=DATA).split())


@operation(gives=lambda seen: seen[0] == 409 and "volume is in use" in seen[1])
def volume_in_use(on: Subject) -> object:
    on.docker.containers.create(IMAGE, volumes=DATA)
    return refusal(on.docker.volumes.get("data").remove)


@operation(gives=(404, "get nothing: no such volume"))
def volume_not_found(on: Subject) -> object:
    return refusal(lambda: on.docker.volumes.get("nothing"))


@operation(gives=(1, ["named"]))
def volume_prune(on: Subject) -> object:
    """Only what nobody named goes."""
    on.docker.volumes.create("named")
    on.docker.api.create_container(IMAGE, volumes=["/data"])
    on.docker.containers.prune()
    pruned = on.docker.volumes.prune()
    return len(pruned["VolumesDeleted"]), [volume.name for volume in on.docker.volumes.list()]


@operation(gives=[0, 1])
def anonymous_volume_goes_when_asked(on: Subject) -> object:
    left = []
    for with_volumes in (True, False):
        on.docker.containers.create(IMAGE, volumes=["/data"]).remove(v=with_volumes)
        left.append(len(on.docker.volumes.list()))
    return left


@operation(gives=("tmpfs 1024 /data\n", "tmpfs"))
def volume_in_memory(on: Subject) -> object:
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}
    volume = on.docker.volumes.create("data", driver_opts=options)
    script = "df /data | tail -1 | awk '{print $1, $2, $6}'"
    return on.sh(script, volumes=DATA), volume.attrs["Options"]["type"]


@operation(gives="shared\n")
def volumes_from(on: Subject) -> object:
    has_ended(on.start("sh", "-c", "echo shared >/data/file", volumes=["/data"], name="one"))
    return on.sh("cat /data/file", volumes_from=["one"])


@operation(gives=["made", "sh: can't create /data/other: Read-only file system"])
def bind_mount_read_only(on: Subject) -> object:
    """A folder of the engine's machine, which is made when it isn't there."""
    folder = "/tmp/fidelity-bind"
    on.sh("echo made >/data/file", volumes={folder: {"bind": "/data", "mode": "rw"}})
    try:
        said = on.sh(
            "exec 2>&1; cat /data/file; echo >/data/other || true",
            volumes={folder: {"bind": "/data", "mode": "ro"}},
        )
    finally:
        on.sh("rm -r /tmp/fidelity-bind", volumes={"/tmp": {"bind": "/tmp", "mode": "rw"}})
    return said.splitlines()


@operation(gives=lambda seen: seen[0] == 400 and "bind source path does not exist" in seen[1])
def bind_mount_of_nothing(on: Subject) -> object:
    mount = Mount("/data", "/no/such/folder", type="bind")
    return refusal(lambda: on.docker.containers.create(IMAGE, mounts=[mount]))


@operation(gives="tmpfs rw,nosuid,nodev,noexec,relatime,size=1024k,mode=700\n")
def tmpfs_mount(on: Subject) -> object:
    script = "awk '$2 == \"/data\" {print $3, $4}' /proc/mounts | sed 's/,uid=.*//; s/,inode64//'"
    return on.sh(script, tmpfs={"/data": "size=1m,mode=700"})


@operation(gives=["touch: /file: Read-only file system", "in memory"])
def read_only_root(on: Subject) -> object:
    script = "exec 2>&1; touch /file; echo in memory >/tmp/file; cat /tmp/file"
    return on.sh(script, read_only=True, tmpfs={"/tmp": ""}).splitlines()


@operation(gives="16384\n")
def shared_memory_size(on: Subject) -> object:
    return on.sh("df /dev/shm | tail -1 | awk '{print $2}'", shm_size="16m")


@operation(gives=[("bind", "/tmp", False), ("tmpfs", "", True), ("volume", "data", True)])
def inspect_mounts(on: Subject) -> object:
    container = on.docker.containers.create(
        IMAGE,
        mounts=[
            Mount("/a", "data", type="volume"),
            Mount("/b", "/tmp", type="bind", read_only=True),
            Mount("/c", None, type="tmpfs", tmpfs_size=1 << 20),
        ],
    )
    found = container.attrs["Mounts"]
    return sorted(
        (mount["Type"], mount.get("Name", mount["Source"]), mount["RW"]) for mount in found
    )
