"""300 people answer at once, and the bot is killed in the middle: each answer counts once."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from db import quizzes
from db.engine import Database
from db.quizzes import Given
from tests.bot_stage import saying
from tests.quiz_crowd import Crowd, crowd, letters_of
from tests.quiz_story import goes_on, opened, presses, started

PEOPLE = 300
WITHIN_S = 10.0
GOAL_S = 1.5
"""Press → private confirmation, for 95 of 100, on a machine that does nothing else."""
LIMIT_MS = 300_000


async def kept(one: Crowd, position: int) -> list[Given]:
    """The answers as the database has them."""
    async with Database.open(one.database_url) as database, database.transaction() as session:
        return await quizzes.answers(session, 1, position)


@pytest.mark.timeout(170)
async def test_each_answer_counts_once_whatever_happens(tmp_path: Path) -> None:
    """Killed with SIGKILL among 300 answers and started again: none is lost, none counts twice."""
    async with crowd(tmp_path, PEOPLE) as many:
        lobby = await opened(many.host, seconds=LIMIT_MS // 1000)
        join = "docent:quizjoin:v1:1"
        await asyncio.gather(*(many.press(person, lobby, join) for person in many.people))
        await saying(many.host, f"참가자 {PEOPLE}명")
        question = await started(many.host, lobby)
        await all_answer_while_the_bot_dies(many, question)
        await check_one(many, question)
        await goes_on(many.host, question)
        await measure_many(many, question["channel_id"])


async def all_answer_while_the_bot_dies(many: Crowd, question: dict[str, object]) -> None:
    """One in seven changes the answer, one in nine tries to do so twice."""
    red, blue, green = (
        letters_of(question, f"the {colour} one")[0] for colour in ("red", "blue", "green")
    )

    def choose(person: str) -> list[tuple[str, tuple[str, ...]]]:
        number = many.people.index(person)
        wanted = [(red, blue, green)[number % 3]]
        if number % 7 == 0:
            wanted.append((blue, green, red)[number % 3])
        if number % 9 == 0:
            wanted = [red, blue, green, red]
        return [(f"docent:quizanswer:v1:1:1:{letter}", (letter,)) for letter in wanted]

    answering = asyncio.create_task(many.all_press(question, choose, within_s=WITHIN_S, seed=7))
    await many.host.until(lambda: len(many.confirmed) >= PEOPLE // 3, timeout_s=60)
    assert not answering.done()
    await many.bot.kill()
    before = {given.learner_id: given for given in await kept(many, 0)}
    missing = {person for person in many.confirmed if int(person) not in before}
    assert not missing  # whoever was told so had been counted
    await many.bot.start()
    await answering


async def check_one(many: Crowd, question: dict[str, object]) -> None:
    """What was counted here is what the bot kept, showed and judged."""
    given = await kept(many, 0)
    letters = {
        option: letters_of(question, f"the {option} one")[0] for option in ("red", "blue", "green")
    }
    assert {str(one.learner_id): (letters[one.answer[0]],) for one in given} == many.meant
    assert len(given) == PEOPLE
    await saying(many.host, f"{PEOPLE}명 중 {PEOPLE}명", str(question["channel_id"]))
    await presses(many.host, question, "정답 보기")
    answer = await saying(many.host, "Red is right.", str(question["channel_id"]))
    assert answer["id"] == question["id"]  # the same message, before and after the death
    counted = Counter(meant[0] for meant in many.meant.values())
    right = counted[letters["red"]]
    alt = next(a["description"] for a in answer["attachments"] if a["filename"] == "answers.png")
    assert f"{PEOPLE}명이 답했고, {right}명이 맞혔어요" in alt
    for one in await kept(many, 0):
        is_right = many.meant[str(one.learner_id)] == (letters["red"],)
        assert one.correct is is_right
        assert 0 <= one.elapsed_ms <= LIMIT_MS
        assert one.points == (1000 - 500 * one.elapsed_ms // LIMIT_MS if is_right else 0)


async def measure_many(many: Crowd, thread: str) -> None:
    """The second question has a select; nobody dies, and it is timed."""
    question = await saying(many.host, "Which letters?", thread)
    a, b, c = (letters_of(question, f"letter `{letter}`")[0] for letter in "abc")
    many.meant.clear()
    many.waits_s.clear()

    def choose(person: str) -> list[tuple[str, tuple[str, ...]]]:
        number = many.people.index(person)
        chosen = ((a, c), (a,), (a, b, c), (b,))[number % 4]
        return [("docent:quizchoose:v1:1:2", tuple(sorted(chosen)))]

    await many.all_press(question, choose, within_s=WITHIN_S, seed=8)
    p95 = many.percentile_s(95)
    print(f"{PEOPLE} answers within {WITHIN_S:.0f} s: p95 {p95 * 1000:.0f} ms")
    assert p95 <= GOAL_S
    by_letter = {a: "a", b: "b", c: "c"}
    given = {str(one.learner_id): one.answer for one in await kept(many, 1)}
    meant = {
        person: tuple(sorted(by_letter[letter] for letter in letters))
        for person, letters in many.meant.items()
    }
    assert given == meant
    await presses(many.host, question, "정답 보기")
    right = sum(answer == ("a", "c") for answer in meant.values())
    answer = await many.host.until(lambda: judged(many, thread, right))
    assert answer["id"] == question["id"]


def judged(many: Crowd, thread: str, right: int) -> dict[str, object] | None:
    """The message whose picture says that so many were right."""
    wanted = f"{PEOPLE}명이 답했고, {right}명이 맞혔어요"
    for message in many.host.replies(thread):
        said = [attached.get("description") or "" for attached in message["attachments"]]
        if any(wanted in one for one in said):
            return message
    return None
