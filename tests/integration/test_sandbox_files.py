"""Files in and out of a sandbox, by the real client and service."""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from sandbox.client import SandboxClient
from sandbox.errors import BadRequest, FileRefused, SandboxGone
from tests.docker_fixtures import new_learner, run

pytestmark = pytest.mark.docker

LIMIT = 8 * 1024 * 1024
STRANGE = ("-rf", "a b", "한글.txt", "$(id)", "'quoted\"", "new\nline", "..x", "*", "\\", "-", "+x")


async def test_what_was_written_is_read_again(client: SandboxClient, learner: str) -> None:
    """Byte for byte, up to the limit, in folders that are made, as the learner's own."""
    await run(client, learner, "cd /root")
    for size in (0, 1, 100_000, LIMIT):
        content = os.urandom(size)
        written = await client.write_file(learner, "deep/er/file", content)
        assert (written.path, written.size_bytes) == ("/root/deep/er/file", size)
        assert await client.read_file(learner, "deep/er/file") == content
    seen = await run(client, learner, "stat -c '%u %a %s' deep/er/file")
    assert seen.text == f"0 644 {LIMIT}\n"
    with pytest.raises(FileRefused, match="too_big"):
        await client.write_file(learner, "big", bytes(LIMIT + 1))


async def test_paths_begin_where_the_learner_is(client: SandboxClient, learner: str) -> None:
    """And what we do beside their lines does not move them."""
    await run(client, learner, "mkdir -p /root/web && cd /root/web")
    written = await client.write_file(learner, "index.html", b"<h1>hi</h1>")
    where = await run(client, learner, "pwd; cat /root/web/index.html")

    assert written.path == "/root/web/index.html"
    assert where.text == "/root/web\n<h1>hi</h1>"


async def test_a_folder_that_is_gone_is_no_part_of_a_file(
    client: SandboxClient, learner: str
) -> None:
    """The remark about it is not taken for content."""
    await run(client, learner, "mkdir /root/x && cd /root/x && rmdir /root/x")

    assert (await client.write_file(learner, "a", b"x")).path == "/root/a"
    assert await client.read_file(learner, "a") == b"x"


@pytest.mark.parametrize("name", STRANGE)
async def test_names_are_only_names(client: SandboxClient, learner: str, name: str) -> None:
    """Nothing in a name is an option, a pattern or a command."""
    await client.open(learner)
    await client.write_file(learner, f"strange/{name}", name.encode())
    listed = await client.list_files(learner, "strange")

    assert await client.read_file(learner, f"strange/{name}") == name.encode()
    assert [entry.path for entry in listed.entries] == [name.replace("\n", "\ufffd")]


async def test_a_file_is_replaced_at_once_and_keeps_its_mode(
    client: SandboxClient, learner: str
) -> None:
    """Also through a link, which stays one; nothing is left beside it."""
    await run(
        client, learner, "mkdir d && cd d && echo old >real && chmod 750 real && ln -s real l"
    )
    await client.write_file(learner, "l", b"new\n")
    seen = await run(client, learner, "cat real; stat -c %a real; readlink l; ls -A")

    assert seen.text == "new\n750\nreal\nl\nreal\n"


async def test_refusals_have_reasons(client: SandboxClient, learner: str) -> None:
    """One for each thing that a learner can do about it."""
    await run(
        client,
        learner,
        "mkdir folder; echo x >file; mkfifo pipe; ln -s nowhere dangling; ln -s loop loop;"
        f"truncate -s {LIMIT + 1} big; truncate -s 1T huge",
    )
    refused = {
        "nothing": "missing", "dangling": "missing", "loop": "missing", "folder": "folder",
        "pipe": "not_a_file", "/dev/zero": "not_a_file", "big": "too_big", "huge": "too_big",
        "file/x": "missing",
    }  # fmt: skip
    for path, reason in refused.items():
        with pytest.raises(FileRefused) as caught:
            await client.read_file(learner, path)
        assert (path, caught.value.reason) == (path, reason)
    refused = {
        "folder": "folder", "folder/": "folder", "pipe": "not_a_file", "file/x": "not_a_folder",
        "/usr/x": "no_permission", "/proc/x": "no_permission", "x" * 300: "bad_name",
        "/dev/x": "no_permission", "loop/x": "bad_name",
    }  # fmt: skip
    for path, reason in refused.items():
        with pytest.raises(FileRefused) as caught:
            await client.write_file(learner, path, b"x")
        assert (path, caught.value.reason) == (path, reason)
    with pytest.raises(FileRefused, match="not_a_folder"):
        await client.list_files(learner, "file")
    with pytest.raises(FileRefused, match="missing"):
        await client.list_files(learner, "nothing")
    with pytest.raises(BadRequest):
        await client.read_file(learner, "a\0b")


async def test_a_full_disk_is_said_and_nothing_is_left(client: SandboxClient, learner: str) -> None:
    """And the old content is still there."""
    await client.open(learner)
    await client.write_file(learner, "/root/kept", b"old")
    await run(client, learner, "fallocate -l 10G /root/fill || head -c 3G /dev/zero >/root/fill")
    with pytest.raises(FileRefused, match="disk_full"):
        await client.write_file(learner, "/root/kept", os.urandom(LIMIT))
    seen = await run(client, learner, "ls -A /root; cat /root/kept; rm /root/fill")

    assert ".docent-" not in seen.text
    assert seen.text.endswith("old")


async def test_what_never_ends_costs_a_bounded_time(client: SandboxClient, learner: str) -> None:
    """Files that say that they are empty, and are not."""
    await client.open(learner)
    started = time.monotonic()

    assert await client.read_file(learner, "/proc/version")
    with pytest.raises(FileRefused):
        await client.read_file(learner, "/sys/kernel/mm/nothing")
    assert time.monotonic() - started < 10


async def test_a_folder_is_listed_to_a_depth(client: SandboxClient, learner: str) -> None:
    """By name, with types and sizes; no more than fits."""
    await run(client, learner, "mkdir -p t/a/b/c && echo 12345 >t/a/f && ln -s / t/link")
    one = await client.list_files(learner, "t")
    two = await client.list_files(learner, "/root/t", depth=2)
    await run(client, learner, "cd t && for n in $(seq 2000); do : >file-$n; done")
    many = await client.list_files(learner)

    assert one.folder == "/root/t"
    assert [(e.path, e.type) for e in one.entries] == [("a", "folder"), ("link", "link")]
    assert [(e.path, e.type) for e in two.entries] == [
        ("a", "folder"), ("a/b", "folder"), ("a/f", "file"), ("link", "link")
    ]  # fmt: skip
    assert two.entries[2].size_bytes == 6
    assert not two.truncated
    assert many.truncated
    assert len(many.entries) == 1000


async def test_files_need_a_sandbox(client: SandboxClient) -> None:
    """But do not make one."""
    with pytest.raises(SandboxGone):
        await client.write_file(new_learner(), "a", b"x")


async def test_several_at_once_do_not_mix(client: SandboxClient, learner: str) -> None:
    """Also of the same sandbox."""
    await client.open(learner)
    contents = [os.urandom(300_000) for _ in range(6)]
    await asyncio.gather(
        *(client.write_file(learner, f"f{n}", content) for n, content in enumerate(contents))
    )
    read = await asyncio.gather(*(client.read_file(learner, f"f{n}") for n in range(6)))

    assert read == contents
