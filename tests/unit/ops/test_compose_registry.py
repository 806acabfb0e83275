"""How the mirror of compose.yaml starts, with programs in the place of registry and curl."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

COMPOSE = Path(__file__).resolve().parents[3] / "compose.yaml"
LIMIT_S = 30
REGISTRY = """#!/bin/sh
echo "$2" >>served
[ ! -e lives ] || exec /bin/sleep 60
"""
# The first line of `answers` and so on; after the first one, only when the registry has started.
CURL = """#!/bin/sh
[ ! -e asked ] || until [ -s served ]; do :; done
echo "$*" >>asked
sed -n "$(wc -l <asked)p" answers
"""


class Mirror:
    """A folder in which the command of the service runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        programs = folder / "bin"
        programs.mkdir()
        for name, text in (
            ("docker-registry", REGISTRY), ("curl", CURL), ("sleep", "#!/bin/sh\n")
        ):  # fmt: skip
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)

    def start(self, source: str, answers: Sequence[str] = (), *, remembered: str = "") -> int:
        """Run the command to its end; gives the exit status."""
        (self._folder / "answers").write_text("".join(f"{answer}\n" for answer in answers))
        (self._folder / "image-source").write_text(remembered)
        service = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["registry"]
        text = service["command"][0].replace("${DOCENT_SOURCE:-auto}", source)
        text = text.replace("$$", "$").replace("/image-source", "image-source")
        process = subprocess.Popen(
            [*service["entrypoint"], text],
            cwd=self._folder,
            env={"PATH": f"{self._folder}/bin:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(LIMIT_S)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # as a container takes all with it

    def lives(self) -> None:
        """The registry runs until it is killed, instead of ending by itself."""
        (self._folder / "lives").touch()

    def served(self) -> list[str]:
        """The configurations that a registry was started with."""
        lines = (self._folder / "served").read_text().splitlines()
        return [Path(line).stem.removeprefix("registry-") for line in lines]


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return Mirror(tmp_path)


@pytest.mark.parametrize("answer", ["401", "200"])
def test_with_the_hub_it_is_its_cache(mirror: Mirror, answer: str) -> None:
    """ "Who are you?" is the Hub's normal answer."""
    assert mirror.start("hub", [answer]) == 0
    assert mirror.served() == ["hub"]


@pytest.mark.parametrize("remembered", ["hub", "catalogue"])
def test_auto_is_what_the_set_up_found(mirror: Mirror, remembered: str) -> None:
    """Learners find the same images after every start."""
    assert mirror.start("auto", ["401"], remembered=remembered) == 0
    assert mirror.served() == [remembered]


def test_the_catalogue_asks_nobody(mirror: Mirror) -> None:
    """Where there is no way out, nothing waits for one."""
    assert mirror.start("catalogue", remembered="hub") == 0
    assert mirror.served() == ["catalogue"]


@pytest.mark.parametrize("answer", ["000", "502"])
def test_without_the_hub_it_serves_what_it_has_until_the_hub_is_back(
    mirror: Mirror, answer: str
) -> None:
    """Then it ends, and Docker starts it again: as the cache."""
    mirror.lives()
    assert mirror.start("hub", [answer, answer, answer, "401"]) == 1
    assert mirror.served() == ["catalogue"]


def test_a_registry_that_dies_meanwhile_is_started_again(mirror: Mirror) -> None:
    """The shell that waits for the Hub ends with it."""
    assert mirror.start("hub", ["000"] * 1000) == 1
    assert mirror.served() == ["catalogue"]


def test_it_goes_through_the_proxy_of_the_host() -> None:
    """As the mirror of `./docent up` does, by either spelling."""
    service = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["registry"]
    assert service["environment"] == {
        "HTTPS_PROXY": "${HTTPS_PROXY:-${https_proxy:-}}",
        "NO_PROXY": "${NO_PROXY:-${no_proxy:-}}",
    }
