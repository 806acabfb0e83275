"""What a learner's engine says, as facts: typed, bounded, and believed by nobody else.

said      the parts of the Engine API's answers that we read
shaping   these, as the facts of the contract
events    what happened since the last look: who has changed
usage     what takes room on the disk
reader    asks for all of it, and only for what may have changed
"""

from __future__ import annotations

from sandbox.facts.bounds import API
from sandbox.facts.reader import FactsReader

__all__ = ["API", "FactsReader"]
