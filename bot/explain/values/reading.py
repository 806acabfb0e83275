"""What all readers of values share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.explain.cli_table import nearest
from bot.explain.said import Said, said

Read = tuple[list[Said], list[Said]]
"""What it means, what is wrong with it."""

Reader = Callable[[str], Read]

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
NUMBER = re.compile(r"[+-]?\d+")
IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def choice_wrong(value: str, choices: Iterable[str]) -> Said:
    """That a value is none of these, and which it may be meant to be."""
    listed = tuple(choices)
    near = nearest(value, listed)
    if near:
        return said("wrong.choice_near", value=value, near=near)
    return said("wrong.choice", value=value, choices=" | ".join(listed))
