"""Docker commands word by word: parts, values, and every kind of mistake."""

from __future__ import annotations

import pytest

from bot.explain import explain
from bot.explain.cli_table import cli_table
from bot.explain.docker_words import read_docker_words
from bot.explain.said import OfFlag
from bot.explain.shell import read_line
from tests.unit.explain.examples import EXAMPLES


def parts_of(line: str) -> list[tuple[str, str]]:
    """What each part is: the name of its flag, or the key of what is said first."""
    (step,) = read_line(line).steps
    return [
        (part.text, _what(part.means[0]) if part.means else "")
        for part in read_docker_words(step.words).parts
    ]


def _what(meaning: object) -> str:
    if isinstance(meaning, OfFlag):
        return f"--{meaning.name}"
    return str(getattr(meaning, "key", "command")).removeprefix("explain.")


def wrong_in(line: str) -> list[str]:
    """The keys of all that is wrong."""
    return [problem.key.removeprefix("explain.wrong.") for problem in explain(line).problems]


def test_a_run_with_everything() -> None:
    """Options before the image, joined and with `=`; all after it is the program's."""
    assert parts_of(
        "docker run -d --name web -p8080:80 --env=A=1 -v data:/d nginx:1.25 nginx -g x"
    ) == [
        ("docker", "word.docker"),
        ("run", "command"),
        ("-d", "--detach"),
        ("--name web", "--name"),
        ("-p8080:80", "--publish"),
        ("--env=A=1", "--env"),
        ("-v data:/d", "--volume"),
        ("nginx:1.25", "value.image.tag"),
        ("nginx -g x", "place.program"),
    ]


def test_short_options_together() -> None:
    """`-it` is two; in `-itv a:/b` the last one takes the next word."""
    assert parts_of("docker run -it busybox")[2:5] == [
        ("-it", "word.together"),
        ("-i", "--interactive"),
        ("-t", "--tty"),
    ]
    assert parts_of("docker run -itv aa:/b busybox")[2:6] == [
        ("-itv", "word.together"),
        ("-i", "--interactive"),
        ("-t", "--tty"),
        ("-v aa:/b", "--volume"),
    ]
    assert parts_of("docker run -dp8080:80 nginx")[2:5] == [
        ("-dp8080:80", "word.together"),
        ("-d", "--detach"),
        ("-p8080:80", "--publish"),
    ]
    assert parts_of("docker run -p=8080:80 nginx")[2] == ("-p=8080:80", "--publish")


def test_options_after_arguments_where_the_cli_takes_them() -> None:
    """`docker rm web -f`, shown where they stood."""
    assert parts_of("docker rm web -f db")[2:] == [
        ("web", "place.container"),
        ("-f", "--force"),
        ("db", "place.container"),
    ]


def test_global_options_and_those_of_compose() -> None:
    """Each before its own command."""
    assert parts_of("docker -D --context c compose -f a.yml --profile x up -d web") == [
        ("docker", "word.docker"),
        ("-D", "--debug"),
        ("--context c", "--context"),
        ("compose", "command"),
        ("-f a.yml", "--file"),
        ("--profile x", "--profile"),
        ("up", "command"),
        ("-d", "--detach"),
        ("web", "place.service"),
    ]


