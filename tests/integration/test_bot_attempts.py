"""Attempts in chat: what is drawn, prepared, answered, started over, and watched while written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.classroom.looking import LOOK_LIMIT_S
from lessons.draws import Draw
from playground.json_types import Json
from playground.person import Person
from sandbox.errors import EngineFailed
from tests.bot_stage import BotStage, all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes
from tests.openapi.judge import judge

LESSON = """\
id: words
order: 10
version: 1
minutes: 5
start: true
draws: { token: word }
steps:
  - id: find
    tasks:
      - id: find
        checks:
          - { kind: answer, run: "docker inspect -f word words-{{token}}" }
  - id: end
"""
PROSE = """\
# Words {#lesson}
## Goal {#goal}
Find it.
## Find it {#step-find}
It is in `words-{{token}}`, drawn as in the picture.
### Which word is in words-{{token}}? {#task-find}
1. Look.
2. Look into `words-{{token}}`.
### Solution {#solution-find}
`docker inspect words-{{token}}`
## End {#step-end}
Done.
## Mistakes {#mistakes}
None.
## Summary {#summary}
Found.
"""
SETUP = "# step: find\ndocker run -d --name words-{{token}} busybox\n"
DIAGRAMS = """\
diagrams:
  - { id: box, step: find, alt: { ko: 상자 하나가 있는 그림이에요, en: A picture of a box } }
"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FILES = {
    "lesson.yaml": LESSON,
    "ko.md": PROSE,
    "en.md": PROSE,
    "setup.sh": SETUP,
    "diagrams.yaml": DIAGRAMS,
    "box.svg": "<svg/>",
    "solution.sh": "# task: find\n!look-up find docker inspect -f word words-{{token}}\n",
    "trials.yaml": "ways: []\nmisses: []\n",
    "questions.yaml": "questions: []\n",
    "questions.ko.md": "# Q {#questions}\n",
    "questions.en.md": "# Q {#questions}\n",
}
DRAW = Draw("token", "word")
WORDS = {DRAW.value("words", variant) for variant in range(64)}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A folder with one lesson that draws, prepares, shows and asks."""
    folder = tmp_path / "lessons" / "010-words"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for language in ("ko", "en"):
        (folder / f"box.{language}.png").write_bytes(PNG)
    return folder.parent


@pytest.fixture
def engine() -> FakeSandboxes:
    """An engine that knows every word that could be drawn."""
    sandboxes = FakeSandboxes()
    for word in WORDS:
        sandboxes.answer(f"(\ndocker inspect -f word words-{word}\n)", f"{word}\n")
        sandboxes.answer(f"(\ndocker run -d --name words-{word} busybox\n)", "f00\n")
    return sandboxes


@pytest.fixture
async def stage(tmp_path: Path, engine: FakeSandboxes, content: Path) -> AsyncIterator[BotStage]:
    """A bot that teaches this lesson alone, to its author."""
    async with bot_stage(tmp_path, sandboxes=engine, lessons=content, preview=True) as opened:
        yield opened
        judge(opened.playground)


class Learner:
    """Somebody in their lab, with the lesson's card."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.lab = ""

    async def begin(self) -> Json:
        """Come in and open the lesson; its card."""
        self.person.slash("start")
        await saying(self.person, "실습실을 만들었어요")
        self.lab = self.person.threads()[0]["id"]
        await self.person.click(await self.sees("어서 오세요"), "첫 강의 열기")
        return await self.sees("단계 1/2")

    async def sees(self, wanted: str) -> Json:
        """The newest message in the lab that says this."""
        return await saying(self.person, wanted, self.lab)

    async def answers(self, card: Json, text: str) -> None:
        """Press the button for an answer, and send the form with this text."""
        before = self.person.modal()
        await self.person.click(card, "답 쓰기")
        form = await self.person.until(lambda: self._form_after(before), 8.0)
        self.person.submit_modal(form, {"답": text})

    def _form_after(self, before: Json | None) -> Json | None:
        form = self.person.modal()
        return None if form == before else form


@pytest.fixture
async def learner(stage: BotStage) -> Learner:
    """A newcomer."""
    return Learner(stage.playground.person("newcomer"))


