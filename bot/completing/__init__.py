"""How a docker command that is being typed could go on; knows no Discord.

suggesting.py   commands, flags, values and the learner's own names, by what was typed
kinds.py        what stands where
"""

from __future__ import annotations

from bot.completing.suggesting import LONGEST, MOST, suggest

__all__ = ["LONGEST", "MOST", "suggest"]
