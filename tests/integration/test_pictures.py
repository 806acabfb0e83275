"""/map, /stats and the picture of /progress, as learners see them in chat."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import aiohttp
import pytest
from PIL import Image

from bot.pictures.fonts import find_fonts
from bot.pictures.studio import Studio
from playground.json_types import Json
from playground.person import Person
from sandbox.contract import ContainerLoad, LoadFact
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes, make_container, make_facts
from tests.openapi.judge import judge
from tests.unit.bot.pictures.engines import HOSTILE, many, shop

if TYPE_CHECKING:
    from bot.features.stats._cog import StatsCog
    from bot.features.stats._watch import Watches

EPHEMERAL = 64
FEATURES = ("welcome", "lessons", "progress", "map", "stats")
DARK_CORNER, LIGHT_CORNER = (27, 30, 35), (253, 252, 250)

pytestmark = pytest.mark.skipif(
    find_fonts() is None, reason="pictures need Korean letters: apt-get install fonts-nanum"
)


@pytest.fixture
def sandboxes() -> FakeSandboxes:
    return FakeSandboxes()


@pytest.fixture
async def stage(tmp_path: Path, sandboxes: FakeSandboxes) -> AsyncIterator[BotStage]:
    async with bot_stage(tmp_path, sandboxes=sandboxes, features=FEATURES) as stage:
        yield stage
        judge(stage.playground)


@pytest.fixture
async def newcomer(stage: BotStage, sandboxes: FakeSandboxes) -> Person:
    """Somebody whose engine holds a shop in three tiers."""
    person = stage.playground.person("newcomer")
    await sandboxes.open(person.user_id)
    sandboxes.set_facts(person.user_id, shop())
    return person


async def picture_of(message: Json) -> Image.Image:
    """The picture on a card, as a browser would load it."""
    (attachment,) = message["attachments"]
    async with aiohttp.ClientSession() as web, web.get(attachment["url"]) as answer:
        assert answer.content_type == "image/png"
        return Image.open(io.BytesIO(await answer.read())).convert("RGB")


async def with_picture(person: Person, name: str, alt: str = "", *, besides: str = "") -> Json:
    """The newest card, another than `besides`, with this picture and this in its alt text."""

    def look() -> Json | None:
        for message in reversed(person.replies()):
            for attachment in message["attachments"]:
                fits = attachment["filename"] == name and alt in attachment["description"]
                if fits and message["id"] != besides:
                    return message
        return None

    return await person.until(look)


async def test_a_map_is_a_picture_with_words(newcomer: Person) -> None:
    """Privately; whoever can't see it hears the same."""
    newcomer.slash("map")
    card = await with_picture(newcomer, "map.png")
    image = await picture_of(card)

    assert card["flags"] & EPHEMERAL
    assert image.width == 1080
    assert image.getpixel((2, 2)) == DARK_CORNER
    described = str(card["components"])
    for told in ("web", "8080→80", "pgdata", "메모리 부족으로 종료"):
        assert told in card["attachments"][0]["description"]
        assert told in described


async def test_a_map_turns_light_and_stays_so(stage: BotStage, newcomer: Person) -> None:
    """By a button that works after a restart, or by the option."""
    newcomer.slash("map")
    card = await with_picture(newcomer, "map.png")
    await stage.restart()
    await newcomer.click(card, "밝게")

    def turned() -> Json | None:
        now = next(each for each in newcomer.replies() if each["id"] == card["id"])
        return now if "어둡게" in str(now["components"]) else None

    assert (await picture_of(await newcomer.until(turned))).getpixel((2, 2)) == LIGHT_CORNER
    newcomer.slash("progress")
    progress = await with_picture(newcomer, "progress.png")
    assert (await picture_of(progress)).getpixel((2, 2)) == LIGHT_CORNER
    newcomer.slash("map", theme="dark")
    again = await with_picture(newcomer, "map.png", besides=card["id"])
    assert (await picture_of(again)).getpixel((2, 2)) == DARK_CORNER


async def test_a_map_is_drawn_again_as_the_engine_is_now(
    newcomer: Person, sandboxes: FakeSandboxes
) -> None:
    """In place."""
    newcomer.slash("map")
    card = await with_picture(newcomer, "map.png")
    sandboxes.set_facts(newcomer.user_id, make_facts(containers=[make_container("brandnew")]))
    await newcomer.click(card, "다시 그리기")
    again = await with_picture(newcomer, "map.png", "brandnew")

    assert again["id"] == card["id"]


async def test_hostile_engines_are_drawn(newcomer: Person, sandboxes: FakeSandboxes) -> None:
    """Whatever things are called, and however many there are."""
    for count in (40, 60):
        sandboxes.set_facts(newcomer.user_id, many(count, names=HOSTILE))
        newcomer.slash("map")
        card = await with_picture(newcomer, "map.png", f"컨테이너 {count}개")
        assert (await picture_of(card)).height > 1000
    assert "나머지 20개" in all_text(card)


