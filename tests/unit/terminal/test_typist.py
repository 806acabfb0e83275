"""How a session is typed into: Esc must have been read before anything follows it."""

from __future__ import annotations

import asyncio

from bot.features.terminal._typist import Typist

ESC = "\x1b"
SHORT_S = 0.05
LONG_S = 30.0
"""Longer than any test lasts."""


class SlowVi:
    """Reads when it is told to, as vi of busybox does: Esc with more behind it is thrown away."""

    def __init__(self, typist: Typist) -> None:
        self.typed = ""
        self.read: list[str] = []
        self._typist = typist
        self._waiting = ""
        self._came = asyncio.Event()

    async def type(self, text: str) -> None:
        """Keep it until the next read."""
        self.typed += text
        self._waiting += text
        self._came.set()

    async def reads(self) -> None:
        """Take all that has come, and answer."""
        async with asyncio.timeout(5.0):
            await self._came.wait()
        for _ in range(20):  # whoever does not wait for an answer comes now
            await asyncio.sleep(0)
        self._came.clear()
        text, self._waiting = self._waiting, ""
        if not (text.startswith(ESC) and len(text) > 2):
            self.read.append(text)
        self._typist.note_answer()


async def test_what_follows_esc_waits_until_esc_was_read() -> None:
    """However late the program comes to it."""
    typist = Typist(escape_s=0.0, answer_s=LONG_S)
    vi = SlowVi(typist)
    typing = asyncio.create_task(typist.type(f"{ESC}:q!\r", vi))
    await vi.reads()
    await vi.reads()
    await typing
    assert vi.read == [ESC, ":q!\r"]


async def test_esc_that_was_pressed_before_counts_too() -> None:
    """A button, and then a message that begins with Esc of its own."""
    typist = Typist(escape_s=0.0, answer_s=LONG_S)
    vi = SlowVi(typist)
    await typist.type(ESC, vi)
    typing = asyncio.create_task(typist.type(f"{ESC}:q!\r", vi))
    for _ in range(3):
        await vi.reads()
    await typing
    assert vi.read == [ESC, ESC, ":q!\r"]


async def test_the_answer_to_an_earlier_key_is_none_to_esc() -> None:
    """The letters are read first, then Esc, then the rest."""
    typist = Typist(escape_s=0.0, answer_s=LONG_S)
    vi = SlowVi(typist)
    typing = asyncio.create_task(typist.type(f"ihello{ESC}:wq\r", vi))
    for _ in range(3):
        await vi.reads()
    await typing
    assert vi.read == ["ihello", ESC, ":wq\r"]


async def test_a_program_that_says_nothing_is_not_waited_for_long() -> None:
    """A shell prints nothing for Esc."""
    typist = Typist(escape_s=0.0, answer_s=SHORT_S)
    shell = SlowVi(typist)
    async with asyncio.timeout(5.0):
        await typist.type(f"{ESC}x{ESC}y", shell)
    assert shell.typed == f"{ESC}x{ESC}y"


async def test_a_program_with_the_whole_screen_is_waited_for_longer() -> None:
    """It answers, however late."""
    typist = Typist(escape_s=0.0, answer_s=0.0, full_screen_answer_s=LONG_S)
    vi = SlowVi(typist)
    typing = asyncio.create_task(typist.type(f"{ESC}:q!\r", vi, full_screen=True))
    await vi.reads()
    await vi.reads()
    await typing
    assert vi.read == [ESC, ":q!\r"]


async def test_other_keys_wait_for_nothing() -> None:
    """Not for the answer to the one before: a quick hand is faster than that. Nor arrows."""
    typist = Typist(answer_s=LONG_S)
    vi = SlowVi(typist)
    async with asyncio.timeout(5.0):
        for text in ("j", f"{ESC}[A", f"{ESC}OB", "dd"):
            await typist.type(text, vi)
