"""Files and visits as use cases, on a real engine: what fakes can only claim."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.classroom import Classroom
from bot.classroom.files import Changed, Saved
from bot.errors import LearnerError
from bot.files.editing import digest_of
from bot.terminal.address import Address
from bot.wiring import build_classroom
from db.engine import Database
from sandbox.client import SandboxClient
from tests.docker_fixtures import run
from tests.factories import make_catalogue, make_database_url, make_lesson

pytestmark = pytest.mark.docker

WRONG = {
    "services:\n  web:\n    image: nginx\n    port:\n      - 80:80\n": 4,
    "services:\n  web:\n    image: nginx\n    ports: 80\n": 4,
    "services:\n  web: {}\n": 2,
    "services:\n  web:\n    image: nginx\n    depends_on:\n      - nobody\n": 2,
    "services:\n  web:\n   image: a\n  image: b\n": 4,
    "services:\n  web:\n    image: a: b\n": 3,
}
CONF = """server {
  listen 80;
  absolute_redirect off;
  location = /away { return 302 http://example.com/; }
  location = /here { return 302 /page.html; }
  location / { root /usr/share/nginx/html; }
}
"""
SLOW = """#!/bin/sh
printf 'Content-Type: text/html\\r\\n\\r\\n<title>slow</title>beginning'
while sleep 1; do echo more; done
"""


@pytest.fixture
async def classroom(
    tmp_path: Path, client: SandboxClient, learner: str
) -> AsyncIterator[Classroom]:
    """All use cases; the learner is enrolled."""
    async with Database.open(make_database_url(tmp_path)) as database:
        catalogue = make_catalogue(make_lesson())
        classroom = build_classroom(database=database, sandboxes=client, catalogue=catalogue)
        await classroom.enrol.enrol(int(learner), language="ko", name="Yuna")
        yield classroom


async def test_files_go_in_and_out(
    classroom: Classroom, client: SandboxClient, learner: str
) -> None:
    """Where the learner is, through links, and not over a change; a sandbox is made for it."""
    files, me = classroom.files, int(learner)
    assert await files.save(me, "a.txt", b"one") == Saved("/root/a.txt", 3)
    await run(client, learner, "mkdir app; cd app; ln -s ../a.txt link; ln -s nowhere dangling")

    assert await files.where(me, "link") == "/root/app/link"
    assert await files.save(me, "link", b"two") == Saved("/root/a.txt", 3, b"one")
    assert await files.read(me, "/root/a.txt") == b"two"
    assert await files.save(me, "link", b"x", seen=digest_of(b"one")) == Changed("link")
    assert await files.read(me, "dangling") is None
    for path in (".", "/root/app"):
        with pytest.raises(LearnerError, match=r"files\.refused\.folder"):
            await files.save(me, path, b"x")
    with pytest.raises(LearnerError, match=r"files\.refused\.no_permission"):
        await files.save(me, "/usr/x", b"x")
    folder = await files.look_into(me, ".", depth=2)
    assert [(entry.path, entry.kind) for entry in folder.entries] == [
        ("dangling", "link"), ("link", "link"),
    ]  # fmt: skip
    started = time.perf_counter()
    assert await files.suggest(me, "/root/a", folders=False) == ["/root/a.txt", "/root/app/"]
    assert time.perf_counter() - started < 2.3


async def test_compose_finds_mistakes_and_we_their_lines(
    classroom: Classroom, learner: str
) -> None:
    """Those of the real one; what is right passes."""
    files, me = classroom.files, int(learner)
    found = {}
    for content in WRONG:
        await files.save(me, "compose.yaml", content.encode())
        checked = await files.check(me, "/root/compose.yaml", content.encode())
        assert checked is not None
        assert checked.possible
        found[content] = checked.problems[0].line
    assert found == WRONG
    good = b"services:\n  web:\n    image: nginx\n    ports:\n      - 80:80\n"
    await files.save(me, "compose.yaml", good)
    checked = await files.check(me, "/root/compose.yaml", good)
    assert checked is not None
    assert (checked.possible, list(checked.problems)) == (True, [])


async def test_visits_of_a_real_server(
    classroom: Classroom, client: SandboxClient, learner: str
) -> None:
    """Pictures, redirects, and a page that never ends, all within a bounded time."""
    me = int(learner)
    await classroom.files.save(me, "/root/site.conf", CONF.encode())
    await classroom.files.save(me, "/root/www/page.html", b"<title>my page</title><h1>hi</h1>")
    await classroom.files.save(me, "/root/slow/cgi-bin/slow", SLOW.encode())
    await run(
        client,
        learner,
        "chmod +x slow/cgi-bin/slow;"
        "docker run -d -p 8080:80 --name site -v /root/site.conf:/etc/nginx/conf.d/default.conf"
        " -v /root/www:/usr/share/nginx/html nginx;"
        "docker run -d -p 8081:80 -v /root/slow:/www busybox httpd -f -h /www;"
        "for p in 8080 8081; do until curl -so /dev/null localhost:$p; do sleep 0.1; done; done",
    )
    published = await classroom.visits.published(me)
    assert [each.port for each in published] == [8080, 8081]

    seen = await classroom.visits.visit(me, Address(None, "/here"))
    assert (seen.address, seen.page.title) == (Address(8080, "/page.html"), "my page")
    assert seen.picture is not None
    assert seen.picture.startswith(b"\x89PNG")
    started = time.perf_counter()
    await classroom.visits.visit(me, Address(8080, "/page.html"))
    print(f"a visit: {time.perf_counter() - started:.2f} s")

    away = await classroom.visits.visit(me, Address(8080, "/away"))
    assert (away.aim, away.aim_here, away.picture) == ("http://example.com/", None, None)
    assert ("Location", "http://example.com/") in away.page.headers

    started = time.perf_counter()
    slow = await classroom.visits.visit(me, Address(8081, "/cgi-bin/slow"))
    assert (slow.page.problem, slow.page.title, slow.picture) == ("timeout", "slow", None)
    assert time.perf_counter() - started < 15

    nobody = await classroom.visits.visit(me, Address(9, "/"))
    assert (nobody.page.problem, nobody.published) == ("refused", published)
