"""Patterns of others can't keep the bot busy."""

from __future__ import annotations

import re
import time

import pytest

from bot.banks.patterns import LONGEST_PATTERN, MOST_READ, compiles, is_quick

QUICK = [
    "^Up",
    "Exited",
    r"^[0-9]+\s*$",
    "a|b|c",
    r"^one\s+two\s*$",
    r"conflict[\s\S]*there",
    "x?y",
    "",
]
SLOW = [
    "(a+)+$", "(a|a)*b", "a*a*a*b", r"(\w+)\1", "(?=a)b", "a{1,1000}a{1,1000}", "(a?){30}",
    "x" * (LONGEST_PATTERN + 1), "(?>(a*))*b", "a?a?a?a?aaaa", "((a|b)c?)*",
]  # fmt: skip


@pytest.mark.parametrize("pattern", QUICK)
def test_what_authors_write_is_quick(pattern: str) -> None:
    """Anchors, classes, alternatives, a repetition."""
    assert compiles(pattern)
    assert is_quick(pattern)


@pytest.mark.parametrize("pattern", SLOW)
def test_what_explodes_is_refused(pattern: str) -> None:
    """Repetitions of repetitions, what looks back, what is too long."""
    assert compiles(pattern)
    assert not is_quick(pattern)


@pytest.mark.parametrize(
    "pattern", ["a*b", r"^a*\s*a$", "^a*a*b", "a?a?a?a*b", "(aa|a)(aa|a)(aa|a)b"]
)
def test_the_worst_that_is_taken_ends_soon(pattern: str) -> None:
    """Held against the output that is worst for it."""
    assert is_quick(pattern)
    began = time.process_time()
    re.search(pattern, "a" * MOST_READ)
    assert time.process_time() - began < 2


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a{99999999999999}", "(?P<x", "\\"])
def test_what_is_no_pattern_is_found(pattern: str) -> None:
    """Without an error of ours."""
    assert not compiles(pattern)
