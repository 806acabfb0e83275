"""What the set-up can fail with.

OpsError        one sentence for the person at the terminal: what is wrong and how to mend it
"""

from __future__ import annotations


class OpsError(Exception):
    """Something that the person at the terminal can mend; its text is the sentence they read."""
