"""Every card of files and visits fits what Discord takes, whatever a sandbox says."""

from __future__ import annotations

import discord
import pytest

from bot.classroom.commands import Page
from bot.classroom.files import Checked, Folder, Saved
from bot.classroom.visiting import Published, Visit
from bot.features.files import _cards, _ids
from bot.features.files._cards import Written
from bot.files.blocks import NamedBlock
from bot.files.dockerfile import dockerfile_problems
from bot.files.problems import Problem
from bot.files.tree import Entry
from bot.terminal.address import Address
from bot.texts import Speech
from bot.ui.layout import Card
from bot.ui.visits import visit_card
from tests.unit.bot.test_cards import assert_fits

OWNER = 2**63 - 1
HOSTILE = "`" * 300 + "@everyone <@1> **\u202e" + "가" * 3000
LONG_PATH = "/root/" + "`" * 200 + "/" + "x" * 200
PROBLEMS = [Problem(n, "files.compose.said", {"said": HOSTILE}) for n in range(8)]


def assert_is_fine(card: Card) -> None:
    """Discord takes it, somebody answers each of its buttons, and nothing in it is turned round."""
    assert_fits(card)
    for part in card.walk_children():
        if isinstance(part, discord.ui.TextDisplay):
            assert "\u202e" not in part.content


@pytest.mark.parametrize("path", ["/root/Dockerfile", LONG_PATH, "/" + "가" * 50])
@pytest.mark.parametrize("count", [1, 2, 10])
def test_what_was_saved_fits(speech: Speech, path: str, count: int) -> None:
    """Ten files with eight mistakes each, and as many failures."""
    written = [
        Written(Saved(path, 2**50, b"old"), Checked(PROBLEMS), place) for place in range(count)
    ]
    assert_is_fine(_cards.written_card(written, [], speech, owner=OWNER))
    failures = [HOSTILE.replace("\u202e", "")[:300]] * (10 - count)
    assert_is_fine(_cards.written_card(written, failures, speech, owner=OWNER))
    assert_is_fine(_cards.changed_card(path, speech, owner=OWNER, kept=True))
    assert_is_fine(_cards.changed_card(path, speech, owner=OWNER, kept=False))
    assert_is_fine(_cards.opening_card(path, speech, owner=OWNER))


def test_each_mistake_of_a_dockerfile_has_a_sentence(speech: Speech) -> None:
    """With its values."""
    for content in ("FROM a\nRNU x\nfoo\nEXPOSE 1:2\nEXPOSE x\nENV A\nLABEL =b\nSHELL x",
                    "RUN <<E", "FROM a b\nCOPY a\nCOPY a b c\nCOPY ../a b\nCMD ['a']\nCMD\nCMD “a”",
                    "FROM a\nHEALTHCHECK x\nONBUILD FROM b\nWORKDIR a b\nCMD a\nCMD b\nRUN x \\",
                    "RUN a\nFROM b"):  # fmt: skip
        problems = dockerfile_problems(content)
        assert problems
        lines = _cards.problem_lines(Checked(problems), speech)
        assert len(lines) == len(problems)
    for key in ("tab", "no_yaml", "no_services", "failed"):
        assert _cards.problem_lines(Checked([Problem(1, f"files.compose.{key}")]), speech)


@pytest.mark.parametrize("name", ["Dockerfile", "`" * 300, "가" * 200])
@pytest.mark.parametrize("count", [0, 1, 1000])
def test_a_tree_fits(speech: Speech, name: str, count: int) -> None:
    """Whatever the names; at most 25 files are offered, only such as have room in a form's id."""
    entries = tuple(Entry(f"{n:04}{name}", "file", 5) for n in range(count))
    card = _cards.tree_card(Folder("/root", entries, count > 900), speech, owner=OWNER)
    assert_is_fine(card)
    deep = tuple(Entry("/".join("abcde"[: n + 1]), "folder", 5) for n in range(5))
    assert_is_fine(_cards.tree_card(Folder(LONG_PATH, deep, False), speech, owner=OWNER))


def test_offers_fit(speech: Speech) -> None:
    """Five blocks with long names."""
    blocks = [NamedBlock(f"{n}" + "가" * 80, "x") for n in range(5)]
    assert_is_fine(_cards.blocks_card(blocks, speech, owner=OWNER, message_id=OWNER))


PUBLISHED = tuple(Published(60_000 + n, HOSTILE) for n in range(30))
PAGE = Page(
    status=200, reason=HOSTILE[:100], content_type=HOSTILE[:100], title=HOSTILE[:200],
    body=HOSTILE, headers=[(HOSTILE[:1000], HOSTILE[:1000])] * 24,
)  # fmt: skip
LONG = Address(60_000, "/" + "x" * 999)


@pytest.mark.parametrize(
    "visit",
    [
        Visit(LONG, PAGE, picture=b"x"),
        Visit(LONG, PAGE, hops=(LONG,) * 5, why_no_picture="no_browser"),
        Visit(LONG, PAGE, why_no_picture="something else", published=PUBLISHED),
        Visit(LONG, PAGE, aim=HOSTILE[:1000]),
        Visit(LONG, PAGE, aim="/", aim_here=Address(60_000, "/"), published=PUBLISHED),
        Visit(LONG, PAGE, aim="/", aim_here=Address(60_001, "/"), published=PUBLISHED),
        Visit(LONG, Page(status=None, problem="refused"), published=PUBLISHED),
        Visit(LONG, Page(status=None, problem="timeout"), published=PUBLISHED[:1]),
        Visit(LONG, Page(status=None, problem="protocol")),
        Visit(LONG, Page(status=204)),
    ],
)
def test_a_visit_fits(speech: Speech, visit: Visit) -> None:
    """Whatever a page says of itself."""
    assert_is_fine(visit_card(visit, speech, owner=OWNER))


def test_ids_too_long_for_discord_are_none() -> None:
    """Then there is no button."""
    assert _ids.edit(OWNER, "/" + "x" * 200) is None
    assert _ids.put(OWNER, 0, "/" + "x" * 200) is None
    assert _ids.field("x" * 96) is None
    assert _ids.field("x" * 95) is not None
