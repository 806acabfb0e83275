"""Operations on images: where they come from, how they are built, what is known of them."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import docker.errors

from tests.integration.fidelity.operation import operation
from tests.integration.fidelity.streams import archive
from tests.integration.fidelity.subject import (
    IMAGE,
    Subject,
    has_ended,
    refusal,
    without_noise,
)


def build(on: Subject, dockerfile: str, *, tag: str = "built", **files: bytes) -> Any:
    """Build an image, which goes with the operation's end."""
    return build_with_log(on, dockerfile, tag=tag, **files)[0]


def build_with_log(
    on: Subject, dockerfile: str, *, tag: str = "built", options: Any = None, **files: bytes
) -> tuple[Any, list[str]]:
    """The same; also gives what the builder said."""
    context = archive(Dockerfile=dockerfile.encode(), **files)
    image, log = on.docker.images.build(
        fileobj=io.BytesIO(context), custom_context=True, tag=tag, rm=True, **(options or {})
    )
    lines = [without_noise(str(entry["stream"])) for entry in log if "stream" in entry]
    return image, [line.strip() for line in lines if line.strip()]


@operation(gives=lambda seen: seen[0] == ["hello-world:latest"] and "Hello from Docker" in seen[2])
def pull_and_run(on: Subject) -> object:
    image = on.docker.images.pull("hello-world", tag="latest")
    seen = image.tags, image.id, on.run(image="hello-world")
    on.docker.images.remove("hello-world")
    return seen


@operation(gives=lambda seen: {"Pulling fs layer", "Pull complete", "Digest"} <= set(seen))
def pull_shows_progress(on: Subject) -> object:
    told = on.docker.api.pull("hello-world", tag="latest", stream=True, decode=True)
    words = sorted({str(entry["status"]).partition(":")[0] for entry in told})
    on.docker.images.remove("hello-world")
    # What lies between is told when it takes long enough.
    return [word for word in words if not word.endswith(("Checksum", "ing"))]


@operation(gives=lambda seen: seen["Config"]["Cmd"] == ["sh"] and seen["Architecture"] == "amd64")
def inspect_image(on: Subject) -> object:
    about = dict(on.docker.images.get(IMAGE).attrs)
    # When it was pulled, where the storage driver keeps it; for the size see `by_design`.
    del about["Metadata"], about["GraphDriver"], about["Size"]
    return about


@operation(gives=lambda seen: any("EXPOSE 80" in row for row in seen[1]))
def history(on: Subject) -> object:
    image = on.docker.images.get("nginx")
    return image.tags, [row["CreatedBy"] for row in image.history()]


@operation(gives=["busybox:latest", "debian:latest", "nginx:latest"])
def list_images(on: Subject) -> object:
    return sorted(tag for image in on.docker.images.list() for tag in image.tags)


@operation(gives=([["busybox:latest", "mine/box:1"]], ["busybox:latest"]))
def tag_and_untag(on: Subject) -> object:
    image = on.docker.images.get(IMAGE)
    image.tag("mine/box", tag="1")
    image.reload()
    both = sorted(image.tags)
    on.docker.images.remove("mine/box:1")
    image.reload()
    return [both], image.tags


@operation(gives=lambda seen: seen[0] == 409 and "is using" in seen[1])
def remove_image_in_use(on: Subject) -> object:
    on.docker.containers.create(IMAGE, name="one")
    return refusal(lambda: on.docker.images.remove(IMAGE))


@operation(gives=lambda seen: seen[0] == 404 and "No such image" in seen[1])
def remove_image_that_is_not_there(on: Subject) -> object:
    return refusal(lambda: on.docker.images.remove("never-was"))


@operation(gives=(True, ["busybox:latest", "saved:1"]))
def save_and_load(on: Subject) -> object:
    image = on.docker.images.get(IMAGE)
    image.tag("saved", tag="1")
    saved = b"".join(on.docker.api.get_image("saved:1"))
    on.docker.images.remove("saved:1")
    (loaded,) = on.docker.images.load(saved)
    tags = sorted(loaded.tags)
    on.docker.images.remove("saved:1")
    return loaded.id == image.id, tags


@operation(gives=lambda seen: "manifest.json" in seen and "repositories" in seen)
def saved_archive(on: Subject) -> object:
    saved = b"".join(on.docker.images.get(IMAGE).save(named=True))
    with tarfile.open(fileobj=io.BytesIO(saved)) as tar:
        return sorted(without_noise(name) for name in tar.getnames())


@operation(gives="imported\n")
def import_image(on: Subject) -> object:
    made = on.start("sh", "-c", "echo imported >/mark")
    has_ended(made)
    on.docker.api.import_image_from_data(
        b"".join(made.export()), repository="imported", changes=['CMD ["cat", "/mark"]']
    )
    said = on.run(image="imported")
    on.docker.images.remove("imported")
    return said


@operation(gives=("committed\n", "me", ["cat", "/mark"]))
def commit(on: Subject) -> object:
    container = on.start("sh", "-c", "echo committed >/mark")
    has_ended(container)
    image = container.commit("committed", author="me", changes='CMD ["cat", "/mark"]')
    said = on.run(image="committed"), image.attrs["Author"], image.attrs["Config"]["Cmd"]
    on.docker.images.remove("committed")
    return said


