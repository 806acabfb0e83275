"""A learner who plays whole lessons at the chat page: reads, types, presses and answers."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Final

from playwright.async_api import Locator, expect

from lessons.languages import Language
from lessons.loader import CONTENT, load_catalogue
from lessons.model import Lesson, LessonText, Step, Task
from lessons.solution import read_solution
from tests.e2e.chat import Person
from tests.e2e.running import Docent

CATALOGUE: Final = load_catalogue()
ENDED: Final = re.compile(r"(종료 코드|Exit code) \d+ · ")
LINE_LIMIT_S: Final = 90
TICK_LIMIT_S: Final = 30
STEP_LIMIT_S: Final = 60
MARKS: Final = re.compile(r"[`*_]")


@dataclass(frozen=True, slots=True)
class Words:
    """What the learner reads and presses, in their language."""

    next: str
    page: str
    answer: str
    send: str
    prepared: str
    ticked: str
    finished: str


WORDS: Final[dict[Language, Words]] = {
    "ko": Words(
        next="다음",
        page="페이지 보기$",
        answer="답 쓰기",
        send="보내기",
        prepared="이 단계에 필요한 것을 엔진에 준비해",
        ticked="{task} 과제를 해냈어요",
        finished="{title} 강의를 마쳤어요!",
    ),
    "en": Words(
        next="Next",
        page="Look at localhost",
        answer="Write the answer",
        send="Submit",
        prepared="What this step needs is ready",
        ticked="Done: {task}",
        finished="You finished {title}!",
    ),
}


class LessonPlayer:
    """Somebody in their lab, who does what the solutions of lessons say."""

    def __init__(self, person: Person, docent: Docent, language: Language) -> None:
        self._person = person
        self._docent = docent
        self._language = language
        self._words = WORDS[language]
        self._made: set[str] = set()

    async def play(self, lesson: Lesson) -> None:
        """Do a lesson from its first card to the card that says it is finished."""
        number = CATALOGUE.lessons.index(lesson) + 1
        async with self._prepares(lesson.steps[0]):
            await self._person.says(f"/lesson {number}")
            await self._sees_step(lesson, lesson.steps[0])
        drawn = lesson.at(await asyncio.to_thread(self._variant, lesson))
        prose = CATALOGUE.text(drawn, self._language)
        folder = CONTENT / f"{lesson.order:03}-{lesson.id}"
        solution = read_solution(folder / "solution.sh", drawn, [])
        for step in drawn.steps:
            if step is not drawn.steps[0]:
                async with self._prepares(step):
                    await self._person.presses(re.compile(rf"^{self._words.next}$"))
                    await self._sees_step(drawn, step)
            for task in step.tasks:
                by_the_way = step.is_fault(task) and await self._ticked(task, prose).count()
                if not by_the_way:  # what was made again for one fault may have had another, too
                    await self._do(task, solution[task.id], prose)
        finished = self._words.finished.format(title=plain(prose.title))
        await self._person.sees(finished, within_s=TICK_LIMIT_S)

    @asynccontextmanager
    async def _prepares(self, step: Step) -> AsyncGenerator[None]:
        """Going there makes what the step needs, and the learner is told so.

        What steps share is made once.
        """
        told = await self._next(self._said(self._words.prepared))
        yield
        if step.setup is not None and step.setup not in self._made:
            self._made.add(step.setup)
            await expect(told).to_be_attached(timeout=STEP_LIMIT_S * 1000)

    async def _sees_step(self, lesson: Lesson, step: Step) -> None:
        title = plain(CATALOGUE.text(lesson, self._language).title)
        place = f"{lesson.steps.index(step) + 1}/{len(lesson.steps)}"
        head = re.compile(rf"{re.escape(title)} · \S+ {place}")
        await self._person.sees(head, within_s=STEP_LIMIT_S)

    async def _do(self, task: Task, lines: list[str], prose: LessonText) -> None:
        """Type a task's lines, and see it ticked without asking."""
        ticked = await self._next(self._ticked(task, prose))
        for line in lines:
            await self._type(line)
        await expect(ticked).to_be_attached(timeout=TICK_LIMIT_S * 1000)

    def _ticked(self, task: Task, prose: LessonText) -> Locator:
        title = plain(prose.tasks[task.id].title)
        return self._said(self._words.ticked.format(task=title))

    async def _type(self, line: str) -> None:
        match line.split(maxsplit=2):
            case ["!look", _]:
                await self._person.presses(re.compile(self._words.page))
            case ["!answer", _, said]:
                await self._answer(said)
            case ["!look-up", _, command]:
                await self._answer(await self._run(command))
            case _:
                await self._run(line)

    async def _run(self, line: str) -> str:
        """Type a command, wait for its end, and read what it printed."""
        ended = await self._next(self._said(ENDED))
        await self._person.says(line)
        await expect(ended).to_be_attached(timeout=LINE_LIMIT_S * 1000)
        printed = ended.locator("pre")
        return (await printed.first.inner_text()).strip() if await printed.count() else ""

    async def _answer(self, said: str) -> None:
        await self._person.presses(re.compile(self._words.answer))
        form = self._person.page.get_by_role("dialog")
        await form.get_by_role("textbox").fill(said)
        await form.get_by_role("button", name=self._words.send).click()
        await expect(form).to_have_count(0)

    async def _next(self, messages: Locator) -> Locator:
        """The first message to come after those that are there.

        Not the count of them: a message that follows may quote the one that is waited for.
        """
        return messages.nth(await messages.count())

    def _said(self, text: str | re.Pattern[str]) -> Locator:
        return self._person.messages_of("Docent").filter(has_text=text)

    def _variant(self, lesson: Lesson) -> int:
        """Which attempt this learner drew: people read it on the card, we look it up."""
        with closing(sqlite3.connect(self._docent.home / "docent.sqlite3")) as database:
            (variant,) = database.execute(
                "SELECT variant FROM lesson_progress JOIN learners ON id = learner_id"
                " WHERE name = ? AND lesson_id = ?",
                (self._person.name, lesson.id),
            ).fetchone()
        return int(variant)


def plain(markdown: str) -> str:
    """Words as the page shows them."""
    return MARKS.sub("", markdown)
