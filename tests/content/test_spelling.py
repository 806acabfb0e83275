"""The words of every lesson, and of the bot, are spelled right in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from lessons.glossary_file import GLOSSARY
from lessons.languages import LANGUAGES
from lessons.loader import CONTENT
from ops.surroundings import SPELLING_PACKAGES
from tests.content.prose_rules import broken_rules
from tests.content.prose_words import (
    Word,
    prose_of_catalogue,
    prose_of_entries,
    prose_of_yaml,
    words_of,
)
from tests.content.spelling import is_installed, unknown

LOCALE = Path(__file__).parents[2] / "bot" / "locale"
FOLDERS = [*sorted(path for path in CONTENT.iterdir() if path.is_dir()), GLOSSARY, LOCALE]
"""Every lesson's, that of the glossary, and that of all that the bot says."""

IN_FOLDER = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module", autouse=True)
def _dictionaries() -> None:
    if not is_installed():
        packages = " ".join(SPELLING_PACKAGES)
        what = f"spelling needs {packages}: apt-get install them, or run ./docent test"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


def prose(folder: Path, language: str) -> Iterator[tuple[Path, str]]:
    """The files of a folder that hold words of this language."""
    if folder == LOCALE:
        for catalogue in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
            with catalogue.open("rb") as file:
                yield catalogue, prose_of_catalogue(file, language)
        return
    if folder == GLOSSARY:
        text = (GLOSSARY / f"{language}.yaml").read_text(encoding="utf-8")
        yield GLOSSARY / f"{language}.yaml", prose_of_entries(text)
        return
    for name in (f"{language}.md", f"questions.{language}.md"):
        yield folder / name, (folder / name).read_text(encoding="utf-8")
    drawings = folder / "diagrams.yaml"
    if drawings.exists():
        yield drawings, prose_of_yaml(drawings.read_text(encoding="utf-8"), language)


def written(folder: Path, language: str) -> Iterator[tuple[Path, Word]]:
    """The words of a folder. English is also in Korean prose: the terms beside ours."""
    for file, text in prose(folder, language):
        yield from ((file, word) for word in words_of(text, language))
    if language == "en":
        for file, text in prose(folder, "ko"):
            yield from ((file, word) for word in words_of(text, language))


@cache
def unknown_in_lessons(language: str) -> frozenset[tuple[str, str]]:
    """All at once: hunspell reads its dictionary each time that it starts."""
    words = (word for folder in FOLDERS for _, word in written(folder, language))
    return frozenset((word.text, word.before) for word in unknown(words, language))


@IN_FOLDER
@IN_LANGUAGE
def test_every_word_is_in_a_dictionary(folder: Path, language: str) -> None:
    """A word that is right and in none goes into words.en.txt or words.ko.txt beside this file."""
    wrong = unknown_in_lessons(language)
    found = [
        f"{file}:{word.line}: {word.text}"
        for file, word in written(folder, language)
        if (word.text, word.before) in wrong
    ]
    assert not found, "\n".join(found)


@IN_FOLDER
@IN_LANGUAGE
def test_no_rule_is_broken(folder: Path, language: str) -> None:
    """Mistakes that are words, too: 되요, "a image", the same word twice."""
    found = [
        f"{file}:{doubt.line}: {doubt.text} → {doubt.why}"
        for file, text in prose(folder, language)
        for doubt in broken_rules(text, language)
    ]
    assert not found, "\n".join(found)


def test_words_of_drawings_have_their_places() -> None:
    """Each language's own, on its line."""
    text = "diagrams:\n  - alt: { ko: 하나, en: one }\n    words:\n      b: { ko: 둘, en: two }\n"
    assert prose_of_yaml(text, "ko").splitlines() == ["", " 하나", "", " 둘"]


WRONG_WORDS = {
    "en": "containr Dockerfil recieve imagse color",
    "ko": "컨테이나 메뉴얼 할께요 됬어요 만들수 이미지을 커널는 커널으로 "
    "빌드햇어요 네임스패이스 금새 갯수",
}
RIGHT_WORDS = {
    "en": "containers, Docker's (isolated) don’t Dockerfile `containr` {{containr}} "
    "[a](https://recieve)",
    "ko": "이미지를 커널은 커널로 빌드해요 하나씩 이름뿐이에요 **네임스페이스**는 '있다'와 "
    "`x`를 `x`을 nginx로 (IPC)를 네임스페이스(namespace)는 라벨(label)을 "
    "스레드(새 스레드)를 '보고 온 것'부터 `3`번 137을 80으로 2를 80번 3번까지예요",
}
WRONG_ENDINGS = "'있다'과 네임스페이스(namespace)은 라벨(label)를 137를 80로 2을 `x`늘 (IPC)룰"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_found_and_nothing_else(language: str) -> None:
    """Planted mistakes: every one is found, with its line, and no right word is."""
    wrong = list(words_of("\n" + WRONG_WORDS[language], language))
    assert {word.line for word in wrong} == {2}
    assert unknown(wrong, language) == set(wrong)
    assert unknown(words_of(RIGHT_WORDS[language], language), language) == set()


def test_a_particle_has_to_fit_what_it_follows() -> None:
    """Also across a quotation mark, brackets or a number."""
    words = [word for word in words_of(WRONG_ENDINGS, "ko") if word.before]
    assert unknown(words, "ko") == set(words)
    assert len(words) == len(WRONG_ENDINGS.split())


MISTAKES = {
    "ko": "안 되요. | 돼면 | 않되요 | 바램이에요 | 구지 하면 | 서버에요 | `x`이예요 | 하던지 | "
    "할 수 밖에 | 보여지는 | 컨테이너 컨테이너 | 끝나요 . | 두  칸",
    "en": "the the | a image | an container | a unknown | it ends .",
}
NO_MISTAKES = {
    "ko": "안 돼요 | 되면 | 아니에요 | 이미지예요 | 책이에요 | 점점 더 | 들어 있어요",
    "en": "a user | an hour | a one | an nginx | an unknown | that that",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_rule_finds_its_mistake(language: str) -> None:
    """Each on its line, and none in code."""
    for text in MISTAKES[language].split(" | "):
        found = list(broken_rules(f"first\n{text}\n", language))
        assert [doubt.line for doubt in found] == [2], (text, found)
        code = f"```\n{text}\n```\n`{text.replace('`', '')}`"
        assert list(broken_rules(code, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_finds_what_is_right(language: str) -> None:
    """What looks like a mistake and is none."""
    for text in NO_MISTAKES[language].split(" | "):
        assert list(broken_rules(text, language)) == [], text
