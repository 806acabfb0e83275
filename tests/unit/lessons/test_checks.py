"""Judging: what passes, what does not, and what a learner hears about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from lessons.checks import (
    AnyOf,
    Command,
    ContainerGone,
    ContainerRunning,
    ImagePresent,
    judge,
)
from lessons.checks import PageSeen as PageCheck
from lessons.facts import (
    CommandDone,
    Container,
    EngineFacts,
    Image,
    PageSeen,
    PublishedPort,
    Situation,
)
from lessons.model import Check, Finding, Task
from tests.factories import make_container, make_facts

HELLO = ContainerRunning("hellonginx", image="nginx", publishes=(80, 80))
GONE = ContainerGone("hellonginx", after="run")
PAGE = PageCheck(80, container="hellonginx")


def on_engine(*containers: Container, images: Sequence[Image] = ()) -> Situation:
    return Situation(make_facts(*containers, images=images))


def after_lines(*lines: str, exit_code: int | None = 0) -> Situation:
    return Situation(EngineFacts(), tuple(CommandDone(line, exit_code) for line in lines))


def command(text: str) -> Command:
    return Command.from_fields({"is": text})


def keys(findings: Sequence[Finding]) -> list[str]:
    return [found.key for found in findings]


def only_missing(check: Check, situation: Situation) -> Finding:
    """The one finding that does not hold."""
    (missing,) = [found for found in check.judge(situation) if not found.ok]
    return missing


def test_the_container_that_was_asked_for_passes() -> None:
    """Name, image, port and running: every finding holds."""
    findings = HELLO.judge(on_engine(make_container()))
    assert keys(findings) == ["container_running", "container_image", "port_published"]
    assert all(found.ok for found in findings)


@pytest.mark.parametrize(
    "container",
    [
        make_container(image="nginx:latest"),
        make_container(image="docker.io/library/nginx:alpine"),
        make_container(publishes=[(80, 80), (443, 443)]),
        replace(
            make_container(),
            ports=(PublishedPort(443), PublishedPort(80, "tcp", 80), PublishedPort(80, "tcp", 80)),
        ),
    ],
)
def test_other_ways_to_the_same_end_pass(container: Container) -> None:
    """A tag, a long name, more ports or the IPv6 twin of a port are no mistakes."""
    assert judge(Task("run", (HELLO,)), on_engine(container)).passed


@pytest.mark.parametrize(
    ("container", "key", "values"),
    [
        (make_container(publishes=[(8080, 80)]), "port_other", {"actual": "8080 → 80"}),
        (make_container(publishes=[(80, 8080)]), "port_other", {"actual": "80 → 8080"}),
        (make_container(publishes=[]), "port_unpublished", {"wanted": "80 → 80"}),
        (make_container(image="httpd"), "container_other_image", {"actual": "httpd"}),
        (make_container(status="created", publishes=[]), "container_created", {}),
        (make_container(status="paused"), "container_paused", {}),
        (
            make_container(status="exited", exit_code=137),
            "container_exited",
            {"status": "exited", "exit_code": "137"},
        ),
        (make_container(status="exited", oom_killed=True), "container_out_of_memory", {}),
        (make_container(status="restarting", exit_code=1), "container_restarting", {}),
        (make_container(status="dead"), "container_exited", {"status": "dead"}),
        (make_container(status="???"), "container_exited", {"status": "???"}),
        (make_container("hello-nginx"), "container_other_name", {"similar": "hello-nginx"}),
        (make_container("brave_curie"), "container_other_name", {"similar": "brave_curie"}),
        (make_container("db", image="redis"), "container_missing", {"name": "hellonginx"}),
    ],
)
def test_a_near_miss_does_not_pass_and_is_named(
    container: Container, key: str, values: dict[str, str]
) -> None:
    """Each known mistake has its own finding, with what is there instead."""
    missing = only_missing(HELLO, on_engine(container))
    assert missing.key == key
    assert values.items() <= missing.values.items()


def test_ports_the_wrong_way_round_are_told_apart() -> None:
    """The most frequent mistake with -p has a name of its own."""
    check = ContainerRunning("web", publishes=(8080, 80))
    missing = only_missing(check, on_engine(make_container("web", publishes=[(80, 8080)])))
    assert (missing.key, missing.values["wanted"]) == ("port_reversed", "8080 → 80")


def test_a_udp_port_is_not_the_web_port() -> None:
    """Only TCP counts."""
    container = replace(make_container(), ports=(PublishedPort(80, "udp", 80),))
    assert only_missing(HELLO, on_engine(container)).key == "port_unpublished"


def test_an_image_given_by_its_id_counts() -> None:
    """`docker run 2f1d…` is the image that has this id."""
    image = Image("sha256:" + "2f1d" * 16, ("nginx:latest",))
    assert judge(
        Task("run", (HELLO,)), on_engine(make_container(image="2f1d2f1d"), images=[image])
    ).passed
    other = replace(image, tags=("httpd:latest",))
    missing = only_missing(HELLO, on_engine(make_container(image="2f1d2f1d"), images=[other]))
    assert missing.key == "container_other_image"


def test_an_empty_engine_lacks_the_container() -> None:
    """In a fresh sandbox nothing passes."""
    assert only_missing(HELLO, on_engine()).key == "container_missing"


def test_gone_needs_to_have_been_there() -> None:
    """An empty engine is no proof; once the run was seen, it is."""
    assert only_missing(GONE, on_engine()).key == "container_never_seen"
    seen = replace(on_engine(), done=frozenset({"run"}))
    assert keys(GONE.judge(seen)) == ["container_gone"]
    assert GONE.judge(seen)[0].ok


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("running", "container_still_running"),
        ("paused", "container_still_running"),
        ("exited", "container_still_there"),
        ("created", "container_still_there"),
    ],
)
def test_stopped_is_not_gone(status: str, key: str) -> None:
    """A container that was only stopped is still there."""
    situation = replace(on_engine(make_container(status=status)), done=frozenset({"run"}))
    assert only_missing(GONE, situation).key == key


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ("docker version", "docker version"),
        ("docker version", "docker version --format '{{.Server.Version}}'"),
        ("docker version", "docker version | head -5"),
        ("docker version", "echo hi; docker version"),
        ("docker version", "docker version && docker info"),
        ("docker version", "sudo docker -D version"),
        ("docker ps -a", "docker container ls --all -q"),
        ("docker ps -a", "docker ps -qa | wc -l"),
        ("docker info", "docker system info"),
        ("docker --help", "docker help"),
        ("docker --help", "docker"),
        ("docker container run --help", "docker run --help"),
        ("docker run -p 80:80 nginx", "docker run --name x -dp 80:80 nginx"),
        (
            "docker run --rm busybox ps",
            "docker run --rm docker.io/library/busybox:latest ps -o pid",
        ),
        ("docker pull nginx:1", "docker image pull library/nginx:1"),
    ],
)
def test_a_command_is_matched_by_its_meaning(wanted: str, line: str) -> None:
    """However it is written, and whatever more is typed around it."""
    assert judge(Task("t", (command(wanted),)), after_lines(line)).passed


@pytest.mark.parametrize(
    ("wanted", "line", "key"),
    [
        ("docker version", "echo docker version", "command_missing"),
        ("docker version", "echo 'docker version'", "command_missing"),
        ("docker version", "docker --version", "command_short_version"),
        ("docker version", "docker -v", "command_short_version"),
        ("docker version", "docker version --help", "command_only_help"),
        ("docker version", "docker help version", "command_only_help"),
        ("docker version", "docker versions", "command_missing"),
        ("docker version", "docker compose version", "command_missing"),
        ("docker version", "docker run nginx docker version", "command_missing"),
        ("docker version", "true || docker version", "command_missing"),
        ("docker --help", "docker ps --help", "command_missing"),
        ("docker --help", "docker --version", "command_missing"),
        ("docker container run --help", "docker run nginx --help", "command_without_help"),
        ("docker ps -a", "docker ps", "command_incomplete"),
        ("docker ps -a", "docker images -a", "command_missing"),
        ("docker run -p 80:80 nginx", "docker run -p 8080:80 nginx", "command_incomplete"),
        ("docker run -p 80:80 nginx", "docker run nginx -p 80:80", "command_incomplete"),
        ("docker run busybox ps", "docker run debian busybox ps", "command_incomplete"),
        ("docker run busybox", "docker run", "command_incomplete"),
        ("docker pull nginx:1", "docker pull nginx", "command_incomplete"),
    ],
)
def test_a_command_that_is_not_it_does_not_pass(wanted: str, line: str, key: str) -> None:
    """Words elsewhere, another command, only its help, or too little of it."""
    assert only_missing(command(wanted), after_lines(line)).key == key


@pytest.mark.parametrize(
    ("exit_code", "key"),
    [(1, "command_failed"), (127, "command_failed"), (None, "command_interrupted")],
)
def test_a_command_has_to_succeed(exit_code: int | None, key: str) -> None:
    """One that failed or was ended by a limit does not count, and says which it was."""
    missing = only_missing(command("docker info"), after_lines("docker info", exit_code=exit_code))
    assert (missing.key, missing.values["line"]) == (key, "docker info")


def test_a_check_can_ask_for_a_failure() -> None:
    """A lesson may want a learner to see an error, or not mind how a command ends."""
    failing = Command.from_fields({"is": "docker run nginx", "exit_code": "125"})
    whatever = Command.from_fields({"is": "docker run nginx", "exit_code": "any"})
    situation = after_lines("docker run nginx", exit_code=125)
    assert judge(Task("t", (failing, whatever)), situation).passed
    assert not judge(Task("t", (failing,)), after_lines("docker run nginx")).passed


def test_a_check_can_ask_for_one_of_two_forms() -> None:
    """`docker ps` and `docker container ls` mean the same; a lesson may want to see each."""
    short = Command.from_fields({"is": "docker ps -a", "form": "short"})
    management = Command.from_fields({"is": "docker container ls -a", "form": "management"})
    typed = {short: "docker -D ps --all", management: "docker container list -aq"}
    for check, line in typed.items():
        assert judge(Task("t", (check,)), after_lines(line)).passed
        for other in typed.keys() - {check}:
            assert only_missing(other, after_lines(line)).key == "command_other_form"
    with pytest.raises(ValueError, match="management, short"):
        Command.from_fields({"is": "docker ps", "form": "long"})


def test_the_nearest_try_is_talked_about() -> None:
    """Of many tries the one that lacks least, and of those alike the first."""
    situation = after_lines("docker --version", "docker version --help", "docker ps")
    missing = only_missing(command("docker version"), situation)
    assert (missing.key, missing.values["line"]) == ("command_only_help", "docker version --help")


@pytest.mark.parametrize(
    ("pages", "lines"),
    [
        ([PageSeen(80, 200)], []),
        ([PageSeen(80, None), PageSeen(80, 200)], []),
        ([], ["curl localhost"]),
        ([], ["curl -s http://localhost:80/"]),
        ([], ["curl -I 127.0.0.1"]),
        ([], ["curl -s localhost | grep title"]),
        ([], ["wget -qO- http://localhost/index.html"]),
    ],
)
def test_a_page_can_be_seen_in_several_ways(pages: list[PageSeen], lines: list[str]) -> None:
    """By Docent's own look, by curl or by wget."""
    situation = Situation(
        make_facts(make_container()), tuple(CommandDone(line, 0) for line in lines), tuple(pages)
    )
    assert judge(Task("page", (PAGE,)), situation).passed


