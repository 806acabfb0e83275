"""What a learner sees after a command, chooses, takes along and deletes: through the real page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]

CHANGED = "이 명령으로 바뀐 것"


async def changed(person: Person, line: str, what: str) -> None:
    """Run a line and see in the card of changes what it did."""
    await person.says(line)
    card = person.messages_of("Docent").filter(has_text=CHANGED).filter(has_text=what).last
    await expect(card).to_be_visible(timeout=60_000)


async def test_a_real_engine_tells_what_changed(docent: Docent, browser: Browser) -> None:
    """Containers, images, volumes and networks, each by the command that did it; logs at a tap."""
    async with Person.enters(browser, docent.url, "changer") as person:
        await enters_lab(person)
        await changed(person, "docker run -d --name web -p 8080:80 nginx", "없음 → 실행 중")
        await person.presses("web 로그")
        await person.sees("docker logs --tail 50 web")
        await changed(person, "docker pause web", "실행 중 → 일시 정지")
        await changed(person, "docker unpause web", "일시 정지 → 실행 중")
        await changed(person, "docker rename web front", "web → front")
        await changed(
            person, "docker network create shop; docker network connect shop front", "shop"
        )
        await changed(person, "docker stop -t 1 front", "실행 중 → 끝남")
        await changed(person, "docker tag nginx mine:1", "mine:1 이미지: 없음 → 있음")
        await changed(
            person,
            "printf 'FROM nginx\\nLABEL a=b\\n' | docker build -q -t built:1 -",
            "built:1 이미지: 없음 → 있음",
        )
        await changed(
            person, "docker run -v data:/x --name user nginx true", "data 볼륨: 없음 → 있음"
        )
        await changed(person, "docker rmi mine:1; docker ps", "mine:1 이미지: 있음 → 없음")
        seen = await person.messages_of("Docent").filter(has_text=CHANGED).count()
        for line in (
            "docker ps -a",
            "docker run --rm nginx true",
            "docker rm front",
            "echo the-end",
        ):
            await person.says(line)
        await person.sees("the-end")

        await expect(person.messages_of("Docent").filter(has_text=CHANGED)).to_have_count(seen)


async def test_docker_suggests_what_the_learner_has(docent: Docent, browser: Browser) -> None:
    """A command, and a container of one's own by a few of its letters."""
    async with Person.enters(browser, docent.url, "typist") as person:
        await enters_lab(person)
        await changed(person, "docker run -d --name hellonginx nginx", "hellonginx 컨테이너")
        await person.composer.press_sequentially("/docker")
        await person.composer.press("Tab")
        field = person.page.get_by_role("combobox").last
        options = person.page.get_by_role("listbox").get_by_role("option")
        await field.press_sequentially("log")
        await expect(options.first).to_have_text("logs")
        await field.press_sequentially("s hel")
        await expect(options).to_have_text(["logs hellonginx"])
        await field.press("ArrowDown")
        await field.press("Enter")
        await expect(field).to_have_value("logs hellonginx")
        await field.press("Enter")

        await person.sees("docker logs hellonginx")


async def test_everything_is_taken_along_and_deleted(
    docent: Docent, browser: Browser, tmp_path: Path
) -> None:
    """A setting, a transcript, the file with all data; and then nothing is left, disk included."""
    async with Person.enters(browser, docent.url, "leaver") as person:
        await enters_lab(person)
        await person.says("docker version")
        await person.sees("종료 코드 0", within_s=60)
        await person.says("/settings")
        await person.presses("오류일 때만")
        await expect(person.page.get_by_role("button", name="✓ 오류일 때만")).to_be_visible()
        await person.says("/transcript")
        transcript = await saved(person, "실습 기록이에요", tmp_path)
        assert "$ docker version" in transcript.read_text(encoding="utf-8")
        await person.says("/privacy")
        await person.presses("JSON 파일로 받기")
        kept = json.loads(
            (await saved(person, "나에게만 보여요", tmp_path)).read_text(encoding="utf-8")
        )
        assert kept["tables"]["settings"][0]["explanations"] == "errors"
        disk = docent.home / "disks" / f"{kept['tables']['learners'][0]['id']}.img"
        assert disk.exists()
        await person.presses("모두 지우기")
        await person.sees("정말 모두 지울까요?")
        await person.presses("모두 지우기")
        await person.sees("모두 지웠어요", within_s=60)
        assert not disk.exists()
        await person.says("/privacy")
        await person.sees("지금은 저장된 것이 없어요")


async def saved(person: Person, text: str, folder: Path) -> Path:
    """The file of the message that says this."""
    message = await person.sees(text)
    link = message.get_by_role("link").last
    async with person.page.expect_download() as download:
        await link.click()
    path = folder / (await download.value).suggested_filename
    await (await download.value).save_as(path)
    return path
