"""Lines taken apart as the shell does it."""

from __future__ import annotations

import pytest

from bot.explain.shell import MOST_STEPS, read_line


def taken_apart(line: str) -> list[tuple[str, list[str]]]:
    """What joins each command to the one before, and its words as the program gets them."""
    return [(step.joint, [word.value for word in step.words]) for step in read_line(line).steps]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("docker ps -a", [("", ["docker", "ps", "-a"])]),
        ("a 'b c' \"d e\" f\\ g", [("", ["a", "b c", "d e", "f g"])]),
        (
            "a | b && c || d; e",
            [("", ["a"]), ("|", ["b"]), ("&&", ["c"]), ("||", ["d"]), (";", ["e"])],
        ),
        ("a & b", [("", ["a"]), ("&", ["b"])]),
        ("a\nb", [("", ["a"]), ("\n", ["b"])]),
        ("a \\\n  b", [("", ["a", "b"])]),
        ("a # b; c", [("", ["a"])]),
        ("a#b", [("", ["a#b"])]),
        ("sudo docker ps", [("", ["docker", "ps"])]),
        ("time -p docker ps", [("", ["docker", "ps"])]),
        ("X=1 Y='2 3' docker ps", [("", ["docker", "ps"])]),
        ("(a; b)", [("", ["a"]), (";", ["b"])]),
        ("docker rm $(docker ps -aq)", [("", ["docker", "rm", "$(docker ps -aq)"])]),
        ('echo "$(a "b c")" d', [("", ["echo", '$(a "b c")', "d"])]),
        ("echo `a b` c", [("", ["echo", "`a b`", "c"])]),
        ("echo $((1 + 2)) c", [("", ["echo", "$((1 + 2))", "c"])]),
        ("docker run -e A='x y'z nginx", [("", ["docker", "run", "-e", "A=x yz", "nginx"])]),
        ('printf \'%s\\n\' "a\\"b"', [("", ["printf", "%s\\n", 'a"b'])]),
        ("for i in 1 2; do docker ps; done", [("", []), (";", ["docker", "ps"]), (";", [])]),
        ("cat <<END\ndocker ps\nEND\ndocker images", [("", ["cat"]), ("\n", ["docker", "images"])]),
        ("", []),
        ("   ", []),
    ],
)
def test_commands_and_words(line: str, wanted: list[tuple[str, list[str]]]) -> None:
    """Quotes, escapes, lists, pipes, comments, here-documents, `$(…)`."""
    assert taken_apart(line) == wanted


def test_redirections_are_no_words() -> None:
    """With the number before, and with or without a blank after."""
    (step,) = read_line("docker logs web 2>&1 >out.txt 2> /dev/null < in").steps

    assert [word.value for word in step.words] == ["docker", "logs", "web"]
    assert [each.text for each in step.redirections] == [
        "2>& 1",
        "> out.txt",
        "2> /dev/null",
        "< in",
    ]


def test_a_number_that_is_a_word_stays_one() -> None:
    """`sleep 2 > x` is not `2>`."""
    (step,) = read_line("sleep 2 > x").steps

    assert [word.value for word in step.words] == ["sleep", "2"]


def test_what_only_the_shell_knows_is_open() -> None:
    """Variables and `$(…)`; quoted ones stay one word."""
    (step,) = read_line("docker rm -f $IDS \"$ID\" '$ID' web-*").steps

    assert [(word.open, word.bare) for word in step.words[3:]] == [
        (True, True),
        (True, False),
        (False, False),
        (True, True),
    ]


def test_inner_commands_are_kept() -> None:
    """Also those in double quotes, and none in single ones."""
    (step,) = read_line("echo \"$(a | b)\" '$(c)' `d`").steps

    assert [word.inner for word in step.words] == [(), ("a | b",), (), ("d",)]


@pytest.mark.parametrize(
    ("line", "mark"), [("echo 'a", "'"), ('echo "a', '"'), ("echo `a", "`"), ("echo $(a", "$(")]
)
def test_what_nothing_closes_is_told(line: str, mark: str) -> None:
    """The words before it are read all the same."""
    read = read_line(line)

    assert read.unclosed == mark
    assert read.steps[0].words[0].value == "echo"


def test_a_line_of_a_thousand_commands_is_read_so_far() -> None:
    """Somebody who pastes a program gets its beginning."""
    read = read_line("a;" * 1000)

    assert len(read.steps) == MOST_STEPS
    assert not read.complete
