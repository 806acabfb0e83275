"""The cards of challenges and duels: they fit, whoever takes part and whatever the lesson is."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.challenge.phases import PHASES, Phase
from bot.classroom.challenge_views import Board, Challenge, Member, make_board, make_mine, tasks_of
from bot.features.challenge._board import board_card
from bot.features.challenge._buttons import BUTTONS
from bot.features.challenge._duel_buttons import DUEL_BUTTONS
from bot.features.challenge._mine import ask_leave, back_card, brief_card, failed_card, mine_card
from bot.texts import Speech
from db.challenges import StoredMark
from lessons.loader import load_catalogue
from lessons.model import Catalogue, Lesson
from tests.factories import NOON
from tests.unit.bot import test_cards
from tests.unit.bot.test_cards import OWNER, assert_fits

NAMES = ("x" * 100, "@everyone <@1> [a](https://b)", "🐳" * 50, "**굵게** `x` " * 9)


class NoStudio:
    """Draws nothing: where no fonts are, or something small."""

    def __init__(self, png: bytes | None) -> None:
        self._png = png

    async def draw(self, *_: object) -> bytes | None:
        """The same for all."""
        return self._png


@pytest.fixture(autouse=True)
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our buttons are answered, too."""
    monkeypatch.setattr(test_cards, "ANSWERED", (*BUTTONS, *DUEL_BUTTONS))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The real lessons."""
    return load_catalogue(None)


def challenge_of(lesson: Lesson, phase: Phase, kind: str = "class") -> Challenge:
    """A challenge in this phase."""
    return Challenge(
        id=10**17,
        server_id=1,
        channel_id=2,
        message_id=3,
        kind=kind,
        lesson_id=lesson.id,
        variant=0,
        phase=phase,
        language="ko",
        limit_s=3600,
        freeze_s=300,
        faults_each=3,
        role_a=None,
        role_b=None,
        created_at=NOON,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
        ended_at=None,
    )


def members(count: int, state: str, side: int = 0) -> list[Member]:
    """So many members with names that are hard to show."""
    return [
        Member(
            challenge_id=1,
            learner_id=OWNER + number,
            name=NAMES[number % len(NAMES)],
            side=side and 1 + number % 2,
            captain=number < 2,
            state=state,
            why=None,
            changed_at=NOON,
            engine="kept",
            had_disk=True,
            faults=(),
            card_channel_id=None,
            card_message_id=None,
        )
        for number in range(count)
    ]


def board_of(
    lesson: Lesson,
    phase: Phase,
    there: list[Member],
    kind: str = "class",
    *,
    engines: int | None = 20,
) -> Board:
    """A board on which everybody did everything, with all hints."""
    marks = [
        StoredMark(member.learner_id, what, task.id, number, NOON + timedelta(hours=1))
        for member in there
        for task in tasks_of(lesson)
        for what, number in (("solve", 0), ("hint", 1), ("hint", 2), ("hint", 3))
    ]
    challenge = challenge_of(lesson, phase, kind)
    return make_board(challenge, lesson, there, marks, now=NOON, all_seen=False, engines=engines)


@pytest.mark.parametrize("png", [None, b"png"])
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("state", ["joined", "ready", "failed"])
async def test_boards_fit(
    speech: Speech, catalogue: Catalogue, phase: Phase, state: str, png: bytes | None
) -> None:
    """Nobody, one, 300; whatever they are called."""
    lesson = catalogue.get("incident-night")
    assert lesson is not None

    async def chosen_by(_: int) -> frozenset[int]:
        return frozenset({1})

    desk = SimpleNamespace(text=catalogue.text)
    bot = SimpleNamespace(
        studio=NoStudio(png),
        classroom=SimpleNamespace(lessons=desk, duels=SimpleNamespace(chosen_by=chosen_by)),
    )
    for count in (0, 1, 300):
        board = board_of(lesson, phase, members(count, state))
        assert_fits(await board_card(cast(Any, bot), board, speech))
    for invited in ("invited", state):
        board = board_of(lesson, phase, members(6, invited, side=1), "duel")
        assert_fits(await board_card(cast(Any, bot), board, speech))


@pytest.mark.parametrize(("engines", "too_many"), [(None, 0), (4, 0), (3, 0), (2, 1), (0, 3)])
def test_who_is_too_many_is_counted(
    catalogue: Catalogue, engines: int | None, too_many: int
) -> None:
    """Of those who are in; where nobody knows how many engines there are, nobody is."""
    lesson = catalogue.get("incident-night")
    assert lesson is not None
    there = [*members(3, "joined"), *members(2, "left")]
    board = board_of(lesson, "lobby", there, engines=engines)
    assert board.too_many == too_many


@pytest.mark.parametrize("phase", PHASES)
async def test_a_members_card_fits_for_every_lesson(
    speech: Speech, catalogue: Catalogue, phase: Phase
) -> None:
    """With all of its tasks, hints and steps."""
    for lesson in catalogue.lessons:
        if not tasks_of(lesson):
            continue
        (member,) = members(1, "ready")
        marks = [
            StoredMark(OWNER, "hint", task.id, number, NOON)
            for task in tasks_of(lesson)
            for number in (1, 2, 3)
        ]
        mine = make_mine(challenge_of(lesson, phase), member, lesson, marks)
        prose = catalogue.text(lesson, speech.language)
        assert_fits(mine_card(mine, prose, speech, place="1", engine=speech("challenge.back")))
        for step in lesson.steps:
            assert_fits(brief_card(step.id, prose, speech))


async def test_what_is_told_in_labs_fits(speech: Speech) -> None:
    """Why it did not work, and the question before leaving."""
    for why in ("error.sandbox.disk_full", "challenge.why.setup"):
        assert_fits(failed_card(why, speech, owner=OWNER, challenge_id=1))
        assert_fits(back_card(why, speech, owner=OWNER, challenge_id=1))
    assert_fits(ask_leave(speech, owner=OWNER, challenge_id=1))
