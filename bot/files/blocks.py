"""Code blocks that are files: their name is the word after the fence, or their first line.

```compose.yaml        the word after the fence         ```yaml web/compose.yaml   after a language
services: …            (```dockerfile is Dockerfile)    services: …
```                                                     ```

A first line that holds only a name counts, too, as a comment (`# Dockerfile`, `// app.js`,
`<!-- index.html -->`) or bare. It is a label, and no part of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.terminal.vocabulary import words

MOST_BLOCKS: Final = 5
"""Of one message: as many buttons stand side by side."""

LONGEST_LABEL: Final = 200

_BLOCK = re.compile(r"```([^\n`]*)\n(.*?)```", re.DOTALL)
_LABEL = re.compile(r"(?:#|//|--|;|/\*|<!--)?\s*([^\s#]+?):?\s*(?:\*/|-->)?")
_NAMES = words(
    "Dockerfile Containerfile Makefile Caddyfile Procfile Vagrantfile "
    ".env .dockerignore .gitignore .htaccess .htpasswd .editorconfig .npmrc .bashrc .profile"
)
_ENDINGS = words(
    "c cfg cnf conf config cpp crt css csv cgi dockerfile dockerignore env example go gradle h hcl "
    "htm html ini j2 java js json jsx key kt lock log lua md mjs mod pem php pl properties py rb "
    "rs rules service sh sql sum svg template tf tmpl toml ts tsx txt vue xml yaml yml"
)
_LANGUAGE = re.compile(r"[A-Za-z0-9+#]{1,12}")
_SERVICES = re.compile(r"^services:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NamedBlock:
    """A file that a message holds; `name` is as it was written, and may be anything."""

    name: str
    content: str


def named_blocks(message: str) -> list[NamedBlock]:
    """The code blocks of a message that have a file's name; none for commands and talk."""
    if "```" not in message:
        return []
    found = [_read(info.strip(), body) for info, body in _BLOCK.findall(message)]
    return [block for block in found if block is not None][:MOST_BLOCKS]


def _read(info: str, body: str) -> NamedBlock | None:
    if name := _name_after_fence(info):
        return NamedBlock(name, _content(body))
    first, _, rest = body.lstrip("\n").partition("\n")
    label = _LABEL.fullmatch(first.strip()[:LONGEST_LABEL])
    if label is not None and looks_like_a_name(label[1]) and rest.strip():
        return NamedBlock(label[1], _content(rest))
    if info in ("yaml", "yml") and _SERVICES.search(body):
        return NamedBlock("compose.yaml", _content(body))
    return None


def _name_after_fence(info: str) -> str | None:
    if info.lower() == "dockerfile":
        return "Dockerfile"
    language, _, name = info.rpartition(" ")
    if language and not _LANGUAGE.fullmatch(language.strip()):
        return None
    return name if looks_like_a_name(name) else None


def looks_like_a_name(word: str) -> bool:
    """Whether people would call a file so: by a known name, or a known ending."""
    base = word.rpartition("/")[2]
    if base in _NAMES or re.fullmatch(r"Dockerfile\.[\w-]+", base):
        return True
    stem, _, ending = base.rpartition(".")
    return bool(stem) and ending.lower() in _ENDINGS and "://" not in word


def _content(body: str) -> str:
    """Without empty lines around it, and with an end of its last line."""
    text = body.strip("\n").rstrip()
    return text + "\n" if text else ""