@pytest.mark.parametrize(
    ("pages", "commands", "key"),
    [
        ([], [], "page_not_seen"),
        ([PageSeen(8080, 200)], [], "page_not_seen"),
        ([PageSeen(80, None)], [], "page_no_answer"),
        ([PageSeen(80, 404)], [], "page_other_status"),
        ([], [CommandDone("curl localhost", 7)], "page_not_seen"),
        ([], [CommandDone("curl localhost", None)], "page_not_seen"),
        ([], [CommandDone("curl localhost:8080", 0)], "page_not_seen"),
        ([], [CommandDone("curl https://localhost", 0)], "page_not_seen"),
        ([], [CommandDone("curl example.com", 0)], "page_not_seen"),
        ([], [CommandDone("curl --help", 0)], "page_not_seen"),
        ([], [CommandDone("echo curl localhost", 0)], "page_not_seen"),
        ([], [CommandDone("docker exec hellonginx curl localhost", 0)], "page_not_seen"),
        ([], [CommandDone("curl http://[::1", 0)], "page_not_seen"),
    ],
)
def test_a_page_that_was_not_seen_does_not_pass(
    pages: list[PageSeen], commands: list[CommandDone], key: str
) -> None:
    """Another port, an error, a failed or a pretended fetch."""
    situation = Situation(make_facts(make_container()), tuple(commands), tuple(pages))
    assert only_missing(PAGE, situation).key == key


