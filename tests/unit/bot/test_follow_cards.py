"""Cards of follow-me: within Discord's limits, safe with hostile text, and no names for all."""

from __future__ import annotations

import pytest

from bot.classroom.commands import Ended
from bot.classroom.following import Follow, Follower, FollowRun, Shown
from bot.classroom.outcomes import tally
from bot.features.follow import _cards
from bot.features.follow._buttons import BUTTONS
from bot.features.follow._running import outcomes_file
from bot.terminal.error_help import ALL_IDS, ErrorHelp
from bot.texts import Speech
from bot.ui.layout import Card
from db.following import FollowOutcome
from tests.factories import NOON
from tests.unit.bot.card_limits import assert_taken

BIGGEST = 2**63 - 1
HOSTILE = "`*_~|[x](http://x) ```\u202e=1+1 " * 200
FOLLOW = Follow(10**15, BIGGEST, BIGGEST, BIGGEST, BIGGEST, NOON, None)
RUN = FollowRun(10**15, FOLLOW, BIGGEST, HOSTILE[:4000], "done", BIGGEST)
KINDS = ("ok", "failed", "failed", "absent", "pending")
CLASS = [
    FollowOutcome(number, "*" * 100, KINDS[number % 5], number % 3, ALL_IDS[number % 7], 5)
    for number in range(300)
]


def assert_fits(card: Card) -> str:
    """Discord takes it; what it says."""
    return assert_taken(card, BUTTONS)


def test_the_cards_for_all_fit_and_name_nobody(speech: Speech) -> None:
    """The longest line, a class of three hundred, and each error as the most frequent one."""
    assert_fits(_cards.follow_card(FOLLOW, 300, speech))
    assert_fits(_cards.ask_card(RUN, 300, speech))
    for error in (*ALL_IDS, "of_a_later_version", None):
        counted = tally([FollowOutcome(1, "Yuna", "failed", 1, error)])
        for over in (True, False):
            assert "Yuna" not in assert_fits(_cards.run_card(RUN, counted, speech, over=over))


def test_the_details_fit(speech: Speech) -> None:
    """As many names as there is room for; all are in the file, where nothing is a formula."""
    counted = tally(CLASS)
    assert_fits(_cards.details_card(RUN, counted, speech))
    content = outcomes_file(RUN, counted, speech).fp.read()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").count("\r\n") >= len(CLASS)


@pytest.mark.parametrize("exit_code", [0, 1, None])
def test_the_card_in_a_lab_fits(speech: Speech, exit_code: int | None) -> None:
    """Much output, and each explanation."""
    ended = Ended(exit_code=exit_code, took_ms=5)
    who = Follower(1, "Yuna", 5)
    for error in ALL_IDS:
        shown = Shown(who, "failed", ended, HOSTILE * 5, ErrorHelp(error, {"name": HOSTILE}))
        assert_fits(_cards.lab_card(RUN, shown, speech))
    assert_fits(_cards.lab_card(RUN, Shown(who, "absent"), speech))