def word_on(card: Json) -> str:
    """What was drawn for this card."""
    found = re.search(r"words-([a-z]+)", all_text(card))
    assert found is not None
    return found[1]


async def test_an_answer_ticks_its_task(learner: Learner, engine: FakeSandboxes) -> None:
    """Wrong, then right; the engine is prepared for the word that was drawn, and only for it."""
    card = await learner.begin()
    word = word_on(card)
    assert word in WORDS
    await learner.sees("필요한 것을 엔진에 준비해 두었어요")
    assert [line for _, line in engine.ran] == [f"(\ndocker run -d --name words-{word} busybox\n)"]

    await learner.answers(card, "something else")
    told = await learner.sees("다시 찾아보세요")
    assert word not in all_text(told).replace(f"words-{word}", "")
    await learner.answers(card, f" {word.upper()}. ")
    await learner.sees(f"Which word is in words-{word}?** 과제를 해냈어요")
    await learner.sees("Words 강의를 마쳤어요")


async def test_the_card_has_the_picture_of_the_learners_language(learner: Learner) -> None:
    """With words for who can't see it; turning the card takes it along and away."""
    card = await learner.begin()
    assert [attachment["filename"] for attachment in card["attachments"]] == ["box.ko.png"]
    assert "상자 하나가 있는 그림" in str(card["components"])
    await learner.person.click(card, "다음")
    turned = await learner.sees("단계 2/2")
    assert turned["id"] == card["id"]
    assert turned["attachments"] == []
    await learner.person.click(turned, "이전")
    again = await learner.sees("단계 1/2")
    assert len(again["attachments"]) == 1


async def test_starting_over_draws_anew(learner: Learner) -> None:
    """The new card asks for another word, and nothing is done."""
    card = await learner.begin()
    await learner.answers(card, word_on(card))
    end = await learner.sees("Words 강의를 마쳤어요")
    await learner.person.click(end, "처음부터 다시 하기")

    def anew() -> Json | None:
        cards = [m for m in learner.person.replies(learner.lab) if "단계 1/2" in all_text(m)]
        return cards[-1] if cards and cards[-1]["id"] != card["id"] else None

    fresh = await learner.person.until(anew, 8.0)
    assert word_on(fresh) != word_on(card)
    assert "✅" not in all_text(fresh)


async def test_an_attempt_survives_a_restart(learner: Learner, stage: BotStage) -> None:
    """The word stays, and a form that was open while the bot was away still counts."""
    card = await learner.begin()
    await learner.person.click(card, "답 쓰기")
    form = await learner.person.until(learner.person.modal, 8.0)
    await stage.restart()
    learner.person.submit_modal(form, {"답": word_on(card)})
    await learner.sees("Words 강의를 마쳤어요")


async def test_a_set_up_that_fails_is_said_and_can_be_repeated(
    learner: Learner, engine: FakeSandboxes
) -> None:
    """The card is there all the same."""
    engine.down = EngineFailed("not now")
    await learner.begin()
    failed = await learner.sees("다 준비하지 못했어요")
    engine.down = None
    await learner.person.click(failed, "다시 준비하기")
    await learner.sees("필요한 것을 엔진에 준비해 두었어요")


async def test_an_author_sees_what_was_written(learner: Learner, content: Path) -> None:
    """An open card shows the new text; a mistake is named and changes nothing."""
    card = await learner.begin()
    prose = content / "010-words" / "ko.md"
    prose.write_text(PROSE.replace("It is in", "이제는 여기에 있어요:"))

    def rewritten() -> Json | None:
        cards = learner.person.replies(learner.lab)
        return next((m for m in cards if "이제는 여기에 있어요" in all_text(m)), None)

    assert (await learner.person.until(rewritten, 8.0))["id"] == card["id"]
    prose.write_text(PROSE.replace("## End {#step-end}", "## End"))
    told = await learner.sees("잘못된 곳이")
    assert "010-words/ko.md" in all_text(told)
    await asyncio.sleep(0.1)
    assert rewritten() is not None


def test_a_look_is_shorter_than_what_a_learner_waits_for() -> None:
    """A check that hangs must not hold the learner's next command for long."""
    assert LOOK_LIMIT_S <= 10
