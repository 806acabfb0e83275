"""A page as text: what a browser would show of it, and nothing that harms."""

from __future__ import annotations

import time

import pytest

from bot.terminal.page import LONGEST_EXCERPT, describe_page
from sandbox.contract import Page

NGINX = """<!DOCTYPE html><html><head><title>Welcome to nginx!</title>
<style>body { width: 35em }</style></head><body><h1>Welcome to nginx!</h1>
<p>If you see this page, it <em>works</em>.</p><script>alert(1)</script></body></html>"""


def test_a_web_page_becomes_status_title_and_text() -> None:
    """Markup, styles and scripts are left out."""
    shown = describe_page(
        Page(
            status=200, reason="OK", content_type="text/html", title="Welcome to nginx!", body=NGINX
        )
    )
    assert shown.status == "200 OK"
    assert shown.answered_well
    assert shown.title == "Welcome to nginx!"
    assert shown.excerpt == "Welcome to nginx!\nIf you see this page, it works."


@pytest.mark.parametrize("problem", ["refused", "timeout", "empty", "protocol"])
def test_a_port_that_does_not_answer_names_the_problem(problem: str) -> None:
    """As a key of the text catalogue."""
    shown = describe_page(Page.model_validate({"status": None, "problem": problem}))
    assert shown.problem == f"page.problem.{problem}"
    assert not shown.answered_well


def test_an_error_page_is_no_good_answer() -> None:
    """404 answers, but not well."""
    assert not describe_page(Page(status=404, reason="Not Found")).answered_well


def test_a_hostile_page_stays_in_its_block() -> None:
    """Fences, bidi controls and length are dealt with."""
    body = "```\u202e@everyone```" + "x" * 5000
    shown = describe_page(
        Page(status=200, reason="O\nK", content_type="text/plain", title="a\nb", body=body)
    )
    assert "``" not in shown.excerpt
    assert "\u202e" not in shown.excerpt
    assert len(shown.excerpt) <= LONGEST_EXCERPT + 10
    assert shown.title == "a b"
    assert shown.status == "200 O K"


def test_a_picture_has_no_text() -> None:
    """Its bytes are not shown."""
    assert describe_page(Page(status=200, content_type="image/png", body="\ufffdPNG")).excerpt == ""


@pytest.mark.parametrize(
    "hostile", ["<a " * 20_000, "<!--" * 16_000, "<script>" * 8_000, "</" * 30_000, "&" * 60_000]
)
def test_a_page_that_is_made_to_be_slow_is_not(hostile: str) -> None:
    """The bot serves everybody with the same processor."""
    began = time.process_time()
    describe_page(Page(status=200, reason="OK", content_type="text/html", body=hostile[:65_536]))
    assert time.process_time() - began < 1


def test_a_text_of_backticks_stays_within_its_room() -> None:
    """What keeps it in its block counts, too."""
    page = Page(status=200, reason="OK", content_type="text/plain", body="`" * 5_000)
    assert len(describe_page(page).excerpt) <= LONGEST_EXCERPT
