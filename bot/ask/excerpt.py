"""The part of a passage that answers: whole blocks of its Markdown, short enough for a card."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 700
"""Letters of an excerpt; whoever wants more opens the lesson."""

_FENCE: Final = "```"
_SENTENCE = re.compile(r".+?(?:[.!?…](?=\s|$)|$)", re.DOTALL)

Worth = Callable[[str], float]
"""How much a block is about the question."""


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    is_code: bool


def excerpt(body: str, worth: Worth, *, longest: int = LONGEST) -> str:
    """The body, or of a long one the block that is worth most, with what belongs to it."""
    blocks = _blocks(body)
    if not blocks:
        return ""
    chosen = _chosen(blocks, worth, longest)
    return _cut("\n\n".join(block.text for block in chosen), longest)


def _chosen(blocks: Sequence[_Block], worth: Worth, longest: int) -> Sequence[_Block]:
    best = max(range(len(blocks)), key=lambda at: (worth(blocks[at].text), -at))
    if blocks[best].is_code and best:
        best -= 1  # code alone says nothing: what stands before it leads to it
    first = 0 if _length(blocks[: best + 1]) <= longest else best
    last = best + 1
    while last < len(blocks) and _length(blocks[first : last + 1]) <= longest:
        last += 1
    if last < len(blocks) and last > best + 1 and _announces(blocks[last - 1]):
        last -= 1  # what it announces is not there
    return blocks[first:last]


def _announces(block: _Block) -> bool:
    return block.text.rstrip().endswith(":")


def _length(blocks: Sequence[_Block]) -> int:
    return sum(len(block.text) + 2 for block in blocks)


def _blocks(body: str) -> list[_Block]:
    """Paragraphs, lists and code blocks, without the small print."""
    found: list[_Block] = []
    lines: list[str] = []
    in_code = False

    def close(*, is_code: bool) -> None:
        text = "\n".join(lines).strip("\n")
        if text.strip():
            found.append(_Block(text, is_code))
        lines.clear()

    for line in body.splitlines():
        if line.startswith(_FENCE):
            if not in_code:
                close(is_code=False)
            lines.append(line)
            if in_code:
                close(is_code=True)
            in_code = not in_code
        elif in_code or line.strip():
            if in_code or not line.startswith("-# "):
                lines.append(line)
        else:
            close(is_code=False)
    if in_code:
        lines.append(_FENCE)
    close(is_code=in_code)
    return found


def _cut(text: str, longest: int) -> str:
    """The text, or as many of its whole sentences as there is room for; a fence is closed."""
    if len(text) <= longest:
        return text
    kept = ""
    for sentence in _SENTENCE.findall(text):
        if kept and len(kept) + len(sentence) > longest:
            break
        kept += sentence
    kept = kept.strip()
    if len(kept) > longest:
        kept = kept[: longest - 1] + "…"
    return f"{kept}\n{_FENCE}" if kept.count(_FENCE) % 2 else kept
