"""Coming in: /start, /language, /help and /lab, as people see them."""

from __future__ import annotations

from pathlib import Path

from tests.bot_stage import all_text, bot_stage, saying
from tests.fakes.sandboxes import FakeSandboxes

FEATURES = ("welcome", "lessons", "progress")


async def test_start_makes_a_private_lab_with_a_welcome(tmp_path: Path) -> None:
    """A newcomer gets a private thread of their own, greeted by name, and is led there."""
    async with bot_stage(tmp_path, features=FEATURES) as stage:
        newcomer = stage.playground.person("newcomer")

        newcomer.slash("start")

        answer = await saying(newcomer, "실습실을 만들었어요")
        (lab,) = newcomer.threads()
        welcome = await saying(newcomer, "어서 오세요", lab["id"])
    assert answer["flags"] & 64
    assert "newcomer" in lab["name"]
    assert "newcomer" in all_text(welcome)
    assert stage.playground.person("stranger").threads() == []
