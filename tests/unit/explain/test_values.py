"""Values of options: each kind has texts, good ones are explained, bad ones are found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.explain import speak, values
from bot.explain.cli_table import cli_table
from bot.explain.said import Said
from bot.explain.values import READERS, kind_of, port_is_reversed
from bot.texts import LANGUAGES, Texts

GOOD = {
    "ports": ["8080:80", "80", "127.0.0.1:8080:80", "127.0.0.1::80", "8000-8010:8000-8010",
              "53:53/udp", "[::1]:80:80", "0:80", "0.0.0.0:80:80", "8000-8010:80",
              "published=80,target=80"],
    "volume": ["data:/var/lib/data", "/data", "./html:/usr/share/nginx/html:ro", "/a:/b:rw,z",
               "$PWD:/app", "$(pwd)/x:/app", "~/x:/y", "$DIR:/x"],
    "mount": ["type=volume,source=data,target=/data", "type=bind,src=/a,dst=/b,readonly",
              "type=tmpfs,target=/run", "target=/anonymous", "type=volume,src=a,dst=/b,ro=true"],
    "memory": ["512m", "1g", "1.5g", "64M", "100", "256mb", "10k", "1GiB", "-1", "1t", "5b"],
    "memory_limit": ["6m", "512m"],
    "cpus": ["0.5", "2", ".5"], "cpu_list": ["0", "0-2", "0,2-3"],
    "restart": ["no", "always", "unless-stopped", "on-failure", "on-failure:3"],
    "env": ["A=1", "A=", "A", "A=b=c"], "label": ["a=b", "a"], "key_value": ["a=b", "a"],
    "build_arg": ["A=1", "A"], "name": ["web", "a1", "My_web-1.x"], "hostname": ["web"],
    "network": ["shop", "host", "none", "bridge", "container:web", "name=a,alias=b"],
    "mode": ["host", "private", "shareable", "none", "container:web", "other"],
    "filter": ["status=exited", "name=web", "label=a", "label=a=b", "label!=a", "dangling=true",
               "until=24h", "reference=nginx:*", "ancestor=nginx", "publish=80", "id=ab",
               "type=bind",
               "exited=1", "health=healthy", "network=a", "volume=b", "since=x", "before=y",
               "event=die", "driver=local"],
    "format": ["json", "table", "{{.Names}}", "table {{.Names}}\t{{.ID}}", "{{json .}}", "yaml",
               "raw", "pretty", "{{range .}}x{{end}}"],
    "duration": ["5s", "1m30s", "0", "0s", "500ms", "1.5h"], "seconds": ["0", "5", "-1"],
    "moment": ["10m", "2026-01-31", "2026-01-31T12:00:00", "1767225600", "2026-01-31T12:00:00Z"],
    "tail": ["20", "all"], "number": ["3", "-1"], "decimal": ["0.5"], "processes": ["100", "-1"],
    "user": ["nobody", "0", "1000:1000", "root"], "folder": ["/app"], "file": ["a.env", "-"],
    "output": ["out.tar", "type=local,dest=out"],
    "signal": ["SIGTERM", "KILL", "9", "hup", "SIGQUIT", "USR1", "INT", "STOP",
               "34", "SIGRTMIN+3", "PWR"],
    "image": ["nginx", "nginx:1.25", "localhost:5000/a/b:c", "docker.io/library/nginx",
              "nginx@sha256:" + "a" * 64, "sha256:" + "b" * 64, "abcdef123456", "127.0.0.1:80/x"],
    "scale": ["web=3", "web=0"],
    "host_address": ["db:10.0.0.5", "db=10.0.0.5", "host:host-gateway", "six:::1"],
    "address": ["10.0.0.1", "2001:db8::1"], "subnet": ["10.0.0.0/24", "2001:db8::/64"],
    "tmpfs": ["/run", "/run:size=64m"], "device": ["/dev/fuse", "/dev/a:/dev/b:r"],
    "capability": ["ALL", "NET_ADMIN", "cap_chown"],
    "security": ["no-new-privileges", "seccomp=unconfined", "label:disable"],
    "ulimit": ["nofile=1024:2048"], "program": ["sh", ""], "expose": ["80", "80/udp", "80-90"],
    "pull": ["always", "missing", "never", "build"], "platform": ["linux/arm64"],
    "container": ["web", "web:db"], "object": ["image"],
    "driver": ["bridge", "overlay", "local", "json-file", "host", "none", "macvlan", "ipvlan", "x"],
    "service": ["web"], "stage": ["build"], "keys": ["type=gha"], "text": ["anything"],
}  # fmt: skip

BAD = {
    "ports": ["80:", "web:80", "8080:70000", "8080:80/tpc", "127.0.0.1:80", "80:80-90", "a"],
    "volume": ["data:app", "data", "a/b:/x", "data:/x:readonly", "x:/y"],
    "mount": ["type=volume,source=data", "type=bind,target=/x", "type=volum,target=/x", "data:/x",
              "type=volume,target=x"],
    "memory": ["lots", "1gg", "512 mega", ""], "memory_limit": ["512", "5m", "100k"],
    "cpus": ["half", "1,5"], "cpu_list": ["a", "0..2"],
    "restart": ["allways", "on-fail", "always:3", "on-failure:x", "yes"], "env": ["=1", ""],
    "name": ["a", "-web", "web 1", "웹", "a/b"],
    "filter": ["exited", "stauts=exited", "status=exitd", "colour=red"],
    "format": ["{{.Names}", ".Names", "{.Names}"],
    "duration": ["5", "fast", "5 s"], "seconds": ["5s"], "moment": ["5", "yesterday"],
    "tail": ["few"], "number": ["many"], "decimal": ["x"], "processes": ["x"], "folder": ["app"],
    "signal": ["SIGTREM"], "image": ["Nginx", "nginx:", "a b", ":tag", "-x"],
    "scale": ["web", "web=x"], "host_address": ["db"], "address": ["10.0.0.256"],
    "subnet": ["10.0.0.0"], "tmpfs": ["run"], "ulimit": ["nofile"], "expose": ["web"],
    "pull": ["alway", "sometimes"],
}  # fmt: skip


def spoken(found: list[Said], texts: Texts) -> list[str]:
    """All of them in both languages, which fails when one has no text."""
    return [speak(each, texts.for_language(language)) for each in found for language in LANGUAGES]


def test_every_kind_is_tried() -> None:
    """No reader without examples."""
    assert set(GOOD) == set(READERS)


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in GOOD.items() for v in vs])
def test_good_values_are_explained(kind: str, value: str, texts: Texts) -> None:
    """In both languages, and without a false alarm."""
    means, wrong = READERS[kind](value)

    assert wrong == [] or (kind, value) == ("folder", "app")
    assert means
    assert all(spoken(means, texts))


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in BAD.items() for v in vs])
def test_bad_values_are_found(kind: str, value: str, texts: Texts) -> None:
    """And said in both languages."""
    _, wrong = READERS[kind](value)

    assert wrong
    assert all(spoken(wrong, texts))


def test_every_flag_of_the_cli_has_a_kind() -> None:
    """Whatever the CLI calls its kind."""
    for command in cli_table().commands:
        for flag in command.flags.values():
            assert kind_of(command.path, flag) in READERS, (command.path, flag)


def test_every_sentence_in_the_code_has_a_text(texts: Texts) -> None:
    """Those that are made of parts are tried above."""
    folder = Path(values.__path__[0])
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    keys = set(re.findall(r'said\("([a-z_.]+)"', source))
    assert len(keys) > 100
    assert [key for key in sorted(keys) if f"explain.{key}" not in texts.for_language("en")] == []


@pytest.mark.parametrize(
    ("value", "image", "wanted"),
    [
        ("80:8080", "nginx", True),
        ("80:8080", "docker.io/library/nginx:1.25", True),
        ("5432:15432", "postgres@sha256:abc", True),
        ("8080:80", "nginx", False),
        ("80:80", "nginx", False),
        ("80:8080", "mine", False),
        ("80", "nginx", False),
    ],
)
def test_ports_the_other_way_round(value: str, image: str, *, wanted: bool) -> None:
    """Known where the image is known."""
    assert port_is_reversed(value, image) is wanted
