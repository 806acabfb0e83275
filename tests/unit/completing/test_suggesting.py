"""How a command that is being typed goes on: sub-commands, flags, values, the learner's names."""

from __future__ import annotations

import random
import time

import pytest

from bot.classroom.engines import SeenContainer, SeenEngine, SeenImage
from bot.completing import LONGEST, MOST, suggest
from bot.explain.cli_table import cli_table

ENGINE = SeenEngine(
    containers=(
        SeenContainer("1" * 64, "old", "nginx", "exited"),
        SeenContainer("2" * 64, "web", "nginx", "running"),
        SeenContainer("3" * 64, "web-db", "postgres:16", "running"),
    ),
    images=(
        SeenImage("a", ("nginx:latest", "nginx:alpine")),
        SeenImage("b", ("postgres:16",)),
        SeenImage("c", ()),
    ),
    networks=("bridge", "host", "none", "shop"),
    volumes=("data", "logs"),
    services=("api", "front"),
)


def lines(typed: str, engine: SeenEngine | None = ENGINE) -> list[str]:
    """What is suggested for it."""
    return suggest(typed, cli_table(), engine)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "run"),
        ("docker ", "docker run"),
        ("docker lo", "docker logs"),
        ("net", "network"),
        ("network c", "network create"),
        ("logs ", "logs web"),
        ("docker logs web-", "docker logs web-db"),
        ("docker container start ", "docker container start old"),
        ("rm ", "rm old"),
        ("rm -f ", "rm -f old"),
        ("rm old ", "rm old web"),
        ("run --na", "run --name"),
        ("run -d --n", "run -d --name"),
        ("run -it --network s", "run -it --network shop"),
        ("run --network=s", "run --network=shop"),
        ("run -v d", "run -v data:"),
        ("run --restart ", "run --restart unless-stopped"),
        ("run -d ", "run -d nginx"),
        ("run --name web -p 8080:80 ngi", "run --name web -p 8080:80 nginx"),
        ("network connect ", "network connect bridge"),
        ("network connect shop ", "network connect shop web"),
        ("network rm sh", "network rm shop"),
        ("volume rm ", "volume rm data"),
        ("image rm pos", "image rm postgres:16"),
        ("inspect da", "inspect data"),
        ("exec -it ", "exec -it web"),
        ("compose logs ", "compose logs api"),
        ("compose -f x.yaml u", "compose -f x.yaml up"),
        ("ps --filter st", "ps --filter status=running"),
        ("kill --signal ", "kill --signal SIGTERM"),
    ],
)
def test_the_likeliest_is_first(typed: str, first: str) -> None:
    """What somebody types next."""
    assert lines(typed)[0] == first


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("docker contaner ls", "docker container ls"),
        ("docker iamges", "docker images"),
        ("docker exce", "docker exec"),
        ("docker logs wbe", "docker logs web"),
        ("netwrok connect sh", "network connect shop"),
        ("docker run --nmae", "docker run --name"),
        ("run --netwrok sh", "run --network shop"),
        ("docker rmi postgers", "docker rmi postgres:16"),
        ("docker logs WEB-D", "docker logs web-db"),
    ],
)
def test_typing_errors_are_mended(typed: str, meant: str) -> None:
    """In the last word and in those before it."""
    assert meant in lines(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "run nginx ",  # a program's own words
        "exec web l",
        "run -d nginx --na",
        'run --name "we',
        "ps | gre",
        "ps; docker lo",
        "logs $(docker ps -q) ",
        "run -v data:/x",
        "network create ",
        "rename web ",
        "nonsense more ",
        "run --name ",
    ],
)
def test_nothing_is_suggested_where_nobody_knows(typed: str) -> None:
    """Better nothing than something wrong; flags may follow where they can."""
    assert [line for line in lines(typed) if not line.split()[-1].startswith("--")] == []


def test_flags_follow_the_names() -> None:
    """Whoever has typed a command sees what it can take: their things first, then its flags."""
    found = lines("logs ")

    assert found[:3] == ["logs web", "logs web-db", "logs old"]
    assert "logs --follow" in found


def test_a_flag_that_was_given_is_not_offered_again() -> None:
    """Unless it may be: several ports can be published."""
    found = lines("run --detach -p 80:80 --")

    assert "run --detach -p 80:80 --detach" not in found
    assert any(line.endswith("--publish") for line in lines("run -p 80:80 --pu"))


def test_without_an_engine_commands_and_flags_are_there() -> None:
    """The learner's names are missing, nothing else."""
    assert lines("docker lo", None)[0] == "docker logs"
    assert lines("docker logs we", None) == []


def test_names_that_no_docker_has_are_left_out() -> None:
    """An engine is its learner's: it may say anything."""
    odd = ("\u202eevil", "@everyone", "a b", "-rf", "x" * 500, "", "`", "웹", "$(id)", "a;b", "ok")
    engine = SeenEngine(
        containers=tuple(SeenContainer("1", name, "x", "running") for name in odd),
        images=tuple(SeenImage("1", (name,)) for name in odd),
        networks=odd,
        volumes=odd,
        services=odd,
    )

    for typed in ("logs ", "rmi ", "network rm ", "volume rm ", "compose logs ", "inspect "):
        names = [line for line in lines(typed, engine) if "--" not in line]
        assert names == [f"{typed}ok"]


def test_no_more_than_discord_takes() -> None:
    """25 of 100 letters; a line that would be longer is not offered."""
    many = tuple(f"name-{number:02}" for number in range(60))
    engine = SeenEngine(volumes=many)

    assert len(lines("volume rm ", engine)) == MOST
    assert lines("volume rm " + "x" * 95 + " ", engine) == []
    assert all(len(line) <= LONGEST for line in lines("volume rm " + "x" * 80 + " ", engine))


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_is_typed_breaks_it(seed: int) -> None:
    """Every letter of every line is asked for, the odd ones too."""
    chance = random.Random(seed)
    pieces = [*"abrs-=:. \t가\u202e\x00", "--", "run ", "compose ", "-it ", "--network ", "web"]
    for _ in range(100):
        typed = "".join(chance.choices(pieces, k=chance.randint(0, 20)))
        found = suggest(typed, cli_table(), ENGINE)

        assert len(found) <= MOST
        assert all(0 < len(each) <= LONGEST for each in found)


def test_it_is_fast_with_a_full_engine() -> None:
    """A tenth of what there is time for, with more things than a sandbox can hold."""
    many = tuple(f"container-number-{number}" for number in range(1000))
    engine = SeenEngine(
        containers=tuple(SeenContainer(str(n), name, "x", "exited") for n, name in enumerate(many)),
        volumes=many,
        networks=many,
    )
    cli_table()
    begun = time.perf_counter()
    for typed in ("inspect contianer-nubmer-99", "run --", "", "rm container-number-1 "):
        lines(typed, engine)

    assert (time.perf_counter() - begun) / 4 < 0.03
