"""The catalogues: both languages in step, and nothing said that has no text."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.texts import CatalogueError, Texts, language_of_locale

BOT = Path(__file__).parents[3] / "bot"
KEY_IN_CODE = re.compile(r"""(?<![.\w])(?:speech|LearnerError|t)\(\s*"([a-z_.]+)"[,)]""")
KEY_OF_COMMAND = re.compile(r'key="([a-z_.]+)"')


def placeholders(template: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_both_languages_have_the_same_keys(texts: Texts) -> None:
    """Whatever can be said in one language can be said in the other."""
    assert set(texts.for_language("ko")) == set(texts.for_language("en"))


def test_both_languages_fill_in_the_same_values(texts: Texts) -> None:
    """A translation uses the placeholders of its key, no other and no fewer."""
    korean, english = texts.for_language("ko"), texts.for_language("en")
    for key in korean:
        forms = [*korean.templates(key), *english.templates(key)]
        wanted = set.union(*(placeholders(form) for form in forms))
        for form in korean.templates(key):
            assert placeholders(form) == wanted, key
        # English may leave the number out where it is one.
        assert placeholders(english.templates(key)[-1]) == wanted, key


def test_every_key_in_the_code_has_a_text(texts: Texts) -> None:
    """Nothing in the bot asks for a sentence that is not there."""
    english = texts.for_language("en")
    used = {
        (key, path.name)
        for path in BOT.rglob("*.py")
        for regex in (KEY_IN_CODE, KEY_OF_COMMAND)
        for key in regex.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 40
    assert [(key, name) for key, name in sorted(used) if key not in english] == []


def test_no_korean_text_is_left_in_english(texts: Texts) -> None:
    """A Korean sentence has Korean letters in it; bare templates are the exception."""
    korean = texts.for_language("ko")
    without = [
        key
        for key in korean
        if not any(re.search("[가-힣]", form) for form in korean.templates(key))
        and re.search("[A-Za-z]{4}", re.sub(r"\{.*?\}|`.*?`", "", "".join(korean.templates(key))))
    ]
    assert without == []


def test_a_particle_never_follows_a_value(texts: Texts) -> None:
    """In Korean a fixed noun follows a placeholder, so that the particle fits whatever it is."""
    korean = texts.for_language("ko")
    bare = re.compile(r"\}[`*]{0,3}(은|는|이|가|을|를|와|과|으로|로)(?![가-힣])")
    assert [key for key in korean if any(bare.search(t) for t in korean.templates(key))] == []


def test_one_word_for_taking_part_and_one_for_places(texts: Texts) -> None:
    """As the glossary has it: 참가 in what is played, 참여 in classes, and places are 위."""
    korean = texts.for_language("ko")
    games = ("quiz.", "practice.", "challenge.", "duel.")
    played = [key for key in korean if key.startswith(games)]
    assert len(played) > 200
    assert [key for key in played if any("참여" in t for t in korean.templates(key))] == []
    follow = [key for key in korean if key.startswith(("class.", "follow."))]
    assert [key for key in follow if any("참가" in t for t in korean.templates(key))] == []
    rank = re.compile(r"\}[`*]{0,3}등(?![가-힣])|등수")
    assert [key for key in korean if any(rank.search(t) for t in korean.templates(key))] == []


def write(folder: Path, name: str, *entries: str) -> None:
    """A small catalogue file in both languages."""
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    plural = '"Plural-Forms: nplurals={};\\n"\n'
    for language, forms in (("ko", "1; plural=0"), ("en", "2; plural=(n != 1)")):
        path = folder / language / "LC_MESSAGES" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([header + plural.format(forms), *entries]), encoding="utf-8")


def test_a_key_in_two_files_is_refused(tmp_path: Path) -> None:
    """Two parts of the bot can't quietly overwrite each other's sentences."""
    write(tmp_path, "a.po", 'msgid "greeting"\nmsgstr "Hello"\n')
    write(tmp_path, "b.po", 'msgid "greeting"\nmsgstr "Hi"\n')

    with pytest.raises(CatalogueError, match="greeting"):
        Texts.load(tmp_path)


def test_an_unfinished_translation_is_refused(tmp_path: Path) -> None:
    """An empty translation stops the start instead of showing nothing to learners."""
    write(tmp_path, "a.po", 'msgid "greeting"\nmsgstr ""\n')

    with pytest.raises(CatalogueError, match="greeting"):
        Texts.load(tmp_path)


def test_a_plural_without_all_its_forms_is_refused(tmp_path: Path) -> None:
    """A sentence that some number would not have stops the start, too."""
    write(tmp_path, "a.po", 'msgid "left"\nmsgid_plural "left"\nmsgstr[0] "{n} left"\n')
    english = tmp_path / "en" / "LC_MESSAGES" / "a.po"
    korean = tmp_path / "ko" / "LC_MESSAGES" / "a.po"
    english.write_text(korean.read_text(encoding="utf-8"), encoding="utf-8")

    with pytest.raises(CatalogueError, match="left has 1 forms"):
        Texts.load(tmp_path)


def test_plurals_follow_the_number(tmp_path: Path) -> None:
    """A key with plural forms takes the one that fits its number `n`."""
    write(tmp_path, "a.po")
    english = tmp_path / "en" / "LC_MESSAGES" / "a.po"
    entry = 'msgid "left"\nmsgid_plural "left"\nmsgstr[0] "{n} day"\nmsgstr[1] "{n} days"\n'
    english.write_text(english.read_text(encoding="utf-8") + "\n" + entry, encoding="utf-8")

    speech = Texts.load(tmp_path).for_language("en")

    assert [speech("left", n=1), speech("left", n=2)] == ["1 day", "2 days"]


def test_values_are_never_read_as_templates(texts: Texts) -> None:
    """Braces in what a learner chose stay what they are."""
    said = texts.for_language("en")("lesson.unknown_at_all", name="{0.__class__}")

    assert "{0.__class__}" in said


@pytest.mark.parametrize(
    ("locale", "language"),
    [("ko", "ko"), ("ko-KR", "ko"), ("en-US", "en"), ("de", "en"), ("kok", "en"), (None, "en")],
)
def test_language_follows_the_locale(locale: str | None, language: str) -> None:
    """Korean for Korean locales, English for all others."""
    assert language_of_locale(locale) == language
