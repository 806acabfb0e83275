"""What goes wrong in a real class: floods, binary output, broken lines, a dying service."""

from __future__ import annotations

import asyncio
import re
import signal
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Browser, expect

from tests.e2e.chat import Person
from tests.e2e.running import Docent
from tests.e2e.test_first_lesson import enters_lab

pytestmark = [pytest.mark.docker, pytest.mark.browser, pytest.mark.timeout(600)]


async def still_answers(person: Person, mark: str) -> None:
    """The lab takes the next command."""
    await person.says(f"echo still-{mark}-here")
    await person.sees(re.compile(rf"still-{mark}-here.*종료 코드 0", re.DOTALL), within_s=40)


async def test_rough_lines_get_a_clear_answer(docent: Docent, browser: Browser) -> None:
    """Each bad line is answered, and the lab goes on."""
    async with Person.enters(browser, docent.url, "rough") as person:
        await enters_lab(person)
        await person.says("docker run --rm busybox yes")
        await person.sees("출력이 4,000줄을 넘어서 멈추었어요", within_s=90)
        await still_answers(person, "flood")

        await person.says("head -c 3000 /dev/urandom")
        await still_answers(person, "binary")

        await person.says("cat")
        await still_answers(person, "waiting")

        await person.says('docker run --name "web nginx')
        await person.sees("따옴표")

        await person.says("docker rnu nginx")
        await person.sees("docker: 'rnu' is not a docker command")

        await person.says("/lesson quantum-physics")
        await person.sees(re.compile("quantum-physics"))

        await person.says("docker ps —all")
        await person.sees("docker ps --all")

        await person.says("애찯ㄱ ㅔㄴ")
        await person.sees("CONTAINER ID")


async def test_output_cannot_break_out_of_its_block(docent: Docent, browser: Browser) -> None:
    """Fences and mentions in output stay what they are: text in a code block."""
    async with Person.enters(browser, docent.url, "fence") as person:
        await enters_lab(person)
        await person.says(r"printf '```\n# loud\n@everyone <@1>\n'")
        answer = await person.sees("loud")
        await expect(answer.get_by_role("heading", name="loud")).to_have_count(0)
        await expect(answer.locator("pre")).to_contain_text("@everyone")


async def test_an_escape_attempt_stays_in_the_sandbox(docent: Docent, browser: Browser) -> None:
    """All that Docker can ask of its host runs, and the host is not in it."""
    line = (
        "docker run --rm --privileged --pid=host --net=host -v /:/host busybox sh -c "
        "'mknod /x b 8 0; ls /host/var/lib/docent; ps | grep -c [-]m.playground; echo the-end'"
    )
    async with Person.enters(browser, docent.url, "breaker") as person:
        await enters_lab(person)
        await person.says(line)
        answer = await person.sees(re.compile(r"\b0\s+the-end"), within_s=60)
        await expect(answer).to_contain_text("Operation not permitted")
        await expect(answer).to_contain_text("/host/var/lib/docent: No such file")


async def test_the_service_dies_and_comes_back(docent: Docent, browser: Browser) -> None:
    """A killed service is said in one sentence, comes back by itself, and finds the sandbox."""
    async with Person.enters(browser, docent.url, "patient") as person:
        await enters_lab(person)
        await person.says("docker run -d --name survivor nginx")
        await person.sees(re.compile("종료 코드 0"), within_s=60)

        _service_of(docent.home).send_signal(signal.SIGKILL)
        await person.says("docker ps")
        await asyncio.sleep(8)

        await person.says("docker ps --format '<{{.Names}}>'")
        await person.sees("<survivor>", within_s=60)


def _service_of(home: Path) -> psutil.Process:
    """The sandbox service that serves this home."""
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if command[1:] == ["-m", "sandbox"] and str(home) in " ".join(process.environ().values()):
            return process
    raise AssertionError("no sandbox service of this home runs")
