"""The help of docker and its plugins, read into commands and flags."""

from __future__ import annotations

from bot.explain.cli_table import Flag
from ops.cli_flags import read_help

OF_RUN = """
Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]

Create and run a new container from an image

Aliases:
  docker container run, docker run

Options:
      --add-host list                    Add a custom host-to-IP mapping
                                         (host:ip)
      --cgroupns string                  Cgroup namespace to use
                                         (host|private)
                                         'host':    Run the container in
                                         the Docker host's cgroup
  -d, --detach                           Run container in background and
                                         print container ID
      --memory-swappiness int            Tune container memory swappiness
                                         (0 to 100) (default -1)
      --pull string                      Pull image before running
                                         ("always", "missing", "never")
                                         (default "missing")
      --help                             Print usage
"""
OF_BUILDX = """Start a build

Usage:  docker buildx build [OPTIONS] PATH | URL | -

Start a build

Aliases:
  docker buildx build, docker buildx b

Options:
  -f, --file string                   Name of the Dockerfile (default:
                                      "PATH/Dockerfile")
      --load                          Shorthand for "--output=type=docker"

Experimental commands and flags are hidden. Set BUILDX_EXPERIMENTAL=1 to show them.
"""
OF_DOCKER = """
Usage:  docker [OPTIONS] COMMAND

A self-sufficient runtime for containers

Common Commands:
  run         Create and run a new container from an image

Management Commands:
  compose*    Docker Compose

Global Options:
  -H, --host list          Daemon socket to connect to
      --tls                Use TLS; implied by --tlsverify

Run 'docker COMMAND --help' for more information on a command.
"""
OF_CP = """
Usage:  docker cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-
\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH

Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
"""


def test_docker_itself() -> None:
    """Usage, other names, flags with wrapped texts and defaults."""
    said = read_help(OF_RUN)

    assert said.usage == "docker run [OPTIONS] IMAGE [COMMAND] [ARG...]"
    assert said.text == "Create and run a new container from an image"
    assert said.names == [("container", "run"), ("run",)]
    assert said.flags[0] == Flag(
        "add-host", "", "list", "", "Add a custom host-to-IP mapping (host:ip)"
    )
    assert said.flags[1].text.endswith("in the Docker host's cgroup")
    assert said.flags[2].short == "d"
    assert said.flags[2].kind == ""
    assert said.flags[3].default == "-1"
    assert said.flags[4].default == "missing"
    assert said.flags[4].text == 'Pull image before running ("always", "missing", "never")'
    assert len(said.flags) == 6


def test_a_plugin() -> None:
    """What it prints before the usage is no part of it."""
    said = read_help(OF_BUILDX)

    assert said.usage == "docker buildx build [OPTIONS] PATH | URL | -"
    assert said.names == [("buildx", "build"), ("buildx", "b")]
    assert said.flags == [
        Flag("file", "f", "string", "PATH/Dockerfile", "Name of the Dockerfile"),
        Flag("load", "", "", "", 'Shorthand for "--output=type=docker"'),
    ]


def test_a_switch_that_quotes_a_command_takes_no_value() -> None:
    """Its help looks as if it did."""
    said = read_help(
        "Usage:  docker compose exec\n\nOptions:\n"
        "      --index int                      Which one\n"
        "  -T, --no-TTY docker compose exec     Disable the terminal. docker compose exec\n"
        "                                       has one by itself.\n"
    )

    assert [(flag.name, flag.kind) for flag in said.flags] == [("index", "int"), ("no-TTY", "")]


def test_commands_below() -> None:
    """In all sections, plugins too, and the options after them."""
    said = read_help(OF_DOCKER)

    assert said.words == ["run", "compose"]
    assert [flag.name for flag in said.flags] == ["host", "tls"]


def test_a_second_way_to_write_a_command_is_no_text() -> None:
    """`docker cp` has two usages."""
    said = read_help(OF_CP)

    assert said.usage == "docker cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-"
    assert said.text == "Copy files/folders between a container and the local filesystem"
