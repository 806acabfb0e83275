"""Whatever is typed is answered, quickly, within a card's limits, and with nothing hidden in it."""

from __future__ import annotations

import random
import time

import pytest

from bot.explain import explain
from bot.features.explain._card import explanation_card
from bot.texts import LANGUAGES, Texts
from tests.unit.explain.lesson_lines import every_line

LONGEST_S = 0.020
MOST_LETTERS = 4000
MOST_PIECES = 40

HOSTILE = [
    "docker run -e 'A",
    'docker run -e "A $(docker ps',
    "docker run `" + "docker run `" * 300,
    "docker run " + "$(" * 1500,
    "docker run " + "-e A=" + "x" * 3900,
    "docker run " + "-p 8080:80 " * 350 + "nginx",
    "docker " * 570,
    "docker rm " + "web " * 990,
    "a|" * 2000,
    "docker run -it" + "it" * 1900 + " nginx",
    "docker run --" + "x" * 3900,
    "docker run -v " + ":" * 3900 + " nginx",
    "docker run --name 😀 --label 안녕=🇰🇷 nginx:👍",
    "docker run --name \u202egnp.exe --name a\u200bb nginx",
    "docker run --name '`' -e '```' nginx # ```",
    "docker run --name @everyone -e '<@1> @here' nginx",
    "docker ps --format '{{.Names}}{{.ID}' --filter '{0.__class__}={x}'",
    "docker run \\",
    "docker \x1b[31mps",
    "docker run --memory 999999999999999999999999g --cpus 1e309 nginx",
    "docker run --memory " + "9" * 3000 + "g nginx",
    "docker network create --subnet 1.2.3.4/" + "9" * 3000 + " x",
    "docker run -p " + "9" * 3000 + ":80 nginx",
    "docker build - < Dockerfile; " * 100,
    "| && ; || > < 2>",
    "((((((((((", "))))",
    "docker run nginx -- -- -", "docker -- ps", "docker - ps", "docker --", "--",
    "docker run --name= --env= --publish= --memory= --filter= nginx",
    "docker ps --format= --filter= -n=",
    "docker cp : :", "docker cp a b c d", "docker tag A:b:c:d e", "docker pull ''",
    "도커 실행해 주세요", "docker 실행 --이름 웹",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_every_text_is_answered(line: str, language: str, texts: Texts) -> None:
    """With a card that Discord takes."""
    card = explanation_card(explain(line), texts.for_language(language))  # type: ignore[arg-type] # one of them

    assert card.content_length() <= MOST_LETTERS
    assert card.total_children_count <= MOST_PIECES


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_hidden_gets_through(line: str, texts: Texts) -> None:
    """No control, bidi or zero-width characters of the learner's, and no fence that ends early."""
    said = "\n".join(_texts(explanation_card(explain(line), texts.for_language("en"))))

    assert not set(said) & set("\u202e\x1b\x00")
    assert said.count("```") == 2
    assert "a\u200bb" not in said


def _texts(card: object) -> list[str]:
    return [item.content for item in card.walk_children() if hasattr(item, "content")]  # type: ignore[attr-defined] # a view


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_none_takes_long(line: str) -> None:
    """Nobody can keep the bot busy with a line."""
    explain("docker ps")
    begun = time.process_time()
    explain(line)
    assert time.process_time() - begun < LONGEST_S * 2


def test_lines_with_pieces_missing_or_swapped(texts: Texts) -> None:
    """Two thousand broken lines, made of right ones: none is refused, none breaks the card."""
    dice = random.Random(20261130)
    speech = texts.for_language("ko")
    lines = every_line()
    for _ in range(2000):
        line = list(dice.choice(lines))
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(line) + 1)
            line[at : at + dice.randint(0, 3)] = dice.choice(
                ["'", '"', "$(", "`", "-", " ", "|", "=", ""]
            )
        card = explanation_card(explain("".join(line)), speech)
        assert card.content_length() <= MOST_LETTERS
