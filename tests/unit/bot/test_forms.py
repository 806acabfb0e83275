"""A form is the first answer to a press, or it is none."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import LearnerError
from bot.ui import forms
from bot.ui.forms import in_time_for_a_form


async def test_a_form_that_would_come_too_late_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The person reads that they may try again, instead of waiting for nothing."""
    monkeypatch.setattr(forms, "FORM_WITHIN_S", 0.01)
    with pytest.raises(LearnerError) as told:
        async with in_time_for_a_form():
            await asyncio.Event().wait()
    assert told.value.key == "error.database.busy"


async def test_what_goes_wrong_in_time_is_told_as_it_is() -> None:
    """It is no question of time."""
    with pytest.raises(LearnerError) as told:
        async with in_time_for_a_form():
            raise LearnerError("hand.none")
    assert told.value.key == "hand.none"
