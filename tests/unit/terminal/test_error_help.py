"""Errors explained: every captured one is recognised, no success is, nothing foreign breaks out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from bot.terminal.error_help import (
    ALL_IDS,
    ContainerSeen,
    EngineSeen,
    ErrorHelp,
    catalogue,
    entry,
    explain_failure,
    needs_engine,
    text_of,
    with_command_line,
    with_engine,
)
from bot.terminal.error_help.known import TABLE
from bot.terminal.error_help.samples import MESSAGES, SAMPLES
from bot.terminal.error_help.words import in_code
from bot.texts import LANGUAGES, Language, Texts

ERRORS = Path(__file__).parents[2] / "errors"
LISTED = range(1, 89)
"""The rows of the list of errors that learners meet."""

LEAST_RECOGNISED = 80
LEAST_CAPTURED = 70
LEAST_SUCCESSES = 200
LONGEST_MS = 20.0
MOST_LETTERS = 1100
"""A card has 4,000, and the output takes up to 2,500 of them."""

IN_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def read(name: str) -> list[dict[str, Any]]:
    """The entries of a file of captured errors."""
    entries: list[dict[str, Any]] = yaml.safe_load((ERRORS / name).read_text(encoding="utf-8"))
    return entries


CAPTURED = read("captured.yaml")
WORDINGS = read("wordings.yaml")
SUCCESSES = read("successes.yaml")


def met(case: dict[str, Any]) -> ErrorHelp | None:
    """What is recognised in a case; wordings of other versions failed, too."""
    return explain_failure(case["line"], case["output"], case.get("exit_code", 1))


def name_of(case: dict[str, Any]) -> str:
    """How a failing test calls it."""
    return f"{case['id']}: {case['line']}"


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


@pytest.mark.parametrize("case", CAPTURED, ids=name_of)
def test_what_a_sandbox_prints_is_recognised(case: dict[str, Any]) -> None:
    """Every scene, as a learner's engine shows it."""
    found = met(case)
    assert found is not None, case["output"]
    assert found.id == case["id"]


@pytest.mark.parametrize("case", WORDINGS, ids=name_of)
def test_the_wordings_of_other_versions_are_recognised(case: dict[str, Any]) -> None:
    """Docker 24 to 29, the containerd store, BuildKit and Compose; each says why it is no scene."""
    assert case["why"]
    assert case["docker"]
    found = met(case)
    assert found is not None
    assert found.id == case["id"]


def test_nearly_all_of_the_list_is_recognised_from_a_real_engine() -> None:
    """The list has 88 rows; those of no scene have a wording that says why."""
    real = {case["number"] for case in CAPTURED if "number" in case and met(case) is not None}
    written = {case["number"] for case in WORDINGS if "number" in case}
    assert real | written == set(LISTED)
    assert len(real) >= LEAST_CAPTURED
    assert (
        len(real | {case["number"] for case in WORDINGS if "number" in case and met(case)})
        >= LEAST_RECOGNISED
    )


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_no_success_is_explained(number: int) -> None:
    """The solutions of all lessons and many other commands, with all that they print."""
    assert len(SUCCESSES) >= LEAST_SUCCESSES
    explained = [
        (case["line"], found.id)
        for case in SUCCESSES[number::4]
        if (found := explain_failure(case["line"], case["output"], 0)) is not None
    ]
    assert explained == []


def test_a_success_that_prints_an_error_is_none() -> None:
    """Every message of the table, in the log of a container."""
    for case in (*CAPTURED, *WORDINGS):
        assert explain_failure("docker logs web", case["output"], 0) is None, case["output"]


def test_what_was_ended_from_outside_is_no_error() -> None:
    """A limit and a press of the button have their own words."""
    for case in (*CAPTURED, *WORDINGS):
        assert explain_failure(case["line"], case["output"], None) is None


NGINX_CONF = '[emerg] 1#1: open() "/etc/nginx/nginx.conf" failed (2: No such file or directory)\n'
STAT = 'exec: "/app/start.sh": stat /app/start.sh: no such file or directory: unknown.\n'


