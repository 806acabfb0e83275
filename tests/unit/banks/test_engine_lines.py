"""What an uploaded question may run on an engine, and all that it may not."""

from __future__ import annotations

import pytest

from bot.banks.engine_lines import is_harmless
from bot.banks.reading import read_text


@pytest.mark.parametrize(
    "line",
    [
        "docker rm -f quiz-web quiz-db",
        "docker rm -fv quiz-web",
        "docker run -d -p 8099:80 --name quiz-web nginx",
        "docker run --name=quiz-a --rm busybox false",
        "docker run --name quiz-a busybox rm -rf /",
        "docker run --name quiz-a --network quiz-net -e WORD='two words' busybox env",
        "docker run --name quiz-a --network container:quiz-b busybox",
        "docker create --name quiz-a busybox",
        "docker container stop -t 1 quiz-a",
        "docker exec -it quiz-a ls --all -- /",
        "docker network create quiz-net",
        "docker network connect quiz-net quiz-a",
        "docker volume create quiz-data",
        "docker volume rm -f quiz-data",
        "docker tag nginx quiz-own:1",
        "docker rmi quiz-own:1",
        "docker ps -a --filter name=quiz-web --format '{{.Status}}'",
        'docker inspect -f "{{.State.ExitCode}}" quiz-a',
        "docker images",
        "docker logs quiz-a",
        "docker port quiz-a",
    ],
)
def test_commands_on_names_of_one_s_own_are_harmless(line: str) -> None:
    """The short list of what questions need."""
    assert is_harmless(line)


@pytest.mark.parametrize(
    "line",
    [
        "rm -rf ~/*",
        "sleep 1",
        "",
        "docker",
        "docker help",
        "docker ps; rm -rf quiz-a",
        "docker ps && rm -rf quiz-a",
        "docker ps | sh",
        "docker ps & reboot",
        "docker ps > /etc/passwd",
        "docker ps < /etc/passwd",
        "docker logs $(reboot)",
        "docker logs `reboot`",
        "docker logs '$(reboot)'",
        'docker logs "`reboot`"',
        "docker ps\nreboot",
        "docker rm quiz-*",
        "docker rm quiz-{a,b}",
        "docker inspect ~",
        "docker rm \\quiz-a",
        "docker ps 'open",
        "DOCKER_HOST=tcp://x docker ps",
        "sudo docker ps",
        "docker -H tcp://other:2375 ps",
        "docker --context other ps",
        "docker system prune -af --volumes",
        "docker container prune -f",
        "docker volume prune -af --filter label=quiz-",
        "docker image prune -af",
        "docker rm -f web",
        "docker rm -f quiz-a web",
        "docker rm -f quiz-/../web",
        "docker rm --link quiz-a",
        "docker rm",
        "docker stop web",
        "docker rename web quiz-web",
        "docker rmi nginx",
        "docker tag quiz-own:1 nginx",
        "docker volume rm data",
        "docker volume create -o type=none -o device=/ -o o=bind quiz-v",
        "docker network rm front",
        "docker network disconnect quiz-net web",
        "docker run nginx",
        "docker run --name web nginx",
        "docker run --name quiz-a --name web nginx",
        "docker run --name quiz-a --name false nginx",
        "docker run --name quiz-a",
        "docker run --name quiz-a -- nginx",
        "docker run --name quiz-a -v /:/host busybox",
        "docker run -dv /:/host --name quiz-a busybox",
        "docker run --name quiz-a -v false busybox",
        "docker run --name quiz-a --volume=data:/data busybox",
        "docker run --name quiz-a --mount type=bind,src=/,dst=/host busybox",
        "docker run --name quiz-a --volumes-from web busybox",
        "docker run --name quiz-a --privileged busybox",
        "docker run --name quiz-a --privileged=true busybox",
        "docker run --name quiz-a --cap-add ALL busybox",
        "docker run --name quiz-a --device /dev/sda busybox",
        "docker run --name quiz-a --pid host busybox",
        "docker run --name quiz-a --network host busybox",
        "docker run --name quiz-a --net=host busybox",
        "docker run --name quiz-a --network container:web busybox",
        "docker run --name quiz-a --env-file /etc/passwd busybox",
        "docker run --name quiz-a -e SECRET busybox",
        "docker run --name quiz-a -e {WORD=,--privileged} busybox",
        "docker run --name quiz-a --cidfile /tmp/x busybox",
        "docker exec web reboot",
        "docker exec --privileged quiz-a reboot",
        "docker cp quiz-a:/x /etc/passwd",
        "docker build .",
        "docker compose down -v",
        "docker compose -f /root/compose.yaml ps",
        "docker import /tmp/x quiz-own",
        "docker plugin install x",
        "docker swarm init",
        "docker update --memory 6m web",
    ],
)
def test_everything_else_is_refused(line: str) -> None:
    """Shells, other names, folders, rights, and removing by the dozen."""
    assert not is_harmless(line)


@pytest.mark.parametrize(
    ("setup", "run"),
    [
        ("docker rm -f quiz-a", "rm -rf ~/*"),
        ("docker rm -f quiz-a", "docker system prune -af --volumes"),
        ("rm -rf quiz-a", "docker ps"),
        ("docker rm -f web # quiz-", "docker ps"),
    ],
)
def test_an_upload_with_such_a_line_has_a_mistake(setup: str, run: str) -> None:
    """At set-up and command alike; and a bank that was kept before has the question no more."""
    text = f"""questions:
  - id: bad
    kind: engine
    setup: ["{setup}"]
    run: "{run}"
    options: {{ x: ^x, y: ^y }}
    en: {{ title: What?, options: {{ x: one, y: two }} }}
  - id: good
    kind: engine
    setup: [docker rm -f quiz-a]
    run: docker ps -a
    options: {{ x: ^x, y: ^y }}
    en: {{ title: What?, options: {{ x: one, y: two }} }}
"""
    reading = read_text("yaml", text, "en")
    (mistake,) = reading.mistakes
    assert mistake.key == "bank.mistake.engine_line"
    assert mistake.line == (5 if setup == "docker rm -f quiz-a" else 4)
    assert [item.question.id for item in reading.bank.items] == ["good"]
