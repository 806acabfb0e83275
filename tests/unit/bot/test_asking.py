"""Questions as a use case: answers, honest silence, and what a learner just did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.ask.passages import Passage, PassageText
from bot.classroom.asking import RECENT, Asking, sources
from bot.classroom.library import Library
from bot.classroom.troubles import Trouble
from bot.errors import LearnerError
from bot.terminal.error_help import ErrorHelp
from bot.texts import Texts
from lessons.model import Catalogue
from tests.factories import make_catalogue, make_lesson
from tests.unit.bot.conftest import YUNA, Room

STRANGER = 77
TEXTS = Texts.load()
KOREAN, ENGLISH = TEXTS.for_language("ko"), TEXTS.for_language("en")


@pytest.fixture(scope="module")
def passages() -> tuple[Passage, ...]:
    """The glossary, the sample lessons, and what the bot says of commands."""
    return tuple(sources(TEXTS)(make_catalogue(make_lesson())))


Newest = dict[int, Trouble]


@pytest.fixture
def newest() -> Newest:
    """The last error of each learner."""
    return {}


@pytest.fixture
def asking(room: Room, passages: tuple[Passage, ...], newest: Newest) -> Asking:
    """Questions are answered out of the real glossary."""
    return Asking(
        database=room.database,
        library=Library(make_catalogue(make_lesson())),
        clock=room.clock,
        source=lambda _: passages,
        newest=newest.get,
    )


async def test_a_question_is_answered(asking: Asking) -> None:
    """With the passage, its text in the learner's language, and two more."""
    answer = await asking.ask(YUNA, "컨테이너를 어떻게 지우나요", KOREAN)

    assert answer.passage is not None
    assert answer.passage.id == "command:rm"
    assert answer.text.startswith("컨테이너를 지워요")
    assert len(answer.more) == 2
    assert answer.failed is None


async def test_the_answer_is_in_the_language_of_the_learner(asking: Asking) -> None:
    """Whatever the question is in."""
    answer = await asking.ask(YUNA, "볼륨이 뭐예요", ENGLISH)

    assert answer.text.startswith("Storage that Docker looks after")


async def test_a_link_to_a_lesson_that_is_not_there_is_left_out(asking: Asking) -> None:
    """Somebody who has other lessons gets the words all the same."""
    answer = await asking.ask(YUNA, "what is a volume", ENGLISH)

    assert answer.passage is not None
    assert answer.passage.place is None


async def test_nothing_is_made_up(asking: Asking) -> None:
    """An off-topic question gets no passage, but places to begin."""
    answer = await asking.ask(YUNA, "내일 서울 날씨 어때?", KOREAN)

    assert answer.passage is None
    assert answer.text == ""
    assert 1 <= len(answer.more) <= 3


@pytest.mark.parametrize("question", [" ", "?!", "🙂", "\u200b", "```", "…"])
async def test_a_question_needs_a_word(asking: Asking, question: str) -> None:
    """The learner hears how to ask."""
    with pytest.raises(LearnerError, match=r"ask\.empty"):
        await asking.ask(YUNA, question, KOREAN)


@pytest.mark.parametrize(
    "question", ["이거 왜 안돼요?", "why does this not work", "오류가 나요 ㅠㅠ"]
)
async def test_trouble_without_a_name_is_about_what_just_failed(
    room: Room, asking: Asking, question: str
) -> None:
    """The newest command that failed, although others went well since."""
    await room.ran("docker exec web bahs", exit_code=127)
    await room.ran("docker ps")

    answer = await asking.ask(YUNA, question, KOREAN)

    assert answer.failed is not None
    assert answer.failed.line == "docker exec web bahs"
    assert answer.passage is not None
    assert answer.passage.id == "error:exit-127"


async def test_a_question_with_a_name_is_about_that(room: Room, asking: Asking) -> None:
    """What failed before has nothing to do with it."""
    await room.ran("docker exec web bahs", exit_code=127)

    answer = await asking.ask(YUNA, "볼륨이 왜 안 지워져요", KOREAN)

    assert answer.failed is None
    assert answer.passage is not None
    assert answer.passage.id == "error:volume-in-use"


