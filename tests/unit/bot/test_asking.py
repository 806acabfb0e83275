"""Questions as a use case: answers, honest silence, and what a learner just did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.ask.passages import Passage, PassageText
from bot.classroom.asking import RECENT, Asking, sources
from bot.classroom.library import Library
from bot.errors import LearnerError
from bot.texts import Texts
from lessons.model import Catalogue
from tests.factories import make_catalogue, make_lesson
from tests.unit.bot.conftest import YUNA, Room

STRANGER = 77


@pytest.fixture(scope="module")
def passages(texts: Texts) -> tuple[Passage, ...]:
    """The glossary, the sample lessons, and what the bot says of commands."""
    return tuple(sources(texts)(make_catalogue(make_lesson())))


@pytest.fixture
def asking(room: Room, passages: tuple[Passage, ...]) -> Asking:
    """Questions are answered out of the real glossary."""
    return Asking(
        database=room.database,
        library=Library(make_catalogue(make_lesson())),
        clock=room.clock,
        source=lambda _: passages,
    )


async def test_a_question_is_answered(asking: Asking) -> None:
    """With the passage, its text in the learner's language, and two more."""
    answer = await asking.ask(YUNA, "컨테이너를 어떻게 지우나요", "ko")

    assert answer.passage is not None
    assert answer.passage.id == "command:rm"
    assert answer.text.startswith("컨테이너를 지워요")
    assert len(answer.more) == 2
    assert answer.failed is None


async def test_the_answer_is_in_the_language_of_the_learner(asking: Asking) -> None:
    """Whatever the question is in."""
    answer = await asking.ask(YUNA, "볼륨이 뭐예요", "en")

    assert answer.text.startswith("Storage that Docker looks after")


async def test_a_link_to_a_lesson_that_is_not_there_is_left_out(asking: Asking) -> None:
    """Somebody who has other lessons gets the words all the same."""
    answer = await asking.ask(YUNA, "what is a volume", "en")

    assert answer.passage is not None
    assert answer.passage.place is None


async def test_nothing_is_made_up(asking: Asking) -> None:
    """An off-topic question gets no passage, but places to begin."""
    answer = await asking.ask(YUNA, "내일 서울 날씨 어때?", "ko")

    assert answer.passage is None
    assert answer.text == ""
    assert 1 <= len(answer.more) <= 3


@pytest.mark.parametrize("question", [" ", "?!", "🙂", "\u200b", "```", "…"])
async def test_a_question_needs_a_word(asking: Asking, question: str) -> None:
    """The learner hears how to ask."""
    with pytest.raises(LearnerError, match=r"ask\.empty"):
        await asking.ask(YUNA, question, "ko")


@pytest.mark.parametrize(
    "question", ["이거 왜 안돼요?", "why does this not work", "오류가 나요 ㅠㅠ"]
)
async def test_trouble_without_a_name_is_about_what_just_failed(
    room: Room, asking: Asking, question: str
) -> None:
    """The newest command that failed, although others went well since."""
    await room.ran("docker exec web bahs", exit_code=127)
    await room.ran("docker ps")

    answer = await asking.ask(YUNA, question, "ko")

    assert answer.failed is not None
    assert answer.failed.line == "docker exec web bahs"
    assert answer.passage is not None
    assert answer.passage.id == "error:exit-127"


async def test_a_question_with_a_name_is_about_that(room: Room, asking: Asking) -> None:
    """What failed before has nothing to do with it."""
    await room.ran("docker exec web bahs", exit_code=127)

    answer = await asking.ask(YUNA, "볼륨이 왜 안 지워져요", "ko")

    assert answer.failed is None
    assert answer.passage is not None
    assert answer.passage.id == "error:volume-in-use"


async def test_what_failed_long_ago_is_over(room: Room, asking: Asking) -> None:
    """Half an hour later, nobody means it."""
    await room.ran("docker exec web bahs", exit_code=127)
    room.clock.skip(RECENT + timedelta(seconds=1))

    answer = await asking.ask(YUNA, "이거 왜 안돼요?", "ko")

    assert answer.failed is None
    assert answer.passage is None


async def test_others_failures_are_nobodys_business(room: Room, asking: Asking) -> None:
    """Only one's own history is looked at."""
    await room.ran("docker exec web secret", exit_code=127)

    assert (await asking.ask(STRANGER, "이거 왜 안돼요?", "ko")).failed is None


async def test_a_button_finds_its_passage_again(asking: Asking) -> None:
    """Also after a restart; one that is gone is told."""
    answer = await asking.passage("term:volume", "ko")

    assert answer.text.startswith("도커가 맡아 두는")
    with pytest.raises(LearnerError, match=r"ask\.gone"):
        await asking.passage("term:nowhere", "ko")


async def test_the_book_is_made_once_for_the_same_lessons(room: Room) -> None:
    """And anew when an author has changed them."""
    made: list[Catalogue] = []

    def source(catalogue: Catalogue) -> Iterable[Passage]:
        made.append(catalogue)
        text = PassageText("volume", "Storage.")
        return [Passage("term:volume", {"ko": text, "en": text})]

    library = Library(make_catalogue(make_lesson()))
    asking = Asking(database=room.database, library=library, clock=room.clock, source=source)

    await asking.ask(YUNA, "volume", "en")
    await asking.ask(YUNA, "volume", "en")
    library.put(make_catalogue(make_lesson("second")))
    await asking.ask(YUNA, "volume", "en")

    assert len(made) == 2
