"""Visits in chat: the page with its picture, what is said when there is none, and the offers."""

from __future__ import annotations

import io
import time
from itertools import count

import pytest
import pytest_asyncio
from PIL import Image

from playground.json_types import Json
from playground.person import Person
from sandbox.contract import EventFact, Page, PortFact
from tests.bot_stage import BotStage, all_text, saying
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.integration.test_bot_files import EPHEMERAL, content_of, labels
from tests.shared_stage import stage_for_module

FEATURES = ("welcome", "changes", "terminal", "visit")
NUMBERS = count(1)
GOOD = Page(
    status=200,
    reason="OK",
    content_type="text/html; charset=utf-8",
    title="Hello @everyone",
    body="<h1>안녕하세요</h1>",
    headers=[("Server", "nginx"), ("X-Evil", "```\u202e@everyone")],
)
PUBLISHED = "`8080` → `80`"
RUN = "docker run -d -p 8080:80 nginx"

# One bot for all of them: starting one takes longer than most of these tests.
pytestmark = pytest.mark.asyncio(loop_scope="module")


def drawn() -> bytes:
    """A PNG."""
    written = io.BytesIO()
    Image.new("RGB", (1024, 768), "#0099cc").save(written, "PNG")
    return written.getvalue()


@pytest.fixture(scope="module")
def sandboxes() -> FakeSandboxes:
    sandboxes = FakeSandboxes(capacity=200)
    sandboxes.pages[8080] = GOOD
    sandboxes.pictures[8080] = drawn()
    port = PortFact(container_port=80, protocol="tcp", host_port=8080)
    container = make_container("web", ports=[port])
    # Later than every command of these tests.
    later = time.time() + 3600
    events = [
        EventFact(at=later, type="container", action=action, name="web")
        for action in ("create", "start")
    ]
    sandboxes.answer(RUN, "f00\n", then=make_facts(containers=[container], events=events))
    sandboxes.pages[81] = GOOD
    sandboxes.pages[82] = GOOD.model_copy(update={"problem": "timeout"})
    sandboxes.paths[83, "/"] = Page(status=301, location="http://evil.example/`@everyone")
    sandboxes.paths[84, "/"] = Page(status=302, location="http://localhost:8080/x")
    return sandboxes


stage = stage_for_module(*FEATURES)


@pytest_asyncio.fixture(loop_scope="module")
async def person(stage: BotStage) -> Person:
    """Somebody who has published something."""
    person = stage.playground.person(f"visitor-{next(NUMBERS)}")
    person.say(RUN, person.dm_id())
    await saying(person, PUBLISHED, person.dm_id())
    return person


async def visits(person: Person, wanted: str, port: int = 8080, path: str = "/") -> Json:
    """Use /visit, and see an answer that says this."""
    person.slash("visit", person.dm_id(), port=port, path=path)
    return await saying(person, wanted, person.dm_id())


async def test_what_was_published_is_offered_once_and_seen_with_a_press(
    stage: BotStage, person: Person
) -> None:
    """Also after the bot was started anew."""
    offer = await saying(person, PUBLISHED, person.dm_id())
    await stage.restart()
    await person.click(offer, "8080번 포트 보기")
    seen = await saying(person, "200 OK · text/html", person.dm_id())
    assert await content_of(seen) == drawn()
    assert labels(seen) == ["다시 보기"]
    assert "### Hello" in all_text(seen)
    assert not seen["mention_everyone"]


async def test_the_picture_is_told_in_words(person: Person) -> None:
    """For those who can't see it."""
    seen = await visits(person, "200 OK")
    assert "안녕하세요" in str(seen["components"])
    assert all_text(seen).startswith("🌐 `http://localhost:8080/`")


async def test_without_a_picture_there_are_text_and_headers(person: Person) -> None:
    """Harmless ones."""
    seen = await visits(person, "사진을 찍지 못해서", port=81, path="a?b=1")
    text = all_text(seen)
    assert "http://localhost:81/a?b=1" in text
    assert "안녕하세요" in text
    assert "Server: nginx" in text
    assert text.count("```") == 4
    assert "\u202e" not in text
    assert not seen["mention_everyone"]


async def test_a_page_that_never_ends_is_shown_as_far_as_it_came(person: Person) -> None:
    """And said to be unfinished."""
    seen = await visits(person, "8초가 지나도", port=82)
    assert "안녕하세요" in all_text(seen)


async def test_a_redirect_to_another_host_is_named(person: Person) -> None:
    """And not followed."""
    seen = await visits(person, "샌드박스 밖으로 나가는", port=83)
    assert "http://evil.example/" in all_text(seen)
    assert not seen["mention_everyone"]
    assert labels(seen) == ["다시 보기"]


async def test_a_redirect_to_another_port_is_a_press_away(person: Person) -> None:
    """Since it is the learner's own."""
    seen = await visits(person, "아래 버튼을 눌러", port=84)
    await person.click(seen, "8080번 포트 보기")
    await saying(person, "http://localhost:8080/x", person.dm_id())


async def test_when_nobody_answers_what_is_published_is_told(person: Person) -> None:
    """With buttons."""
    seen = await visits(person, "지금 열려 있는 포트예요", port=9999)
    assert "- `localhost:8080` `web`" in all_text(seen)
    assert labels(seen) == ["다시 보기", "8080번 포트 보기"]


async def test_nothing_published_is_told_with_an_example(stage: BotStage) -> None:
    """Also to somebody who never typed a command."""
    person = stage.playground.person("visitor-new")
    person.slash("visit")
    told = await saying(person, "지금 열려 있는 포트가 없어요")
    assert told["flags"] & EPHEMERAL
    person.slash("visit", path="http://example.com/")
    await saying(person, "내 샌드박스의 페이지만")


async def test_ports_are_suggested(person: Person, sandboxes: FakeSandboxes) -> None:
    """With their containers."""
    offered = await person.autocomplete("visit", "port", "80", person.dm_id())
    assert [(each["name"], each["value"]) for each in offered] == [("8080 · web", 8080)]
    assert await person.autocomplete("visit", "port", "9", person.dm_id()) == []


async def test_only_the_owner_looks(stage: BotStage, person: Person) -> None:
    """The page is in the owner's sandbox."""
    person.slash("start")
    await saying(person, "실습실을 만들었어요")
    lab = person.threads()[0]["id"]
    person.slash("visit", lab, port=8080)
    seen = await saying(person, "200 OK", lab)
    stranger = stage.playground.person("instructor")
    await stranger.click(seen, "다시 보기")
    assert (await saying(stranger, "이 버튼은 다른 학습자의", lab))["flags"] & EPHEMERAL
