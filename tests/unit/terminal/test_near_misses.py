"""Near misses: what a lab answers with one line of help, and the talk that it leaves alone."""

from __future__ import annotations

import pytest

from bot.terminal.near_misses import NearMiss, near_miss
from bot.terminal.reading import read_message
from bot.texts import Texts


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("dokcer ps", "docker ps"),
        ("doker run -d nginx", "docker run -d nginx"),
        ("dcoker images", "docker images"),
        ("Dockr ps", "docker ps"),
        ("socker ps", "docker ps"),
        ("dockerr --version", "docker --version"),
        ("`dokcer ps`", "docker ps"),
        ("도커 ps", "docker ps"),
        ("도커 run —rm hello-world", "docker run --rm hello-world"),
        ("run -d nginx", "docker run -d nginx"),
        ("images -a", "docker images -a"),
        ("sudo dokcer ps", "docker ps"),
    ],
)
def test_a_misspelt_docker_is_offered_as_it_was_meant(content: str, line: str) -> None:
    """It is not run: only the learner knows what they meant."""
    assert read_message(content) is None
    assert near_miss(content) == NearMiss("terminal.near.docker", {"line": line})


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("man docker", "man"),
        ("man", "man"),
        ("clear", "clear"),
        ("Clear", "clear"),
        ("cls", "clear"),
        ("exit", "exit"),
        ("logout", "exit"),
        ("sudo reboot", "exit"),
        ("help", "help"),
        ("apt update", "install"),
        ("apt-get install -y nginx", "install"),
        ("sudo apt install nginx", "install"),
        ("pip install flask", "install"),
        ("sudo su", "sudo"),
        ("sudo -i", "sudo"),
        ("su", "sudo"),
    ],
)
def test_a_habit_of_the_terminal_gets_a_line_of_help(content: str, key: str) -> None:
    """What nobody says in a conversation."""
    missed = near_miss(content) if read_message(content) is None else None
    assert missed is not None
    assert missed.key == f"terminal.near.{key}"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "안녕하세요",
        "도커",
        "도커 뭐예요?",
        "도커 ps 하면 뭐가 나와요?",
        "도커가 좋아요",
        "dokcer",
        "doctor who",
        "rocker ps",
        "docket is full",
        "ducks ps",
        "dokcer is great",
        "help!",
        "help me",
        "exit please",
        "clear sky today",
        "man I'm tired",
        "man docker is hard",
        "watch this",
        "watch docker videos",
        "apt 가 뭐예요",
        "apt is a tool",
        "apt install 이 안 돼요",
        "sudo 가 뭐예요?",
        "sudo is a command",
        "run for it",
        "images",
        "도커 ps\n는 뭐예요",
        "ㅋㅋㅋ",
        "👍",
    ],
)
def test_talk_gets_no_lecture(content: str) -> None:
    """A lab is a place to talk, too."""
    assert read_message(content) is None
    assert near_miss(content) is None


def test_every_near_miss_has_its_text() -> None:
    """In both languages."""
    keys = {
        f"terminal.near.{kind}"
        for kind in ("docker", "man", "clear", "exit", "help", "install", "sudo")
    }
    texts = Texts.load()
    for language in ("ko", "en"):
        assert keys <= set(texts.for_language(language))