@pytest.mark.parametrize(
    ("line", "output", "hidden"),
    [
        ("docker run -v $PWD/conf:/etc/nginx nginx", NGINX_CONF, "/etc/nginx"),
        ("docker run -v ./conf:/etc/nginx/:ro nginx", NGINX_CONF, "/etc/nginx"),
        ("docker run --mount type=bind,src=/root/c,dst=/etc/nginx nginx", NGINX_CONF, "/etc/nginx"),
        ("docker run -v code:/app web", STAT, "/app"),
        ("docker run -v .:/app web", "Error: Cannot find module '/app/server.js'\n", "/app"),
        ("docker run -v .:/app web", "python: can't open file '/app/a.py': [Errno 2]\n", "/app"),
        ("docker run -v .:/app web", "open /application/a.py: no such file\n", None),
        ("docker run -v /app web", STAT, None),
        ("docker run web", STAT, None),
        ("docker run -v .:/ web", STAT, None),
        ("docker run -v .:/app web", "all is well in /app/a.py\n", None),
        ("docker run -v .:/data web", STAT, None),
    ],
)
def test_a_file_that_is_missed_below_a_mount_is_hidden_by_it(
    line: str, output: str, hidden: str | None
) -> None:
    """Or it is not in what was mounted: only that can be seen there."""
    found = explain_failure(line, output, 127 if output is STAT else 1)
    if hidden is None:
        assert found is None or found.id != "mount_hides_files"
        return
    assert found is not None
    assert (found.id, found.values["path"]) == ("mount_hides_files", hidden)
    assert found.values["file"].startswith(f"{hidden}/")


def test_the_last_error_is_the_one() -> None:
    """What came before it was survived; that an image is pulled first says the least."""
    output = (
        "Error response from daemon: No such container: web\n"
        "Unable to find image 'busybox:latest' locally\n"
        'docker: Error response from daemon: Conflict. The container name "/web" is already in use '
        'by container "1a2b".\n'
    )
    assert_id("docker rm web; docker run --name web busybox", output, "name_taken")
    pulled = "Unable to find image 'nginx:latest' locally\n"
    assert_id("docker run nginx", pulled, "pulls_first", 125)
    assert_id("docker run nginx sh -c 'exit 5'", pulled, None, 5)


def assert_id(line: str, output: str, error_id: str | None, exit_code: int = 1) -> None:
    """The error that this output ends with."""
    found = explain_failure(line, output, exit_code)
    assert (found and found.id) == error_id


@pytest.mark.parametrize("code", [125, 126, 127, 130, 137, 139, 143])
def test_an_exit_code_explains_where_nothing_else_does(code: int) -> None:
    """And only there."""
    assert_id("docker run x", "something\n", f"exit_{code}", code)
    assert_id("docker stop x", "Error response from daemon: No such container: x\n",
              "no_such_container", code)  # fmt: skip


@pytest.mark.parametrize("code", [1, 2, 3, 22, 255])
def test_an_unknown_failure_speaks_for_itself(code: int) -> None:
    """A program's own words are not ours to explain."""
    assert_id("cat nothing.txt", "cat: nothing.txt: No such file or directory\n", None, code)
    assert_id("docker run busybox grep a b", "grep: b: No such file or directory\n", None, code)


# --- names ---


WEB = ContainerSeen(id="1a2b3c4d5e6f" * 5 + "abcd", name="web", status="running", ports=(8080,))
ENGINE = EngineSeen(
    containers=(WEB, ContainerSeen(id="f" * 64, name="db", status="exited", oom_killed=True,
                                   memory_bytes=64 * 2**20)),
    images=("nginx:latest", "lab/site:1"),
    volumes=("data", "logs"),
    networks=("bridge", "host", "none", "front"),
)  # fmt: skip


def explained(line: str, output: str, exit_code: int = 1) -> ErrorHelp:
    """The error with the names of the command line and of `ENGINE`."""
    found = explain_failure(line, output, exit_code)
    assert found is not None
    found = with_command_line(found, line)
    assert needs_engine(found) is (found.id not in {"unknown_command", "unknown_flag"})
    return with_engine(found, line, ENGINE)


@pytest.mark.parametrize(
    ("line", "output", "meant"),
    [
        ("docker stop wbe", "No such container: wbe", ("web",)),
        ("docker stop completely-different", "No such container: completely-different", ()),
        ("docker rmi ngnix", "No such image: ngnix", ("nginx",)),
        ("docker run lab/sit:1", "pull access denied for lab/sit:1, repository does not exist",
         ("lab/site:1",)),
        ("docker run rediss", "no such image in the mirror", ("redis",)),
        ("docker volume rm dta", "get dta: no such volume", ("data",)),
        ("docker run --network frnt nginx", "network frnt not found", ("front",)),
        ("docker rnu", "docker: 'rnu' is not a docker command.", ("run",)),
        ("docker run --nmae web nginx", "unknown flag: --nmae", ("--name",)),
    ],
)  # fmt: skip
def test_the_name_that_was_meant_is_offered(line: str, output: str, meant: tuple[str, ...]) -> None:
    """From what is in the learner's engine, and from what the CLI knows."""
    assert explained(line, output).meant[: len(meant) or None] == meant