@pytest.mark.parametrize(
    ("container", "key"),
    [
        (make_container(status="exited"), "page_nothing_published"),
        (make_container(publishes=[(8080, 80)]), "page_nothing_published"),
        (make_container("web"), "page_other_container"),
    ],
)
def test_a_page_needs_the_container_behind_it(container: Container, key: str) -> None:
    """Looking counts only while the right container publishes the port."""
    situation = Situation(make_facts(container), pages=(PageSeen(80, 200),))
    assert only_missing(PAGE, situation).key == key


def test_an_image_is_found_by_any_of_its_names() -> None:
    """Present, absent, or there under another tag only."""
    situation = on_engine(images=[Image("sha256:1", ("nginx:latest", "lab/web:1"))])
    assert keys(ImagePresent("nginx").judge(situation)) == ["image_present"]
    assert keys(ImagePresent("lab/web:1").judge(situation)) == ["image_present"]
    assert keys(ImagePresent("lab/web:2").judge(situation)) == ["image_other_tag"]
    assert keys(ImagePresent("redis").judge(situation)) == ["image_missing"]


def test_any_of_passes_when_one_does() -> None:
    """Otherwise it tells about the one that lacks least."""
    check = AnyOf((command("docker --help"), command("docker ps -a"), HELLO))
    assert judge(Task("t", (check,)), after_lines("docker ps --all")).passed
    assert not judge(Task("t", (check,)), after_lines("docker ps")).passed
    nearly = AnyOf((HELLO, command("docker --help")))
    two_missing = make_container(image="httpd", publishes=[])
    assert keys(nearly.judge(on_engine(two_missing))) == ["command_missing"]


