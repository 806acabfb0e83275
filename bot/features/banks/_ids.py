"""Custom ids of banks: what is drawn and what answers agree through these.

They say which draft or bank is meant, and mean nothing in another server.
"""

from __future__ import annotations

from typing import Final

from bot.ui.actions import custom_id, pattern

_NUMBER: Final = r"[0-9]{1,18}"

PAGE: Final = pattern("bank-page", rf"(?P<draft>{_NUMBER})", r"(?P<page>[0-9]{1,3})")
DECIDE: Final = pattern("bank-draft", rf"(?P<draft>{_NUMBER})", r"(?P<deed>publish|discard)")
PICK: Final = pattern("bank-pick")
DELETE: Final = pattern("bank-delete", rf"(?P<bank>{_NUMBER})", r"(?P<deed>yes|no)")


def page(owner: int, draft_id: int, number: int) -> str:
    """A page of a draft's preview."""
    return custom_id("bank-page", owner, str(draft_id), str(number))


def decide(owner: int, draft_id: int, deed: str) -> str:
    """Publishing a draft, or discarding it."""
    return custom_id("bank-draft", owner, str(draft_id), deed)


def pick(owner: int) -> str:
    """Choosing a bank to delete."""
    return custom_id("bank-pick", owner)


def delete(owner: int, bank_id: int, deed: str) -> str:
    """Deleting it, or not."""
    return custom_id("bank-delete", owner, str(bank_id), deed)
