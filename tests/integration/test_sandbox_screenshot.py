"""Pictures of learners' pages, by a browser in a real sandbox."""

from __future__ import annotations

import asyncio
import io
import time

import pytest
from PIL import Image

from sandbox.client import SandboxClient
from sandbox.errors import NoPage
from tests.docker_fixtures import run

pytestmark = pytest.mark.docker

PAGE = "<meta charset=utf-8><body style=margin:0><h1>{}</h1><p style=background:\\#09c>page</p>"


async def serve(client: SandboxClient, learner: str, **pages: str) -> None:
    """Have nginx serve these pages on port 80."""
    await run(client, learner, "mkdir -p /root/web")
    for name, page in pages.items():
        await client.write_file(learner, f"/root/web/{name}.html", page.encode())
    await run(
        client,
        learner,
        "docker run -d -p 80:80 -v /root/web:/usr/share/nginx/html nginx;"
        "until curl -so /dev/null localhost; do sleep 0.1; done",
    )


def opened(picture: bytes) -> Image.Image:
    """The pixels of a PNG."""
    return Image.open(io.BytesIO(picture), formats=["PNG"]).convert("RGB")


async def test_a_page_is_drawn_with_korean_letters(client: SandboxClient, learner: str) -> None:
    """In the size that was asked for; letters are drawn, each one its own."""
    page = "<meta charset=utf-8><body style='margin:0;font-size:40px'>"
    await serve(client, learner, hello=page + "안녕하세요", boxes=page + "가각갂", empty=page)
    started = time.perf_counter()
    hello = await client.screenshot(learner, 80, "/hello.html", width=640, height=400)
    first_s = time.perf_counter() - started
    started = time.perf_counter()
    again = await client.screenshot(learner, 80, "/hello.html", width=640, height=400)
    print(f"a picture: {first_s:.2f} s first, {time.perf_counter() - started:.2f} s then")
    boxes = opened(await client.screenshot(learner, 80, "/boxes.html", width=640, height=400))
    empty = opened(await client.screenshot(learner, 80, "/empty.html", width=640, height=400))

    assert opened(hello).size == (640, 400)
    assert opened(hello).tobytes() == opened(again).tobytes()
    assert opened(hello).tobytes() != empty.tobytes()
    assert empty.getcolors() == [(640 * 400, (255, 255, 255))]
    # Without a font all letters would be the same box.
    letters = [boxes.crop((n * 40, 0, n * 40 + 40, 60)).tobytes() for n in range(3)]
    assert len(set(letters)) == 3


async def test_sizes_and_scales(client: SandboxClient, learner: str) -> None:
    """Up to the largest; a scale draws bigger, not more."""
    await serve(client, learner, index="<body style='margin:0;background:#0000ff'>")
    for width, height, scale in ((1600, 2000, 1.0), (100, 100, 1.0), (800, 600, 2.0)):
        picture = opened(
            await client.screenshot(learner, 80, width=width, height=height, scale=scale)
        )
        assert picture.size == (width, height)
        assert picture.getpixel((width // 2, height // 2)) == (0, 0, 255)


async def test_where_no_page_is_there_is_no_picture(client: SandboxClient, learner: str) -> None:
    """The browser would draw a page of its own."""
    await client.open(learner)
    with pytest.raises(NoPage) as refused:
        await client.screenshot(learner, 81)

    assert refused.value.problem == "refused"


async def test_a_page_that_wants_everything_gets_nothing(
    client: SandboxClient, learner: str
) -> None:
    """It ends in time, and what runs beside it runs on."""
    await serve(
        client,
        learner,
        loop="<body>x<script>while (1);</script>",
        memory="<body>x<script>a=[];while(1)a.push(new Uint8Array(1e8).fill(1))</script>",
        busy="<body style=background:#f00><script>setInterval(()=>fetch('/'),1)</script>",
    )
    for page in ("loop", "memory"):
        started = time.monotonic()
        with pytest.raises(NoPage, match="failed"):
            await client.screenshot(learner, 80, f"/{page}.html")
        assert time.monotonic() - started < 20
    assert opened(await client.screenshot(learner, 80, "/busy.html")).getpixel((9, 9))
    running = await run(client, learner, "docker ps -q | wc -l; pgrep -c chrom; ls -A /tmp")
    assert running.text.split() == ["1", "0"]


async def test_pictures_of_one_sandbox_wait_for_each_other(
    client: SandboxClient, learner: str
) -> None:
    """A browser takes memory: one at a time."""
    await serve(client, learner, index="<body>hi")
    pictures = await asyncio.gather(*(client.screenshot(learner, 80) for _ in range(3)))

    assert len({opened(picture).tobytes() for picture in pictures}) == 1
