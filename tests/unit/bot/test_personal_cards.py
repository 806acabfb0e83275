"""The cards about oneself: settings and what is kept, in both languages."""

from __future__ import annotations

from itertools import product

import pytest

from bot.classroom.privacy import Kept
from bot.classroom.settings import EXPLANATIONS, LearnerSettings
from bot.features.privacy._card import ask_delete, privacy_card
from bot.features.settings._card import settings_card
from bot.texts import Speech
from db.personal import tables_of_learners
from tests.unit.bot.test_cards import OWNER, assert_fits

SWITCH = (True, False)


async def test_every_setting_fits(speech: Speech) -> None:
    """Whatever is chosen, the card shows it and each button is answered by one."""
    for explanations, changes, compact in product(EXPLANATIONS, SWITCH, SWITCH):
        settings = LearnerSettings(explanations, changes=changes, compact=compact)
        assert_fits(settings_card(settings, speech, owner=OWNER))


@pytest.mark.parametrize("has_sandbox", [True, False, None])
@pytest.mark.parametrize("number", [0, 1, 99_999])
async def test_what_is_kept_fits(speech: Speech, has_sandbox: bool | None, number: int) -> None:
    """Nothing, one of each, a lot of each."""
    kept = Kept(dict.fromkeys(tables_of_learners(), number), has_sandbox, number)

    assert_fits(privacy_card(kept, speech, owner=OWNER))
    assert_fits(ask_delete(speech, owner=OWNER))
