"""The engine image's own command line: the table is what it says, and we read lines as it does."""

from __future__ import annotations

import os
import subprocess

import pytest

from bot.explain import explain
from bot.explain.cli_table import FILE
from bot.explain.docker_words import is_docker, read_docker_words
from bot.explain.shell import Step, read_line
from bot.terminal.vocabulary import words
from ops.cli_flags import IMAGE, made
from ops.testing import TOGETHER_VARIABLE
from tests.unit.explain.examples import EXAMPLES
from tests.unit.explain.lesson_lines import every_line

pytestmark = pytest.mark.docker

REFUSED = (
    "unknown flag", "unknown shorthand flag", "flag needs an argument", "requires", "accepts",
    "is not a docker command", "unknown command", "unknown docker command",
)  # fmt: skip
"""What the CLI says of a line that it can't read; everything else it would send to an engine."""

OUR_NAMES = words(
    "command command_near command_top flag flag_near flag_before one_dash two_dashes missing_value"
    " missing_image missing_argument missing_some too_many"
)
WRONG = [
    "docker rnu nginx", "docker container rnu nginx", "docker containers ls", "docker frobnicate",
    "docker run --naem web nginx", "docker run -name web nginx", "docker run --d nginx",
    "docker ps -z", "docker run", "docker rm", "docker exec web", "docker cp web:/x",
    "docker tag nginx", "docker network connect shop", "docker run --name", "docker ps web",
    "docker build . extra", "docker volume rm", "docker compose upp", "docker stop", "docker pull",
    "docker pull a b", "docker image ls a b", "docker compose exec web", "docker network create",
    "docker logs", "docker logs a b", "docker rename a", "docker history", "docker port",
]  # fmt: skip
SCRIPT = """
export DOCKER_HOST=unix:///nonexistent.sock
cd "$(mktemp -d)"
printf 'services: {web: {image: nginx}, db: {image: nginx}}\\n' > compose.yaml
while IFS= read -r line; do
  printf '\\036'
  eval "set -- $line"
  timeout 20 "$@" 2>&1 < /dev/null | head -c 1500
done
"""


def test_the_table_is_what_the_engine_image_says() -> None:
    """Whoever changes the image runs `./docent flags`."""
    assert FILE.read_text(encoding="utf-8") == made()


def commands() -> list[Step]:
    """Docker commands without anything that only a shell knows, each once."""
    lines = [*WRONG, *EXAMPLES, *every_line()]
    steps = [step for line in lines for step in read_line(line).steps]
    plain = [
        step
        for step in steps
        if step.words
        and is_docker(step.words[0].value)
        and not any(word.open or "\n" in word.text for word in step.words)
        and not _waits(step)
    ]
    return list({" ".join(w.text for w in step.words): step for step in plain}.values())


def _waits(step: Step) -> bool:
    """Those that ask, or begin to work, before they read all options."""
    found = read_docker_words(step.words)
    path = found.command.path if found.command else ()
    return path[:1] in {("trust",), ("plugin",), ("search",), ("login",)} or path == (
        "context",
        "use",
    )


@pytest.mark.timeout(500)
def test_the_cli_refuses_what_we_say_it_refuses() -> None:
    """Without an engine, it still tells lines that it can't read from those that it would send."""
    asked = commands()
    assert len(asked) >= 300
    if TOGETHER_VARIABLE in os.environ:  # each takes the CLI a tenth of a second of a processor
        asked = asked[::3]
    lines = "".join(" ".join(word.text for word in step.words) + "\n" for step in asked)
    command = ["docker", "run", "--rm", "-i", "--network", "none", "--entrypoint", "bash", IMAGE]
    done = subprocess.run(
        [*command, "-c", SCRIPT],
        input=lines,
        capture_output=True,
        text=True,
        timeout=450,
        check=True,
    )
    answers = done.stdout.split("\x1e")[1:]
    assert len(answers) == len(asked)
    differ = [
        (" ".join(word.text for word in step.words), answer[:160])
        for step, answer in zip(asked, answers, strict=True)
        if _refused(answer, step) != _we_refuse(step)
    ]
    assert differ == []


def _refused(answer: str, step: Step) -> bool:
    """By a sentence, or by help that nobody asked for."""
    if any(mark in line for line in answer.splitlines()[:3] for mark in REFUSED):
        return "Options:" not in answer
    return answer.strip().startswith("Usage:") and not read_docker_words(step.words).wants_help


def _we_refuse(step: Step) -> bool:
    problems = explain(" ".join(word.text for word in step.words)).problems
    return any(p.key.removeprefix("explain.wrong.") in OUR_NAMES for p in problems)