@operation(gives=lambda seen: seen[0] == "content\n" and "Step 1/3 : FROM busybox" in seen[1])
def build_image(on: Subject) -> object:
    image, log = build_with_log(
        on, 'FROM busybox\nCOPY file /\nCMD ["cat", "/file"]', file=b"content\n"
    )
    seen = on.run(image="built"), log
    on.docker.images.remove(str(image.id), force=True)
    return seen


@operation(gives=lambda seen: seen["Healthcheck"]["Retries"] == 2 and seen["User"] == "33")
def build_sets_configuration(on: Subject) -> object:
    lines = (
        "FROM busybox",
        "ENV FRUIT=apple",
        "LABEL who=me",
        "EXPOSE 80 53/udp",
        "HEALTHCHECK --interval=5s --retries=2 CMD true",
        "STOPSIGNAL SIGINT",
        'ENTRYPOINT ["echo"]',
        "USER 33",
    )
    image = build(on, "\n".join(lines))
    seen = dict(image.attrs["Config"])
    on.docker.images.remove("built")
    return {name: seen[name] for name in seen if name not in ("Hostname", "Image")}


@operation(gives=("2 small", "first"))
def build_with_arguments_and_stages(on: Subject) -> object:
    dockerfile = """
FROM busybox AS first
ARG SIZE=large
RUN echo "$VERSION $SIZE" >/made
LABEL stage=first
FROM busybox
COPY --from=first /made /
"""
    dockerfile = dockerfile.replace("ARG SIZE", "ARG VERSION\nARG SIZE")
    options = {"buildargs": {"VERSION": "2", "SIZE": "small"}}
    build_with_log(on, dockerfile, options=options)
    said = on.run("cat", "/made", image="built").strip()
    first, _ = build_with_log(on, dockerfile, options=options | {"target": "first"})
    stage = first.labels["stage"]
    on.docker.images.remove("built")
    on.docker.images.prune()
    return said, stage


@operation(gives=(True, True, False))
def build_cache(on: Subject) -> object:
    dockerfile = "FROM busybox\nCOPY file /\nRUN cat /file >/copy"
    first = build(on, dockerfile, file=b"1")
    again, log = build_with_log(on, dockerfile, file=b"1")
    other = build(on, dockerfile, file=b"2")
    seen = first.id == again.id, "---> Using cache" in log, first.id == other.id
    on.docker.images.remove("built")
    on.docker.images.prune()
    return seen


@operation(gives=lambda seen: "returned a non-zero code: 3" in seen)
def build_that_fails(on: Subject) -> object:
    try:
        build(on, "FROM busybox\nRUN exit 3")
    except docker.errors.BuildError as exc:
        return without_noise(exc.msg)
    return "it did not fail"


@operation(gives=lambda seen: seen[0] == 400 and "unknown instruction: NONSENSE" in seen[1])
def build_of_nonsense(on: Subject) -> object:
    return refusal(lambda: build(on, "FROM busybox\nNONSENSE"))


@operation(gives="from the parent\n")
def build_on_build(on: Subject) -> object:
    build(on, "FROM busybox\nONBUILD RUN echo from the parent >/mark", tag="parent")
    build(on, 'FROM parent\nCMD ["cat", "/mark"]')
    said = on.run(image="built")
    on.docker.images.remove("built")
    on.docker.images.remove("parent")
    return said


@operation(gives=lambda seen: seen[0] == 1 and seen[1] == 0)
def prune_images(on: Subject) -> object:
    """What lost its name goes; what has one stays."""
    for content in (b"1", b"2"):
        build(on, "FROM busybox\nCOPY file /", file=content)

    def dangling() -> int:
        return len(on.docker.images.list(filters={"dangling": True}))

    before = dangling()
    on.docker.images.prune()
    seen = before, dangling(), len(on.docker.images.list())
    on.docker.images.remove("built")
    return seen


@operation(gives="made by buildkit\nsecret\n")
def buildkit_mounts(on: Subject) -> object:
    """What only BuildKit can: here documents, mounts of caches and secrets."""
    script = r"""
cd "$(mktemp -d)"
cat >Dockerfile <<'END'
FROM busybox
RUN <<EOF
echo made by buildkit >/made
EOF
RUN --mount=type=cache,target=/cache --mount=type=secret,id=one \
    touch /cache/used && cat /run/secrets/one >>/made
CMD ["cat", "/made"]
END
echo secret >one
docker build --quiet --tag kit --secret id=one,src=one . >/dev/null && docker run --rm kit
docker image rm kit >/dev/null
"""
    return on.cli(f"sh -ec '{script.replace(chr(39), chr(39) + chr(92) + chr(39) * 2)}'")


@operation(gives=lambda seen: "FROM busybox" in seen and "exit code: 3" in seen)
def buildkit_failure(on: Subject) -> object:
    script = "printf 'FROM busybox\\nRUN exit 3\\n' | docker build --progress=plain -"
    said = on.cli(script)
    wanted = ("ERROR", "FROM", "exit code", "2 |")
    return "\n".join(
        without_noise(line)
        for line in said.splitlines()
        if any(word in line for word in wanted) and "docker.io" not in line
    )
