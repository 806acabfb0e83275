"""Custom ids of challenges and duels; what is drawn and what answers agree through these.

Those on boards are for everybody who sees them: whoever presses is judged. Those on a member's
card are their owner's.
"""

from __future__ import annotations

from typing import Final

from bot.ui.actions import custom_id, open_id, open_pattern, pattern

ID: Final = r"(?P<id>[0-9]{1,18})"

JOIN: Final = open_pattern("ch-join", ID)
BEGIN: Final = open_pattern("ch-begin", ID)
END: Final = open_pattern("ch-end", ID)
CANCEL: Final = open_pattern("ch-cancel", ID)
MINE: Final = open_pattern("ch-mine", ID)
TABLE: Final = open_pattern("ch-csv", ID)

CHECK: Final = pattern("ch-check", ID)
PREPARE: Final = pattern("ch-prep", ID)
LEAVE: Final = pattern("ch-leave", ID, r"(?P<sure>ask|yes)")
RETRY: Final = pattern("ch-retry", ID)
BACK: Final = pattern("ch-back", ID)
HINT: Final = pattern("ch-hint", ID)
BRIEF: Final = pattern("ch-brief", ID)

ACCEPT: Final = open_pattern("duel-yes", ID)
DECLINE: Final = open_pattern("duel-no", ID)
SIDE: Final = open_pattern("duel-side", ID, r"(?P<side>[12])")
PICK: Final = open_pattern("duel-pick", ID)
GO: Final = open_pattern("duel-go", ID)
OFF: Final = open_pattern("duel-off", ID)
CHOOSE: Final = pattern("duel-choose", ID)


def on_board(what: str, challenge_id: int, *more: str) -> str:
    """A button on a board: `ch-join`, `ch-begin` and so on."""
    return open_id(what, str(challenge_id), *more)


def of_member(what: str, owner: int, challenge_id: int, *more: str) -> str:
    """A button or a select on a member's card: `ch-check`, `ch-hint` and so on."""
    return custom_id(what, owner, str(challenge_id), *more)