async def test_who_has_no_sandbox_hears_how_to_get_one(stage: BotStage) -> None:
    """A map and a plot of nothing are sentences; nothing is started."""
    other = stage.playground.person("minjun")
    other.slash("map")
    await saying(other, "아직 샌드박스가 없어요")
    other.slash("stats")
    await saying(other, "샌드박스가 꺼져 있어서")


async def test_without_letters_there_are_words(stage: BotStage, newcomer: Person) -> None:
    """And what to ask the operator for; progress is the text that it always was."""
    assert stage.bot is not None
    stage.bot.studio = Studio(lambda: None)
    newcomer.slash("map")
    card = await saying(newcomer, "fonts-nanum")
    assert card["attachments"] == []
    assert "8080→80" in all_text(card)
    newcomer.slash("progress")
    assert (await saying(newcomer, "진도"))["attachments"] == []


def load(at: float, cpu_s: float) -> LoadFact:
    """A look at an engine with one container."""
    web = ContainerLoad(id="1" * 64, cpu_ns=int(cpu_s * 5e8), memory_bytes=40 * 2**20)
    return LoadFact(at=at, cpu_ns=int(cpu_s * 1e9), memory_bytes=200 * 2**20, containers=[web])


def hurry(stage: BotStage, *, look_s: float, live_s: float) -> Watches:
    """Looks follow each other as fast as a test wants."""
    assert stage.bot is not None
    # Not asked whether it is one: a bot that starts again has the feature's modules anew.
    watches = cast("StatsCog", stage.bot.get_cog("Stats")).watches
    watches.look_s, watches.live_s, watches.first_s = look_s, live_s, 0.01
    return watches


async def test_a_plot_goes_on_while_somebody_looks(
    stage: BotStage, newcomer: Person, sandboxes: FakeSandboxes
) -> None:
    """It is drawn anew by itself, then rests; a button goes on, with what was before."""
    hurry(stage, look_s=0.1, live_s=1.5)
    sandboxes.loads[newcomer.user_id] = [load(n, n * 0.25) for n in range(1, 60)]
    newcomer.slash("stats")
    card = await with_picture(newcomer, "stats.png", "web")
    assert card["flags"] & EPHEMERAL
    assert "스스로 새로 그려요" in all_text(card)
    assert "25 %" in card["attachments"][0]["description"]
    assert "40 MiB / 128 MiB" in card["attachments"][0]["description"]
    first = card["attachments"][0]["id"]

    rested = await saying(newcomer, "재는 것을 멈췄어요")
    assert rested["id"] == card["id"]
    assert rested["attachments"][0]["id"] != first
    looks = len(sandboxes.loads[newcomer.user_id])
    assert looks < 59

    await newcomer.click(rested, "계속 지켜보기")
    await newcomer.until(lambda: len(sandboxes.loads[newcomer.user_id]) < looks)
    await saying(newcomer, "스스로 새로 그려요")


async def test_who_asks_twice_is_watched_once(stage: BotStage, newcomer: Person) -> None:
    """The card before rests; nothing is measured for it."""
    watches = hurry(stage, look_s=0.05, live_s=600)
    newcomer.slash("stats")
    newcomer.slash("stats")

    def both() -> bool:
        cards = [m for m in newcomer.replies() if m["attachments"]]
        return len(cards) == 2 and watches.running == 1

    await newcomer.until(both)
    await watches.close()
    assert watches.running == 0


async def test_a_watch_ends_with_its_sandbox(
    stage: BotStage, newcomer: Person, sandboxes: FakeSandboxes
) -> None:
    """It starts nothing, and complains to nobody."""
    watches = hurry(stage, look_s=0.05, live_s=30)
    newcomer.slash("stats")
    await with_picture(newcomer, "stats.png")
    await sandboxes.close(newcomer.user_id)
    await newcomer.until(lambda: not watches.running)

    assert newcomer.user_id not in sandboxes.running
    assert not newcomer.failures()


async def test_a_bot_that_stops_leaves_no_watch_behind(stage: BotStage, newcomer: Person) -> None:
    """A restart does not wait for it."""
    hurry(stage, look_s=0.05, live_s=600)
    newcomer.slash("stats")
    await with_picture(newcomer, "stats.png")
    await stage.restart()
    hurry(stage, look_s=0.05, live_s=0.2)
    newcomer.slash("stats")
    await saying(newcomer, "재는 것을 멈췄어요")


async def test_progress_has_a_picture_beside_its_text(newcomer: Person) -> None:
    """Both say the same."""
    newcomer.slash("start")
    await saying(newcomer, "실습실을 만들었어요")
    newcomer.slash("progress")
    card = await with_picture(newcomer, "progress.png")

    assert (await picture_of(card)).width == 1080
    assert "강의 0/" in all_text(card)
    assert "강의 0/" in card["attachments"][0]["description"]
    assert "연속 학습 0일" in all_text(card)