def test_a_task_needs_all_of_its_checks() -> None:
    """One check that holds is not enough, and only what is missing is listed as missing."""
    task = Task("t", (command("docker ps"), ImagePresent("nginx")))
    verdict = judge(task, after_lines("docker ps"))
    assert not verdict.passed
    assert keys(verdict.missing) == ["image_missing"]


def test_values_are_safe_to_show() -> None:
    """What a learner chose fits on one line between backticks."""
    line = "docker info `echo x`\n" + "가" * 500
    missing = only_missing(command("docker info"), after_lines(line, exit_code=1))
    shown = missing.values["line"]
    assert "`" not in shown
    assert "\n" not in shown
    assert len(shown) <= 80


@pytest.mark.parametrize(
    "situation",
    [
        Situation(EngineFacts()),
        on_engine(Container(name="", image="", status="")),
        on_engine(make_container(), make_container(), make_container("", image="\x00")),
        after_lines("", "\x00", "'", "docker", "docker " + "-" * 5000, "curl http://[", "curl :x"),
        Situation(EngineFacts(), pages=(PageSeen(-1, -1), PageSeen(80, None))),
    ],
)
def test_odd_facts_never_make_a_check_fail_to_answer(situation: Situation) -> None:
    """What comes out of a sandbox is not to be trusted; every check still gives a finding."""
    checks = (HELLO, GONE, PAGE, ImagePresent("nginx"), command("docker version"))
    for check in (*checks, AnyOf(checks)):
        findings = check.judge(situation)
        assert findings
        assert {found.key for found in findings} <= check.finding_keys
