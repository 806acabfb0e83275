"""What the small reader of Dockerfiles finds, and what it leaves alone."""

from __future__ import annotations

import random
import time

import pytest

from bot.files.dockerfile import INSTRUCTIONS, dockerfile_problems

RIGHT = {
    "the shortest": "FROM scratch",
    "lessons' own": (
        "FROM nginx\nCOPY index.html /usr/share/nginx/html/\nEXPOSE 80\n"
        'CMD ["nginx", "-g", "daemon off;"]\n'
    ),
    "small letters": "from nginx as web\nrun true\n",
    "lines that go on": "FROM a\nRUN x && \\\n  # a comment\n\n  y \\\n  && z\nUSER 1000\n",
    "arguments before": "ARG V=1\nFROM nginx:$V\nARG V\nENV A=1 B=$V\nENV OLD value of it\n",
    "stages": (
        "FROM --platform=linux/amd64 golang AS build\nCMD a\nFROM busybox\n"
        "COPY --from=build --chown=1:1 /x /y\nCMD b\n"
    ),
    "here-documents": (
        "FROM a\nRUN <<EOF\nNOT an instruction\nEOF\nCOPY <<-'A' <<B /d/\n\tone\n\tA\ntwo\nB\n"
        "RUN echo $((1<<N))\n"
    ),
    "escape": "# escape=`\nFROM a\nRUN dir c:\\\nRUN x `\n  y\n",
    "directives": "# syntax=docker/dockerfile:1\n# check=skip=all\n\nFROM a\n",
    "json": 'FROM a\nSHELL ["/bin/sh", "-c"]\nVOLUME ["/a"]\nCOPY ["a b", "c"]\nRUN [ -f a ]\n',
    "health": "FROM a\nHEALTHCHECK --interval=5s CMD curl -f localhost\n",
    "no health": "FROM a\nHEALTHCHECK NONE\nONBUILD COPY . /x\nSTOPSIGNAL SIGTERM\nLABEL a=b\n",
    "ports": "FROM a\nEXPOSE 80/tcp 53/udp 7000-7010 $PORT\n",
    "windows": "FROM a\r\nRUN x \\\r\n  y\r\n",
    "many into one": "FROM a\nCOPY a b /c/\nCOPY a b ./\nCOPY a b .\nADD *.txt /d/\n",
}

WRONG = {
    "FROM nginx\nRNU ls\n": (2, "misspelt"),
    "FROM nginx\nCPOY a b\n": (2, "misspelt"),
    "FROM nginx\napt-get install x\n": (2, "unknown"),
    "": (1, "no_from"),
    "# nothing\n": (1, "no_from"),
    "RUN ls\n": (1, "no_from"),
    "RUN ls\nFROM nginx\n": (1, "before_from"),
    "FROM\n": (1, "nothing"),
    "FROM a\n\nCMD\n": (3, "nothing"),
    "FROM a AS\n": (1, "from"),
    "FROM a b c\n": (1, "from"),
    "FROM a\nCOPY index.html\n": (2, "places"),
    "FROM a\nCOPY --chown=1 x\n": (2, "places"),
    "FROM a\nCOPY a b c\n": (2, "into_folder"),
    "FROM a\nCOPY ../x /x\n": (2, "outside"),
    "FROM a\nEXPOSE eighty\n": (2, "port"),
    "FROM a\nEXPOSE 70000\n": (2, "port"),
    "FROM a\nEXPOSE 8080:80\n": (2, "mapped"),
    "FROM a\nENV NAME\n": (2, "no_value"),
    "FROM a\nLABEL =x\n": (2, "no_name"),
    "FROM a\nHEALTHCHECK curl x\n": (2, "healthcheck"),
    "FROM a\nSHELL /bin/sh\n": (2, "shell"),
    "FROM a\nONBUILD FROM b\n": (2, "onbuild"),
    "FROM a\nONBUILD EXPOSE x\n": (2, "port"),
    "FROM a\nWORKDIR my app\n": (2, "one_folder"),
    "FROM a\nRUN <<EOF\nx\n": (2, "heredoc"),
    "FROM a\nRUN x \\\n": (3, "open_line"),
}

DOUBTFUL = {
    "FROM a\nCMD ['nginx']\n": (2, "files.dockerfile.list"),
    "FROM a\nCMD a\nCMD b\n": (3, "files.dockerfile.repeated"),
    "FROM a\nENV A=“b”\n": (2, "files.phone_quotes"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_left_alone(name: str) -> None:
    """Of every kind that BuildKit takes."""
    assert dockerfile_problems(RIGHT[name]) == []


@pytest.mark.parametrize("content", WRONG)
def test_a_mistake_has_its_line(content: str) -> None:
    """One that a build would stop at."""
    line, key = WRONG[content]
    (problem,) = dockerfile_problems(content)
    assert (problem.line, problem.key, problem.error) == (line, f"files.dockerfile.{key}", True)


@pytest.mark.parametrize("content", DOUBTFUL)
def test_what_hardly_was_meant_is_said_and_no_error(content: str) -> None:
    """It builds."""
    line, key = DOUBTFUL[content]
    (problem,) = dockerfile_problems(content)
    assert (problem.line, problem.key, problem.error) == (line, key, False)


def test_all_mistakes_are_told_at_once_up_to_eight() -> None:
    """In the order of their lines, one for each line."""
    problems = dockerfile_problems("FROM a\n" + "EXPOSE x\n" * 20)
    assert [problem.line for problem in problems] == list(range(2, 10))


def test_any_text_is_read_quickly_and_without_an_error() -> None:
    """Of a file that is made to be slow, or is none."""
    dice = random.Random(7)
    signs = [*INSTRUCTIONS, "\\", "\n", " ", "<<A", "[", "]", '"', "'", "#", "=", "--x", "\0", "가"]
    for _ in range(300):
        dockerfile_problems("".join(dice.choices(signs, k=60)))
    started = time.process_time()
    for content in ("RUN <<A " * 8000, "[" * 60_000, "CMD " + "[" * 60_000, "\\\n" * 30_000,
                    "# escape=" + "x" * 60_000, "x" * 64_000, "ENV " + "a " * 30_000):  # fmt: skip
        dockerfile_problems(content)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "line", ["ENV --x", "LABEL --x", "ONBUILD ENV --y", "EXPOSE " + "9" * 5_000, "ENV", "LABEL"]
)
def test_odd_lines_are_read_to_their_end(line: str) -> None:
    """Whatever stands in a file that was saved."""
    assert isinstance(list(dockerfile_problems(f"FROM nginx\n{line}\n")), list)
