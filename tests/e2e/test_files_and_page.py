"""A learner's own image, from a file dropped into chat to the picture of its page."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import PHONE, Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]

DROPPED = b"FROM nginx\nCPOY index.html /usr/share/nginx/html/\n"
MENDED = "FROM nginx\nCOPY index.html /usr/share/nginx/html/\n"
PAGE = "```html\n<!-- index.html -->\n<title>made in chat</title><h1>hello</h1>\n```"


async def test_a_file_is_dropped_edited_built_run_and_visited(
    docent: Docent, browser: Browser
) -> None:
    """On a phone, with nothing but the chat."""
    async with Person.enters(browser, docent.url, "builder", viewport=PHONE) as person:
        await enters_lab(person)
        await person.says(
            "cd && mkdir -p app && cd app && rm -f * && docker ps -aq | xargs -r docker rm -f"
        )
        await person.sees(re.compile("지금 폴더.*/root/app"))

        await person.page.locator("input[type=file]").first.set_input_files(
            {"name": "Dockerfile", "mimeType": "text/plain", "buffer": DROPPED}
        )
        await person.says("내 이미지예요")
        await person.sees(re.compile(r"2번째 줄.*CPOY.*혹시.*COPY"), within_s=40)

        await person.presses("고치기")
        dialog = person.page.get_by_role("dialog")
        field = dialog.get_by_role("textbox")
        await expect(field).to_have_value(DROPPED.decode())
        await field.fill(MENDED)
        await dialog.get_by_role("button", name=re.compile("Submit|보내기|제출")).click()
        await person.sees(re.compile("잘못된 곳을 찾지 못했어요"))

        await person.says(PAGE)
        await person.presses("저장: index.html")
        await person.sees(re.compile("/root/app/index.html.*파일을 저장했어요"))

        await person.says("docker build -q -t mine . && docker run -d -p 8080:80 --name site mine")
        await person.sees(re.compile("바뀐.*8080 → 80", re.DOTALL), within_s=90)
        await person.presses("8080번 포트 보기")
        seen = await person.sees(re.compile("made in chat.*", re.DOTALL), within_s=40)
        picture = seen.get_by_role("button", name=re.compile("페이지를 찍은 사진.*hello"))
        await expect(picture).to_be_visible()
