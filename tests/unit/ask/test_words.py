"""A text as terms: the same ones, however a learner puts it."""

from __future__ import annotations

import pytest

from bot.ask.words import stem_of, stripped, terms_of


def terms(text: str) -> set[str]:
    """The terms of this text without the pairs of syllables."""
    return {term for term in terms_of(text).flat if not term.startswith("~")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("컨테이너를", "컨테이너"),
        ("컨테이너에서는", "컨테이너"),
        ("바인드마운트랑", "바인드 마운트"),
        ("환경변수", "환경 변수를"),
        ("지워요", "삭제"),
        ("안지워져요", "지우기"),
        ("도커파일", "도커 파일"),
        ("실행중인", "실행 중"),
        ("네트웍", "네트워크"),
        ("이미지삭제", "이미지를 지운"),
    ],
)
def test_particles_endings_and_spaces_do_not_matter(one: str, other: str) -> None:
    """What a Korean word is about is the same in every form, with and without spaces."""
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("컨테이너", "containers"),
        ("삭제", "removing"),
        ("환경 변수", "environment variables"),
        ("가상머신", "virtual machine"),
        ("포트포워딩", "port forwarding"),
    ],
)
def test_both_languages_mean_the_same(korean: str, english: str) -> None:
    """Korean and English words of one idea share a term."""
    shared = {term for term in terms(korean) & terms(english) if term.startswith("@")}
    assert shared


def test_mixed_text_is_read_whole() -> None:
    """Latin words with Korean particles, options and numbers are all there."""
    read = terms("port가 already allocated, -p 8080:80 뜨는데요")

    assert {"@port", "@in_use", "-p", "8080", "80"} <= read


@pytest.mark.parametrize(
    ("question", "want"),
    [
        ("볼륨이 뭐예요?", "DEFINE"),
        ("what's a volume", "DEFINE"),
        ("볼륨이랑 뭐가 달라요", "COMPARE"),
        ("docker stop vs docker kill", "COMPARE"),
        ("컨테이너 지우는 방법", "HOW"),
        ("오류가 나요", "TROUBLE"),
        ("it doesn't work", "TROUBLE"),
    ],
)
def test_what_is_wanted_is_told_from_what_it_is_about(question: str, want: str) -> None:
    """What sort of answer is wanted is no term by itself."""
    read = terms_of(question)
    assert want in read.wants
    assert f"@{want}" not in read.flat


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("removes", "remov"),
        ("removed", "remov"),
        ("removing", "remov"),
        ("stopped", "stop"),
        ("killing", "kill"),
        ("copies", "copy"),
        ("process", "process"),
        ("processes", "process"),
        ("nginx", "nginx"),
        ("ps", "ps"),
    ],
)
def test_english_endings_come_off(word: str, stem: str) -> None:
    """All forms of a word have one stem."""
    assert stem_of(word) == stem


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("백업은", "백업"),
        ("서버에서는", "서버"),
        ("설정하는", "설정"),
        ("이", ""),
        ("바꿨는데요", "바꿨다"),
    ],
)
def test_korean_endings_come_off(word: str, stem: str) -> None:
    """Particles go, and verbs stay recognizable as such."""
    assert stripped(word) == stem


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "ㅋㅋㅋ", "\ud800", "🙂", "the of and", "가", "---", "`"]
)
def test_a_text_without_words_has_no_terms(text: str) -> None:
    """Nothing is made up."""
    assert terms(text) == set()


def test_addresses_are_no_words() -> None:
    """A pasted address would drown what is said about it."""
    assert terms("unix:///var/run/docker.sock https://example.org/a/b @everyone <@12>") == set()