def test_an_id_becomes_the_name_that_the_learner_gave() -> None:
    """Nobody knows their containers by 64 letters."""
    output = f"remove data: volume is in use - [{WEB.id}]\n"
    assert explained("docker volume rm data", output).values["container"] == "web"
    unknown = explained("docker volume rm data", output.replace("1a2b", "0000"))
    assert unknown.values["container"] == "00003c4d5e6f"


def test_the_holder_of_a_port_is_named() -> None:
    """Not the container that was to have it."""
    output = "Bind for 0.0.0.0:8080 failed: port is already allocated."
    found = explained("docker run -d --name second -p 8080:80 nginx", output)
    assert found.values == {"port": "8080", "container": "web"}
    other = explained("docker run -d --name second -p 81:80 nginx", output.replace("8080", "81"))
    assert other.values == {"port": "81"}


def test_137_is_out_of_memory_where_the_engine_says_so() -> None:
    """Else it may be a `docker kill`."""
    killed = explained("docker run --name db -m 64m nginx", "", 137)
    assert killed == ErrorHelp("out_of_memory", {"container": "db", "limit": "64m"})
    assert explained("docker run --name web nginx", "", 137).id == "exit_137"


@pytest.mark.parametrize(
    ("line", "flag"),
    [
        ("docker run busybox -d", "-d"),
        ("docker run busybox -p 80:80", "-p"),
        ("docker run busybox -p80:80", "-p80:80"),
        ("docker run nginx --name web", "--name"),
    ],
)
def test_an_option_behind_the_image_is_seen(line: str, flag: str) -> None:
    """Docker takes it for a program."""
    output = f'exec: "{flag}": executable file not found in $PATH: unknown.\n'
    found = explain_failure(line, output, 127)
    assert found is not None
    assert (found.id, found.values["flag"]) == ("option_after_image", flag)


@pytest.mark.parametrize(
    ("line", "error_id"),
    [
        ("docker run -v data nginx", "anonymous_volume"),
        ("docker run -v /data nginx", None),
        ("docker run -v data:/data nginx", None),
        ("docker run -d -p 80 nginx", "random_port"),
        ("docker run -d -p 80:80 nginx", None),
        ("docker run -d -p 127.0.0.1:80:80 nginx", None),
        ("docker run --network host -p 80:80 nginx", "ports_of_host_network"),
        ("docker run --network host nginx", None),
        ("docker run -m 100000000 nginx", "memory_in_bytes"),
        ("docker run -m 64m nginx", None),
        ("docker run -m 67108864 nginx", None),
        ("docker run busybox httpd -p 80", None),
        ("docker images ls", "images_of_that_name"),
        ("docker image ls", None),
        ("docker images nginx", None),
    ],
)
def test_a_mistake_that_succeeds_is_seen_in_the_line(line: str, error_id: str | None) -> None:
    """And nothing that was meant so."""
    header = "REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n"
    assert_id(line, header if "images" in line else "", error_id, 0)


# --- texts ---


@IN_LANGUAGE
def test_every_error_has_its_texts(texts: Texts, language: Language) -> None:
    """Why and what to do, with general words where the names would be."""
    speech = texts.for_language(language)
    entries = catalogue(speech)
    assert [each.id for each in entries] == list(ALL_IDS)
    for each in entries:
        assert each.text.why
        assert each.text.do
        assert "{" not in each.text.why.replace("{{", "")
        assert each == entry(each.id, speech)
    with pytest.raises(KeyError):
        entry("nonsense", speech)


@IN_LANGUAGE
def test_nobodys_names_stand_in_the_catalogue(texts: Texts, language: Language) -> None:
    """Whoever is told of an error that a class met does not read the names of an example."""
    of_example = re.compile(r"\d{3,}|[0-9a-f]{8}|0\.0\.0\.0|nginx|web|front|lab-|yuna|nmae")
    speech = texts.for_language(language)
    for each in catalogue(speech):
        assert not of_example.search(each.message), each.message
        assert "8080" not in each.text.why
    general = {key: speech(key) for key in speech if key.startswith("error_help.any.")}
    numbers = [key for key, word in general.items() if re.search(r"\d", word)]
    assert numbers == ["error_help.any.least"]  # docker's own, so everybody's
    assert MESSAGES["port_taken"] == "Bind for … failed: port is already allocated"


