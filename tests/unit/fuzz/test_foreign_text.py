"""Foreign text in a message: it neither leaves its place nor deceives the eye, and calls nobody."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.errors import LearnerError
from bot.files.blocks import named_blocks
from bot.files.compose import compose_problems, yaml_problem
from bot.files.dockerfile import dockerfile_problems
from bot.files.names import (
    asked_path,
    attachment_name,
    below,
    checked_name,
    checked_relative,
)
from bot.tables import BEGINS_FORMULA, csv_bytes, disarmed, rearmed
from bot.terminal.escape import code_block, in_block, inline_code, visible, without_sequences
from bot.terminal.page import LONGEST_EXCERPT, LONGEST_TITLE, describe_page
from bot.ui.plain import plain
from sandbox.contract import Page
from tests.unit.fuzz import hostile

_MARKDOWN = MarkdownIt()
_CALLS = re.compile(r"@everyone|@here|<@[!&]?[0-9]+>|<#[0-9]+>")


@given(hostile.texts)
@settings(max_examples=150)
def test_what_is_visible_stays_so(text: str) -> None:
    """Nothing is left that a second look would take away."""
    shown = visible(text)
    assert visible(shown) == shown
    assert not set(shown) & set(hostile.UNSEEN) - {"\u200d"}
    assert "\x1b" not in without_sequences(text)
    shown.encode()


@given(hostile.texts)
@settings(max_examples=150)
def test_a_block_is_one_block(text: str) -> None:
    """It begins and ends where we say."""
    block = code_block(visible(text))
    assert block.count("```") == 2
    assert "```" not in in_block(visible(text))
    assert [token.type for token in _MARKDOWN.parse(block)] == ["fence"]


@given(hostile.texts, st.integers(2, 80))
@settings(max_examples=150)
def test_inline_code_is_one_piece_of_code(text: str, longest: int) -> None:
    """On one line, no longer than asked, empty where nothing can be seen."""
    code = inline_code(text, longest=longest)
    if not code:
        assert not visible(text).strip()
        return
    assert "\n" not in code
    assert len(code) <= 2 * longest + 6
    (paragraph,) = [token for token in _MARKDOWN.parse(f"a {code} b") if token.type == "inline"]
    kinds = [child.type for child in paragraph.children or ()]
    assert kinds == ["text", "code_inline", "text"]


@given(hostile.texts, st.integers(1, 80))
@settings(max_examples=150)
def test_a_name_calls_nobody_and_is_a_name(text: str, most: int) -> None:
    """One line without mentions, links, code or formatting that works."""
    name = plain(text, most=most)
    assert "\n" not in name
    bare = name.replace("\u200b", "")  # ours: it parts what would be a mention or a link
    assert visible(bare) == bare
    assert not _CALLS.search(name)
    for token in _MARKDOWN.parseInline(f"a{name}"):
        kinds = {child.type for child in token.children or ()}
        assert not kinds & {"link_open", "image", "code_inline", "strong_open", "em_open"}


@given(st.lists(st.lists(hostile.texts, min_size=2, max_size=2), max_size=6))
@settings(max_examples=150)
def test_a_table_has_no_formulas(rows: list[list[str]]) -> None:
    """Each cell comes back as it was, and a spreadsheet works none of them out."""
    written = csv_bytes(["a", "b"], rows).decode("utf-8-sig")
    read = list(csv.reader(StringIO(written, newline="")))[1:]
    assert len(read) == len(rows)
    for cells, wanted in zip(read, rows, strict=True):
        for cell, text in zip(cells, wanted, strict=True):
            assert cell[:1] not in BEGINS_FORMULA
            assert rearmed(disarmed(text)).replace("\0", "") == text.replace("\0", "")


@given(hostile.texts)
@settings(max_examples=150)
def test_a_file_name_is_taken_or_refused(text: str) -> None:
    """A name that is taken is one name, that can be seen, below where the learner is."""
    for check in (checked_name, checked_relative, asked_path):
        try:
            taken = check(text)
        except LearnerError:
            continue
        assert visible(taken) == taken
        assert "\n" not in taken
        if check is checked_relative:
            assert below("/root/app", taken).startswith("/root/app/")
        if check is checked_name:
            assert "/" not in taken
            assert taken not in {".", ".."}
    attached = attachment_name(text)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,110}", attached)


@given(hostile.texts)
@settings(max_examples=100)
def test_files_are_read_whatever_is_in_them(text: str) -> None:
    """Blocks with names, Dockerfiles and compose files: problems are told, nothing is raised."""
    for block in named_blocks(f"```{text}\n{text}\n```"):
        assert block.content is not None
    for problem in dockerfile_problems(f"FROM x\nRUN {text}\n{text}"):
        assert problem.key
    yaml_problem(text)
    compose_problems(text, said=text)


@given(hostile.texts, hostile.texts, hostile.texts, st.sampled_from(["text/html", "", "text/x"]))
@settings(max_examples=150)
def test_a_page_is_told_in_harmless_words(title: str, body: str, reason: str, kind: str) -> None:
    """Status, title and text, within their lengths."""
    page = Page(
        status=200, reason=reason, title=title, body=f"<p>{body}<b>{title}", content_type=kind
    )
    shown = describe_page(page)
    assert "\n" not in shown.title
    assert len(shown.title) <= LONGEST_TITLE
    assert len(shown.excerpt) <= LONGEST_EXCERPT
    for text in (shown.title, shown.status, shown.excerpt.replace("`\u200b", "`")):
        assert visible(text) == text
    assert "```" not in shown.excerpt


@pytest.mark.parametrize("text", ["\0=1+1", "\0\0@x", "'\0-1", "=\0"])
def test_what_is_left_out_of_a_cell_hides_no_formula(text: str) -> None:
    """A spreadsheet would see what comes after it."""
    assert disarmed(text).startswith("'")
    assert rearmed(disarmed(text)) == text.replace("\0", "")


@pytest.mark.parametrize("text", ["", "`", "``", "```", "`a", "a`", "\u202e", "@everyone"])
def test_what_the_search_may_miss(text: str) -> None:
    """The smallest of them."""
    assert code_block(visible(text)).count("```") == 2
