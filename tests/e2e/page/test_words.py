"""The page's own words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "playground" / "page"
KEY = re.compile(r'^  "?([\w.]+)"?:\s+"(.*)",$', re.MULTILINE)


def catalogues() -> tuple[dict[str, str], dict[str, str]]:
    """Korean and English, as written in the module."""
    source = (PAGE / "i18n.js").read_text(encoding="utf-8")
    korean, english = source.split("const EN = {")
    return dict(KEY.findall(korean)), dict(KEY.findall(english))


def test_both_languages_say_the_same_things() -> None:
    """Every sentence exists in both languages and names the same values."""
    korean, english = catalogues()

    assert korean.keys() == english.keys()
    holes = re.compile(r"\{\w+\}")
    differing = [
        key
        for key, sentence in korean.items()
        if set(holes.findall(sentence)) != set(holes.findall(english[key]))
    ]
    assert differing == []


def test_every_word_that_is_used_exists() -> None:
    """A key that a module asks for is in the catalogue, and none lies around unused."""
    korean, _ = catalogues()
    sources = [
        path.read_text(encoding="utf-8") for path in PAGE.glob("*.js") if path.name != "i18n.js"
    ]
    used = set(re.findall(r'"([a-z]+(?:\.[a-z]+)*)"', "\n".join(sources)))
    asked = {key for source in sources for key in re.findall(r'\bt\("([^"]+)"', source)}
    # Built from a name: one key for each kind of channel, and for each state of the connection.
    built = {key for key in korean if key.startswith(("composer.placeholder.", "connection."))}

    assert asked - korean.keys() == set()
    assert korean.keys() - used - built == set()


@pytest.mark.parametrize("path", sorted(PAGE.glob("*.js")), ids=lambda path: path.name)
def test_no_module_writes_html(path: Path) -> None:
    """Nothing on the page turns text into elements."""
    source = path.read_text(encoding="utf-8")

    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source
    )
    assert source.startswith("/** ")