def test_no_text_belongs_to_no_error(texts: Texts) -> None:
    """A misspelt id would never be shown."""
    keys = [key for key in texts.for_language("ko") if key.startswith("error_help.")]
    ids = {key.split(".")[1] for key in keys}
    assert ids - {"any", "meant"} == set(ALL_IDS)


def test_ids_are_stable() -> None:
    """They are counted and linked: one may be added, none may be renamed or appear twice."""
    assert len(set(ALL_IDS)) == len(ALL_IDS)
    assert set(SAMPLES) <= set(ALL_IDS)
    assert all(re.fullmatch("[a-z0-9_]+", error_id) for error_id in ALL_IDS)


def placeholders(template: str) -> Iterator[tuple[str, str]]:
    """Each placeholder with the text before it."""
    before = ""
    for text, name, _, _ in Formatter().parse(template):
        before += text
        if name is not None:
            yield before, name


@IN_LANGUAGE
def test_values_stand_in_code_alone(texts: Texts, language: Language) -> None:
    """There nothing that they hold is formatting, a mention or a link."""
    speech = texts.for_language(language)
    for key in speech:
        if key.startswith("error_help.") and key != "error_help.meant":
            for template in speech.templates(key):
                assert template.count("`") % 2 == 0, key
                for before, name in placeholders(template):
                    assert before.count("`") % 2 == 1, (key, name)
                    assert f"error_help.any.{name}" in speech


@IN_LANGUAGE
def test_a_variant_says_the_value_that_it_is_for(texts: Texts, language: Language) -> None:
    """`with_container` has the container in it, or the words would be the general ones."""
    speech = texts.for_language(language)
    known = {name for each in TABLE for pattern in each.patterns for name in pattern.groupindex}
    for key in speech:
        if key.startswith("error_help.") and ".with_" in key:
            assert key.rpartition(".with_")[2] in known | {"typed", "limit", "line"}
            assert key.rpartition(".with_")[0] in speech


HOSTILE = [
    "`", "```", "a`b`c", "@everyone", "<@1>", "\x1b[31mred\x1b[0m", "\u202eabc", "a\u200bb",
    "{0.__class__}", "{container}", "**bold**", "[a](https://b)", "x" * 5000, "\n\n# loud", "|| ||",
    "\u3164", "%s%n", "\\`", "\ud800",
]  # fmt: skip


@IN_LANGUAGE
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_in_their_code(texts: Texts, language: Language, value: str) -> None:
    """Whatever a program prints as the name of something: one line, in backticks, short."""
    speech = texts.for_language(language)
    names = {name for each in TABLE for pattern in each.patterns for name in pattern.groupindex}
    for error_id in ALL_IDS:
        shown = text_of(ErrorHelp(error_id, dict.fromkeys(names, value), (value,)), speech)
        for part in (shown.why, shown.do):
            assert "\n" not in part
            assert len(part) <= MOST_LETTERS
            outside = "".join(re.split(r"(``? ?).*?\1", part)[::1][::2])
            for bad in ("@everyone", "<@1>", "**bold**", "https://b", "# loud", "\u202e", "\x1b"):
                assert bad not in outside


def test_a_value_in_code_is_bounded_and_visible() -> None:
    """So that a template may put it between backticks as it is."""
    for value in HOSTILE:
        shown = in_code(value)
        assert "`" not in shown
        assert "\n" not in shown
        assert len(shown) <= 60
        shown.encode("utf-8")


# --- speed ---


def floods() -> Iterator[str]:
    """Outputs that are made to take long: the beginnings of all patterns, over and over."""
    marks = [mark for each in TABLE for mark in each.marks]
    yield " ".join(marks) * 3
    for each in SAMPLES.values():
        yield each * 200
        yield each[: len(each) // 2] * 400
        yield (each[: len(each) // 2] + " " + " ".join(marks))[:4000] * 2
    for text in ("a", "a ", '"', "'", ": ", "- (", "container ", 'process "', "\n", "`", "exec /"):
        yield text * 8000
        yield " ".join(marks)[:2500] + text * 4000


def test_no_output_takes_long() -> None:
    """At most 20 ms of the processor, whatever a learner's program prints; the best of three."""
    for output in floods():
        took = []
        for _ in range(3):
            begun = time.process_time()
            explain_failure("docker run --name web nginx", output, 125)
            took.append((time.process_time() - begun) * 1000)
            if took[-1] < LONGEST_MS:
                break
        assert min(took) < LONGEST_MS, output[:200]
