"""Cards of raised hands and helps: within Discord's limits, and safe with hostile text, always."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.classroom.engine_map import map_of
from bot.classroom.hands import Hand, HelpLine, Standing
from bot.classroom.help_looks import Glance
from bot.features.hands._buttons import BUTTONS
from bot.features.hands._cards import notice_card, queue_card, standing_card
from bot.features.hands._helping import HELPER_BUTTONS
from bot.features.hands._panel import Situation, panel_card
from bot.features.hands._suggesting import MOST_CHOICES, suggestion_card
from bot.terminal.error_help import ALL_IDS, ErrorHelp
from bot.terminal.escape import visible
from bot.texts import Speech
from bot.ui.layout import Card
from db.history import Record
from tests.factories import NOON
from tests.fakes.sandboxes import make_container, make_facts
from tests.unit.bot.card_limits import assert_taken, items

BIGGEST = 2**63 - 1
HOSTILE = "`*_~|[x](http://x) @everyone <@1> ```\u202e" * 8
MANY = map_of(
    make_facts(
        containers=[
            make_container(f"{number:03}" + "x" * 120, image="y" * 200) for number in range(60)
        ]
    )
)
HAND = Hand(
    id=10**15, learner_id=BIGGEST, name="*" * 100, server_id=BIGGEST, channel_id=BIGGEST,
    sentence=visible(HOSTILE)[:300], raised_at=NOON, helper_id=BIGGEST, taken_at=NOON,
    thread_id=BIGGEST,
)  # fmt: skip


def assert_fits(card: Card) -> str:
    """Discord takes it, and each button is somebody's; what it says."""
    said = assert_taken(card, (*BUTTONS, *HELPER_BUTTONS))
    assert "@everyone" not in said
    return said


IN_CODE = HOSTILE.replace("@everyone", "")
"""Code mentions nobody, whatever stands in it."""


def record(line: str = IN_CODE, error: str | None = None) -> Record:
    """A command that failed."""
    return Record("command", line, 125, 5, NOON, error=error)


@pytest.mark.parametrize("consents", range(8))
def test_the_panel_fits_whatever_there_is(speech: Speech, consents: int) -> None:
    """Sixty containers with long names, the longest lines, every known error, every consent."""
    hand = replace(
        HAND,
        may_look=bool(consents & 1),
        may_fork=bool(consents & 2),
        fork_until=NOON if consents & 4 else None,
    )
    for error in (*ALL_IDS, "of_a_later_version"):
        situation = Situation(
            Glance("running", MANY), [record()] * 5, record(error=error), met=None
        )
        assert_fits(panel_card(hand, situation, speech))


@pytest.mark.parametrize("sign", ["*", "`", "_`", "[](", "<@", "~|"])
def test_nobody_makes_their_help_untakeable(speech: Speech, sign: str) -> None:
    """Marks become longer when they are escaped; the newest command and the error are there."""
    odd = map_of(
        make_facts(containers=[make_container(sign * 60, image=sign * 60) for _ in range(60)])
    )
    newest = record("docker newest")
    lines = [newest, *[record(sign * 200)] * 4]
    hand = replace(HAND, sentence=(sign * 300)[:300], may_look=True, may_fork=True, fork_until=NOON)
    for error in ALL_IDS:
        values = dict.fromkeys(("container", "image", "port", "name", "path"), sign * 100)
        for met in (None, ErrorHelp(error, values, (sign * 100,) * 3)):
            failed = record(sign * 200, error)
            situation = Situation(Glance("running", odd), lines, failed, met)
            said = assert_fits(panel_card(hand, situation, speech))
            assert "`docker newest`" in said
            assert "💡" in said


@pytest.mark.parametrize("state", [None, "unknown", "stopped", "frozen"])
def test_the_panel_without_an_engine(speech: Speech, state: str | None) -> None:
    """What is not known is said so."""
    assert_fits(panel_card(HAND, Situation(Glance(state, None), [], None, None), speech))


def test_nothing_to_press_but_what_is_allowed(speech: Speech) -> None:
    """No look and no fork is offered before the learner said yes."""

    def pressed(hand: Hand) -> str:
        card = panel_card(hand, Situation(Glance(None, None), [], None, None), speech)
        return " ".join(getattr(item, "custom_id", "") or "" for item in items(card.children))

    assert "help:v1:map" not in pressed(HAND)
    assert "help:v1:fork" not in pressed(HAND)
    assert "help:v1:map" in pressed(replace(HAND, may_look=True))
    assert "help:v1:fork" in pressed(replace(HAND, may_fork=True))


def test_the_queue_of_a_full_class_fits(speech: Speech) -> None:
    """Three hundred hands, each with a long sentence."""
    assert_fits(queue_card([HAND] * 300, [HAND] * 30, speech, durations=1e6))
    assert_fits(queue_card([], [], speech, durations=None))


def test_the_other_cards_fit(speech: Speech) -> None:
    """A place far back; a notice in each of its states."""
    assert_fits(standing_card(Standing(HAND, 300, 1e6), speech, owner=BIGGEST))
    waiting = replace(HAND, helper_id=None, taken_at=None)
    over = [
        replace(HAND, closed_at=NOON, ended=ended)
        for ended in ("lowered", "helped", "expired", "gone", "left")
    ]
    for hand in (HAND, waiting, *over):
        assert_fits(notice_card(hand, speech))


def test_a_suggestion_is_never_cut(speech: Speech) -> None:
    """Short commands stand in the card, more than fits goes along as a file, whole."""
    short = [HelpLine(1, "docker rm -f web", 0), HelpLine(2, "docker run -d nginx", 0)]
    card, files = suggestion_card(HAND, short, speech)
    said = assert_fits(card)
    assert all(line.line in said for line in short)
    assert files == []
    long = [HelpLine(number, f"echo {number} {'x' * 3_900}", 0) for number in range(MOST_CHOICES)]
    card, files = suggestion_card(HAND, long, speech)
    assert_fits(card)
    (file,) = files
    assert file.fp.read().decode().splitlines() == [line.line for line in long]