def test_the_old_compose() -> None:
    """It is said to be old, and read as the new one."""
    assert parts_of("docker-compose up -d")[0] == ("docker-compose", "word.docker_compose")
    assert wrong_in("docker-compose up -d") == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("docker rnu nginx", ["command_near"]),
        ("docker container rnu nginx", ["command_near"]),
        ("docker containers ls", ["command_near"]),
        ("docker volume login", ["command_top"]),
        ("docker frobnicate", ["command"]),
        ("docker compose upp", ["command_near"]),
        ("docker run --naem web nginx", ["flag_near"]),
        ("docker run -name web nginx", ["two_dashes"]),
        ("docker run -detach nginx", ["two_dashes"]),
        ("docker run --d nginx", ["one_dash"]),
        ("docker run --colour nginx", ["flag"]),
        ("docker ps -z", ["flag"]),
        ("docker run -d -p 8080:80", ["missing_image"]),
        ("docker run", ["missing_image"]),
        ("docker rm", ["missing_argument"]),
        ("docker exec web", ["missing_argument"]),
        ("docker cp web:/x", ["missing_argument"]),
        ("docker tag nginx", ["missing_argument"]),
        ("docker network connect shop", ["missing_argument"]),
        ("docker run nginx --name", ["late_option"]),
        ("docker run --name", ["missing_value"]),
        ("docker run --name -d nginx", ["option_as_value"]),
        ("docker run nginx -d", ["late_option"]),
        ("docker run nginx --name web", ["late_option"]),
        ("docker run busybox ls -d", []),
        ("docker exec web ls -l", []),
        ("docker ps web", ["too_many"]),
        ("docker build . extra", ["too_many"]),
        ("docker run -d=maybe nginx", ["switch_value"]),
        ("docker run --rm=true nginx", []),
        ("docker run -p 80:8080 nginx", ["ports_reversed"]),
        ("docker run --rm --restart always nginx", ["rm_and_restart"]),
        ("docker run --network host -p 80:80 nginx", ["host_and_publish"]),
        ("docker run -w app nginx", ["workdir"]),
        ("docker run -m 512 nginx", ["memory_small"]),
        ("docker run --health-interval 5 nginx", ["duration_unit"]),
        ("docker run -v data:app nginx", ["volume_path"]),
        ("docker run --restart allways nginx", ["choice_near"]),
        ("docker ps -f stauts=exited", ["filter_key_near"]),
        ("docker ps --format '{{.Names}'", ["template"]),
        ("docker run Nginx", ["image_capitals"]),
        ("docker ps --host x", ["flag_before"]),
        ("docker run 'nginx", ["unclosed"]),
        ("docker ps >", ["redirection"]),
        ("docker rm $(docker ps -aqz)", ["flag"]),
        ("sh -c 'docker rnu x'", ["command_near"]),
        ("docker ps -q | xargs docker rm -z", ["flag"]),
    ],
)  # fmt: skip
def test_what_is_wrong(line: str, wanted: list[str]) -> None:
    """Each mistake by its name, and nothing else."""
    assert wrong_in(line) == wanted


def test_the_value_of_a_misspelt_option_is_no_argument() -> None:
    """Nobody reads that `512m` would be the image."""
    assert parts_of("docker run --memroy 512m nginx")[2:] == [
        ("--memroy 512m", ""),
        ("nginx", "value.image.latest"),
    ]
    assert parts_of("docker run -name web nginx")[2][0] == "-name web"


@pytest.mark.parametrize(
    ("line", "near"),
    [
        ("docker rnu x", "docker run"),
        ("docker image lss", "docker image ls"),
        ("docker pa", "docker ps"),
    ],
)
def test_did_you_mean(line: str, near: str) -> None:
    """The nearest command that there is."""
    (problem,) = explain(line).problems
    assert problem.values["near"] == near


@pytest.mark.parametrize("line", EXAMPLES)
def test_examples_have_nothing_wrong(line: str) -> None:
    """Ordinary uses of every command."""
    assert explain(line).problems == ()


def test_every_command_has_an_example() -> None:
    """So that none is read wrong without anybody noticing."""
    used = set()
    for line in EXAMPLES:
        for step in read_line(line).steps:
            if step.words and step.words[0].value == "docker":
                command = read_docker_words(step.words).command
                assert command is not None, line
                used.add(command.path)
    lacking = [c.path for c in cli_table().commands if not c.is_group and c.path not in used]
    assert lacking == []


def test_what_would_happen() -> None:
    """A run says how it goes on; what deletes for good says so."""

    def does(line: str) -> list[str]:
        return [_what(each) for each in explain(line).pieces[0].does]

    assert does("docker run -d --rm --name web nginx") == [
        "command", "does.run.named", "does.run.detached", "does.run.removed",
    ]  # fmt: skip
    assert does("docker run -it busybox") == ["command", "does.run.unnamed", "does.run.terminal"]
    assert does("docker run busybox ls")[-1] == "does.run.foreground"
    assert does("docker create --name web nginx") == ["command", "does.run.named"]
    assert does("docker volume rm data")[-1] == "does.for_good"
    assert does("docker compose down -v")[-1] == "does.for_good"
    assert does("docker compose down") == ["command"]
    assert does("docker ps --help") == ["does.help"]
    assert does("docker") == ["does.help"]
    assert does("docker --version") == ["does.version"]
    assert does("docker container") == ["does.help"]
    assert does("ls -l") == ["program.ls"]


def test_what_is_in_a_shell_or_a_substitution_is_explained_too() -> None:
    """Inside `$(…)`, `sh -c`, and what xargs runs."""
    (outer,) = explain("docker rm -f $(docker ps -aq)").pieces
    assert [piece.text for piece in outer.inner] == ["docker ps -aq"]
    (outer,) = explain("docker exec web sh -c 'ls | wc -l'").pieces
    assert [piece.text for piece in outer.inner] == ["ls", "wc -l"]
    second = explain("docker ps -q | xargs docker rm -f").pieces[1]
    assert [part.text for part in second.parts] == ["docker", "rm", "-f"]
    assert second.problems == ()
