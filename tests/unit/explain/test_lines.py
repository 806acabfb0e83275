"""Every line of every lesson is taken apart where the shell and the CLI take it apart."""

from __future__ import annotations

import time

import pytest

from bot.explain import explain
from bot.explain.docker_words import is_docker, read_docker_words
from bot.explain.said import Part, Piece
from bot.explain.shell import Step, read_line
from lessons import docker_grammar
from lessons.command_line import simple_commands
from lessons.docker_grammar import read_docker
from tests.unit.explain.lesson_lines import every_line, right_lines

LONGEST_S = 0.020
NOT_READ_ALIKE = ("||", "case ", "sh -c", "sh -ec", "bash -c", "`", "env ")
"""What the reader of the checks leaves out on purpose, or expands."""

KNOWN_TO_CHECKS = {*docker_grammar._VALUES, *docker_grammar._SHORT, *docker_grammar._RUN}
"""Commands whose options the checks know."""


def docker_steps(line: str) -> list[Step]:
    """The docker commands of a line, with those in its `$(…)`."""
    steps = read_line(line).steps
    inner = [word.inner for step in steps for word in (*step.words, *step.settings)]
    own = [step for step in steps if step.words and is_docker(step.words[0].value)]
    return [*own, *(step for lines in inner for each in lines for step in docker_steps(each))]


def test_there_are_enough_of_them() -> None:
    """Three hundred different lines at least, half of them right."""
    assert len(every_line()) >= 300
    assert len(right_lines()) >= 150


def test_words_are_split_as_the_checks_of_lessons_split_them() -> None:
    """Two readers that were written apart agree on every word of every docker command."""
    compared = 0
    for line in every_line():
        if any(mark in line for mark in NOT_READ_ALIKE):
            continue
        wanted = [each for each in simple_commands(line) if each[0] == "docker"]
        found = [tuple(word.value for word in step.words) for step in docker_steps(line)]
        assert sorted(found) == sorted(wanted), line
        compared += len(found)
    assert compared >= 300


def test_options_and_arguments_are_those_that_the_checks_of_lessons_see() -> None:
    """The same command, the same options with the same values, the same arguments."""
    compared = 0
    for line in right_lines():
        for step in docker_steps(line):
            wanted = read_docker(tuple(word.value for word in step.words))
            assert wanted is not None
            if wanted.help or wanted.version or wanted.path not in KNOWN_TO_CHECKS:
                continue
            found = read_docker_words(step.words)
            assert found.command is not None, line
            assert tuple(word.value for word in found.arguments) == wanted.arguments, line
            options = [
                (g.flag.name, g.value.value if g.value else "true") for g in found.given if g.path
            ]
            given = sorted(option for option in options if option[1] != "false")
            expected = sorted((_known(name), value or "true") for name, value in wanted.options)
            assert given == expected, line
            compared += 1
    assert compared >= 150


def _known(name: str) -> str:
    return {"timeout": "time"}.get(name, name)


def test_nothing_of_a_command_is_lost() -> None:
    """The parts, put together again, are the command that was typed."""
    for line in every_line():
        for step in docker_steps(line):
            found = read_docker_words(step.words)
            if any(_is_together(part) for part in found.parts):
                continue  # those are shown together, and then one by one
            typed = sorted(" ".join(word.text for word in step.words).split())
            assert sorted(" ".join(part.text for part in found.parts).split()) == typed, line


def _is_together(part: Part) -> bool:
    return part.means[:1] != () and getattr(part.means[0], "key", "") == "explain.word.together"


@pytest.mark.parametrize("line", right_lines())
def test_nothing_is_wrong_in_a_right_line(line: str) -> None:
    """A false alarm in a lesson's own solution would shake every learner's trust."""
    assert explain(line).problems == ()


def test_each_takes_a_moment_at_most() -> None:
    """Twenty milliseconds for the slowest; the others wait for nothing."""
    explain("docker ps")  # the table is read once
    slowest = max(_seconds(line) for line in every_line())
    assert slowest < LONGEST_S


def _seconds(line: str) -> float:
    """The best of three: what another process took is not ours."""
    return min(_once(line) for _ in range(3))


def _once(line: str) -> float:
    begun = time.process_time()
    explain(line)
    return time.process_time() - begun


def test_every_piece_says_something() -> None:
    """No command of a line is left without a word, unless it is wrong."""

    def all_pieces(pieces: tuple[Piece, ...]) -> list[Piece]:
        return [each for piece in pieces for each in (piece, *all_pieces(piece.inner))]

    for line in right_lines():
        for piece in all_pieces(explain(line).pieces):
            assert piece.does or piece.parts, (line, piece)