async def test_what_failed_long_ago_is_over(room: Room, asking: Asking) -> None:
    """Half an hour later, nobody means it."""
    await room.ran("docker exec web bahs", exit_code=127)
    room.clock.skip(RECENT + timedelta(seconds=1))

    answer = await asking.ask(YUNA, "이거 왜 안돼요?", KOREAN)

    assert answer.failed is None
    assert answer.passage is None


async def test_others_failures_are_nobodys_business(room: Room, asking: Asking) -> None:
    """Only one's own history is looked at."""
    await room.ran("docker exec web secret", exit_code=127)

    assert (await asking.ask(STRANGER, "이거 왜 안돼요?", KOREAN)).failed is None


async def test_a_pasted_error_is_explained_with_its_own_names(asking: Asking) -> None:
    """As under the command itself, in the learner's language; what is near comes after it."""
    message = (
        'docker: Error response from daemon: Conflict. The container name "/web1" is already in use'
    )

    answer = await asking.ask(YUNA, f"이거 뭐예요 {message} by container 1a2b", KOREAN)

    assert answer.passage is not None
    assert answer.passage.id == "problem:name-taken"
    assert "web1" in answer.text
    assert not {"problem:name-taken", "error:name-conflict"} & {one.id for one in answer.more}


async def test_what_was_just_met_has_the_names_of_the_engine(
    asking: Asking, newest: Newest
) -> None:
    """Who pastes it hears what error help said; others hear what the message tells."""
    message = "Error response from daemon: No such container: wev"
    met = ErrorHelp("no_such_container", {"container": "wev"}, meant=("web",))
    newest[YUNA] = Trouble("docker rm wev", met)

    assert "`web`" in (await asking.ask(YUNA, message, KOREAN)).text
    assert "`web`" not in (await asking.ask(STRANGER, message, KOREAN)).text
    other = message.replace("wev", "dp")
    assert "`web`" not in (await asking.ask(YUNA, other, KOREAN)).text


async def test_an_id_in_a_message_is_the_name_that_was_met(asking: Asking, newest: Newest) -> None:
    """Docker prints ids where learners know names."""
    newest[YUNA] = Trouble("docker exec web ls", ErrorHelp("not_running", {"container": "web"}))
    message = f"Error response from daemon: container {'1a2b' * 16} is not running"

    assert "`web`" in (await asking.ask(YUNA, message, ENGLISH)).text


async def test_why_it_fails_is_what_error_help_said(
    room: Room, asking: Asking, newest: Newest
) -> None:
    """While its explanation is still known; an exit code alone is looked up."""
    await room.ran("docker rm wev", exit_code=1)
    met = ErrorHelp("no_such_container", {"container": "wev"})
    newest[YUNA] = Trouble("docker rm wev", met)

    answer = await asking.ask(YUNA, "이거 왜 안돼요?", KOREAN)

    assert answer.failed is not None
    assert answer.passage is not None
    assert answer.passage.id == "problem:no-such-container"
    assert "`wev`" in answer.text
    newest[YUNA] = Trouble("docker rm wev", ErrorHelp("exit_125", {}))
    answer = await asking.ask(YUNA, "이거 왜 안돼요?", KOREAN)
    assert answer.passage is None or answer.passage.id != "problem:exit-125"


@pytest.mark.parametrize("name", ["`@everyone`", "a\u202eb", "x" * 900])
async def test_names_in_a_pasted_error_stay_harmless(asking: Asking, name: str) -> None:
    """Whoever asks may have copied them from anywhere."""
    answer = await asking.ask(
        YUNA, f"Error response from daemon: No such container: {name}", KOREAN
    )

    assert len(answer.text) < 1000
    assert "\u202e" not in answer.text
    assert answer.text.count("`") % 2 == 0


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

    await asking.ask(YUNA, "volume", ENGLISH)
    await asking.ask(YUNA, "volume", ENGLISH)
    library.put(make_catalogue(make_lesson("second")))
    await asking.ask(YUNA, "volume", ENGLISH)

    assert len(made) == 2
