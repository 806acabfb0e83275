"""What a typed line runs."""

from __future__ import annotations

import pytest

from lessons.command_line import simple_commands


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("docker ps -a", ["docker ps -a"]),
        ("  docker\tps  ", ["docker ps"]),
        ("", []),
        ("# docker ps", []),
        ("docker ps # docker info", ["docker ps"]),
        ("docker run alpine#3", ["docker run alpine#3"]),
        ("docker version; docker info", ["docker version", "docker info"]),
        ("docker version && docker info", ["docker version", "docker info"]),
        ("docker version\ndocker info", ["docker version", "docker info"]),
        ("docker ps & docker info", ["docker ps", "docker info"]),
        ("docker info | grep -i cpu", ["docker info", "grep -i cpu"]),
        ("docker info |& head -3", ["docker info", "head -3"]),
        ("docker info 2>&1 | head", ["docker info", "head"]),
        ("docker info > out.txt 2>/dev/null", ["docker info"]),
        ("docker info >out.txt", ["docker info"]),
        ("docker \\\n  info", ["docker info"]),
        ("(docker ps)", ["docker ps"]),
        ("{ docker ps; }", ["docker ps"]),
        ("if docker ps; then docker info; fi", ["docker ps", "docker info"]),
        ("X=1 Y= docker ps", ["docker ps"]),
        ("sudo -E docker ps", ["docker ps"]),
        ("time docker ps", ["docker ps"]),
        ("/usr/bin/docker ps", ["docker ps"]),
        ("sh -c 'docker ps; docker info'", ["docker ps", "docker info"]),
        ("docker rm -f $(docker ps -aq)", ["docker rm -f $(docker ps -aq)", "docker ps -aq"]),
        ("docker rm `docker ps -q`", ["docker rm `docker ps -q`", "docker ps -q"]),
        ('echo "$(docker version)"', ["echo $(docker version)", "docker version"]),
        ("docker 'ps' \"-a\"", ["docker ps -a"]),
        ("docker p\\s", ["docker ps"]),
        ("cat <<EOF\ndocker info\nEOF\ndocker ps", ["cat", "docker ps"]),
        ("cat <<'EOF' | sh\ndocker info\nEOF", ["cat", "sh"]),
    ],
)
def test_a_line_is_read_as_the_shell_reads_it(line: str, expected: list[str]) -> None:
    """Lists, pipes, redirections, comments, prefixes and substitutions."""
    assert [" ".join(words) for words in simple_commands(line)] == expected


@pytest.mark.parametrize(
    "line",
    [
        "echo docker version",
        "echo 'docker version'",
        'echo "docker version; docker info"',
        "echo '$(docker version)'",
        'echo "\\$(docker version)"',
        "false || docker version",
        "docker ps || docker version | cat",
        "docker ps || docker info && docker version",
        "cat <<EOF\ndocker version\nEOF",
        "# docker version",
        "docker 'version",
        'docker version "',
        "docker version $(",
        "docker version `",
    ],
)
def test_what_does_not_run_for_sure_is_left_out(line: str) -> None:
    """Words in quotes, after ||, in a here-document, or in a line that no shell would run."""
    assert ("docker", "version") not in simple_commands(line)


def test_a_doubtful_branch_ends_with_its_list() -> None:
    """What comes after the ; runs again for sure."""
    assert simple_commands("a || b; docker ps") == (("a",), ("docker", "ps"))
    assert simple_commands("a || b & docker ps") == (("a",), ("docker", "ps"))


@pytest.mark.parametrize("size", [10_000, 100_000])
def test_long_and_deep_lines_are_read_in_time(size: int) -> None:
    """A hostile line neither hangs nor overflows."""
    for piece in ("$(", "`", "(", "sh -c '", '"', "<", "\\", ";", "a "):
        simple_commands(piece * (size // len(piece)))


def test_a_long_row_of_words_before_a_command_is_read() -> None:
    """One after the other, not one inside the other."""
    assert simple_commands("env " * 1_000 + "docker ps") == (("docker", "ps"),)
