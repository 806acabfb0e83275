"""From what is written in chat to what is typed at a terminal, and the keys that buttons press."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.terminal import hangul
from bot.terminal.typing import repair
from bot.terminal.vocabulary import words

ENTER: Final = "\r"
ESCAPE: Final = "\x1b"

KEYS: Final[Mapping[str, str]] = {
    "enter": ENTER, "tab": "\t", "esc": ESCAPE, "space": " ", "backspace": "\x7f",
    "ctrl-c": "\x03", "ctrl-d": "\x04",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
}  # fmt: skip
"""Keys by name, as a terminal sends them."""

ARROWS: Final = frozenset({"up", "down", "right", "left"})

_BLOCK = re.compile(r"```(?:[a-zA-Z0-9+-]{0,12}\n)?(.*?)\n?```", re.DOTALL)
_INLINE = re.compile(r"(`{1,2})([^`\n]+)\1")
_UNTYPABLE = re.compile("[\x00\ud800-\udfff]")
_CARETS = re.compile(r"(?:\^[A-Za-z@\[\]\\_])+")
_NAMED = re.compile(r"<(esc|enter|cr|tab|space|up|down|left|right|backspace|bs)>", re.IGNORECASE)
_ALIASES: Final = {"cr": "enter", "bs": "backspace"}
_VI_ENDS = re.compile(r":(?:w|q|wq|x|wqa|qa)!?|ZZ|ZQ")
"""To save and leave, whatever is being done: pressing Esc first never hurts."""

_PSQL_PROMPT = re.compile(r"\w+[=\-'\"(*!^][#>]\s*$")
_PSQL_COMMANDS = words(
    """
    q l l+ d d+ c x dt dt+ du dn df di ds dv du+ dn+ conninfo timing i e g gx echo encoding h ?
    password copy set unset watch s w r p o dx dx+ dp ddp dT dy db dD z a t H
    """
)
_ALONE = r"(?!\[|O[ABCD])"
_AROUND_ESCAPE = re.compile(rf"(?<=\x1b){_ALONE}|(?=\x1b{_ALONE})")
_PASTE: Final = ("\x1b[200~", "\x1b[201~")


def for_the_chat(content: str, *, prompt: str) -> str | None:
    r"""What is meant for the chat though a terminal is live: after a backslash; None otherwise.

    Two backslashes are one for the terminal. `psql`, known by its `prompt`, keeps its `\dt`.
    """
    if not content.startswith("\\") or content.startswith("\\\\"):
        return None
    first = content[1:].split(maxsplit=1)[:1]
    if _PSQL_PROMPT.search(prompt) and first and first[0].rstrip(";") in _PSQL_COMMANDS:
        return None
    return content[1:].strip()


def are_keys(content: str) -> bool:
    """Whether all of it is keys: `^C`, `<esc>`."""
    text = content.strip().strip("`")
    return bool(text) and bool(_CARETS.fullmatch(text) or not _NAMED.sub("", text).strip())


def typed(
    content: str, *, full_screen: bool = False, pastes: bool = False, application: bool = False
) -> str:
    """What a message types; empty when it holds nothing.

    A line is followed by Enter. In a program that has the whole screen (`full_screen`, such as
    `vi`) letters are pressed as they are, without Enter, unless they begin a line of the
    program's own with `:` or `/`. Text in a code block keeps its spaces and is never mended.
    """
    text, quoted = _unwrapped(_UNTYPABLE.sub("", content))
    if text.startswith("\\\\") and not quoted:
        text = text[1:]
    if not text:
        return ""
    if not quoted and _CARETS.fullmatch(text):
        return "".join(_with_control(letter) for letter in text[1::2])
    if not quoted and are_keys(text):
        return _with_names(text, application=application)
    if full_screen:
        if quoted:
            whole = text + "\n" if "\n" in text else text
            return _pasted(whole) if pastes else whole.replace("\n", ENTER)
        return _in_full_screen(text, application=application)
    return _lines(text if quoted else repair(text).line, pastes=pastes)


def key(name: str, *, application: bool = False) -> str:
    """What pressing this key sends; `application`: as programs that draw a screen ask for it."""
    sent = KEYS[name]
    return sent.replace("[", "O") if application and name in ARROWS else sent


def strokes(text: str) -> list[str]:
    """The same in pieces between which a person would pause.

    A program tells Esc from the beginning of an arrow by the time that passes after it.
    """
    return [piece for piece in _AROUND_ESCAPE.split(text) if piece]


def _unwrapped(content: str) -> tuple[str, bool]:
    """The text without the marks of a code block, and whether it had some."""
    text = content.strip("\n")
    if block := _BLOCK.fullmatch(text.strip()):
        return block[1], True
    if inline := _INLINE.fullmatch(text.strip()):
        return inline[2], True
    return text, False


def _in_full_screen(text: str, *, application: bool) -> str:
    meant = hangul.keys_pressed(text) if hangul.has_hangul(text) else text
    if _VI_ENDS.fullmatch(meant):
        return ESCAPE + meant + (ENTER if meant.startswith(":") else "")
    shown = _with_names(text, application=application).replace("\n", ENTER)
    is_a_line = text[0] in ":/?" and "\n" not in text and len(text) > 1
    return shown + ENTER if is_a_line and not shown.endswith(ENTER) else shown


def _lines(text: str, *, pastes: bool) -> str:
    if "\n" not in text:
        return text + ENTER
    if pastes:
        return _pasted(text) + ENTER
    return text.replace("\n", ENTER) + ENTER


def _pasted(text: str) -> str:
    """The program is told that this is pasted: it must not indent what is indented already."""
    begin, end = _PASTE
    return begin + text.replace(ESCAPE, "") + end


def _with_names(text: str, *, application: bool) -> str:
    def pressed(found: re.Match[str]) -> str:
        name = found[1].lower()
        return key(_ALIASES.get(name, name), application=application)

    return _NAMED.sub(pressed, text)


def _with_control(letter: str) -> str:
    return chr(ord(letter.upper()) & 0x1F)
