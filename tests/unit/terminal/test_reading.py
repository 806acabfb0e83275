"""Which messages are commands, which are talk, and what of them runs."""

from __future__ import annotations

import pytest

from bot.terminal.reading import Typed, read_message, read_option


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("docker ps", "docker ps"),
        ("docker", "docker"),
        ("  docker ps  ", "docker ps"),
        ("$ docker ps", "docker ps"),
        ("docker-compose up", "docker-compose up"),
        ("docker frobnicate", "docker frobnicate"),
        ("`docker ps`", "docker ps"),
        ("``docker ps``", "docker ps"),
        ("```docker ps```", "docker ps"),
        ("```sh\ndocker ps\ndocker images\n```", "docker ps\ndocker images"),
        ("```console\n$ docker ps\n$ ls\n```", "docker ps\nls"),
        ("이렇게 해 볼게요\n```bash\ndocker ps\n```", "docker ps"),
        ("docker run \\\n  -d nginx", "docker run \\\n  -d nginx"),
        ("docker ps | grep web && ls", "docker ps | grep web && ls"),
        ("NAME=web docker start $NAME", "NAME=web docker start $NAME"),
        ("for i in 1 2; do docker ps; done", "for i in 1 2; do docker ps; done"),
        ("while true; do date; done", "while true; do date; done"),
        ("(cd app && ls)", "(cd app && ls)"),
        ("ls", "ls"),
        ("cat Dockerfile", "cat Dockerfile"),
        ("cd app", "cd app"),
        ("pwd", "pwd"),
        ("echo 안녕하세요", "echo 안녕하세요"),
        ("mkdir -p app", "mkdir -p app"),
        ("mkdir 메모요", "mkdir 메모요"),
        ("cat 메모 일기", "cat 메모 일기"),
        ("echo 저는 학생이에요", "echo 저는 학생이에요"),
        ("curl localhost", "curl localhost"),
        ("find . -name Dockerfile", "find . -name Dockerfile"),
        ("head -n 3 a.txt", "head -n 3 a.txt"),
        ("which docker", "which docker"),
        ("date", "date"),
        ("printf '```\\n# loud\\n```'", "printf '```\\n# loud\\n```'"),
        ("yes | head -n 3", "yes | head -n 3"),
        ("sleep 1", "sleep 1"),
    ],
)
def test_a_command_is_taken(content: str, line: str) -> None:
    """Docker, the shell words that lessons need, and scripts of them; prompts are left out."""
    typed = read_message(content)
    assert typed is not None
    assert typed.line == line


@pytest.mark.parametrize(
    "content",
    [
        "",
        "안녕하세요",
        "도커가 뭐예요?",
        "dockerfile은 뭐예요",
        "dockers",
        "I like docker ps",
        "Docker is great",
        "그 컨테이너는 뭐예요?",
        "ls 하면 뭐가 나와요?",
        "rm 명령어 알려 주세요",
        "cd 명령이 안 돼요 ㅠㅠ",
        "cat 파일 보여 줍니다.",
        "find the answer",
        "which one should I take?",
        "time flies",
        "test",
        "more please",
        "kill it!",
        "> docker ps",
        "# docker ps",
        "```python\nprint(1)\n```",
        "`print(1)`",
        "ㅋㅋㅋ",
        "ㅇㅇ",
        "ㅠㅠ",
        "Echo what I say",
        "Cat videos are the best",
    ],
)
def test_talk_is_left_alone(content: str) -> None:
    """Sentences stay sentences, also those that begin like a command."""
    assert read_message(content) is None


@pytest.mark.parametrize(
    ("content", "line", "repaired"),
    [
        ("docker ps", "docker ps", False),
        ("docker run —rm nginx", "docker run --rm nginx", True),
        ("애찯ㄱ ㅔㄴ", "docker ps", True),
        ("Docker ps", "docker ps", True),
        ("Ls -l", "ls -l", True),
        ("Echo WEB_PORT=81 > .env", "echo WEB_PORT=81 > .env", True),
        ("Sed -i s/a/b/ compose.yaml", "sed -i s/a/b/ compose.yaml", True),
        ("Cat compose.yaml", "cat compose.yaml", True),
        ("sudo docker ps", "docker ps", True),
        ("$ docker ps", "docker ps", False),
        ("docker ps\x00", "docker ps", False),
        ("docker ps \ud800", "docker ps", False),
    ],
)
def test_a_mended_line_says_so(content: str, line: str, repaired: bool) -> None:
    """What differs from what was typed is shown to the learner; a prompt left out is not."""
    assert read_message(content) == Typed(line, repaired)


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("ps", "docker ps"),
        ("docker ps", "docker ps"),
        ("run —rm hello-world", "docker run --rm hello-world"),
        ("--version", "docker --version"),
        ("top web", "docker top web"),
        ("rm -f web", "docker rm -f web"),
        ("frobnicate", "docker frobnicate"),
        ("ls -l", "ls -l"),
        ("echo hi", "echo hi"),
        ("ㅔㄴ", "docker ps"),
        ("```\ndocker ps\n```", "docker ps"),
    ],
)
def test_the_slash_command_needs_no_docker(option: str, line: str) -> None:
    """`docker` may be left out; a shell word that is no docker command runs as it is."""
    typed = read_option(option)
    assert typed is not None
    assert typed.line == line


@pytest.mark.parametrize("option", ["", "   ", "\u3000", "``` ```"])
def test_an_empty_slash_command_is_none(option: str) -> None:
    """Blank is blank, in any kind of space."""
    assert read_option(option) is None


def test_a_line_of_4000_characters_is_read_whole() -> None:
    """Length alone changes nothing."""
    content = "echo " + "가" * 3995
    assert read_message(content) == Typed(content, repaired=False)
