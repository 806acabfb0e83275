"""The boundary: every failure becomes a sentence, and a bug shows nothing but its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from bot.errors import SANDBOX_ERROR_KEYS, LearnerError
from bot.on_error import ErrorBoundary, as_learner_error, guarded
from bot.texts import Texts
from bot.ui.speech import Speeches
from db.errors import DatabaseBusy, DatabaseError
from sandbox.errors import ERRORS_BY_CODE, InLine, SandboxError
from tests.unit.bot.conftest import YUNA, Room


def family(kind: type[Exception]) -> set[type[Exception]]:
    """A class of errors with all its subclasses."""
    return {kind}.union(*(family(child) for child in kind.__subclasses__()))


def http_failure(status: int, code: int = 0, kind: type = discord.HTTPException) -> Exception:
    """What discord.py raises for an answer with this status."""
    response = SimpleNamespace(status=status, reason="reason")
    error: Exception = kind(response, {"code": code, "message": "message"})
    return error


@pytest.fixture
def boundary(room: Room, texts: Texts) -> ErrorBoundary:
    """The boundary of a classroom in which Yuna speaks Korean."""
    return ErrorBoundary(Speeches(texts=texts, enrol=room.classroom.enrol))


class Told:
    """A destination that keeps what was said."""

    def __init__(self, failing: Exception | None = None) -> None:
        self.sentences: list[str] = []
        self._failing = failing

    async def send(
        self,
        *,
        content: str | None = None,
        view: discord.ui.LayoutView | None = None,
        files: Sequence[discord.File] = (),
    ) -> Any:
        """See `Destination.send`."""
        if self._failing is not None:
            raise self._failing
        assert view is not None
        self.sentences += [
            item.content
            for item in view.walk_children()
            if isinstance(item, discord.ui.TextDisplay)
        ]


@pytest.mark.parametrize("kind", sorted(family(SandboxError), key=str))
def test_every_failure_of_a_sandbox_has_a_sentence(kind: type[Exception], texts: Texts) -> None:
    """None of the service's errors looks like a bug to a learner."""
    error = as_learner_error(kind("detail"))

    assert error is not None
    assert error.key in texts.for_language("ko")


def test_every_failure_of_a_sandbox_was_thought_of() -> None:
    """A new error that the service can send needs a sentence of its own choice."""
    assert set(SANDBOX_ERROR_KEYS) == set(ERRORS_BY_CODE.values())


@pytest.mark.parametrize(
    ("estimate_s", "says"),
    [(None, "3번째예요"), (20, "1분 안에 차례가"), (119, "약 2분"), (3600, "약 60분")],
)
def test_who_stands_in_line_hears_the_place_and_the_time(
    estimate_s: float | None, says: str, texts: Texts
) -> None:
    """As far as it is known, and how to keep that place."""
    error = as_learner_error(InLine(place=3, estimate_s=estimate_s))

    assert error is not None
    sentence = texts.for_language("ko")(error.key, **error.values)
    assert says in sentence
    assert "3번째" in sentence
    assert "다시 하면 차례가 그대로" in sentence


@pytest.mark.parametrize("kind", sorted(family(DatabaseError), key=str))
def test_every_failure_of_the_database_has_a_sentence(kind: type[Exception], texts: Texts) -> None:
    """None of the database's errors looks like a bug to a learner."""
    error = as_learner_error(kind("detail"))

    assert error is not None
    assert error.key in texts.for_language("ko")


def test_a_busy_database_asks_to_try_again() -> None:
    """Locked and broken are different things to do about."""
    busy, down = as_learner_error(DatabaseBusy()), as_learner_error(DatabaseError())

    assert busy is not None
    assert down is not None
    assert busy.key != down.key


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (http_failure(403, 50013, discord.Forbidden), "error.missing_permission"),
        (http_failure(403, 50001, discord.Forbidden), "error.missing_permission"),
        (http_failure(404, 10003, discord.NotFound), "lab.gone"),
        (http_failure(503, 0, discord.DiscordServerError), "error.discord_trouble"),
    ],
)
def test_failures_of_discord_have_sentences(error: Exception, key: str) -> None:
    """What Discord refuses or can't do is explained, too."""
    ours = as_learner_error(error)

    assert ours is not None
    assert ours.key == key


async def test_a_bug_shows_its_number_only(boundary: ErrorBoundary) -> None:
    """The learner sees an incident id, and the log has the rest under the same id."""
    told = Told()

    with capture_logs() as logs:
        await boundary.event_failed(
            ZeroDivisionError("secret detail"), learner_id=YUNA, destination=told
        )

    (sentence,) = told.sentences
    (entry,) = [log for log in logs if log["event"] == "incident"]
    (shown,) = re.findall(r"`([0-9a-f]{8})`", sentence)
    assert "secret" not in sentence
    assert shown == entry["incident"]
    assert isinstance(entry["exc_info"], ZeroDivisionError)


async def test_a_learner_is_told_in_their_language(boundary: ErrorBoundary) -> None:
    """Yuna speaks Korean, whoever asks."""
    told = Told()

    await boundary.event_failed(LearnerError("lab.missing"), learner_id=YUNA, destination=told)

    assert "실습실" in told.sentences[0]


async def test_whose_language_is_unknown_is_told_in_both(
    boundary: ErrorBoundary, texts: Texts
) -> None:
    """After a restart, with a database that can't be asked, nobody's language is guessed."""
    told = Told()

    await boundary.event_failed(DatabaseBusy(), learner_id=5, destination=told)

    (sentence,) = told.sentences
    both = [texts.for_language(language)("error.database.busy") for language in ("ko", "en")]
    assert sentence == "\n".join(both)


async def test_an_incident_has_one_number_in_both_languages(boundary: ErrorBoundary) -> None:
    """One bug is reported once, however many languages it is told in."""
    told = Told()

    with capture_logs() as logs:
        await boundary.event_failed(ZeroDivisionError(), learner_id=5, destination=told)

    (entry,) = [log for log in logs if log["event"] == "incident"]
    assert re.findall(r"`([0-9a-f]{8})`", told.sentences[0]) == [entry["incident"]] * 2


async def test_a_failure_that_can_not_be_told_is_logged(boundary: ErrorBoundary) -> None:
    """When Discord itself is down, the boundary does not fail on top."""
    told = Told(failing=http_failure(503, 0, discord.DiscordServerError))

    with capture_logs() as logs:
        await boundary.event_failed(LearnerError("lab.gone"), learner_id=YUNA, destination=told)

    assert [log["event"] for log in logs] == ["failure_not_told"]


@pytest.mark.parametrize("code", [10062, 40060, 10015, 50027])
async def test_an_expired_interaction_is_nobodys_fault(boundary: ErrorBoundary, code: int) -> None:
    """Nobody can be told any more, and nothing is wrong: a quiet line in the log."""
    interaction: Any = SimpleNamespace(
        type=discord.InteractionType.component, user=SimpleNamespace(id=YUNA), locale="ko"
    )

    with capture_logs() as logs:
        await boundary.interaction_failed(interaction, http_failure(404, code))

    assert [(log["event"], log["log_level"]) for log in logs] == [("interaction_over", "info")]


@pytest.mark.parametrize(
    ("error", "event"),
    [(LearnerError("engine.absent"), "round_failed"), (ValueError("bug"), "incident")],
)
async def test_work_in_rounds_ends_no_round(error: Exception, event: str) -> None:
    """What is known is told in a line, a bug is an incident; the next round comes."""

    async def work() -> None:
        raise error

    with capture_logs() as logged:
        await guarded(work, failed="round_failed")
    assert [entry["event"] for entry in logged] == [event]
